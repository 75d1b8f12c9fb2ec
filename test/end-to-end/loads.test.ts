import { expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { sleeping } from "./answers.ts";
import { expectRefused } from "./expectations.ts";
import { EASY_LIMIT } from "./suites.ts";
import { workplace } from "./tailgate.ts";

const SUITE = `name: loads
target: { protocol: raw, timeout: 5s }
scenarios:
  - name: shape
    load:
      arrivals: { jitter: 20% }
      shape:
        - { ramp: [0/s, 40/s], duration: 2s }
        - { rate: 0/s, duration: 1s }
        - { spike: 80/s, from: 20/s, at: 500ms, for: 500ms, duration: 1s }
    warm-up: none
    block: { duration: 1s, requests: 1 }
    gates: { ${EASY_LIMIT} }
  - name: users
    load: { shape: [{ steps: [1, 4], duration: 1s }], think-time: 20ms }
    warm-up: none
    gates: { ${EASY_LIMIT} }
  - name: trace
    load: { trace: data/t.jsonl, unit: ms, from: 1s, speed: 2, duration: 1s }
    warm-up: none
    gates: { ${EASY_LIMIT} }
`;
const TRACE = Array.from({ length: 100 }, (_, i) => `{"arrived_at": ${1_700_000_000_000 + i * 40}, "tokens": 5}`).join("\n");

test("a shape, users that come and a trace are driven to the request, and the record says what they were", async () => {
  const place = await workplace({ "suite.yaml": SUITE, "data/t.jsonl": TRACE });
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(sleeping(5))]);
  expect([0, 3], ended.stdout + ended.stderr).toContain(ended.code);
  const { status, scenarios } = place.record();
  expect(status).toBe("complete");
  const [shape, users, trace] = scenarios;
  expect(shape!.load).toMatchObject({
    kind: "open",
    ratePerS: 22.5,
    arrivals: "constant with 20 % jitter",
    shape: "0/s → 40/s over 2s, nothing for 1s, 20/s for 500ms, 80/s for 500ms",
  });
  expect(shape!.arms.head!.blocks.map(({ offered }) => offered)).toEqual([10, 30, 0, 50]);
  expect(users!.load).toMatchObject({
    kind: "closed",
    concurrency: 4,
    shape: "1 at a time for 500ms, 4 at a time for 500ms, think time 20ms",
  });
  expect(users!.arms.head!.blocks[0]!.offered).toBeGreaterThan(20);
  expect(trace!.load).toMatchObject({ kind: "open", arrivals: "trace", ratePerS: 50 });
  expect(trace!.arms.head!.blocks[0]!.offered).toBe(50);
  expect(ended.stdout).toContain("the trace data/t.jsonl from 1s, at 2 times its speed, for 1s, 50/s on average");
});

test("a pause of a live run costs no pair: the two arms are compared in the others", async () => {
  const suite = `name: pause
target: { protocol: raw, timeout: 5s }
scenarios:
  - name: shape
    load: { shape: [{ rate: 200/s, duration: 2s }, { rate: 0/s, duration: 1s }, { rate: 200/s, duration: 1s }] }
    warm-up: none
    gates: { ${EASY_LIMIT} }
`;
  const place = await workplace({ "suite.yaml": suite });
  const url = await serve(sleeping(5));
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--baseline-endpoint", url]);
  expect([0, 3], ended.stdout + ended.stderr).toContain(ended.code);
  const { base, head } = place.record().scenarios[0]!.arms;
  for (const arm of [base!, head!]) {
    expect(arm.blocks.map(({ pair }) => pair)).toEqual([0, 1, 3]);
    expect(arm.blocks.map(({ offered }) => offered)).toEqual([200, 200, 200]);
  }
});

test("a trace that is missing, broken or too short exits 2 and says where", async () => {
  const missing = await workplace({ "suite.yaml": SUITE });
  expectRefused(missing, await missing.tailgate(["check", "suite.yaml"]), "t.jsonl");
  const broken = await workplace({ "suite.yaml": SUITE, "data/t.jsonl": `${TRACE}\n{"arrived_at": 5}` });
  expectRefused(
    broken,
    await broken.tailgate(["check", "suite.yaml"]),
    /^data\/t\.jsonl:101:1: this time stamp lies before the one above it/m,
  );
  const short = await workplace({ "suite.yaml": SUITE, "data/t.jsonl": TRACE.split("\n").slice(0, 30).join("\n") });
  expectRefused(
    short,
    await short.tailgate(["check", "suite.yaml"]),
    /^data\/t\.jsonl:\d+:1: this trace ends before 1s from 1s on are over: it lasts/m,
  );
});

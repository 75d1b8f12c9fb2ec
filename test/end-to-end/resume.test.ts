import { describe, expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { counting, sleeping } from "./answers.ts";
import { EASY_LIMIT, SHORT_BLOCKS, suite } from "./suites.ts";
import { type Workplace, workplace } from "./tailgate.ts";

/** Four pairs of blocks, 400 requests in all. */
const SOAK = suite({ load: "rate: 50/s, duration: 4s", gates: EASY_LIMIT, more: SHORT_BLOCKS });

const blocksOf = (place: Workplace) => place.record().scenarios[0]!.arms.head!.blocks;

async function killedAfter(place: Workplace, url: string, count: () => number, requests: number, ...more: string[]): Promise<void> {
  const run = place.start(["run", "suite.yaml", "--endpoint", url, ...more]);
  const before = count();
  await expect.poll(() => count() - before, { timeout: 30_000, interval: 20 }).toBeGreaterThan(requests);
  run.signal("SIGKILL");
  await run.ended;
}

describe("a run that was killed", () => {
  test("in the middle of a live comparison goes on with the pairs that are missing", async () => {
    const place = await workplace({ "suite.yaml": SOAK });
    const { listener, count } = counting(sleeping(5));
    const url = await serve(listener);
    await killedAfter(place, url, count, 250, "--baseline-endpoint", url);
    expect(place.record()).toMatchObject({ status: "aborted", scenarios: [] });
    expect(place.read("tailgate-out/run.blocks.jsonl").trim().split("\n").length).toBeGreaterThan(3);

    const before = count();
    const resumed = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--baseline-endpoint", url, "--resume"]);
    expect(resumed.code).not.toBe(2);
    const record = place.record();
    expect(record.status).toBe("complete");
    expect(record.problems.map(({ code }) => code)).toContain("resumed");
    const { base, head } = record.scenarios[0]!.arms;
    const indices = [...base!.blocks, ...head!.blocks].map(({ index }) => index).toSorted((a, b) => a - b);
    expect(indices).toEqual(indices.map((_, i) => i));
    expect(base!.blocks.length).toBe(head!.blocks.length);
    expect(base!.blocks.every(({ offered, ok }) => offered > 30 && ok === offered)).toBe(true);
    // Less was sent than a whole run sends: the blocks that stood were not driven again.
    expect(count() - before).toBeLessThan(300);
    expect(place.exists("tailgate-out/run.blocks.jsonl")).toBe(false);
  });

  test("is judged by what it kept, as invalid, without being resumed", async () => {
    const place = await workplace({ "suite.yaml": SOAK });
    const { listener, count } = counting(sleeping(5));
    const url = await serve(listener);
    await killedAfter(place, url, count, 250, "--baseline-endpoint", url);
    const compared = await place.tailgate(["compare", "--suite", "suite.yaml", "--head", "tailgate-out/run.json"]);
    expect(compared.code).toBe(3);
    expect(place.verdict().verdict).toBe("invalid");
    expect(place.verdict().scenarios[0]!.metrics.length).toBeGreaterThan(0);
  });
});

test("a run that was cancelled before its first block is whole goes on to a verdict of its own", async () => {
  const place = await workplace({ "suite.yaml": SOAK });
  const { listener, count } = counting(sleeping(5));
  const url = await serve(listener);
  const run = place.start(["run", "suite.yaml", "--endpoint", url, "--baseline-endpoint", url]);
  // The calibration asks another server.
  await expect.poll(count, { timeout: 30_000, interval: 20 }).toBeGreaterThan(10);
  run.signal("SIGINT");
  expect((await run.ended).code).toBe(130);
  expect(place.record().problems.map(({ code }) => code)).toContain("no-requests");

  const resumed = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--baseline-endpoint", url, "--resume"]);
  expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
  expect(place.record().problems.filter(({ severity }) => severity === "invalid")).toEqual([]);
});

describe("--resume", () => {
  test("refuses a run that is complete, one of another suite, and a folder without a run", async () => {
    const place = await workplace({ "suite.yaml": suite({ load: "rate: 50/s, duration: 1s", gates: EASY_LIMIT }) });
    const url = await serve(sleeping(1));
    const nothing = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--resume"]);
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining("there is no run to be resumed tailgate-out/run.json")]);
    await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
    const complete = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--resume"]);
    expect([complete.code, complete.stderr]).toEqual([2, expect.stringContaining("the run to be resumed is complete")]);
    await place.write("tailgate-out/run.json", place.read("tailgate-out/run.json").replace('"status": "complete"', '"status": "aborted"'));
    const other = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--resume", "--set", "seed=9"]);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("was measured with another suite")]);
    expect(blocksOf(place).length).toBeGreaterThan(0);
  });
});

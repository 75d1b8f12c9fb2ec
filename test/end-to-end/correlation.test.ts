import { expect, test } from "vitest";
import { METRICS } from "../../src/core/metric.ts";
import type { VerdictJson } from "../../src/core/report/verdict-schema.ts";
import { serve } from "../io/load/endpoint.ts";
import { workplace } from "./tailgate.ts";

const SUITE = `name: traced
target: { protocol: raw, path: /predict, trace: { traceparent: yes }, server-timing: { queue: [wait, q] } }
payloads: { short: { weight: 80, body: short }, long: { weight: 20, body: long } }
scenarios:
  - name: steady
    load: { rate: 60/s, duration: 1s }
    warm-up: none
    block: { duration: 1s, requests: 10 }
    gates: { latency.p50: { limit: 5s } }
decision: { budget: 1 }
generator: { calibration: no }
`;

/** Answers a long text late, and says that it waited. `seen`: the class of each trace. */
function model(queueMs: number) {
  const seen = new Map<string, string>();
  const url = serve((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { traceparent } = request.headers;
      // The question whether the endpoint is ready is no part of the load.
      if (traceparent !== undefined) seen.set(String(traceparent).slice(3, 35), body);
      const timing = `wait;dur=${queueMs / 2}, q;dur=${queueMs / 2}, infer;dur=4`;
      setTimeout(() => response.writeHead(200, { "server-timing": timing }).end("ok"), body === "long" ? 60 : 5);
    });
  });
  return { url, seen };
}

test("the slowest requests of a run are found again at the endpoint, by the ids that the comment names", { timeout: 60_000 }, async () => {
  const [base, head] = [model(2), model(6)];
  const place = await workplace({ "suite.yaml": SUITE });
  const { stdout } = await place.tailgate([
    "run",
    "suite.yaml",
    "--endpoint",
    await head.url,
    "--baseline-endpoint",
    await base.url,
    "--json",
  ]);
  const { arms } = place.record().scenarios[0]!;
  for (const [arm, { seen }] of [
    ["head", head],
    ["base", base],
  ] as const) {
    const { slowest = [], blocks } = arms[arm]!;
    expect(slowest).toHaveLength(10);
    for (const { traceId, payloadClass, latencyS } of slowest) {
      expect(seen.get(traceId!)).toBe(payloadClass);
      expect(latencyS).toBeGreaterThanOrEqual(payloadClass === "long" ? 0.059 : 0.004);
    }
    expect(slowest.filter(({ payloadClass }) => payloadClass === "long").length).toBeGreaterThan(0);
    // One trace a request, and none of the other arm.
    expect(seen.size).toBe(blocks.reduce((sum, { offered }) => sum + offered, 0));
    expect(blocks.map(({ phases, ok }) => [phases?.answers, phases?.with, ok])).toEqual(blocks.map(({ ok }) => [ok, ok, ok]));
  }
  expect([...base.seen.keys()].filter((trace) => head.seen.has(trace))).toEqual([]);

  const ids = arms.head!.slowest!.map(({ traceId }) => traceId!);
  const [comment, html] = [place.read("tailgate-out/comment.md"), place.read("tailgate-out/report.html")];
  expect(ids.map((id) => comment.includes(id))).toEqual(ids.map((_, place) => place < 3));
  expect(ids.every((id) => html.includes(id))).toBe(true);
  const verdict = JSON.parse(stdout) as VerdictJson;
  const [scenario] = verdict.scenarios;
  expect(scenario!.requests.slowest.filter(({ arm }) => arm === "head").map(({ trace_id }) => trace_id)).toEqual(ids);

  // What the endpoint told of its queue is compared, and is what got slower.
  const queue = scenario!.metrics.find(({ metric }) => metric === "phase.queue.p50")!;
  expect(queue.base!.value).toBeCloseTo(0.002, 4);
  expect(queue.head!.value).toBeCloseTo(0.006, 4);
  expect(queue.unit).toBe(METRICS["phase.queue.p50"].unit);
  expect(scenario!.metrics.find(({ metric }) => metric === "phase.infer.p50")!.delta!.relative).toBeCloseTo(0, 2);
  expect(comment).toMatch(/queue, says the endpoint/);
});

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { compareRuns } from "../../../src/core/compare/compare.ts";
import { decide } from "../../../src/core/decide/decide.ts";
import type { Verdict } from "../../../src/core/decide/verdict.ts";
import type { Problem, RunRecord } from "../../../src/core/record/run-record.ts";
import { renderHtml } from "../../../src/core/report/html.ts";
import { verdictJson } from "../../../src/core/report/json.ts";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import { renderText } from "../../../src/core/report/text.ts";
import { LIVE } from "../compare/judge.ts";
import { makeSuite, USUAL_GATES } from "../compare/records.ts";
import { type Served, servedRecord } from "../compare/served-record.ts";

const suite = makeSuite({ gates: USUAL_GATES });
const BATCH = { queue: 2.5, gauges: { "batch.size": 3 } } satisfies Served;
const CLOCK = { model: 1.3, gauges: { "gpu.sm_clock": 1.5e9, "gpu.throttled": 1 } } satisfies Served;

function verdictOn(head: Served, problems: readonly Problem[] = []): Verdict & { readonly heads: readonly RunRecord[] } {
  const heads = [servedRecord({ seed: 1, requests: 120, head })];
  const { evidence, comparisons, attributions } = compareRuns({ suite, heads, baseline: LIVE });
  return { ...decide({ suite, comparisons, attributions, evidence, baseline: LIVE, problems }), heads };
}
const causeOf = (verdict: Verdict) => verdict.scenarios[0]!.attribution?.sentence;

test("the sentence says consistent with, shows its numbers, and ends in what to do", () => {
  expect(causeOf(verdictOn(BATCH))).toMatchInlineSnapshot(
    `"the change of latency.p99 is consistent with smaller batches, so that requests wait (phase.queue.p99 +22.2 ms beside latency.p99 +19 ms; batch.size 6.11 → 3.09 (−49 %); queue.depth 0.0371 → 0.0904 (+144 %)). Next: check the batch limit and the waiting time of the batcher"`,
  );
  expect(causeOf(verdictOn({ tailShare: 0.03, tailFactor: 3 }))).toMatchInlineSnapshot(
    `"the change of latency.p99 is consistent with more time in the model (phase.infer.p99 +25.1 ms beside latency.p99 +22.6 ms). Next: compare model, kernels, precision and batch shapes with the base"`,
  );
  expect(causeOf(verdictOn({ leak: { bytes: 8e6, seconds: 0.0006 } }))).toMatchInlineSnapshot(
    `"the change of latency.p50 is consistent with memory that grows with every request (memory.resident of the head grew by 81.9 MiB within 210 s and latency with it, Kendall's τ 0.76 over 12 blocks; phase.preprocess +3.3 ms of +3.24 ms mean latency (102 %, 90 % interval 92 … 114 %)). Next: look for what is kept of each request: lists, caches without a bound, sessions"`,
  );
});

test("it stands behind what failed, and before everything else", () => {
  const { reasons } = verdictOn(BATCH);
  const failed = reasons.filter((reason) => reason.startsWith("steady: latency")).length;
  expect(failed).toBeGreaterThan(0);
  expect(reasons[failed]).toMatch(/^steady: the change of latency\.p99 is consistent with smaller batches/);
});

test("it stands behind what could not be decided, where nothing failed", () => {
  const { verdict, reasons } = verdictOn({ model: 1.3, gauges: { "cache.hit_ratio": 0.05 } });
  expect(verdict).toBe("inconclusive");
  expect(reasons.map((reason) => /cache-differs|consistent with fewer cache hits/.exec(reason)?.[0])).toEqual([
    "cache-differs",
    "cache-differs",
    "cache-differs",
    "consistent with fewer cache hits",
    undefined,
  ]);
});

test("a pass needs no cause, and a spoiled run has none", () => {
  expect(causeOf(verdictOn({}))).toBeUndefined();
  expect(causeOf(verdictOn(BATCH, [{ severity: "invalid", code: "generator-late", message: "late" }]))).toBeUndefined();
  const throttled: Problem = { severity: "invalid", code: "gpu-throttled", message: "throttled" };
  expect(causeOf(verdictOn(BATCH, [throttled]))).toBeUndefined();
  expect(causeOf(verdictOn(CLOCK, [throttled]))).toMatch(/consistent with a slower GPU clock/);
});

test("comment, terminal, page and verdict.json tell it", () => {
  const { heads, ...verdict } = verdictOn(BATCH);
  const input = { verdict, suite, heads, baseline: LIVE };
  const report = buildReport(input);
  expect(renderComment(report)).toContain("is consistent with smaller batches, so that requests wait");
  expect(renderText(report, { color: false })).toContain("is consistent with smaller batches, so that requests wait");
  const html = renderHtml({ ...input, report });
  expect(html).toContain("<h3>What slowed it down, as far as the numbers say</h3>");
  expect(html).toMatch(/<td>phase\.queue<\/td>/);

  const json = JSON.parse(verdictJson({ verdict, heads, baseline: LIVE })) as { scenarios: { attribution: unknown }[] };
  const schema = JSON.parse(readFileSync("schema/verdict.schema.json", "utf8")) as object;
  const validate = new Ajv2020({ strict: true }).compile(schema);
  expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
  expect(json.scenarios[0]!.attribution).toMatchObject({
    symptom: "latency.p99",
    time: { of: "latency" },
    causes: [{ kind: "batch-limit", parts: [{ part: "queue" }], evidence: ["batch.size", "queue.depth", "queue.time"] }],
  });
});

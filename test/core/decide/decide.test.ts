import { expect, test } from "vitest";
import { decide } from "../../../src/core/decide/decide.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import type { Problem } from "../../../src/core/record/run-record.ts";
import { judge, LIVE, NONE, storedRuns } from "../compare/judge.ts";
import { makeRecord, makeSuite } from "../compare/records.ts";

const gate = (metric: MetricName, rest: { regression?: number; floor?: number; limit?: number }) => ({
  regression: undefined,
  floor: undefined,
  limit: undefined,
  ...rest,
  metric,
});
const SMALL = { blocks: 24, requestsPerBlock: 250 } as const;
const SINGLE = { ...SMALL, blocks: 12, design: "single" } as const;
const wide = makeSuite({ gates: [gate("latency.p50", { regression: 0.1 }), gate("latency.p95", { regression: 0.15 })] });
const errors = (limit: number) => makeSuite({ gates: [gate("errors.ratio", { limit })] });
const invalid: Problem = { severity: "invalid", code: "gpu-throttled", message: "GPU 0 was throttled in 40 % of the samples" };

test("an equal head passes, without a reason against it", () => {
  const { verdict, reasons, scenarios } = judge({ heads: [makeRecord(SMALL)], suite: wide });
  expect([verdict, reasons]).toEqual(["pass", []]);
  expect(scenarios[0]!.metrics.filter(({ gated }) => gated).map(({ verdict: word }) => word)).toEqual(["pass", "pass"]);
});

test("a slower head fails, with both values, the interval and the gate in one sentence", () => {
  const { verdict, reasons } = judge({ heads: [makeRecord({ ...SMALL, head: { factor: 1.4 } })], suite: wide });
  expect(verdict).toBe("fail");
  expect(reasons[0]).toMatch(
    /^steady: latency\.p50 is 3\d % slower \(32\.4 ms → 44\.\d ms, 90 % interval \+\d+ % … \+\d+ %\); the gate blocks at \+10 %$/,
  );
});

test("a change that is real and smaller than its margin is no failure", () => {
  const suite = makeSuite({ gates: [gate("latency.p50", { regression: 0.5 })] });
  expect(judge({ heads: [makeRecord({ ...SMALL, head: { factor: 1.2 } })], suite }).verdict).toBe("pass");
});

test("a change beyond its relative margin and under its floor is no failure", () => {
  const suite = makeSuite({ gates: [gate("latency.p50", { regression: 0.05, floor: 0.02 })] });
  expect(judge({ heads: [makeRecord({ ...SMALL, head: { factor: 1.4 } })], suite }).verdict).toBe("pass");
});

test("a margin below the noise is undecided, and says what the data can show and how much more it needs", () => {
  const suite = makeSuite({ gates: [gate("latency.p95", { regression: 0.03 })] });
  const { verdict, reasons } = judge({ heads: [makeRecord({ ...SMALL, blocks: 24 })], suite });
  expect(verdict).toBe("inconclusive");
  expect(reasons).toEqual([
    expect.stringMatching(
      /^steady: latency\.p95 is .*; the gate blocks at \+3 %; this data can show \+[\d.]+ % at the least; it needs about [\d.]+× the measured time$/,
    ),
  ]);
});

test("by policy a pass may rest on the resolvable margin, as far as the ceiling", () => {
  const gates = [gate("latency.p95", { regression: 0.03 })];
  const word = (ceiling: number) =>
    judge({ heads: [makeRecord(SMALL)], suite: makeSuite({ gates, decision: { pass: "resolvable", ceiling } }) });
  expect(word(0.3).verdict).toBe("pass");
  expect(word(0.3).scenarios[0]!.metrics.find(({ gated }) => gated)!.reason).toMatch(
    /no change beyond \+[\d.]+ %, the least this data can show/,
  );
  expect(word(0.05).verdict).toBe("inconclusive");
});

test("too few requests beyond the percentile cannot pass, and can fail", () => {
  const suite = makeSuite({ gates: [gate("latency.p99", { regression: 0.5 })] });
  const few = { blocks: 24, requestsPerBlock: 30 };
  const equal = judge({ heads: [makeRecord(few)], suite });
  expect([equal.verdict, equal.reasons[0]]).toEqual([
    "inconclusive",
    expect.stringContaining("only about 7.2 requests lie beyond the percentile, and 10 are needed"),
  ]);
  expect(judge({ heads: [makeRecord({ ...few, head: { factor: 6 } })], suite }).verdict).toBe("fail");
});

test("a percentile among timeouts cannot pass, and fails a baseline that answered in time", () => {
  const suite = makeSuite({ gates: [gate("latency.p99", { regression: 0.1 })] });
  const { verdict, reasons } = judge({ heads: [makeRecord({ ...SMALL, head: { timeoutRatio: 0.02 } })], suite });
  expect(verdict).toBe("fail");
  expect(reasons[0]).toContain("times as slow");
  expect(reasons[0]).toContain("it lies among the requests that ran into their deadline of 30 s");
  const both = judge({ heads: [makeRecord({ ...SMALL, base: { timeoutRatio: 0.02 }, head: { timeoutRatio: 0.02 } })], suite });
  expect([both.verdict, both.reasons[0]]).toEqual(["inconclusive", expect.stringContaining("in the baseline too")]);
});

test("a limit passes inside, fails beyond chance and is undecided near", () => {
  const word = (errorRatio: number, limit: number) =>
    judge({ heads: [makeRecord({ ...SINGLE, head: { errorRatio } })], suite: errors(limit), baseline: NONE }).verdict;
  expect([word(0, 0.01), word(0.01, 0.01), word(0.05, 0.01)]).toEqual(["pass", "inconclusive", "fail"]);
});

test("a limit too low for the number of requests is undecided even without a failure", () => {
  const { verdict, reasons } = judge({ heads: [makeRecord(SINGLE)], suite: errors(0.0001), baseline: NONE });
  expect([verdict, reasons]).toEqual([
    "inconclusive",
    ["steady: errors.ratio is 0 %, somewhere in 0 % … 0.103 %: too uncertain to say on which side of its limit of 0.01 %"],
  ]);
});

test("a limit of zero is kept as long as nothing fails", () => {
  const word = (errorRatio: number) =>
    judge({ heads: [makeRecord({ ...SINGLE, head: { errorRatio } })], suite: errors(0), baseline: NONE }).verdict;
  expect([word(0), word(0.01)]).toEqual(["pass", "fail"]);
});

test("a hard bottom is judged from the other side", () => {
  const word = (limit: number) =>
    judge({ heads: [makeRecord(SINGLE)], suite: makeSuite({ gates: [gate("throughput", { limit })] }), baseline: NONE });
  expect([word(20).verdict, word(40).verdict]).toEqual(["pass", "fail"]);
  expect(word(40).reasons[0]).toContain("is 25/s, under its limit of 40/s beyond chance");
});

test("without a baseline a regression gate is no-baseline, and a limit beside it still fails", () => {
  const suite = (limit: number) => makeSuite({ gates: [gate("latency.p95", { regression: 0.1, limit })] });
  const heads = [makeRecord(SINGLE)];
  const open = judge({ heads, suite: suite(1), baseline: NONE });
  expect([open.verdict, open.evidence, open.reasons]).toEqual([
    "no-baseline",
    "none",
    ["no run of the default branch was found", "undecided without a baseline: latency.p95 in steady"],
  ]);
  expect(judge({ heads, suite: suite(0.001), baseline: NONE }).verdict).toBe("fail");
});

test("what waits for a baseline is named by scenario, and counted where there is too much of it", () => {
  const gates = [
    gate("latency.p50", { regression: 0.1 }),
    gate("latency.p95", { regression: 0.1 }),
    gate("throughput", { regression: 0.1 }),
  ];
  const reasons = (scenarios: readonly string[]) =>
    judge({ heads: [makeRecord({ ...SINGLE, scenarios })], suite: makeSuite({ scenarios, gates }), baseline: NONE }).reasons[1];
  expect(reasons(["a", "b"])).toBe(
    "undecided without a baseline: latency.p50, latency.p95 and throughput in a; latency.p50, latency.p95 and throughput in b",
  );
  expect(reasons(["a", "b", "c"])).toBe("undecided without a baseline: 9 gates in 3 scenarios");
});

test("one stored run never passes a regression gate, and fails a very large change", () => {
  const baseline = storedRuns(1, SINGLE);
  const equal = judge({ heads: [makeRecord(SINGLE)], suite: wide, baseline });
  expect([equal.verdict, equal.evidence]).toEqual(["inconclusive", "single"]);
  expect(equal.reasons[0]).toBe(
    "learning: one stored run, 2 more to go before a regression gate can pass; until then only very large changes can be seen",
  );
  const slower = (factor: number) => judge({ heads: [makeRecord({ ...SINGLE, head: { factor } })], suite: wide, baseline }).verdict;
  expect([slower(1.15), slower(2)]).toEqual(["inconclusive", "fail"]);
});

test("eight stored runs pass an equal head and fail a slower one", () => {
  const baseline = storedRuns(8, SINGLE);
  const suite = makeSuite({ gates: [gate("latency.p50", { regression: 0.15 })] });
  const word = (factor: number) => judge({ heads: [makeRecord({ ...SINGLE, head: { factor } })], suite, baseline }).verdict;
  expect([word(1), word(1.3)]).toEqual(["pass", "fail"]);
});

test("an invalid run is invalid whatever was measured, except failures beyond their limit", () => {
  const suite = makeSuite({ gates: [gate("latency.p50", { regression: 0.1 }), gate("errors.ratio", { limit: 0.01 })] });
  const slow = judge({ heads: [makeRecord({ ...SMALL, head: { factor: 2 } })], suite, problems: [invalid] });
  expect([slow.verdict, slow.reasons]).toEqual(["invalid", [invalid.message]]);
  expect(judge({ heads: [makeRecord({ ...SMALL, head: { errorRatio: 0.1 } })], suite, problems: [invalid] }).verdict).toBe("fail");
});

test("a problem of one scenario leaves the others alone, and a warning leaves all alone", () => {
  const suite = makeSuite({ scenarios: ["a", "b"], gates: [gate("latency.p50", { regression: 0.2 })] });
  const heads = [makeRecord({ ...SMALL, scenarios: ["a", "b"] })];
  const words = (problem: Problem) => judge({ heads, suite, problems: [problem] }).scenarios.map(({ verdict }) => verdict);
  expect(words({ ...invalid, scenario: "b" })).toEqual(["pass", "invalid"]);
  expect(words({ ...invalid, severity: "warning" })).toEqual(["pass", "pass"]);
});

test("nothing gated and nothing measured is never a pass", () => {
  const heads = [makeRecord({ ...SMALL, blocks: 2 })];
  expect(judge({ heads, suite: makeSuite({ gates: [] }) })).toMatchObject({
    verdict: "inconclusive",
    reasons: ["steady: nothing is gated, so nothing was decided"],
  });
  expect(judge({ heads: [makeRecord({ scenarios: [] })], suite: wide })).toMatchObject({ verdict: "inconclusive" });
  expect(judge({ heads: [makeRecord({ scenarios: [] })], suite: makeSuite({ scenarios: [] }) })).toMatchObject({
    verdict: "inconclusive",
    reasons: ["nothing was compared: there is no scenario"],
  });
  expect(judge({ heads: [makeRecord({ scenarios: [] })], suite: makeSuite({ scenarios: [] }), problems: [invalid] }).verdict).toBe(
    "invalid",
  );
});

test("a scenario that only observes does not hold up the others", () => {
  const suite = makeSuite({ scenarios: ["gated", "observed"], gates: [gate("latency.p50", { regression: 0.2 })] });
  const half = {
    ...suite,
    scenarios: suite.scenarios.map((scenario) => (scenario.name === "observed" ? { ...scenario, gates: [] } : scenario)),
  };
  expect(judge({ heads: [makeRecord({ ...SMALL, scenarios: ["gated", "observed"] })], suite: half }).verdict).toBe("pass");
});

test("an ungated metric that got worse is a warning and no failure", () => {
  const { verdict, reasons, scenarios } = judge({ heads: [makeRecord({ ...SMALL, head: { factor: 1.5 } })], suite: errors(0.01) });
  expect(verdict).toBe("pass");
  expect(reasons).toContainEqual(expect.stringMatching(/^warning: steady: .*latency\.p95 \(\+\d+ %\).* got worse and are not gated$/));
  expect(scenarios[0]!.metrics.find(({ metric }) => metric === "latency.p95")).toMatchObject({ gated: false, verdict: "fail" });
});

test("shorter answers that look no slower are no pass, longer ones that look slower say so", () => {
  const tokens = (head: object) => judge({ heads: [makeRecord({ ...SMALL, base: { tokensPerRequest: 100 }, head })], suite: wide });
  expect(tokens({ tokensPerRequest: 80 })).toMatchObject({
    verdict: "inconclusive",
    reasons: expect.arrayContaining([expect.stringMatching(/^steady: latency\.p50 .*\(100 → 80 tokens per request, −20 %\)$/)]),
  });
  const longer = tokens({ tokensPerRequest: 140, factor: 1.4 });
  expect([longer.verdict, longer.reasons[0]]).toEqual([
    "fail",
    expect.stringContaining("the answers have another length (100 → 140 tokens per request, +40 %)"),
  ]);
});

test("a median that moved while the distribution as a whole did not is undecided", () => {
  const { comparisons } = judge({ heads: [makeRecord({ ...SMALL, head: { factor: 1.4 } })], suite: wide });
  expect(comparisons.find(({ metric }) => metric === "latency.p50")!.mannWhitney!.p).toBeLessThan(0.05);
  const doubted = comparisons.map((comparison) =>
    comparison.metric === "latency.p50"
      ? { ...comparison, obstacles: [{ code: "shape-disagrees", detail: { p: 0.4 } } as const] }
      : comparison,
  );
  const { scenarios } = decide({ suite: wide, comparisons: doubted, evidence: "live", baseline: LIVE, problems: [] });
  expect(scenarios[0]!.metrics.find(({ metric }) => metric === "latency.p50")).toMatchObject({
    verdict: "inconclusive",
    reason: expect.stringContaining("but the distribution as a whole did not move with it (Mann–Whitney p = 0.4)"),
  });
});

test("a scenario is as bad as its worst gated metric, in the order fail, invalid, inconclusive, no-baseline, pass", () => {
  const suite = makeSuite({
    gates: [gate("latency.p50", { regression: 0.5 }), gate("latency.p999", { regression: 0.1 }), gate("errors.ratio", { limit: 0.01 })],
  });
  expect(judge({ heads: [makeRecord(SMALL)], suite }).scenarios.map(({ verdict }) => verdict)).toEqual(["inconclusive"]);
  expect(judge({ heads: [makeRecord({ ...SMALL, head: { errorRatio: 0.1 } })], suite }).scenarios.map(({ verdict }) => verdict)).toEqual([
    "fail",
  ]);
});

test("reasons come worst first", () => {
  const { reasons } = judge({ heads: [makeRecord({ ...SMALL, head: { factor: 1.3, tailFactor: 3 } })] });
  const sizes = reasons.filter((reason) => !reason.startsWith("warning")).map((reason) => reason.slice(0, 19));
  expect(sizes[0]).toBe("steady: latency.p99");
});

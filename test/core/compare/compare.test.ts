import { expect, test } from "vitest";
import { amountOf } from "../../../src/core/compare/amount.ts";
import { compareRuns } from "../../../src/core/compare/compare.ts";
import { InputError } from "../../../src/core/errors.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import type { ArmRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { codes, findNotFinite, judge, LIVE, NONE, stored, storedRuns } from "./judge.ts";
import { makeBlock, makeRecord, makeSuite, USUAL_GATES } from "./records.ts";

const SMALL = { blocks: 12, requestsPerBlock: 250 } as const;
const gate = (metric: MetricName, rest: { regression?: number; floor?: number; limit?: number }) => ({
  regression: undefined,
  floor: undefined,
  limit: undefined,
  ...rest,
  metric,
});
const swapArms = (record: RunRecord): RunRecord => ({
  ...record,
  scenarios: record.scenarios.map((scenario) => ({ ...scenario, arms: { base: scenario.arms.head!, head: scenario.arms.base! } })),
});
const changeBlocks = (
  record: RunRecord,
  arm: "base" | "head",
  change: (blocks: ArmRecord["blocks"]) => ArmRecord["blocks"],
): RunRecord => ({
  ...record,
  scenarios: record.scenarios.map((scenario) => ({
    ...scenario,
    arms: { ...scenario.arms, [arm]: { ...scenario.arms[arm]!, blocks: change(scenario.arms[arm]!.blocks) } },
  })),
});

test("live arms give every number of a comparison, and none that is not finite", () => {
  const { of, comparisons, evidence } = judge({ heads: [makeRecord({ ...SMALL, head: { factor: 1.2 } })] });
  const p95 = of("latency.p95");
  expect(evidence).toBe("live");
  expect(p95.delta).toMatchObject({ scale: "relative", confidence: 0.9 });
  expect(p95.delta!.relative!).toBeGreaterThan(0.1);
  expect(p95.delta!.low!).toBeLessThan(p95.delta!.relative!);
  expect(p95.delta!.high!).toBeGreaterThan(p95.delta!.relative!);
  expect(p95.worse).toBe(p95.delta!.relative);
  expect(p95.delta!.absolute).toBeCloseTo(p95.head!.value - p95.base!.value, 12);
  expect(p95.base!.n).toBe(3000);
  expect(p95.base!.low!).toBeLessThan(p95.base!.value);
  expect(p95.resolvableMargin).toBeGreaterThanOrEqual(0.1);
  expect(p95.mannWhitney!.p).toBeLessThan(0.01);
  expect(findNotFinite(comparisons)).toEqual([]);
});

test("swapping the arms mirrors the change and its interval", () => {
  const record = makeRecord({ ...SMALL, head: { factor: 1.15 } });
  const [there, back] = [
    judge({ heads: [record] }).of("latency.p90").delta!,
    judge({ heads: [swapArms(record)] }).of("latency.p90").delta!,
  ];
  expect((1 + there.relative!) * (1 + back.relative!)).toBeCloseTo(1, 9);
  expect((1 + there.low!) * (1 + back.high!)).toBeCloseTo(1, 9);
  expect((1 + there.high!) * (1 + back.low!)).toBeCloseTo(1, 9);
});

test("equal arms differ by exactly nothing", () => {
  const record = makeRecord(SMALL);
  const same = changeBlocks(record, "base", () => record.scenarios[0]!.arms.head!.blocks);
  for (const { metric, worse, worseLow } of judge({ heads: [same] }).comparisons) {
    expect(worse).toBeCloseTo(0, 12);
    // Two single starts set no bound, and the p99.9 of so few requests sets none below.
    if (metric.startsWith("cold.") || metric.endsWith(".p999")) expect(worseLow).toBeUndefined();
    else expect(worseLow!).toBeLessThanOrEqual(0);
  }
});

test("a slower head is worse by about as much as it was made slower", () => {
  for (const factor of [1, 1.1, 1.5, 3]) {
    const { worse } = judge({ heads: [makeRecord({ ...SMALL, head: { factor }, environmentDeviation: 0 })] }).of("latency.p50");
    expect(Math.abs((1 + worse!) / factor - 1)).toBeLessThan(0.03);
  }
});

test("where higher is better, less is worse", () => {
  const suite = makeSuite({ gates: [gate("throughput", { regression: 0.05 })] });
  const record = makeRecord({ ...SMALL, head: { errorRatio: 0.2 } });
  const { worse, worseLow, delta, margin } = judge({ heads: [record], suite }).of("throughput");
  expect(delta!.relative).toBeCloseTo(-0.2, 9);
  expect(worse).toBeCloseTo(0.2, 9);
  expect(worseLow!).toBeGreaterThan(0.1);
  expect(margin).toBe(0.05);
});

test("failures are compared in points, and none on both sides is at most three in n", () => {
  const suite = makeSuite({ gates: [gate("errors.ratio", { regression: 0.005 })] });
  const clean = judge({ heads: [makeRecord(SMALL)], suite }).of("errors.ratio");
  expect(clean.delta).toMatchObject({ scale: "difference", absolute: 0, relative: undefined });
  // The rule of three at the level of a first attempt, 4.5 %.
  expect(clean.worseHigh! * 3000).toBeCloseTo(-Math.log(0.045), 6);
  const failing = judge({ heads: [makeRecord({ ...SMALL, head: { errorRatio: 0.02 } })], suite }).of("errors.ratio");
  expect(failing.worse).toBeCloseTo(0.02, 9);
  expect(failing.worseLow!).toBeGreaterThan(0.005);
});

test("what was neither answered nor counted as failed still counts against the head", () => {
  const record = changeBlocks(makeRecord(SMALL), "head", (blocks) =>
    blocks.map((block) => ({ ...block, ok: block.ok - 50, failures: {} })),
  );
  expect(judge({ heads: [record] }).of("errors.ratio").head!.value).toBeCloseTo(0.2, 9);
});

test("retries are compared in points where attempts were counted, live and stored, and are not there where not", () => {
  const suite = makeSuite({ gates: [gate("retried.ratio", { regression: 0.01 })] });
  const counted = (record: RunRecord, arm: "base" | "head", retried: number) =>
    changeBlocks(record, arm, (blocks) => blocks.map((block) => ({ ...block, attempts: { sent: block.offered + retried, retried } })));
  const live = counted(counted(makeRecord(SMALL), "base", 0), "head", 25);
  const compared = judge({ heads: [live], suite }).of("retried.ratio");
  expect(compared.head!.value).toBeCloseTo(0.1, 9);
  expect(compared.delta).toMatchObject({ scale: "difference" });
  expect(compared.worse).toBeCloseTo(0.1, 9);
  expect(compared.worseLow!).toBeGreaterThan(0.05);
  // Failures of the same runs are another thing: there were none.
  expect(judge({ heads: [live], suite }).of("errors.ratio").worse).toBe(0);
  const bases = Array.from({ length: 3 }, (_, seed) => counted(makeRecord({ ...SMALL, design: "single", seed }), "head", 0));
  const head = counted(makeRecord({ ...SMALL, design: "single", seed: 9 }), "head", 25);
  const later = judge({ heads: [head], suite, baseline: stored(bases) }).of("retried.ratio");
  expect(later.worse).toBeCloseTo(0.1, 2);
  expect(judge({ heads: [makeRecord(SMALL)], suite }).of("retried.ratio")).toMatchObject({
    head: undefined,
    obstacles: [{ code: "not-measured" }],
  });
  expect(judge({ heads: [makeRecord(SMALL)] }).comparisons.map(({ metric }) => metric)).not.toContain("retried.ratio");
});

test("the floor raises the margin where it is the larger of the two", () => {
  const margin = (floor: number) =>
    judge({ heads: [makeRecord(SMALL)], suite: makeSuite({ gates: [gate("latency.p50", { regression: 0.05, floor })] }) }).of("latency.p50")
      .margin!;
  expect(margin(0.0001)).toBe(0.05);
  expect(margin(0.01)).toBeGreaterThan(0.25);
});

test("gauges are compared as ratio of means, peaks and points", () => {
  const GiB = 1024 ** 3;
  const gauges = (factor: number) => ({
    "gpu.memory.peak": 11 * GiB * factor,
    "gpu.energy_per_request": 200 * factor,
    "gpu.utilization": 0.6 * factor,
    "queue.depth": 0,
  });
  const { of } = judge({ heads: [makeRecord({ ...SMALL, base: { gauges: gauges(1) }, head: { gauges: gauges(1.05) } })] });
  expect(of("gpu.memory.peak").worse).toBeCloseTo(0.05, 9);
  expect(of("gpu.memory.peak").worseLow!).toBeGreaterThan(0.04);
  expect(of("gpu.utilization").delta).toMatchObject({ scale: "difference", absolute: expect.closeTo(0.03, 9) });
  expect(of("gpu.energy_per_request").delta!.relative).toBeCloseTo(0.05, 9);
  expect(of("queue.depth")).toMatchObject({ worse: 0, worseHigh: 0, delta: { scale: "difference", relative: undefined } });
});

test("energy is weighed by what it was drawn for: answers, or tokens", () => {
  const record = makeRecord({
    ...SMALL,
    head: { gauges: { "gpu.energy_per_request": 4, "gpu.energy_per_1k_tokens": 30, "gpu.power": 200 } },
  });
  const [block] = record.scenarios[0]!.arms.head!.blocks;
  const withTokens = { ...block!, ok: 50, tokens: { output: 2000, from: "usage" as const } };
  expect(amountOf("gpu.energy_per_request", withTokens)).toEqual({ part: 200, whole: 50 });
  expect(amountOf("gpu.energy_per_1k_tokens", withTokens)).toEqual({ part: 60, whole: 2 });
  expect(amountOf("gpu.energy_per_1k_tokens", { ...withTokens, tokens: undefined })).toBeUndefined();
  // Sampled power is no energy: where a block has none, its power does not stand in.
  expect(amountOf("gpu.energy_per_request", { ...withTokens, gauges: { "gpu.power": withTokens.gauges["gpu.power"]! } })).toBeUndefined();
});

test("an empty queue that fills is judged by the floor", () => {
  const suite = makeSuite({ gates: [gate("queue.depth", { regression: 0.1, floor: 2 })] });
  const record = makeRecord({ ...SMALL, base: { gauges: { "queue.depth": 0 } }, head: { gauges: { "queue.depth": 5 } } });
  expect(judge({ heads: [record], suite }).of("queue.depth")).toMatchObject({ margin: 2, worse: 5 });
});

test("pairs with data on one side only are dropped and counted", () => {
  const record = changeBlocks(makeRecord(SMALL), "head", (blocks) =>
    blocks.map((block, i) => (i < 3 ? { ...block, histograms: {} } : block)),
  );
  const { obstacles, base } = judge({ heads: [record] }).of("latency.p50");
  expect(obstacles).toContainEqual({ code: "blocks-dropped", detail: { dropped: 3, pairs: 9 } });
  expect(base!.n).toBe(9 * 250);
});

test("one pair has a change and no interval", () => {
  const comparison = judge({ heads: [makeRecord({ ...SMALL, blocks: 1 })] }).of("latency.p50");
  expect(codes(comparison)).toContain("too-few-blocks");
  expect(comparison).toMatchObject({ worseLow: undefined, worseHigh: undefined, resolvableMargin: undefined });
  expect(comparison.delta).toMatchObject({ low: undefined, high: undefined });
  expect(comparison.worse).toBeDefined();
});

test("too few requests beyond a percentile are named, with the time that would do", () => {
  const comparison = judge({ heads: [makeRecord({ blocks: 12, requestsPerBlock: 40 })] }).of("latency.p99");
  expect(comparison.obstacles).toContainEqual({ code: "not-assessable", detail: { exceedances: expect.closeTo(4.8, 6), needed: 10 } });
  const wide = makeSuite({ gates: [gate("latency.p99", { regression: 3 })] });
  expect(judge({ heads: [makeRecord({ blocks: 12, requestsPerBlock: 40 })], suite: wide }).of("latency.p99").moreData!).toBeGreaterThan(2);
});

test("enough requests beyond a percentile in a single burst leave it without an upper bound", () => {
  const burstIn = (burst: number) => (blocks: ArmRecord["blocks"]) =>
    blocks.map((block, i) =>
      makeBlock(
        Array.from({ length: 100 }, (_, k) => (i === burst && k < 24 ? 0.1 + 0.01 * k : 0.01 + 0.0001 * k)),
        block,
      ),
    );
  const record = changeBlocks(changeBlocks(makeRecord({ blocks: 12, requestsPerBlock: 1 }), "base", burstIn(2)), "head", burstIn(7));
  const comparison = judge({ heads: [record] }).of("latency.p99");
  expect([comparison.worseHigh, comparison.delta!.high]).toEqual([undefined, undefined]);
  expect(comparison.obstacles).toContainEqual({ code: "not-assessable", detail: { exceedances: expect.closeTo(12, 6) } });
});

test("a percentile among timeouts is censored", () => {
  const { of } = judge({ heads: [makeRecord({ ...SMALL, head: { timeoutRatio: 0.03 } })] });
  expect(of("latency.p99").obstacles).toContainEqual({ code: "censored", detail: { deadlineS: 30, head: 1, base: 0 } });
  expect(of("latency.p99").worseLow!).toBeGreaterThan(1);
  expect(codes(of("latency.p95"))).not.toContain("censored");
});

test("longer answers and other ways of counting tokens are named", () => {
  const tokens = (base: object, head: object) => codes(judge({ heads: [makeRecord({ ...SMALL, base, head })] }).of("latency.p95"));
  expect(tokens({ tokensPerRequest: 100 }, { tokensPerRequest: 100 })).not.toContain("token-count-differs");
  expect(tokens({ tokensPerRequest: 100 }, { tokensPerRequest: 105 })).toContain("token-count-differs");
  expect(tokens({ tokensPerRequest: 100 }, { tokensPerRequest: 100, tokensFrom: "events" })).toContain("token-count-differs");
});

test("arms on different machines widen every interval and say so", () => {
  const record = makeRecord(SMALL);
  const apart = { ...record, environment: { ...record.environment, "node.base": "a", "node.head": "b" } };
  const [near, far] = [judge({ heads: [record] }).of("latency.p50"), judge({ heads: [apart] }).of("latency.p50")];
  expect(codes(far)).toContain("different-hosts");
  expect(far.resolvableMargin!).toBeGreaterThan(1.5 * near.resolvableMargin!);
});

test("the suite may say better than the record whether the arms share a machine", () => {
  const record = makeRecord(SMALL);
  const apart = { ...record, environment: { ...record.environment, "node.base": "a", "node.head": "b" } };
  const of = (head: typeof record, sameHost: "yes" | "no") =>
    codes(judge({ heads: [head], suite: makeSuite({ decision: { sameHost } }) }).of("latency.p50"));
  expect(of(apart, "yes")).not.toContain("different-hosts");
  expect(of(record, "no")).toContain("different-hosts");
});

test("stored runs: the resolvable margin shrinks with their number, and hardly with more requests", () => {
  const margin = (runs: number, blocks: number) =>
    judge({
      heads: [makeRecord({ blocks, requestsPerBlock: 250, design: "single" })],
      baseline: storedRuns(runs, { blocks, requestsPerBlock: 250 }),
    }).of("latency.p99").resolvableMargin!;
  const [one, three, eight, eightLong] = [margin(1, 12), margin(3, 12), margin(8, 12), margin(8, 24)];
  expect(one).toBeGreaterThan(three);
  expect(three).toBeGreaterThan(eight);
  expect(one).toBeGreaterThan(0.2);
  expect(eightLong).toBeGreaterThan(0.6 * eight);
});

test("fewer than three stored runs are learning mode", () => {
  const head = makeRecord({ ...SMALL, design: "single" });
  const two = judge({ heads: [head], baseline: storedRuns(2, SMALL) });
  expect([two.evidence, codes(two.of("latency.p50"))]).toEqual(["single", expect.arrayContaining(["too-few-runs"])]);
  const three = judge({ heads: [head], baseline: storedRuns(3, SMALL) });
  expect([three.evidence, codes(three.of("latency.p50"))]).toEqual(["stored", expect.not.arrayContaining(["too-few-runs"])]);
});

test("the order of stored runs does not matter", () => {
  const records = Array.from({ length: 5 }, (_, k) => makeRecord({ ...SMALL, design: "single", runDeviation: 0.03, seed: 50 + k }));
  const head = makeRecord({ ...SMALL, design: "single" });
  const [there, back] = [records, records.toReversed()].map((runs) => judge({ heads: [head], baseline: stored(runs) }).of("latency.p99"));
  expect(back!.worse).toBeCloseTo(there!.worse!, 12);
  expect(back!.worseHigh).toBeCloseTo(there!.worseHigh!, 12);
});

test("confirmation runs narrow what a stored comparison can tell", () => {
  const heads = [1, 2, 3].map((seed) => makeRecord({ ...SMALL, design: "single", seed, runDeviation: 0.03 }));
  const baseline = storedRuns(8, SMALL);
  const margin = (count: number) => judge({ heads: heads.slice(0, count), baseline }).of("latency.p99").resolvableMargin!;
  expect(margin(3)).toBeLessThan(margin(1));
});

test("one bad run among several heads is not taken for the build", () => {
  const heads = [1, 2].map((seed) => makeRecord({ ...SMALL, design: "single", seed, ...(seed === 1 ? { head: { factor: 3 } } : {}) }));
  expect(codes(judge({ heads, baseline: storedRuns(8, SMALL) }).of("latency.p99"))).toContain("runs-disagree");
});

test("without a baseline the head is still described, and its limits bounded", () => {
  const suite = makeSuite({ gates: [gate("latency.p95", { regression: 0.1, limit: 0.5 })] });
  const { of, evidence } = judge({ heads: [makeRecord({ ...SMALL, design: "single" })], baseline: NONE, suite });
  const p95 = of("latency.p95");
  expect([evidence, codes(p95), p95.delta, p95.base]).toEqual(["none", ["no-baseline"], undefined, undefined]);
  expect(p95.limit!.low!).toBeLessThan(p95.head!.value);
  expect(p95.limit!.high!).toBeGreaterThan(p95.head!.value);
  expect(p95.limit!.high!).toBeLessThan(0.1);
});

test("a scenario that was not measured and a metric without data are named where they are gated", () => {
  const suite = makeSuite({ scenarios: ["missing", "steady"], gates: [...USUAL_GATES, gate("ttft.p99", { regression: 0.1 })] });
  const { comparisons } = judge({ heads: [makeRecord(SMALL)], suite });
  const missing = comparisons.filter(({ scenario }) => scenario === "missing");
  expect(missing.map((comparison) => [comparison.metric, codes(comparison)])).toEqual(
    ["latency.p50", "latency.p95", "latency.p99", "ttft.p99"].map((metric) => [metric, ["not-measured"]]),
  );
  expect(codes(comparisons.find(({ scenario, metric }) => scenario === "steady" && metric === "ttft.p99")!)).toEqual(["not-measured"]);
});

test("an arm to which nothing was offered has measured nothing", () => {
  const record = changeBlocks(makeRecord(SMALL), "head", (blocks) => blocks.map((block) => makeBlock([], block)));
  const { comparisons } = judge({ heads: [record] });
  expect(comparisons.map(codes)).toEqual([["not-measured"], ["not-measured"], ["not-measured"]]);
});

test("a base arm to which nothing was offered is no baseline", () => {
  const record = changeBlocks(makeRecord(SMALL), "base", (blocks) => blocks.map((block) => makeBlock([], block)));
  expect(codes(judge({ heads: [record] }).of("latency.p50"))).toEqual(["base-not-measured"]);
});

test("telemetry that is not a number is no data", () => {
  const broken = makeRecord({ ...SMALL, base: { gauges: { "gpu.power": 200 } }, head: { gauges: { "gpu.power": Number.NaN } } });
  const suite = makeSuite({ gates: [gate("gpu.power", { regression: 0.1 })] });
  const { comparisons, of } = judge({ heads: [broken], suite });
  expect(codes(of("gpu.power"))).toEqual(["not-measured"]);
  expect(findNotFinite(comparisons)).toEqual([]);
});

test("all values equal, and distributions without overlap, are compared like any other", () => {
  const constant = (valueS: number) => (blocks: ArmRecord["blocks"]) =>
    blocks.map((block) =>
      makeBlock(
        Array.from({ length: 200 }, () => valueS),
        block,
      ),
    );
  const record = changeBlocks(changeBlocks(makeRecord(SMALL), "base", constant(0.02)), "head", constant(0.03));
  const { of, comparisons } = judge({ heads: [record] });
  expect(of("latency.p50").worse).toBeCloseTo(0.5, 2);
  expect(of("latency.p50").worseLow!).toBeGreaterThan(0.4);
  expect(of("latency.p50").mannWhitney!.cliffsDelta).toBe(1);
  expect(findNotFinite(comparisons)).toEqual([]);
});

test("a head without any correct answer is compared, not divided by zero", () => {
  const suite = makeSuite({ gates: [gate("throughput", { regression: 0.1 }), gate("latency.p99", { regression: 0.1 })] });
  const { of, comparisons } = judge({ heads: [makeRecord({ ...SMALL, head: { errorRatio: 1 } })], suite });
  expect(of("throughput").worse).toBeCloseTo(1, 12);
  expect(of("throughput").worseLow!).toBeGreaterThan(0.9);
  expect(codes(of("latency.p99"))).toEqual(["not-measured"]);
  expect(findNotFinite(comparisons)).toEqual([]);
});

test("the order is the suite's, then the metric table's, whatever the records' order", () => {
  const suite = makeSuite({ scenarios: ["b", "a"] });
  const record = makeRecord({ blocks: 2, requestsPerBlock: 50, scenarios: ["a", "extra", "b"] });
  const names = judge({ heads: [record], suite }).comparisons.map(({ scenario }) => scenario);
  expect([...new Set(names)]).toEqual(["b", "a", "extra"]);
  const metrics = judge({ heads: [record], suite })
    .comparisons.filter(({ scenario }) => scenario === "a")
    .map(({ metric }) => metric);
  const percentiles = ["latency.p50", "latency.p90", "latency.p95", "latency.p99", "latency.p999"];
  expect(metrics).toEqual([...percentiles, "throughput", "errors.ratio", "cold.first_request"]);
});

test("heads of different workloads are an error of the user's", () => {
  const one = makeRecord({ blocks: 2, requestsPerBlock: 20 });
  const other = { ...one, suite: { ...one.suite, digest: "f".repeat(64) } };
  expect(() => compareRuns({ suite: makeSuite(), heads: [one, other], baseline: LIVE })).toThrow(InputError);
});

test("the same records give the same comparisons, byte for byte", () => {
  const compared = () => JSON.stringify(judge({ heads: [makeRecord(SMALL)] }).comparisons);
  expect(compared()).toBe(compared());
});

import { describe, expect, test } from "vitest";
import type { MetricName } from "../../../src/core/metric.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import type { BlockRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { metricRow } from "../../../src/core/report/row.ts";
import type { Gate } from "../../../src/core/suite/suite.ts";
import { codes, findNotFinite, judge, storedRuns } from "./judge.ts";
import { type ArmOptions, makeBlock, makeRecord, makeSuite } from "./records.ts";

const gate = (metric: MetricName, regression = 0.1): Gate => ({ metric, regression, floor: undefined, limit: undefined });
const suiteOf = (...gates: readonly Gate[]) => makeSuite({ gates });
const LATENCY = suiteOf(gate("latency.p50"), gate("latency.p99"));

type Arms = { readonly base: readonly BlockRecord[]; readonly head: readonly BlockRecord[] };

function recordOf({ base, head }: Arms): RunRecord {
  const arm = (blocks: readonly BlockRecord[]) => ({
    warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined },
    blocks,
    examples: {},
  });
  const load = { kind: "open", ratePerS: 10, arrivals: "poisson", durationS: 10 } as const;
  return { ...makeRecord({ scenarios: [] }), scenarios: [{ name: "steady", load, arms: { base: arm(base), head: arm(head) } }] };
}

/** Pairs of blocks whose latencies a function gives, by arm and pair. */
function pairsOf(
  pairs: number,
  latencies: (arm: "base" | "head", pair: number) => readonly number[],
  arms: Partial<Record<"base" | "head", ArmOptions>> = {},
): Arms {
  const blocks = (arm: "base" | "head") =>
    Array.from({ length: pairs }, (_, pair) =>
      makeBlock(latencies(arm, pair), { index: 2 * pair + Number(arm === "head"), pair, startS: 0, durationS: 10 }, arms[arm]),
    );
  return { base: blocks("base"), head: blocks("head") };
}

const spread = (n: number, from: number, to: number) => Array.from({ length: n }, (_, i) => from + (to - from) * ((i * 0.618) % 1));

/** Judges, and holds what must hold for anything at all. */
function judged(arms: Arms, suite = LATENCY) {
  const verdict = judge({ heads: [recordOf(arms)], suite });
  expect(findNotFinite(verdict.comparisons)).toEqual([]);
  return verdict;
}

describe("a reversed direction", () => {
  const throughput = suiteOf(gate("throughput"), gate("gpu.sm_clock"));
  const record = (base: ArmOptions, head: ArmOptions) => makeRecord({ blocks: 30, base, head });
  const clock = (hz: number) => ({ gauges: { "gpu.sm_clock": hz } });

  test("less of what should be high fails, more of it passes", () => {
    const slower = judge({ heads: [record(clock(1.5e9), { ...clock(1e9), errorRatio: 0.3 })], suite: throughput });
    expect([slower.of("throughput").worse!, slower.of("gpu.sm_clock").worse!].every((worse) => worse > 0.25)).toBe(true);
    expect(slower.verdict).toBe("fail");
    const faster = judge({ heads: [record({ ...clock(1e9), errorRatio: 0.3 }, clock(1.5e9))], suite: throughput });
    expect([faster.of("throughput").worse!, faster.of("gpu.sm_clock").worse!].every((worse) => worse < -0.25)).toBe(true);
    expect(faster.verdict).toBe("pass");
  });
});

test("a gate that no change could have failed does not pass, and its row says that it would catch nothing", () => {
  // Twenty requests of each arm are slow, in some pairs more of the one and in some of the other.
  const slowOnes = { base: [2, 8, 4, 6], head: [8, 2, 6, 4] } as const;
  const latencies = (arm: "base" | "head", pair: number) =>
    spread(250, 0.01, 0.02).map((x, i) => (i < 250 - slowOnes[arm][pair]! ? x : 0.03 + 0.0001 * (250 - i)));
  const arms = pairsOf(4, latencies);
  const verdict = judged(arms, suiteOf(gate("latency.p99", 1)));
  const comparison = verdict.of("latency.p99");
  expect(comparison.worseHigh!).toBeLessThan(1);
  expect([comparison.worseLow, comparison.resolvableMargin]).toEqual([undefined, undefined]);
  const [metric] = verdict.scenarios[0]!.metrics.filter(({ gated }) => gated);
  expect(metric!.verdict).toBe("inconclusive");
  expect(metric!.reason).toContain("this data can show no change, however large");
  expect(metricRow("steady", metric!).detects).toBe("nothing");
  // Nor does any change fail here, were it a hundredfold.
  const slow = pairsOf(4, (arm, pair) => latencies(arm, pair).map((x) => (arm === "head" && x > 0.03 ? 100 * x : x)));
  expect(judged(slow, suiteOf(gate("latency.p99", 1))).verdict).toBe("inconclusive");
});

test("a gauge that is not a number was not measured, and the others of its block count", () => {
  const arms = pairsOf(12, () => spread(200, 0.01, 0.02), {
    base: { gauges: { "gpu.power": 200 } },
    head: { gauges: { "gpu.power": Number.NaN } },
  });
  const verdict = judged(arms, suiteOf(gate("gpu.power"), gate("latency.p50")));
  expect(codes(verdict.of("gpu.power"))).toContain("not-measured");
  expect(verdict.of("latency.p50").delta!.relative).toBe(0);
  expect(verdict.verdict).not.toBe("pass");
});

test("an empty block drops its pair, which is counted", () => {
  const verdict = judged(pairsOf(12, (arm, pair) => (arm === "head" && pair === 3 ? [] : spread(300, 0.01, 0.02))));
  expect(verdict.of("latency.p50").obstacles).toContainEqual({ code: "blocks-dropped", detail: { dropped: 1, pairs: 11 } });
});

test("one pair has a change and no interval: never a pass, never a fail", () => {
  for (const factor of [1, 10]) {
    const verdict = judged(pairsOf(1, (arm) => spread(5000, 0.01, 0.02).map((s) => s * (arm === "head" ? factor : 1))));
    expect(verdict.of("latency.p50").delta).toMatchObject({ low: undefined, high: undefined });
    expect(codes(verdict.of("latency.p50"))).toContain("too-few-blocks");
    expect(verdict.verdict).toBe("inconclusive");
  }
});

describe("values that do not vary", () => {
  test("equal in both arms: no change, no evidence in the rank test, and no fail", () => {
    const verdict = judged(pairsOf(12, () => Array.from({ length: 300 }, () => 0.02)));
    expect(verdict.of("latency.p50")).toMatchObject({ worse: 0, mannWhitney: { p: 1, cliffsDelta: 0 } });
    expect(verdict.verdict).not.toBe("fail");
  });

  test("a change without variance is a fail beyond the margin and none below it", () => {
    const change = (factor: number) =>
      judged(pairsOf(12, (arm) => Array.from({ length: 2000 }, () => (arm === "head" ? 0.02 * factor : 0.02))));
    expect(change(1.3).verdict).toBe("fail");
    expect(change(1.02).verdict).not.toBe("fail");
  });

  test("zero: times below a microsecond in both arms do not divide by zero", () => {
    expect(judged(pairsOf(12, () => Array.from({ length: 300 }, () => 0))).verdict).not.toBe("fail");
  });
});

test("a percentile without requests beyond it has no upper bound and no pass", () => {
  const verdict = judged(
    pairsOf(12, (_, pair) => spread(20, 0.01 + 1e-5 * pair, 0.02)),
    suiteOf(gate("latency.p999")),
  );
  expect(codes(verdict.of("latency.p999"))).toContain("not-assessable");
  expect(verdict.of("latency.p999").delta!.high).toBeUndefined();
  expect(verdict.verdict).toBe("inconclusive");
});

test("arms that share no bin fail one way and pass the other", () => {
  const apart = (head: number) => judged(pairsOf(12, (arm) => spread(2000, 0.01, 0.011).map((s) => (arm === "head" ? s * head : s))));
  const slower = apart(100);
  expect([slower.verdict, slower.of("latency.p50").mannWhitney!.cliffsDelta]).toEqual(["fail", 1]);
  const faster = apart(0.01);
  expect([faster.verdict, faster.of("latency.p50").mannWhitney!.cliffsDelta]).toEqual(["pass", -1]);
});

test("a value at one second, whose logarithm is 0, is bounded like any other", () => {
  const { head } = judged(pairsOf(12, () => spread(300, 0.9, 1.1))).of("latency.p50");
  expect(head!.low!).toBeLessThan(1);
  expect(head!.high!).toBeGreaterThan(1);
});

test("blocks without a partner are left out and counted, and too many of them forbid a pass", () => {
  const { base, head } = pairsOf(12, () => spread(500, 0.01, 0.02));
  const verdict = judged({ base: base.slice(0, 9), head });
  expect(verdict.of("latency.p50").obstacles).toContainEqual({ code: "blocks-dropped", detail: { dropped: 3, pairs: 9 } });
  expect(verdict.verdict).not.toBe("pass");
});

test("an arm that measured nothing is named, whichever it is", () => {
  const full = pairsOf(12, () => spread(300, 0.01, 0.02));
  const noBase = judged({ base: [], head: full.head });
  expect(codes(noBase.of("latency.p50"))).toContain("base-not-measured");
  const noHead = judged({ base: full.base, head: [] });
  expect(codes(noHead.of("latency.p50"))).toContain("not-measured");
  expect([noBase.verdict, noHead.verdict]).not.toContain("pass");
});

test("a single request is no evidence", () => {
  const one = judged(pairsOf(1, () => [0.02]));
  expect(one.verdict).toBe("inconclusive");
  const inEach = judged(pairsOf(12, () => [0.02]));
  expect(inEach.verdict).not.toBe("pass");
});

test("a thousand million requests in each block are counted and judged", () => {
  const many = (arm: "base" | "head", pair: number): BlockRecord => {
    const slot = { index: 2 * pair + Number(arm === "head"), pair, startS: 0, durationS: 10 };
    const distribution = new Distribution();
    for (const [i, value] of spread(400, 0.01, 0.02).entries()) distribution.recordNs((value + 1e-6 * ((pair * 7 + i) % 3)) * 1e9);
    let encoded = distribution.encode();
    // Doubling 400 values 21 times and more: 10⁹ of them without recording each.
    for (let step = 0; step < 21; step++) {
      distribution.addEncoded(encoded);
      encoded = distribution.encode();
    }
    expect(distribution.count).toBeGreaterThan(8e8);
    return { ...makeBlock([0.01], slot), offered: distribution.count, ok: distribution.count, histograms: { latency: encoded } };
  };
  const arms = { base: [0, 1, 2, 3].map((pair) => many("base", pair)), head: [0, 1, 2, 3].map((pair) => many("head", pair)) };
  const verdict = judged(arms);
  expect(verdict.of("latency.p50").head!.n).toBeGreaterThan(3.2e9);
  expect(verdict.of("latency.p50").head!.low!).toBeLessThan(verdict.of("latency.p50").head!.value);
  expect(verdict.verdict).toBe("pass");
});

test("against stored runs the same holds: one block, equal values, an empty arm", () => {
  const baseline = storedRuns(3, { blocks: 4, requestsPerBlock: 50 });
  for (const arms of [pairsOf(1, () => [0.03]), pairsOf(4, () => [0.03, 0.03, 0.03]), pairsOf(4, () => [])]) {
    const verdict = judge({ heads: [recordOf(arms)], baseline, suite: LATENCY });
    expect(findNotFinite(verdict.comparisons)).toEqual([]);
    expect(verdict.verdict).not.toBe("pass");
  }
});

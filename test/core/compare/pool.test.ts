import { describe, expect, test } from "vitest";
import { compareRuns } from "../../../src/core/compare/compare.ts";
import type { Comparison, PoolFinding } from "../../../src/core/compare/comparison.ts";
import { accept, type Chapter, headRun, history, steady } from "./history.ts";
import { codes, judge, stored } from "./judge.ts";
import { makeSuite } from "./records.ts";

const P99 = { suite: makeSuite({ gates: [{ metric: "latency.p99", regression: 0.1, floor: undefined, limit: undefined }] }) };
const p99 = (chapters: readonly Chapter[], factor: number, seed = 1, heads = 1): Comparison & { readonly word: string } => {
  const { of, verdict } = judge({
    ...P99,
    heads: Array.from({ length: heads }, (_, i) => headRun(factor, 900_000 + 7 * seed + i)),
    baseline: history(chapters, seed),
  });
  return { ...of("latency.p99"), word: verdict };
};
const ratio = (found: Comparison, other: Comparison): number => found.base!.value / other.base!.value;

describe("a pool whose level did not move", () => {
  test("says nothing about its runs, and its base is the mean of all of them", () => {
    const found = p99(steady(12), 1);
    expect(found.pool).toBeUndefined();
    const values = history(steady(12)).runs.map(({ record }) => judge({ ...P99, heads: [record], baseline: stored([record]) }));
    const logs = values.map(({ of }) => Math.log(of("latency.p99").base!.value));
    expect(Math.log(found.base!.value)).toBeCloseTo(logs.reduce((sum, log) => sum + log, 0) / 12, 9);
  });

  test("the order in which its runs were found changes not a bit", () => {
    for (const chapters of [steady(9), [...steady(6), ...steady(4, 1.4)], [...steady(8), { factor: 1.8 }, ...steady(3)]]) {
      const { runs, ...baseline } = history(chapters);
      const shuffled = [5, 2, 7, 0, 8, 3, 1, 6, 4].map((i) => runs[i]!).concat(runs.slice(9));
      const input = { suite: makeSuite(), heads: [headRun(1.1, 5)] };
      const [one, other] = [runs, shuffled].map((of) => compareRuns({ ...input, baseline: { ...baseline, runs: of } }));
      expect(other).toEqual(one);
    }
  });
});

describe("a level that moved", () => {
  const OLD = steady(10);
  const reference = p99(OLD, 1);

  test("announced three runs ago, it is what a head is compared with", () => {
    const chapters = [...OLD, { factor: 1.2, accepted: accept(0.3) }, ...steady(2, 1.2)];
    for (const seed of [1, 2, 3]) {
      const found = p99(chapters, 1.2, seed);
      expect(found.pool!.moved).toMatchObject({ at: { runId: "810" }, runs: 3, isWorse: true, accepted: { pull: 41 } });
      expect(Math.abs(found.pool!.moved!.by - 0.2)).toBeLessThan(0.12);
      expect(found.word).not.toBe("fail");
      expect(Math.abs(found.worse!)).toBeLessThan(0.15);
      // What is worse than the new level is caught from it, and what went back is no regression.
      expect(p99(chapters, 1.8, seed).word).toBe("fail");
      expect(p99(chapters, 1, seed).worse!).toBeLessThan(0);
    }
  });

  test("announced by the newest run, one run is a level, with the spread of all others and the error of one", () => {
    const chapters = [...OLD, { factor: 1.25, accepted: accept(0.3) }];
    const found = p99(chapters, 1.25);
    expect(found.pool!.moved).toMatchObject({ runs: 1, at: { runId: "810", commit: expect.stringContaining("c0ffee10") } });
    expect(ratio(found, reference)).toBeCloseTo(1.25, 0);
    expect(found.word).not.toBe("fail");
    expect(codes(found)).not.toContain("too-few-runs");
    // The interval is that of a difference of two single runs: √2 times a run's own, where ten runs leave √1.1.
    const width = ({ delta }: Comparison) => Math.log((1 + delta!.high!) / (1 + delta!.low!));
    expect(width(found) / width(reference)).toBeGreaterThan(1.15);
    expect(width(found) / width(reference)).toBeLessThan(1.6);
  });

  test("without announcement it is found once some runs agree, and it may be the better one", () => {
    for (const factor of [1.35, 0.7]) {
      const found = p99([...OLD, ...steady(4, factor)], factor);
      expect(found.pool!.moved).toMatchObject({ at: { runId: "810" }, runs: 4, isWorse: factor > 1, accepted: undefined });
      expect(ratio(found, reference)).toBeGreaterThan(factor * 0.93);
      expect(ratio(found, reference)).toBeLessThan(factor * 1.07);
      expect(found.word).not.toBe("fail");
    }
    // Back at the old level after an improvement: a regression, which a pooled mean would not have seen as one.
    expect(p99([...OLD, ...steady(4, 0.7)], 1).word).toBe("fail");
  });

  test("is what the ranks of the requests are compared with as well", () => {
    const found = p99([...steady(6), ...steady(6, 1.6)], 1.6);
    expect(Math.abs(found.mannWhitney!.cliffsDelta)).toBeLessThan(0.2);
    expect(p99([...steady(6), ...steady(6, 1.6)], 1).mannWhitney!.cliffsDelta).toBeLessThan(-0.5);
  });

  test("everything twice as slow moves at the same run by the same size", () => {
    const chapters = [...OLD, ...steady(4, 1.35)];
    const of = (medianS: number): PoolFinding => {
      const baseline = history(chapters, 1, { medianS });
      return judge({ ...P99, heads: [headRun(1.35, 3, { medianS })], baseline }).of("latency.p99").pool!;
    };
    const [one, two] = [of(0.03), of(0.06)];
    expect(two.moved!.at).toEqual(one.moved!.at);
    expect(two.moved!.by).toBeCloseTo(one.moved!.by, 2);
  });

  test("an acceptance that the numbers contradict announces nothing", () => {
    // The head of the pull request was worse, what was merged is not.
    expect(p99([...OLD, { factor: 1, accepted: accept(0.3) }, ...steady(3)], 1).pool?.moved).toBeUndefined();
    // It got better.
    expect(p99([...OLD, { factor: 0.85, accepted: accept(0.3) }], 1).pool?.moved).toBeUndefined();
    // Much worse than was accepted: one run does not prove it.
    expect(p99([...OLD, { factor: 1.6, accepted: accept(0.05) }], 1).pool?.moved).toBeUndefined();
    // Another scenario, another metric, a limit.
    for (const other of [{ scenario: "burst" }, { metric: "ttft.p99" }, { of: "limit" as const }]) {
      expect(p99([...OLD, { factor: 1.25, accepted: accept(0.3, other) }], 1).pool?.moved).toBeUndefined();
    }
  });

  test("an acceptance that later runs carry on announces once", () => {
    const carried = Array.from({ length: 3 }, (): Chapter => ({ factor: 1.25, accepted: accept(0.3) }));
    expect(p99([...OLD, ...carried], 1.25).pool!.moved).toMatchObject({ at: { runId: "810" }, runs: 3 });
  });

  test("two old runs and an announced one say too little about how runs differ", () => {
    const found = p99([...steady(2), { factor: 1.4, accepted: accept(0.6) }], 1.4);
    expect(found.pool!.moved!.runs).toBe(1);
    expect(found.obstacles).toContainEqual({ code: "too-few-runs", detail: { runs: 3, needed: 4 } });
    expect(found.word).toBe("inconclusive");
  });
});

describe("an outlying run", () => {
  const ONE_BAD = [...steady(9), { factor: 1.7 }, ...steady(6)];

  test("is named and counts, and does not rule the pool", () => {
    const [found, clean] = [p99(ONE_BAD, 1), p99(steady(16), 1)];
    expect(found.pool).toMatchObject({ outlying: [{ run: { runId: "809" } }] });
    expect(found.pool!.outlying[0]!.by).toBeGreaterThan(0.4);
    expect(found.pool!.moved).toBeUndefined();
    // It drags the base a little, and widens the interval; the plain mean and variance would do so by 3 % and 100 %.
    expect(ratio(found, clean)).toBeLessThan(1.025);
    const width = ({ delta }: Comparison) => Math.log((1 + delta!.high!) / (1 + delta!.low!));
    expect(width(found)).toBeGreaterThan(width(clean));
    expect(width(found)).toBeLessThan(1.6 * width(clean));
  });

  test("may explain one head run that lies as far off, and not two", () => {
    const once = p99(ONE_BAD, 1.5);
    expect(codes(once)).toContain("like-an-outlier");
    expect(once.word).toBe("inconclusive");
    expect(p99(ONE_BAD, 1.5, 1, 2).word).toBe("fail");
    // Far beyond the outlying run, one head run is enough.
    expect(p99(ONE_BAD, 2.4).word).toBe("fail");
  });

  test("that was fast excuses no slow head", () => {
    expect(p99([...steady(9), { factor: 0.6 }, ...steady(6)], 1.5).word).toBe("fail");
  });

  test("as the newest, it leaves open whether the branch has moved, for as many head runs as there may be", () => {
    const chapters = [...steady(12), { factor: 1.6 }];
    for (const heads of [1, 2]) {
      const found = p99(chapters, 1.55, 1, heads);
      expect(codes(found)).toContain("level-unsettled");
      expect(found.word).toBe("inconclusive");
    }
    expect(p99(chapters, 2.3).word).toBe("fail");
    const even = p99(chapters, 1);
    expect(codes(even)).not.toContain("level-unsettled");
    expect(even.word).not.toBe("fail");
  });

  test("as the newest and fast, it keeps a head that gives back what was won from passing", () => {
    const gates = [{ metric: "latency.p50" as const, regression: 0.3, floor: undefined, limit: undefined }];
    const word = (chapters: readonly Chapter[]) =>
      judge({ suite: makeSuite({ gates }), heads: [headRun(1, 77)], baseline: history(chapters) });
    expect(word(steady(13)).verdict).toBe("pass");
    const open = word([...steady(12), { factor: 0.6 }]);
    expect(codes(open.of("latency.p50"))).toContain("level-unsettled");
    expect(open.verdict).toBe("inconclusive");
  });

  test("where more than one of five lies off, that is how runs vary, and all count in full", () => {
    const wild = steady(15).map((chapter, i) => (i % 3 === 1 ? { factor: 1.6 } : chapter));
    const found = p99(wild, 1);
    expect(found.pool).toBeUndefined();
    expect(p99(wild, 1.3).word).not.toBe("fail");
  });
});

describe("a creep", () => {
  const CREPT = Array.from({ length: 12 }, (_, k): Chapter => ({ factor: 1.03 ** Math.max(0, k - 1) }));
  const creepOf = (chapters: readonly Chapter[], seed = 1) => p99(chapters, chapters.at(-1)!.factor, seed).pool?.creep;

  test("of ten times three percent is told with its size, and blocks nobody by itself", () => {
    for (const seed of [1, 2, 3]) {
      const creep = creepOf(CREPT, seed)!;
      expect(creep).toMatchObject({ runs: 12, from: { runId: "800" }, to: { runId: "811" } });
      expect(creep.by).toBeGreaterThan(0.12);
      expect(creep.low).toBeLessThan(creep.by);
      expect(creep.high).toBeGreaterThan(creep.by);
      const head = headRun(CREPT.at(-1)!.factor, 900_000 + 7 * seed);
      const { verdict, problems } = judge({ ...P99, heads: [head], baseline: history(CREPT, seed) });
      expect(verdict).not.toBe("fail");
      expect(problems).toEqual([
        { severity: "warning", code: "baseline-creep", scenario: "steady", message: expect.stringContaining("latency.p99 rose by") },
      ]);
    }
  });

  test("is none where nothing moves, where it gets better, where it was accepted, and where it is one step", () => {
    expect(creepOf(steady(20))).toBeUndefined();
    expect(creepOf(CREPT.toReversed())).toBeUndefined();
    expect(creepOf([...steady(8), { factor: 1.3, accepted: accept(0.4) }, ...steady(7, 1.3)])).toBeUndefined();
    const step = p99([...steady(8), ...steady(8, 1.35)], 1.35).pool!;
    expect(step.creep).toBeUndefined();
    expect(step.moved).toMatchObject({ runs: 8 });
  });

  test("is none below the margin, and none where nothing is gated", () => {
    const wide = makeSuite({ gates: [{ metric: "latency.p99", regression: 0.6, floor: undefined, limit: undefined }] });
    for (const suite of [wide, makeSuite({ gates: [] })]) {
      expect(judge({ suite, heads: [headRun(1.3, 5)], baseline: history(CREPT) }).of("latency.p99").pool?.creep).toBeUndefined();
    }
  });
});

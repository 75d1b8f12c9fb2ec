import { describe, expect, test } from "vitest";
import { isRegression } from "../../../src/core/decide/grounds.ts";
import { scaleEncoded } from "../../../src/core/record/distribution.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { compareWithRuns } from "../../../src/core/stats/between-runs.ts";
import type { Bins } from "../../../src/core/stats/bins.ts";
import { studentQuantile } from "../../../src/core/stats/distributions.ts";
import { pairedQuantiles } from "../../../src/core/stats/paired-quantiles.ts";
import { judge, stored, storedRuns } from "./judge.ts";
import { makeRecord, makeSuite } from "./records.ts";

/** The head's latencies in some blocks times a factor, as a neighbour that takes the processor for a while would have it. */
const slowedIn = (record: RunRecord, factor: number, isSlow: (pair: number) => boolean): RunRecord => ({
  ...record,
  scenarios: record.scenarios.map((scenario) => ({
    ...scenario,
    arms: {
      ...scenario.arms,
      head: {
        ...scenario.arms.head!,
        blocks: scenario.arms.head!.blocks.map((block, place) =>
          isSlow(block.pair ?? place) ? { ...block, histograms: { latency: scaleEncoded(block.histograms.latency!, factor) } } : block,
        ),
      },
    },
  })),
});

describe("a burst that fills a few blocks", () => {
  const run = makeRecord({ blocks: 24, requestsPerBlock: 250 });
  const p99 = (record: RunRecord) => judge({ heads: [record] }).of("latency.p99");

  test.each([1, 2, 3])("is no regression in %i of 24, however slow they are", (blocks) => {
    const comparison = p99(slowedIn(run, 10, (pair) => pair < blocks));
    expect(comparison.worse).toBeGreaterThan(0.5);
    expect(comparison.worseLow ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(0);
    expect(isRegression(comparison)).toBe(false);
  });

  test("is one where most blocks are slow, though by far less", () => {
    expect(isRegression(p99(slowedIn(run, 1.5, (pair) => pair % 4 !== 0)))).toBe(true);
  });

  test("does not make a head run fail against stored ones either", () => {
    const single = makeRecord({ design: "single", blocks: 12 });
    const comparison = judge({ heads: [slowedIn(single, 10, (place) => place === 4)], baseline: storedRuns(8) }).of("latency.p99");
    expect(comparison.worse).toBeGreaterThan(0.5);
    expect(isRegression(comparison)).toBe(false);
  });
});

describe("a median between two modes", () => {
  const modes = (fast: number): Bins => ({
    low: Float64Array.of(0.0099, 0.0159),
    high: Float64Array.of(0.0101, 0.0161),
    count: Float64Array.of(1000 * fast, 1000 * (1 - fast)),
    total: 1000,
  });
  const lower = (base: number, head: number): number => {
    const { estimate, spread } = pairedQuantiles(
      Array.from({ length: 24 }, () => ({ base: modes(base), head: modes(head) })),
      0.5,
    )!;
    return estimate - spread!.below(3);
  };

  test("that a point of the requests moves from one to the other is no regression", () => {
    expect(lower(0.505, 0.495)).toBeLessThanOrEqual(0);
  });

  test("that fifteen points move is one", () => {
    expect(lower(0.55, 0.4)).toBeGreaterThan(0.2);
  });
});

describe("a prior that stored runs contradict", () => {
  const runs = (spread: number) => Array.from({ length: 8 }, (_, k) => ({ value: spread * ((k % 4) - 1.5), standardError: 0.001 }));
  const head = [{ value: 0, standardError: 0.001 }];

  test("is dropped: the runs alone are believed, with their own degrees of freedom", () => {
    const shift = compareWithRuns(runs(0.15), head, 0.03);
    expect(shift.df).toBe(7);
    expect(shift.runDeviation).toBeCloseTo(0.15 * Math.sqrt(10 / 7), 6);
  });

  test("is kept where they do not", () => {
    expect(compareWithRuns(runs(0.03), head, 0.03).df).toBe(13);
  });
});

test("what a run like this would catch is what a fail takes, and 0.84 standard errors on top: four cases of five", () => {
  const gates = [{ metric: "latency.p50", regression: 0.001, floor: undefined, limit: undefined }] as const;
  const pairs = 12;
  const suite = makeSuite({ gates });
  const { worse, worseLow, resolvableMargin } = judge({ heads: [makeRecord({ blocks: pairs })], suite }).of("latency.p50");
  // One gate, one look, a first attempt.
  const t = studentQuantile(1 - 0.9 * 0.01, pairs - 1);
  const toFail = Math.log1p(worse!) - Math.log1p(worseLow!);
  expect(Math.log1p(resolvableMargin!)).toBeCloseTo(toFail * (1 + 0.8416 / t), 9);
});

test("two pairs say little about how sure twelve would be: more time is not called hopeless", () => {
  const gates = [{ metric: "latency.p50", regression: 0.1, floor: undefined, limit: undefined }] as const;
  const { moreData, resolvableMargin } = judge({
    heads: [makeRecord({ blocks: 2, requestsPerBlock: 200 })],
    suite: makeSuite({ gates }),
  }).of("latency.p50");
  expect(resolvableMargin).toBeGreaterThan(0.5);
  expect(moreData).toBeLessThan(20);
});

describe("Mann–Whitney among the slowest", () => {
  const tails = (tailFactor: number) =>
    judge({ heads: [makeRecord({ blocks: 40, requestsPerBlock: 250, head: { tailFactor } })] }).of("latency.p99");

  test("sees a slower tail to which the test over all requests is blind", () => {
    const { mannWhitney, tailMannWhitney } = tails(1.5);
    expect(mannWhitney!.p).toBeGreaterThan(0.01);
    expect(tailMannWhitney!.p).toBeLessThan(0.001);
    expect(tailMannWhitney!.cliffsDelta).toBeGreaterThan(0.3);
  });

  test("takes its cut from both arms: exchanged, they differ by as much the other way", () => {
    const record = makeRecord({ blocks: 40, requestsPerBlock: 250, head: { tailFactor: 1.5 } });
    const scenarios = record.scenarios.map((scenario) => ({
      ...scenario,
      arms: { base: scenario.arms.head!, head: scenario.arms.base! },
    }));
    const exchanged = judge({ heads: [{ ...record, scenarios }] }).of("latency.p99").tailMannWhitney!;
    expect(exchanged.cliffsDelta).toBeCloseTo(-tails(1.5).tailMannWhitney!.cliffsDelta, 12);
  });

  test("sees nothing between equal arms", () => {
    expect(tails(1).tailMannWhitney!.p).toBeGreaterThan(0.01);
  });

  test("is there for stored runs, and neither for the body nor without a baseline", () => {
    const single = { design: "single", blocks: 20 } as const;
    const head = makeRecord({ ...single, head: { tailFactor: 1.6 } });
    const against = judge({ heads: [head], baseline: storedRuns(8, { blocks: 20 }) });
    expect(against.of("latency.p99").tailMannWhitney!.p).toBeLessThan(0.01);
    expect(against.of("latency.p50").tailMannWhitney).toBeUndefined();
    expect(judge({ heads: [head], baseline: stored([]) }).of("latency.p99").tailMannWhitney).toBeUndefined();
  });
});

import { expect, test } from "vitest";
import { RIVALS } from "../../../bench/decisions/rivals/all.ts";
import { exactMannWhitney } from "../../../bench/decisions/rivals/exact-mann-whitney.ts";
import { hodgesLehmann } from "../../../bench/decisions/rivals/kayenta.ts";
import { predictionScore } from "../../../bench/decisions/rivals/prediction-limit.ts";
import type { RivalData, RunSummary } from "../../../bench/decisions/rivals/rival.ts";
import { gridBins } from "../../core/stats/some-bins.ts";
import oracle from "../../oracle/rivals.json" with { type: "json" };

test("benchstat's exact test agrees with SciPy, and with counting every choice where values are tied", () => {
  expect(oracle.exactMannWhitney.length).toBeGreaterThan(10);
  for (const { head, base, u, p } of oracle.exactMannWhitney) {
    const found = exactMannWhitney(head, base);
    expect(found.u).toBe(u);
    expect(Math.abs(found.p - p)).toBeLessThan(1e-12);
  }
});

test("Bencher's boundary is reached exactly at SciPy's prediction limit", () => {
  for (const { stored, t, limit } of oracle.predictionLimits) expect(predictionScore(limit, stored)).toBeCloseTo(t, 9);
});

test("Kayenta's interval begins where the two-sided test at 2 % stops rejecting", () => {
  for (const { head, base, shift, low } of oracle.hodgesLehmann) {
    const found = hodgesLehmann(head, base);
    expect(found.shift).toBeCloseTo(shift, 12);
    expect(found.low).toBeCloseTo(low, 12);
  }
});

/** One scenario whose percentiles are `factor` times 10, 12, 13 and 20 ms, with a per-mille ripple over runs and slices. */
const run = (factor: number, ripple = 0): RunSummary => {
  const percentiles = (by: number) => [0.01, 0.012, 0.013, 0.02].map((value) => value * factor * (1 + by / 1000));
  const bins = gridBins(factor > 1 ? [0, 0, 400, 600] : [0, 600, 400, 0]);
  return [
    {
      percentiles: percentiles(ripple),
      slices: () => Array.from({ length: 48 }, (_, i) => percentiles(ripple + (i % 7))),
      bins: () => bins,
    },
  ];
};
const data = (factor: number): RivalData => ({
  bases: Array.from({ length: 20 }, (_, k) => run(1, k % 5)),
  heads: Array.from({ length: 10 }, (_, k) => run(factor, (k % 5) + 0.5)),
  live: { base: run(1), head: run(factor, 0.1) },
});
const blockers = (factor: number): readonly string[] =>
  RIVALS.filter(({ score, threshold }) => score(data(factor)) >= threshold).map(({ name }) => name);

test("nobody blocks a head that is a little faster", () => {
  expect(blockers(0.98)).toEqual([]);
});

test("7 % more block those who ask for less, and 12 % all but the ratio of 200 %", () => {
  expect(blockers(1.07)).toEqual([
    "p99 > +5 %",
    "Bencher t-test .99",
    "benchstat 10 v 10",
    "benchstat 5 v 5",
    "Kayenta, stored control",
    "Kayenta, concurrent",
    "pooled Mann–Whitney p < .05",
  ]);
  expect(RIVALS.filter(({ name }) => !blockers(1.12).includes(name)).map(({ name }) => name)).toEqual(["github-action-benchmark 200 %"]);
  expect(blockers(2.1)).toHaveLength(RIVALS.length);
});

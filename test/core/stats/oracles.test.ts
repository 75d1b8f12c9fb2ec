import { expect, test } from "vitest";
import { compareWithRuns } from "../../../src/core/stats/between-runs.ts";
import { clusteredMannWhitney, runsMannWhitney } from "../../../src/core/stats/mann-whitney.ts";
import { pairedQuantiles } from "../../../src/core/stats/paired-quantiles.ts";
import { pairedRatioError, ratioError, ratioOf } from "../../../src/core/stats/ratio-of-sums.ts";
import betweenRuns from "../../oracle/between-runs.json" with { type: "json" };
import clustered from "../../oracle/clustered-mann-whitney.json" with { type: "json" };
import paired from "../../oracle/paired-quantiles.json" with { type: "json" };
import ratios from "../../oracle/ratio-of-sums.json" with { type: "json" };
import ofRuns from "../../oracle/runs-mann-whitney.json" with { type: "json" };
import { gridBins } from "./some-bins.ts";

/** Equal to 1e-9 of the larger one, or to 1e-12 where both are next to nothing. */
function expectEqual(found: number | undefined, known: number): void {
  expect(found).toBeDefined();
  expect(Math.abs(found! - known), `${found} against ${known}`).toBeLessThanOrEqual(1e-9 * Math.abs(known) + 1e-12);
}

const unitOf = ({ base, head }: { readonly base: readonly number[]; readonly head: readonly number[] }) => ({
  base: gridBins(base),
  head: gridBins(head),
});

test("the clustered Mann–Whitney test agrees with placements counted value by value", () => {
  for (const { units, p, cliffsDelta } of clustered.cases) {
    const found = clusteredMannWhitney(units.map(unitOf))!;
    expectEqual(found.p, p);
    expectEqual(found.cliffsDelta, cliffsDelta);
  }
});

test("the Mann–Whitney test over runs agrees with NumPy", () => {
  for (const { bases, heads, p, cliffsDelta } of ofRuns.cases) {
    const found = runsMannWhitney(bases.map(gridBins), heads.map(gridBins))!;
    expectEqual(found.p, p);
    expectEqual(found.cliffsDelta, cliffsDelta);
  }
});

test("the shift of a percentile and both its bounds agree with NumPy", () => {
  for (const { units, found } of paired.cases) {
    const bins = units.map(unitOf);
    for (const { p, t, estimate, ...known } of found) {
      const shift = pairedQuantiles(bins, p)!;
      expectEqual(shift.estimate, estimate);
      for (const side of ["below", "above"] as const) {
        const distance = shift.spread![side](t);
        if (known[side] === null) expect(distance).toBe(Number.POSITIVE_INFINITY);
        else expectEqual(distance, known[side]);
        // What is interpolated lies within a fiftieth of where the test really turns.
        const exact = known[`${side}Exact`];
        if (exact !== null) expect(Math.abs(distance - exact)).toBeLessThan(0.02 * exact);
      }
    }
  }
});

test("the error of a ratio, and of a difference of two, agrees with Cochran's formula", () => {
  for (const { units, ratio, linear, log, pairedLinear, pairedLog } of ratios.cases) {
    const bases = units.map(({ base }) => base);
    expectEqual(ratioOf(bases), ratio);
    expectEqual(ratioError(bases, "linear"), linear);
    expectEqual(ratioError(bases, "log"), log);
    expectEqual(pairedRatioError(units, "linear"), pairedLinear);
    expectEqual(pairedRatioError(units, "log"), pairedLog);
  }
});

test("the blend of prior and stored runs agrees with NumPy", () => {
  for (const { bases, heads, prior, estimate, standardError, df, betweenDeviation } of betweenRuns.cases) {
    const found = compareWithRuns(bases, heads, prior);
    expectEqual(found.estimate, estimate);
    expectEqual(found.standardError, standardError);
    expectEqual(found.betweenDeviation, betweenDeviation);
    expect(found.df).toBe(df);
  }
});

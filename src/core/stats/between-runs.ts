import { mean, sampleVariance } from "simple-statistics";

/** What one run says about a quantity, on the scale on which errors are symmetric, and its error as seen inside the run. */
export type RunValue = { readonly value: number; readonly standardError: number };

export type RunShift = {
  /** Mean of the heads − mean of the bases. */
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  /** Standard deviation of a run around the mean of all runs of one build. */
  readonly runDeviation: number;
  /** The part of it that a longer run would not remove. */
  readonly betweenDeviation: number;
};

/**
 * Compares new runs with K stored ones when runs of one build differ by more than their insides show: a prior variance
 * worth {@link PRIOR_WEIGHT} runs is blended with the variance of the stored runs, so that three lucky runs do not make
 * a narrow interval. sqrt(1/R + 1/K) is the prediction error of R new runs.
 *
 * A prior that is far too small would make the interval too narrow for ever, however many runs are stored. Where the
 * stored runs spread by more than it allows in one case of fifty (χ² test of their variance), they alone are believed.
 *
 * @param bases K ≥ 1, heads R ≥ 1. With K = 1 and nothing earlier the prior stands alone.
 * @param prior standard deviation expected between runs, in the unit of `value`.
 * @param earlier stored runs of other levels, one list a level: they say nothing about where the bases lie, and how much
 *   runs differ they tell like any others, each around the mean of its own list.
 *
 * Source: normal–inverse-χ² prior, Gelman et al. (2013), Bayesian Data Analysis, §3.3.
 */
export function compareWithRuns(
  bases: readonly RunValue[],
  heads: readonly RunValue[],
  prior: number,
  earlier: readonly (readonly RunValue[])[] = [],
): RunShift {
  const runs = bases.length;
  const levels = [bases, ...earlier];
  const within = mean(levels.flat().map(({ standardError }) => standardError ** 2));
  const { seen, df: seenDf } = varianceAround(levels);
  const expected = prior ** 2 + within;
  const believed = isContradicted(seen, seenDf, expected) ? 0 : PRIOR_WEIGHT;
  const df = believed + seenDf;
  const variance = (believed * expected + seenDf * seen) / df;
  // A head that was measured more coarsely than the bases carries its own larger error.
  const excess = Math.max(0, mean(heads.map(({ standardError }) => standardError ** 2)) - within);
  return {
    estimate: mean(heads.map(({ value }) => value)) - mean(bases.map(({ value }) => value)),
    standardError: Math.sqrt((variance + excess) / heads.length + variance / runs),
    df,
    runDeviation: Math.sqrt(variance),
    betweenDeviation: Math.sqrt(Math.max(0, variance - within)),
  };
}

/** How many runs the prior is worth. */
export const PRIOR_WEIGHT = 6;

/** Variance of runs around the means of their levels; 0 where no level has two runs. */
function varianceAround(levels: readonly (readonly RunValue[])[]): { readonly seen: number; readonly df: number } {
  const several = levels.filter((level) => level.length > 1).map((level) => level.map(({ value }) => value));
  const df = several.reduce((sum, level) => sum + level.length - 1, 0);
  return { df, seen: df === 0 ? 0 : several.reduce((sum, level) => sum + (level.length - 1) * sampleVariance(level), 0) / df };
}

/** Whether a sample variance lies beyond the 98th percentile of what the expected one allows (χ², Wilson & Hilferty 1931). */
export function isContradicted(seen: number, df: number, expected: number): boolean {
  if (df < 2) return false;
  const spread = 2 / (9 * df);
  return seen / expected > (1 - spread + 2.0537 * Math.sqrt(spread)) ** 3;
}

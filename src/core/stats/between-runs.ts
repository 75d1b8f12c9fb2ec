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
 * @param bases K ≥ 1, heads R ≥ 1. With K = 1 the prior stands alone.
 * @param prior standard deviation expected between runs, in the unit of `value`.
 *
 * Source: normal–inverse-χ² prior, Gelman et al. (2013), Bayesian Data Analysis, §3.3.
 */
export function compareWithRuns(bases: readonly RunValue[], heads: readonly RunValue[], prior: number): RunShift {
  const runs = bases.length;
  const within = mean(bases.map(({ standardError }) => standardError ** 2));
  const expected = prior ** 2 + within;
  const df = PRIOR_WEIGHT + runs - 1;
  const seen = runs < 2 ? 0 : sampleVariance(bases.map(({ value }) => value));
  const variance = (PRIOR_WEIGHT * expected + (runs - 1) * seen) / df;
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

const PRIOR_WEIGHT = 6;

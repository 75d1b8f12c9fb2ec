/**
 * How sure an estimate is, on the scale on which its errors are about symmetric (the logarithm for ratios).
 * `below(t)` and `above(t)` are the distances to the bounds at t standard errors: ≥ 0, never falling with t, Infinity
 * where the data sets no bound. They are functions because the tail of a latency distribution bends: the upper bound
 * of a percentile is further away than the lower one, and more so the surer it must be.
 */
export type Spread = {
  /** Degrees of freedom behind the standard error: t is to be taken from Student's distribution with so many. */
  readonly df: number;
  readonly below: (t: number) => number;
  readonly above: (t: number) => number;
};

/** The same error on both sides. */
export const symmetricSpread = (standardError: number, df: number): Spread => ({
  df,
  below: (t) => t * standardError,
  above: (t) => t * standardError,
});

/** Adds an independent, symmetric error to a spread. */
export const widen = (spread: Spread, standardError: number): Spread => ({
  df: spread.df,
  below: (t) => Math.hypot(spread.below(t), t * standardError),
  above: (t) => Math.hypot(spread.above(t), t * standardError),
});

/** The same quantity with its sign turned: what lay below lies above. */
export const mirror = (spread: Spread): Spread => ({ df: spread.df, below: spread.above, above: spread.below });

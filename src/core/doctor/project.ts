import type { Estimate } from "../compare/comparison.ts";
import { MANY_PAIRS } from "../compare/live.ts";
import type { Shift } from "../compare/shift.ts";
import { symmetricSpread, widen } from "../stats/shift.ts";

/** A set-up, measured against the one that was driven. */
export type SetUp = {
  /** Pairs of blocks, which give the degrees of freedom. */
  readonly pairs: number;
  /** Variance of the change without what lasts, as a share of the driven one's. */
  readonly variance: number;
  /** Standard error that measuring for longer leaves, on the working scale. */
  readonly lastingError: number;
};

/** The shift that another set-up would show: the same distributions, with another spread. */
export function projectShift(shift: Shift, { pairs, variance, lastingError }: SetUp): Shift {
  const { spread, lastingError: lasting = 0 } = shift;
  if (spread === undefined || pairs < 2) return { ...shift, spread: undefined, lastingError };
  // A bound is a place in the distribution: with a smaller error it lies nearer, where the distribution may bend less.
  const seen = (distance: (t: number) => number, t: number): number => {
    const nearer = t * Math.sqrt(variance);
    return Math.sqrt(Math.max(0, distance(nearer) ** 2 - (nearer * lasting) ** 2));
  };
  const df = (pairs < MANY_PAIRS ? pairs : Math.ceil(pairs / 2)) - 1;
  const projected = { df, below: (t: number) => seen(spread.below, t), above: (t: number) => seen(spread.above, t) };
  // As many more observations as make the variance that much smaller.
  const [base, head] = [shift.base, shift.head].map((arm) => ({ ...arm, n: arm.n / variance })) as [Estimate, Estimate];
  return { ...shift, base, head, spread: widen(projected, lastingError), lastingError };
}

/** The shift of a set-up whose error has the same size on both sides. */
export const shiftWithError = (shift: Shift, standardError: number, df: number): Shift => ({
  ...shift,
  spread: symmetricSpread(standardError, df),
  lastingError: undefined,
});

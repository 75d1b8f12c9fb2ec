import type { Scale } from "../stats/ratio-of-sums.ts";
import type { Spread } from "../stats/shift.ts";
import type { Estimate, Obstacle } from "./comparison.ts";

/**
 * The change of one metric from base to head as measured, before margins and policy: `estimate` and `spread` are
 * head − base on `scale`, whatever direction is the better one.
 */
export type Shift = {
  readonly scale: Scale;
  readonly base: Estimate;
  readonly head: Estimate;
  readonly estimate: number;
  /** Undefined where no spread can be estimated. */
  readonly spread: Spread | undefined;
  /** The part of the standard error that measuring for longer leaves; undefined where time does not help at all. */
  readonly lastingError: number | undefined;
  readonly obstacles: readonly Obstacle[];
};

/** What a baseline that lacks the metric leaves to say. */
export type HeadOnly = { readonly estimate?: undefined; readonly head: Estimate | undefined; readonly obstacles: readonly Obstacle[] };

/** Intervals that are printed: two-sided, so that each of their ends is a 95 % bound. */
export const CONFIDENCE = 0.9;

/**
 * Fewer requests than this beyond a percentile, and nobody may say that it did not move. It is low because the bounds do
 * the real work: they are wide where requests depend on one another, and absent where they would lie beyond the slowest
 * request seen (measured coverage with ten such requests is 90 to 94 % at nominal 90 %, see decision record 0003).
 */
export const LEAST_EXCEEDANCES = 10;

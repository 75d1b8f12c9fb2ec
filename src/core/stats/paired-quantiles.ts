import { sampleStandardDeviation } from "simple-statistics";
import { type Bins, mergeBins } from "./bins.ts";
import { exceedance, logQuantile } from "./quantile.ts";
import type { Spread } from "./shift.ts";

/** Two histograms of adjacent stretches of time, one per arm. */
export type BinsPair = { readonly base: Bins; readonly head: Bins };

export type QuantileShift = {
  /** ln(head's quantile / base's quantile). */
  readonly estimate: number;
  readonly logBase: number;
  readonly logHead: number;
  /** Undefined for fewer than two units: no spread can be seen. */
  readonly spread: Spread | undefined;
};

/**
 * Log ratio of a quantile between two arms, with an interval that holds for dependent requests: the share of requests
 * beyond the pooled quantile is compared pair by pair, its standard error over units is turned into values through
 * both distribution functions (Woodruff 1952, JASA 47), and the arms' bounds are joined by MOVER (Zou & Donner 2008,
 * Stat. Med. 27). No density is estimated and only histograms are needed.
 *
 * @param units pairs, or several adjacent pairs merged; every histogram holds at least one value.
 * @param p in (0, 1).
 * @returns undefined for no units. Bounds are Infinity where they lie beyond the largest value seen.
 */
export function pairedQuantiles(units: readonly BinsPair[], p: number): QuantileShift | undefined {
  const base = mergeBins(units.map((unit) => unit.base));
  const head = mergeBins(units.map((unit) => unit.head));
  const logBase = logQuantile(base, p);
  const logHead = logQuantile(head, p);
  if (logBase === undefined || logHead === undefined) return undefined;
  const estimate = logHead - logBase;
  if (units.length < 2) return { estimate, logBase, logHead, spread: undefined };

  // Each unit's contribution to the pooled exceedance rates; for blocks of equal size it is the plain difference.
  const contributions = units.map(
    (unit) =>
      (unit.head.total / head.total) * (exceedance(unit.head, logHead) - (1 - p)) -
      (unit.base.total / base.total) * (exceedance(unit.base, logBase) - (1 - p)),
  );
  const clustered = sampleStandardDeviation(contributions) * Math.sqrt(units.length);
  // Even if all units happen to agree, half the binomial error remains.
  const s = Math.max(clustered / Math.SQRT2, 0.5 * Math.sqrt((p * (1 - p)) / Math.min(base.total, head.total)));
  const linear = Math.SQRT2 * s * ((slope(base, p, s) + slope(head, p, s)) / 2);

  const distance = (up: Bins, down: Bins, t: number): number => {
    // Beyond about 3 the quantiles are those of a handful of requests: go on straight from there.
    const reach = Math.min(t, FURTHEST);
    const bound = Math.hypot(
      logQuantile(up, p + reach * s)! - logQuantile(up, p)!,
      logQuantile(down, p)! - logQuantile(down, p - reach * s)!,
    );
    return t === 0 ? 0 : t * Math.max(bound / reach, linear);
  };
  return {
    estimate,
    logBase,
    logHead,
    spread: {
      df: units.length - 1,
      below: (t) => distance(base, head, t),
      // A pass must not rest on a bound that the data does not reach.
      above: (t) => (p + t * s < 1 ? distance(head, base, t) : Number.POSITIVE_INFINITY),
    },
  };
}

const FURTHEST = 3.2;

/** d(ln quantile)/dp around p, over a step wide enough to be seen and narrow enough to stay inside. */
export function slope(bins: Bins, p: number, s: number): number {
  const rest = Math.min(p, 1 - p);
  const step = Math.min(Math.max(s, 0.25 * rest), 0.9 * rest);
  return (logQuantile(bins, p + step)! - logQuantile(bins, p - step)!) / (2 * step);
}

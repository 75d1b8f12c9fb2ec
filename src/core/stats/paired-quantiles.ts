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
 * That alone believes too much where a few blocks hold all slow requests: beyond one's own percentile there is by
 * definition hardly anything, so a burst that fills two blocks looks like a small one. A bound therefore keeps to its
 * side of "no change" only if the score test says so as well, in which both arms are cut at one value, the percentile of
 * all requests together, and one full block counts in full (Rao 1948; a t of √k for k such blocks, however slow they are).
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
  const seen = Math.max(clustered / Math.SQRT2, leastError(base, head, p));
  const s = isBetweenModes(base, head, p) ? Math.hypot(seen, MIX_DEVIATION) : seen;
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
  const score = scoreOf(units, base, head, p);
  const toNoChange = (t: number, sign: 1 | -1): number => (sign * score < t ? Math.max(0, sign * estimate) : 0);
  return {
    estimate,
    logBase,
    logHead,
    spread: {
      df: units.length - 1,
      below: (t) => Math.max(distance(base, head, t), toNoChange(t, 1)),
      // A pass must not rest on a bound that the data does not reach.
      above: (t) => (p + t * s < 1 ? Math.max(distance(head, base, t), toNoChange(t, -1)) : Number.POSITIVE_INFINITY),
    },
  };
}

/** Even if all units happen to agree, half the binomial error remains. */
const leastError = (base: Bins, head: Bins, p: number): number => 0.5 * Math.sqrt((p * (1 - p)) / Math.min(base.total, head.total));

/**
 * Student's t of "the head has more requests beyond the percentile of all requests together", over units; its sign is that
 * of the difference.
 */
function scoreOf(units: readonly BinsPair[], base: Bins, head: Bins, p: number): number {
  const cut = logQuantile(mergeBins([base, head]), p)!;
  const [beyondBase, beyondHead] = [exceedance(base, cut), exceedance(head, cut)];
  const contributions = units.map(
    (unit) =>
      (unit.head.total / head.total) * (exceedance(unit.head, cut) - beyondHead) -
      (unit.base.total / base.total) * (exceedance(unit.base, cut) - beyondBase),
  );
  const error = Math.max(sampleStandardDeviation(contributions) * Math.sqrt(units.length), Math.SQRT2 * leastError(base, head, p));
  return (beyondHead - beyondBase) / error;
}

/**
 * Standard deviation of the share of requests in one mode between two deployments of one build: a cache that is a little
 * fuller, a batch that closes a little earlier. Where the distribution is dense it moves a percentile by less than
 * anything else; between two modes it moves it from one to the other, and no length of measuring shows it.
 */
const MIX_DEVIATION = 0.01;

/** Whether that moves a percentile of the body, p10 to p90, by more than 2 %: it then lies in a gap. */
function isBetweenModes(base: Bins, head: Bins, p: number): boolean {
  if (Math.min(p, 1 - p) < 0.0999) return false;
  const moved = [base, head].map((bins) => logQuantile(bins, p + MIX_DEVIATION)! - logQuantile(bins, p - MIX_DEVIATION)!);
  return moved.some((distance) => distance / 2 > 0.02);
}

const FURTHEST = 3.2;

/** d(ln quantile)/dp around p, over a step wide enough to be seen and narrow enough to stay inside. */
export function slope(bins: Bins, p: number, s: number): number {
  const rest = Math.min(p, 1 - p);
  const step = Math.min(Math.max(s, 0.25 * rest), 0.9 * rest);
  return (logQuantile(bins, p + step)! - logQuantile(bins, p - step)!) / (2 * step);
}

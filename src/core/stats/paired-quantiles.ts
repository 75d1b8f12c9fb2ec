import { type Bins, mergeBins } from "./bins.ts";
import { exceedanceOf, logQuantile } from "./quantile.ts";
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
 * Log ratio of a quantile between two arms, with an interval that holds for dependent requests: the score test of "head's
 * quantile = e^δ × base's", turned round. Under that hypothesis one cut at c in the base and at c + δ in the head leaves the
 * same share beyond it in both; c is where all requests together, so cut, have 1 − p beyond it (Rao 1948, Proc. Cambridge
 * Phil. Soc. 44). The statistic is how much more the head has beyond its cut than the base, and its standard error is how
 * much that difference varies from unit to unit, *at these cuts*. All δ that the test does not reject are the interval.
 *
 * Nothing has to be solved for c: cuts at the shares p + s·(head's weight) of the base and p − s·(base's weight) of the head
 * are those of one δ and differ by s. As in Woodruff's interval (1952, JASA 47) no density is estimated and only histograms
 * are needed. Other than there the cuts lie where a bound lies: beyond one's own p99 there is by definition hardly anything, so
 * that a burst which fills two blocks looks like a small one, while at the bound these two blocks count in full (a t of √k
 * for k such blocks, however slow they are).
 *
 * @param units pairs, or several adjacent pairs merged; every histogram holds at least one value.
 * @param p in (0, 1).
 * @returns undefined for no units. A bound is Infinity where the data sets none: at that t the test rejects no change, however
 *   large, because one arm has nothing beyond its cut any more.
 */
export function pairedQuantiles(units: readonly BinsPair[], p: number): QuantileShift | undefined {
  const base = mergeBins(units.map((unit) => unit.base));
  const head = mergeBins(units.map((unit) => unit.head));
  const logBase = logQuantile(base, p);
  const logHead = logQuantile(head, p);
  if (logBase === undefined || logHead === undefined) return undefined;
  const estimate = logHead - logBase;
  if (units.length < 2) return { estimate, logBase, logHead, spread: undefined };
  const arms = { base, head, p, estimate, errorAt: errorOfDifference(units, base, head, p) };
  return { estimate, logBase, logHead, spread: { df: units.length - 1, below: distanceTo(arms, -1), above: distanceTo(arms, 1) } };
}

/** −1: bounds below the estimate, 1: above it. */
type Side = -1 | 1;

type Arms = {
  readonly base: Bins;
  readonly head: Bins;
  readonly p: number;
  readonly estimate: number;
  /** Standard error of the difference between the shares beyond two cuts. */
  readonly errorAt: (cutBase: number, cutHead: number) => number;
};

/**
 * The distance from the estimate to the bound as a function of t. The test is made at {@link STEPS} differences of the shares,
 * one after the other until its t is twice what was asked for, and what lies between two of them is interpolated. Where the
 * test's t falls again on the way, the further bound is taken.
 */
function distanceTo({ base, head, p, estimate, errorAt }: Arms, side: Side): (t: number) => number {
  const all = base.total + head.total;
  const [ofBase, ofHead] = [base.total / all, head.total / all];
  const cutsAt = (difference: number): readonly [base: number, head: number] => [
    logQuantile(base, p - side * difference * ofHead)!,
    logQuantile(head, p + side * difference * ofBase)!,
  ];
  const furthest = side < 0 ? Math.min((1 - p) / ofHead, p / ofBase) : Math.min((1 - p) / ofBase, p / ofHead);
  // Closer together near the estimate, where the bounds of long runs lie.
  const differenceAt = (step: number): number => furthest * (step / STEPS) ** 2;
  const known = [0];
  const scoreAt = (step: number): number => (known[step] ??= differenceAt(step) / errorAt(...cutsAt(differenceAt(step))));
  return (t) => {
    if (t === 0) return 0;
    let last = 0;
    for (let step = 1; step <= STEPS && scoreAt(step - 1) < 2 * t; step++) if (scoreAt(step) < t) last = step;
    if (last === STEPS) return Number.POSITIVE_INFINITY;
    const [from, to] = [scoreAt(last), scoreAt(last + 1)];
    const [near, far] = [differenceAt(last), differenceAt(last + 1)];
    const [cutBase, cutHead] = cutsAt(near + ((far - near) * (t - from)) / (to - from));
    return Math.max(0, side * (cutHead - cutBase - estimate));
  };
}

const STEPS = 24;

/** Standard error, over units, of the share of the head beyond one cut minus the share of the base beyond another. */
function errorOfDifference(units: readonly BinsPair[], base: Bins, head: Bins, p: number): (cutBase: number, cutHead: number) => number {
  // Even if all units happen to agree, half the binomial error remains.
  const least = 0.5 * Math.sqrt((2 * p * (1 - p)) / Math.min(base.total, head.total));
  const lasting = isBetweenModes(base, head, p) ? Math.SQRT2 * MIX_DEVIATION : 0;
  const all = armsOf({ base, head });
  const parts = units.map(armsOf);
  return (cutBase, cutHead) => {
    const [beyondBase, beyondHead] = [all.ofBase(cutBase), all.ofHead(cutHead)];
    let squares = 0;
    for (const unit of parts) {
      // What the unit adds to the difference; for blocks of equal size it is the plain difference, divided by their number.
      const part =
        (unit.head / all.head) * (unit.ofHead(cutHead) - beyondHead) - (unit.base / all.base) * (unit.ofBase(cutBase) - beyondBase);
      squares += part * part;
    }
    return Math.hypot(Math.max(Math.sqrt((squares * units.length) / (units.length - 1)), least), lasting);
  };
}

/** Requests of two arms, and the shares of them beyond a cut. */
const armsOf = ({ base, head }: BinsPair) => ({
  base: base.total,
  head: head.total,
  ofBase: exceedanceOf(base),
  ofHead: exceedanceOf(head),
});

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

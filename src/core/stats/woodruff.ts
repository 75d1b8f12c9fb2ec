import { type Bins, commonScaling, edgesOf, mergeBins } from "./bins.ts";
import { betaCdf, betaQuantile, crossing, normalQuantile, studentQuantile } from "./distributions.ts";
import { exceedance, exceedanceOf, firstBinAbove, logQuantile } from "./quantile.ts";
import { addShares, groupAdjacent, ratioError, type Share } from "./ratio-of-sums.ts";
import { oncePerList, oncePerNumbers } from "./remember.ts";

/** The quantile of one arm over time, with what is needed to bound it. */
export type ArmQuantile = {
  readonly log: number;
  /** Standard error of `log` from the blocks of the run; undefined for fewer than two blocks. */
  readonly standardError: number | undefined;
  readonly df: number;
};

/**
 * Quantile of a run and its standard error by batch means: the share of requests beyond the pooled quantile varies
 * from batch to batch; that variation, divided by the density, is the error of the quantile (Woodruff 1952).
 *
 * @param blocks in order of time; adjacent ones are merged to at most ten batches, so that dependence between
 *   neighbours stays inside a batch.
 * @returns undefined where no block holds a value.
 */
export function armQuantile(blocks: readonly Bins[], p: number): ArmQuantile | undefined {
  const batches = batchesOf(blocks);
  const pooled = mergeBins(batches);
  const log = logQuantile(pooled, p);
  if (log === undefined) return undefined;
  const df = batches.length - 1;
  if (df < 1) return { log, standardError: undefined, df };
  const error =
    ratioError(
      batches.map((batch) => ({ part: exceedance(batch, log) * batch.total, whole: batch.total })),
      "linear",
    ) ?? 0;
  const s = Math.max(error, Math.sqrt((p * (1 - p)) / pooled.total));
  return { log, standardError: s * slope(pooled, p, s), df };
}

/** d(ln quantile)/dp around p, over a step wide enough to be seen and narrow enough to stay inside. */
export function slope(bins: Bins, p: number, s: number): number {
  const rest = Math.min(p, 1 - p);
  const step = Math.min(Math.max(s, 0.25 * rest), 0.9 * rest);
  return (logQuantile(bins, p + step)! - logQuantile(bins, p - step)!) / (2 * step);
}

/**
 * Bounds of a quantile at one-sided levels, by inverting at every value x the exact binomial test of the share of
 * requests beyond x, with an effective number of requests in place of n (Woodruff 1952; Korn & Graubard 1998, Surv.
 * Methodol. 24). The variation between batches is taken *at x*, not at the quantile: where a narrow distribution drifts
 * by its own width, the share beyond its middle jumps from batch to batch, and that it lies far from x is certain all
 * the same.
 *
 * @param blocks in order of time; adjacent ones are merged to at most ten batches.
 * @returns natural logarithms; `high` is undefined where no value seen is high enough to be the bound (p99 with fewer
 *   than 299 requests at 95 %), `low` likewise at the other end. Both are with fewer than two blocks.
 */
export function quantileBounds(blocks: readonly Bins[], p: number, alpha: Alpha): Bounds {
  const filled = blocks.filter((block) => block.total > 0);
  const scaled = commonScaling(filled);
  if (scaled === undefined) return boundsOf(filled)(p, alpha.low, alpha.high);
  const { low, high } = quantileBounds(scaled.from, p, alpha);
  const shift = Math.log(scaled.factor);
  return { low: low === undefined ? undefined : low + shift, high: high === undefined ? undefined : high + shift };
}

type Alpha = { readonly low: number; readonly high: number };
type Bounds = { readonly low: number | undefined; readonly high: number | undefined };

/** The self-test asks for the bounds of the base again. */
const boundsOf = oncePerList((blocks: readonly Bins[]) =>
  oncePerNumbers((p: number, low: number, high: number) => findBounds(blocks, p, { low, high })),
);

function findBounds(blocks: readonly Bins[], p: number, alpha: Alpha): Bounds {
  const batches = batchesOf(blocks);
  if (batches.length < 2) return { low: undefined, high: undefined };
  const beyond = batches.map(({ total }) => ({ part: 0, whole: total }));
  const shares = batches.map(exceedanceOf);
  /** I_{1−p} of the share beyond x, with one request more on the side where the bound is the further one. */
  const chanceAt = (tail: number, more: 0 | 1) => {
    const worth = studentised(batches.length - 1, tail);
    return (log: number): number => {
      shares.forEach((share, i) => (beyond[i]!.part = share(log) * beyond[i]!.whole));
      const { value, trials } = effectiveTrials(beyond, worth);
      return betaCdf(1 - p, value * trials + more, (1 - value) * trials + 1 - more);
    };
  };
  const [chanceBelow, chanceAbove] = [chanceAt(alpha.high, 1), chanceAt(alpha.low, 0)];
  // Where all requests or none lie beyond x there is no chance to compute: x bounds nothing.
  const isBelow = (log: number): number => ifNumber(chanceBelow(log) - (1 - alpha.high), -1);
  const isNotAbove = (log: number): number => ifNumber(chanceAbove(log) - alpha.low, 1);
  const pooled = mergeBins(blocks);
  return { low: outwards(isNotAbove, pooled, p, -1), high: outwards(isBelow, pooled, p, 1) };
}

/**
 * Where a function changes its sign on the way from a quantile outwards: looks at shares of requests that lie twice as far
 * off each time, because a bound is seldom far, and then between the last two.
 *
 * @returns undefined where it does not as far as there are requests.
 */
function outwards(f: (log: number) => number, pooled: Bins, p: number, side: -1 | 1): number | undefined {
  let near = logQuantile(pooled, p)!;
  for (let share = 2 * Math.sqrt((p * (1 - p)) / pooled.total); ; share *= 2) {
    const far = logQuantile(pooled, p + side * share)!;
    if (f(far) >= 0 === side > 0) return crossingInBins(f, pooled, side > 0 ? [near, far] : [far, near]);
    if (share >= (side > 0 ? 1 - p : p)) return undefined;
    near = far;
  }
}

/**
 * As {@link crossing}, for a function of the logarithm of a value that bends at the edges of bins: halves the range until
 * one bin, or one gap between two, is left.
 */
function crossingInBins(f: (log: number) => number, bins: Bins, [low, high]: readonly [number, number]): number {
  const placeOf = (log: number): number => {
    const bin = firstBinAbove(bins, log);
    return 2 * bin + (bin < bins.count.length && log >= Math.log(edgesOf(bins, bin)[0]) ? 1 : 0);
  };
  let [below, above] = [low, high];
  for (let [first, last] = [placeOf(low), placeOf(high)]; first < last; ) {
    const middle = (below + above) / 2;
    if (middle <= below || middle >= above) return above;
    if (f(middle) >= 0) [above, last] = [middle, placeOf(middle)];
    else [below, first] = [middle, placeOf(middle)];
  }
  return crossing(f, below, above, NEAR_ENOUGH);
}

/** Of a logarithm: a millionth of a millionth of the value. */
const NEAR_ENOUGH = 1e-12;

const ifNumber = (value: number, otherwise: number): number => (Number.isNaN(value) ? otherwise : value);

/**
 * Clopper–Pearson bounds of a share at one-sided levels, with an effective number of trials: exact for independent
 * trials, and wider by the design effect where failures come in clusters (Korn & Graubard 1998).
 *
 * @param batches one entry per stretch of time: failed and offered. A single one is taken as independent trials.
 * @returns value, low and high in [0, 1]; undefined for no trials. No failure among n gives high ≈ 3/n at 95 %.
 */
export function shareBounds(
  batches: readonly Share[],
  alpha: { readonly low: number; readonly high: number },
): { readonly value: number; readonly low: number; readonly high: number } | undefined {
  if (addShares(batches).whole === 0) return undefined;
  const groups = groupAdjacent(
    batches.filter((batch) => batch.whole > 0),
    10,
  ).map(addShares);
  const [{ value, trials: nLow }, { trials: nHigh }] = [alpha.low, alpha.high].map((tail) =>
    effectiveTrials(groups, studentised(groups.length - 1, tail)),
  ) as [Trials, Trials];
  return {
    value,
    low: value === 0 ? 0 : betaQuantile(alpha.low, value * nLow, (1 - value) * nLow + 1),
    high: value === 1 ? 1 : betaQuantile(1 - alpha.high, value * nHigh + 1, (1 - value) * nHigh),
  };
}

const batchesOf = (blocks: readonly Bins[]): readonly Bins[] =>
  groupAdjacent(
    blocks.filter((block) => block.total > 0),
    10,
  ).map(mergeBins);

/** A share, and the number of independent trials that would know it as well as some batches do at some level. */
type Trials = { readonly value: number; readonly trials: number };

/** @param worth what a trial is worth where the spread between batches is what is known, see {@link studentised}. */
function effectiveTrials(batches: readonly Share[], worth: number): Trials {
  const { part, whole } = addShares(batches);
  const value = part / whole;
  const error = ratioError(batches, "linear") ?? 0;
  const independent = (value * (1 - value)) / whole;
  const isClustered = error * error > independent && independent > 0;
  return { value, trials: isClustered ? Math.min(whole, ((value * (1 - value)) / (error * error)) * worth) : whole };
}

/** A standard error known from few clusters is worth fewer trials: the ratio of the normal to Student's quantile, squared. */
function studentised(df: number, tail: number): number {
  return df < 1 || df > 1e6 || tail >= 0.5 ? 1 : (normalQuantile(tail) / studentQuantile(tail, df)) ** 2;
}

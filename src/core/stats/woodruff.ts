import { type Bins, mergeBins } from "./bins.ts";
import { betaCdf, betaQuantile, bisect, normalQuantile, studentQuantile } from "./distributions.ts";
import { slope } from "./paired-quantiles.ts";
import { exceedance, logQuantile } from "./quantile.ts";
import { addShares, groupAdjacent, ratioError, type Share } from "./ratio-of-sums.ts";

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
  const filled = blocks.filter((block) => block.total > 0);
  const pooled = mergeBins(filled);
  const log = logQuantile(pooled, p);
  if (log === undefined) return undefined;
  const batches = groupAdjacent(filled, 10).map(mergeBins);
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
export function quantileBounds(
  blocks: readonly Bins[],
  p: number,
  alpha: { readonly low: number; readonly high: number },
): { readonly low: number | undefined; readonly high: number | undefined } {
  const batches = groupAdjacent(
    blocks.filter((block) => block.total > 0),
    10,
  ).map(mergeBins);
  if (batches.length < 2) return { low: undefined, high: undefined };
  const beyond = (log: number): readonly Share[] =>
    batches.map((batch) => ({ part: exceedance(batch, log) * batch.total, whole: batch.total }));
  const isBelow = (log: number): boolean => {
    const { value, trials } = effectiveTrials(beyond(log), alpha.high);
    return betaCdf(1 - p, value * trials + 1, (1 - value) * trials) >= 1 - alpha.high;
  };
  const isAbove = (log: number): boolean => {
    const { value, trials } = effectiveTrials(beyond(log), alpha.low);
    return betaCdf(1 - p, value * trials, (1 - value) * trials + 1) <= alpha.low;
  };
  const pooled = mergeBins(batches);
  const [least, middle, most] = [0, p, 1].map((q) => logQuantile(pooled, q)!) as [number, number, number];
  return {
    low: isAbove(least) ? bisect((log) => !isAbove(log), least, middle) : undefined,
    high: isBelow(most) ? bisect(isBelow, middle, most) : undefined,
  };
}

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
  const [{ value, trials: nLow }, { trials: nHigh }] = [effectiveTrials(groups, alpha.low), effectiveTrials(groups, alpha.high)];
  return {
    value,
    low: value === 0 ? 0 : betaQuantile(alpha.low, value * nLow, (1 - value) * nLow + 1),
    high: value === 1 ? 1 : betaQuantile(1 - alpha.high, value * nHigh + 1, (1 - value) * nHigh),
  };
}

/** A share, and the number of independent trials that would know it as well as these batches do at this level. */
function effectiveTrials(batches: readonly Share[], tail: number): { readonly value: number; readonly trials: number } {
  const { part, whole } = addShares(batches);
  const value = part / whole;
  const error = ratioError(batches, "linear") ?? 0;
  const independent = (value * (1 - value)) / whole;
  const isClustered = error * error > independent && independent > 0;
  const trials = isClustered ? Math.min(whole, studentised((value * (1 - value)) / (error * error), batches.length - 1, tail)) : whole;
  return { value, trials };
}

/** A standard error known from few clusters is worth fewer trials: the ratio of the normal to Student's quantile, squared. */
function studentised(n: number, df: number, tail: number): number {
  return df > 1e6 || tail >= 0.5 ? n : n * (normalQuantile(tail) / studentQuantile(tail, df)) ** 2;
}

import { max, sampleStandardDeviation } from "simple-statistics";
import { METRICS, type MetricName } from "../metric.ts";
import { mergeBins } from "../stats/bins.ts";
import { studentQuantile } from "../stats/distributions.ts";
import { quantileOf } from "../stats/quantile.ts";
import { addShares, groupAdjacent, onScale, ratioError, ratioOf, type Scale, type Share } from "../stats/ratio-of-sums.ts";
import { quantileBounds, shareBounds } from "../stats/woodruff.ts";
import { amountOf, hasData } from "./amount.ts";
import type { Estimate } from "./comparison.ts";
import { leastError } from "./priors.ts";
import type { Blocks, ReadBins } from "./scenario-data.ts";
import { CONFIDENCE } from "./shift.ts";

/** Levels of one-sided tests: the chance that the true value lies beyond each bound. */
export type Levels = { readonly low: number; readonly high: number };

const PRINTED: Levels = { low: (1 - CONFIDENCE) / 2, high: (1 - CONFIDENCE) / 2 };

/**
 * One metric of one arm from its own blocks, with bounds at the given levels that say how it varied during these
 * blocks, not how the next run will be.
 *
 * @param blocks of one or several runs, in order of time; those without the metric are left out.
 * @returns undefined where no block has the metric. A bound is undefined where the data sets none.
 */
export function estimateArm(metric: MetricName, blocks: Blocks, read: ReadBins, levels: Levels = PRINTED): Estimate | undefined {
  const filled = blocks.filter((block) => hasData(metric, block, read));
  if (filled.length === 0) return undefined;
  const { measure } = METRICS[metric];
  if (measure.kind === "quantile") {
    const bins = filled.map((block) => read(block, measure.of));
    const { low, high } = quantileBounds(bins, measure.p, levels);
    return { value: quantileOf(mergeBins(bins), measure.p)!, low: exponent(low), high: exponent(high), n: countOf(metric, filled, read) };
  }
  const shares = filled.map((block) => amountOf(metric, block)!);
  if (measure.kind === "ratio") {
    const bounds = shareBounds(shares, levels)!;
    return { ...bounds, n: countOf(metric, filled, read) };
  }
  const isPeak = countsHighest(metric);
  const value = isPeak ? peakOf(shares) : ratioOf(shares);
  const scale: Scale = value > 0 && !differs(metric) ? "log" : "linear";
  const batches = groupAdjacent(shares, 10).map(addShares);
  const seen = isPeak ? peakError(shares, scale) : ratioError(batches, scale);
  if (seen === undefined) return { value, low: undefined, high: undefined, n: filled.length };
  const error = Math.max(seen, leastError(metric, scale, value));
  const df = (isPeak ? shares.length : batches.length) - 1;
  const away = (tail: number, sign: 1 | -1): number => {
    const distance = sign * studentQuantile(1 - tail, df) * error;
    return scale === "log" ? value * Math.exp(distance) : value + distance;
  };
  return { value, low: away(levels.low, -1), high: away(levels.high, 1), n: filled.length };
}

/** How many observations blocks hold: requests of a quantile or a share, blocks of a gauge or a rate. */
export function countOf(metric: MetricName, blocks: Blocks, read: ReadBins): number {
  const { measure } = METRICS[metric];
  if (measure.kind === "quantile") return blocks.reduce((sum, block) => sum + read(block, measure.of).total, 0);
  const shares = blocks.flatMap((block) => amountOf(metric, block) ?? []);
  return measure.kind === "ratio" ? addShares(shares).whole : shares.length;
}

/** Whether the natural change of a metric is a difference in its unit, not a ratio. */
export function differs(metric: MetricName): boolean {
  const { measure } = METRICS[metric];
  return measure.kind === "ratio" || (measure.kind === "gauge" && measure.scale === "difference");
}

/** Whether the highest of several values stands for all: a peak, or the slowest of several starts. */
export function countsHighest(metric: MetricName): boolean {
  const { measure } = METRICS[metric];
  return measure.kind === "start" || (measure.kind === "gauge" && measure.aggregate === "max");
}

/** The highest of the blocks' peaks. */
export const peakOf = (shares: readonly Share[]): number => max(shares.map(({ part }) => part));

/** A peak is as uncertain as the blocks' peaks differ: it is no mean, and more blocks do not make it surer. */
const peakError = (shares: readonly Share[], scale: Scale): number | undefined =>
  shares.length < 2 ? undefined : sampleStandardDeviation(shares.map(({ part }) => onScale(part, scale)));

const exponent = (log: number | undefined): number | undefined => (log === undefined ? undefined : Math.exp(log));

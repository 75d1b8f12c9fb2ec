import { METRICS, type MetricName } from "../metric.ts";
import type { RunValue } from "../stats/between-runs.ts";
import { mergeBins } from "../stats/bins.ts";
import { logQuantile } from "../stats/quantile.ts";
import { addShares, groupAdjacent, onScale, ratioError, ratioOf, type Scale } from "../stats/ratio-of-sums.ts";
import { armQuantile, quantileBounds } from "../stats/woodruff.ts";
import { amountOf } from "./amount.ts";
import { countsHighest, differs, estimateArm, peakOf } from "./arm.ts";
import { binomialVariance } from "./failures.ts";
import { leastError } from "./priors.ts";
import type { Blocks, ReadBins } from "./scenario-data.ts";

/** One run as one number on the working scale; its error is unknown where a single block is all there is. */
export type MaybeKnown = { readonly value: number; readonly standardError: number | undefined };

export const isKnown = <Run extends MaybeKnown>(run: Run): run is Run & RunValue => run.standardError !== undefined;
export const assumeKnown = ({ value, standardError = 0 }: MaybeKnown): RunValue => ({ value, standardError });

/** The scale on which runs are compared: the logarithm where all of them are positive and a ratio means something. */
export function scaleOf(metric: MetricName, runs: readonly Blocks[], read: ReadBins): Scale {
  if (METRICS[metric].measure.kind === "quantile") return "log";
  return !differs(metric) && runs.every((run) => (estimateArm(metric, run, read)?.value ?? 0) > 0) ? "log" : "linear";
}

/** @param run blocks of one run, at least one of which has the metric. */
export function runValue(metric: MetricName, run: Blocks, scale: Scale, read: ReadBins): MaybeKnown {
  const { measure } = METRICS[metric];
  if (measure.kind === "quantile") {
    const blocks = run.map((block) => read(block, measure.of));
    const { log, standardError } = armQuantile(blocks, measure.p)!;
    if (standardError === undefined) return { value: log, standardError };
    // Where one block holds all slow requests they are alike among themselves, and the error at the percentile looks small;
    // the bound, which counts that block in full wherever it may lie, does not.
    const { low = Number.NEGATIVE_INFINITY } = quantileBounds(blocks, measure.p, { low: TWO_SIGMA, high: TWO_SIGMA });
    const least = logQuantile(mergeBins(blocks), 0)!;
    return { value: log, standardError: Math.max(standardError, (log - Math.max(low, least)) / 2) };
  }
  const shares = run.flatMap((block) => amountOf(metric, block) ?? []);
  const isPeak = countsHighest(metric);
  const value = isPeak ? peakOf(shares) : ratioOf(shares);
  const seen = isPeak ? 0 : (ratioError(groupAdjacent(shares, 10).map(addShares), scale) ?? 0);
  const least = measure.kind === "ratio" ? Math.sqrt(binomialVariance(addShares(shares))) : leastError(metric, scale, value);
  return { value: onScale(value, scale), standardError: Math.max(seen, least) };
}

/** P(Z > 2): the bound that lies two standard errors away. Fewer than four full blocks do not reach it, as k of them give a t of √k. */
const TWO_SIGMA = 0.02275;

import { sampleStandardDeviation } from "simple-statistics";
import { METRICS, type MetricName } from "../metric.ts";
import { mergeBins } from "../stats/bins.ts";
import { clusteredMannWhitney, type DistributionShift } from "../stats/mann-whitney.ts";
import { type BinsPair, pairedQuantiles } from "../stats/paired-quantiles.ts";
import { addShares, onScale, pairedRatioError, ratioOf, type Scale, type Share } from "../stats/ratio-of-sums.ts";
import { type Spread, symmetricSpread, widen } from "../stats/shift.ts";
import { amountOf, hasData } from "./amount.ts";
import { countsHighest, differs, estimateArm, peakOf } from "./arm.ts";
import type { Obstacle } from "./comparison.ts";
import { rareFailures } from "./failures.ts";
import { betweenDeployments, leastError } from "./priors.ts";
import type { BlockPair, ScenarioData } from "./scenario-data.ts";
import type { HeadOnly, Shift } from "./shift.ts";

/**
 * Compares arms that were driven in turn. The unit of evidence is the pair of adjacent blocks, or two adjacent pairs
 * (base, head, head, base) where there are {@link MANY_PAIRS} or more, so that dependence between neighbours and a
 * slow drift stay inside a unit.
 */
export function liveShift(metric: MetricName, data: ScenarioData & { readonly against: { readonly kind: "pairs" } }): Shift | HeadOnly {
  const { pairs, unpaired, sameHost } = data.against;
  const has = ({ base, head }: BlockPair) => hasData(metric, base, data.read) && hasData(metric, head, data.read);
  const used = pairs.filter(has);
  const all = data.heads.flat();
  const head = estimateArm(metric, all, data.read);
  const dropped = pairs.length - used.length + unpaired;
  if (used.length === 0 || head === undefined) return { head, obstacles: [] };

  const [bases, heads] = [used.map((pair) => pair.base), used.map((pair) => pair.head)];
  const isAll = heads.length === all.length && heads.every((block, i) => block === all[i]);
  const arms = { base: estimateArm(metric, bases, data.read)!, head: isAll ? head : estimateArm(metric, heads, data.read)! };
  const change = measureChange(metric, liveUnits(used), data);
  const place = Math.SQRT2 * betweenDeployments(metric, data.load, sameHost, data.noise);
  const lastingError = change.scale === "log" || differs(metric) ? place : place * Math.abs(arms.base.value);
  const obstacles: Obstacle[] = [];
  if (dropped > 0) obstacles.push({ code: "blocks-dropped", detail: { dropped, pairs: used.length } });
  if (change.spread === undefined) obstacles.push({ code: "too-few-blocks", detail: { pairs: used.length, needed: 2 } });
  if (!sameHost && data.noise.betweenDeployments === undefined) obstacles.push({ code: "different-hosts", detail: {} });
  return { ...arms, ...change, spread: change.spread && widen(change.spread, lastingError), lastingError, obstacles };
}

/** Body shift over the units; undefined where a metric is no percentile or there are too few units. */
export function liveMannWhitney(metric: MetricName, { against, read }: ScenarioData): DistributionShift | undefined {
  const { measure } = METRICS[metric];
  if (measure.kind !== "quantile" || against.kind !== "pairs") return undefined;
  const used = against.pairs.filter(({ base, head }) => read(base, measure.of).total > 0 && read(head, measure.of).total > 0);
  return clusteredMannWhitney(liveUnits(used).map((unit) => binsOf(unit, (block) => read(block, measure.of))));
}

/** From this many pairs on two of them make a unit: there are units enough, and a drift within them cancels. */
export const MANY_PAIRS = 48;

type Unit = readonly BlockPair[];

/** The units of evidence: pairs, or two adjacent ones each. */
export const liveUnits = (pairs: readonly BlockPair[]): readonly Unit[] =>
  pairs.length < MANY_PAIRS
    ? pairs.map((pair) => [pair])
    : Array.from({ length: Math.ceil(pairs.length / 2) }, (_, quad) => pairs.slice(2 * quad, 2 * quad + 2));

function measureChange(
  metric: MetricName,
  units: readonly Unit[],
  { read }: ScenarioData,
): { readonly scale: Scale; readonly estimate: number; readonly spread: Spread | undefined } {
  const { measure } = METRICS[metric];
  if (measure.kind === "quantile") {
    const change = pairedQuantiles(
      units.map((unit) => binsOf(unit, (block) => read(block, measure.of))),
      measure.p,
    )!;
    return { scale: "log", estimate: change.estimate, spread: change.spread };
  }
  const shares = units.map((unit) => ({
    base: unit.map(({ base }) => amountOf(metric, base)!),
    head: unit.map(({ head }) => amountOf(metric, head)!),
  }));
  const isPeak = countsHighest(metric);
  const combine = isPeak ? (parts: readonly Share[]): Share => ({ part: peakOf(parts), whole: 1 }) : addShares;
  const summed = shares.map(({ base, head }) => ({ base: combine(base), head: combine(head) }));
  const value = isPeak ? peakOf : ratioOf;
  const base = value(summed.map((unit) => unit.base));
  const head = value(summed.map((unit) => unit.head));
  const scale: Scale = base > 0 && head > 0 && !differs(metric) ? "log" : "linear";
  const estimate = onScale(head, scale) - onScale(base, scale);
  const seen = isPeak ? pairedPeakError(summed, scale) : pairedRatioError(summed, scale);
  if (seen === undefined) return { scale, estimate, spread: undefined };
  const error = Math.max(seen, leastError(metric, scale, Math.max(Math.abs(base), Math.abs(head))));
  const df = units.length - 1;
  const spread =
    measure.kind === "ratio"
      ? rareFailures(addShares(summed.map((unit) => unit.base)), addShares(summed.map((unit) => unit.head)), error, df)
      : symmetricSpread(error, df);
  return { scale, estimate, spread };
}

const pairedPeakError = (units: readonly { readonly base: Share; readonly head: Share }[], scale: Scale): number | undefined =>
  units.length < 2
    ? undefined
    : sampleStandardDeviation(units.map(({ base, head }) => onScale(head.part, scale) - onScale(base.part, scale)));

const binsOf = (unit: Unit, bins: (block: BlockPair["base"]) => BinsPair["base"]): BinsPair => ({
  base: mergeBins(unit.map(({ base }) => bins(base))),
  head: mergeBins(unit.map(({ head }) => bins(head))),
});

import { mean } from "simple-statistics";
import { METRICS, type MetricName } from "../metric.ts";
import { compareWithRuns, type RunShift, type RunValue } from "../stats/between-runs.ts";
import { mergeBins } from "../stats/bins.ts";
import { studentQuantile } from "../stats/distributions.ts";
import { type DistributionShift, runsMannWhitney } from "../stats/mann-whitney.ts";
import { logQuantile } from "../stats/quantile.ts";
import { addShares, groupAdjacent, onScale, ratioError, ratioOf, type Scale } from "../stats/ratio-of-sums.ts";
import { symmetricSpread } from "../stats/shift.ts";
import { armQuantile, quantileBounds } from "../stats/woodruff.ts";
import { amountOf, hasData } from "./amount.ts";
import { countOf, countsHighest, differs, estimateArm, peakOf } from "./arm.ts";
import type { Estimate, Obstacle } from "./comparison.ts";
import { binomialVariance, rareFailures } from "./failures.ts";
import { betweenRunDeviation, leastError } from "./priors.ts";
import type { Blocks, ReadBins, ScenarioData } from "./scenario-data.ts";
import { CONFIDENCE, type HeadOnly, type Shift } from "./shift.ts";

/** From this many stored runs on, their own spread weighs enough for a pass. */
export const ENOUGH_RUNS = 3;

type RunsData = ScenarioData & { readonly against: { readonly kind: "runs" } };

/** Compares head runs with stored ones. The unit of evidence is the run: its requests only say how well it is known. */
export function storedShift(metric: MetricName, data: RunsData): Shift | HeadOnly {
  const { heads, bases } = runsWith(metric, data);
  const head = estimateArm(metric, heads.flat(), data.read);
  if (bases.length === 0 || head === undefined) return { head, obstacles: [] };

  const scale = scaleOf(metric, [...bases, ...heads], data.read);
  const values = { base: bases.map(valueOf), head: heads.map(valueOf) };
  const obstacles: Obstacle[] = [];
  const isSingle = METRICS[metric].measure.kind === "start" && bases.length < ENOUGH_RUNS;
  if (isSingle) obstacles.push({ code: "single-start", detail: {} });
  else if (bases.length < ENOUGH_RUNS) obstacles.push({ code: "too-few-runs", detail: { runs: bases.length, needed: ENOUGH_RUNS } });
  const known = { base: values.base.filter(isKnown), head: values.head.filter(isKnown) };
  const unknown = known.base.length < bases.length || known.head.length < heads.length;
  if (unknown) {
    const blocks = Math.min(...[...bases, ...heads].map((run) => run.length));
    obstacles.push({ code: "too-few-blocks", detail: { blocks, needed: 2 } });
  }
  const center = mean(values.base.map(({ value }) => value));
  const shift = compareWithRuns(
    unknown ? values.base.map(assumeKnown) : known.base,
    unknown ? values.head.map(assumeKnown) : known.head,
    priorOn(scale, center),
  );
  const spread = unknown || isSingle ? undefined : spreadOf(shift);
  return {
    scale,
    base: armOf(shift, center, bases.length, bases),
    head: armOf(shift, center + shift.estimate, heads.length, heads),
    estimate: shift.estimate,
    spread,
    lastingError: undefined,
    obstacles,
  };

  function valueOf(run: Blocks): MaybeKnown {
    return runValue(metric, run, scale, data.read);
  }

  function priorOn(on: Scale, center: number): number {
    const prior = betweenRunDeviation(metric, data.load, data.noise.betweenRuns);
    return on === "log" || differs(metric) ? prior : prior * Math.abs(center);
  }

  function spreadOf({ standardError, df }: RunShift) {
    if (METRICS[metric].measure.kind !== "ratio") return symmetricSpread(standardError, df);
    return rareFailures(sharesOf(metric, bases), sharesOf(metric, heads), standardError, df);
  }

  function armOf({ runDeviation, df }: RunShift, value: number, runs: number, of: readonly Blocks[]): Estimate {
    const distance = (studentQuantile((1 + CONFIDENCE) / 2, df) * runDeviation) / Math.sqrt(runs);
    const [low, middle, high] = [value - distance, value, value + distance].map((bound) => (scale === "log" ? Math.exp(bound) : bound));
    const within = METRICS[metric].unit === "ratio" ? (x: number) => Math.min(1, Math.max(0, x)) : (x: number) => x;
    const n = countOf(metric, of.flat(), data.read);
    return unknown ? { value: middle!, low: undefined, high: undefined, n } : { value: middle!, low: within(low!), high: within(high!), n };
  }
}

/**
 * Standard deviation between runs that a longer run would not remove, on the log scale or in the metric's unit as
 * {@link storedShift}; 0 where nothing stored measures the metric.
 */
export function betweenRunsOf(
  metric: MetricName,
  data: RunsData,
): { readonly deviation: number; readonly scale: Scale; readonly df: number } {
  const { heads, bases } = runsWith(metric, data);
  const scale = scaleOf(metric, [...bases, ...heads], data.read);
  const known = (runs: readonly Blocks[]) => runs.map((run) => runValue(metric, run, scale, data.read)).filter(isKnown);
  const [base, head] = [known(bases), known(heads)];
  if (base.length === 0 || head.length === 0) return { deviation: 0, scale, df: 1 };
  const center = mean(base.map(({ value }) => value));
  const prior =
    betweenRunDeviation(metric, data.load, data.noise.betweenRuns) * (scale === "log" || differs(metric) ? 1 : Math.abs(center));
  const { betweenDeviation, df } = compareWithRuns(base, head, prior);
  return { deviation: betweenDeviation, scale, df };
}

/** Body shift with the run as the unit; undefined for fewer than three stored runs. */
export function storedMannWhitney(metric: MetricName, data: RunsData): DistributionShift | undefined {
  const { measure } = METRICS[metric];
  if (measure.kind !== "quantile") return undefined;
  const { heads, bases } = runsWith(metric, data);
  const bins = (run: Blocks) => mergeBins(run.map((block) => data.read(block, measure.of)));
  return runsMannWhitney(bases.map(bins), heads.map(bins));
}

/** P(Z > 2): the bound that lies two standard errors away. Fewer than four full blocks do not reach it, as k of them give a t of √k. */
const TWO_SIGMA = 0.02275;

type MaybeKnown = { readonly value: number; readonly standardError: number | undefined };
const isKnown = (run: MaybeKnown): run is RunValue => run.standardError !== undefined;
const assumeKnown = ({ value }: MaybeKnown): RunValue => ({ value, standardError: 0 });

function runsWith(metric: MetricName, { heads, against, read }: RunsData) {
  const withData = (run: Blocks) => run.some((block) => hasData(metric, block, read));
  return { heads: heads.filter(withData), bases: against.bases.filter(withData) };
}

function scaleOf(metric: MetricName, runs: readonly Blocks[], read: ReadBins): Scale {
  if (METRICS[metric].measure.kind === "quantile") return "log";
  return !differs(metric) && runs.every((run) => (estimateArm(metric, run, read)?.value ?? 0) > 0) ? "log" : "linear";
}

function runValue(metric: MetricName, run: Blocks, scale: Scale, read: ReadBins): MaybeKnown {
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

const sharesOf = (metric: MetricName, runs: readonly Blocks[]) => addShares(runs.flat().flatMap((block) => amountOf(metric, block) ?? []));

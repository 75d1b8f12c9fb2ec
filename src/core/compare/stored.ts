import { mean } from "simple-statistics";
import { METRICS, type MetricName } from "../metric.ts";
import { compareWithRuns, type RunShift } from "../stats/between-runs.ts";
import { mergeBins } from "../stats/bins.ts";
import { studentQuantile } from "../stats/distributions.ts";
import { type DistributionShift, runsMannWhitney } from "../stats/mann-whitney.ts";
import { addShares, type Scale } from "../stats/ratio-of-sums.ts";
import { symmetricSpread } from "../stats/shift.ts";
import { amountOf, hasData } from "./amount.ts";
import { countOf, differs, estimateArm } from "./arm.ts";
import type { Estimate, Obstacle } from "./comparison.ts";
import { rareFailures } from "./failures.ts";
import { newestLevel, type Pool, poolOf, type RunsData } from "./pool.ts";
import { betweenRunDeviation } from "./priors.ts";
import { assumeKnown, isKnown, runValue, scaleOf } from "./run-value.ts";
import type { Blocks, ScenarioData } from "./scenario-data.ts";
import { CONFIDENCE, type HeadOnly, type Shift } from "./shift.ts";

/** From this many stored runs on, their own spread weighs enough for a pass. */
export const ENOUGH_RUNS = 3;

/**
 * Compares head runs with stored ones: with the newest level of the pool, as far as all its levels say that runs differ.
 * The unit of evidence is the run: its requests only say how well it is known.
 */
export function storedShift(metric: MetricName, data: RunsData): Shift | HeadOnly {
  const heads = headsWith(metric, data);
  const head = estimateArm(metric, heads.flat(), data.read);
  const pool = poolFor(metric, data);
  if (pool === undefined || head === undefined) return { head, obstacles: [] };

  const { scale } = pool;
  const level = newestLevel(pool);
  const bases = level.map(({ blocks }) => blocks);
  const earlier = pool.levels.slice(0, -1).map(({ runs }) => runs);
  const stored = [...earlier.flat(), ...level];
  const values = heads.map((run) => runValue(metric, run, scale, data.read));
  const obstacles: Obstacle[] = [];
  // Each level takes one run to know where it lies; the others tell how much runs differ.
  const needed = ENOUGH_RUNS + earlier.length;
  const isSingle = METRICS[metric].measure.kind === "start" && stored.length < needed;
  if (isSingle) obstacles.push({ code: "single-start", detail: {} });
  else if (stored.length < needed) obstacles.push({ code: "too-few-runs", detail: { runs: stored.length, needed } });
  const known = { stored: stored.filter(isKnown), heads: values.filter(isKnown) };
  const unknown = known.stored.length < stored.length || known.heads.length < heads.length;
  if (unknown) {
    const blocks = Math.min(...[...stored.map((run) => run.blocks), ...heads].map((run) => run.length));
    obstacles.push({ code: "too-few-blocks", detail: { blocks, needed: 2 } });
  }
  const center = mean(level.map(({ value }) => value));
  const shift = compareWithRuns(
    level.map(assumeKnown),
    values.map(assumeKnown),
    priorOn(metric, data, scale, center),
    earlier.map((runs) => runs.map(assumeKnown)),
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

/** The history of a metric in the stored runs; undefined where none of them, or no head, has it. */
export function poolFor(metric: MetricName, data: RunsData): Pool | undefined {
  const heads = headsWith(metric, data);
  if (heads.length === 0) return undefined;
  const bases = data.against.bases.filter((run) => run.some((block) => hasData(metric, block, data.read)));
  return poolOf(metric, data, scaleOf(metric, [...bases, ...heads], data.read));
}

/** The data with the runs of the newest level as the only stored ones. */
export function onNewestLevel(data: ScenarioData, pool: Pool): RunsData {
  const runs = newestLevel(pool);
  return {
    ...data,
    against: { kind: "runs", bases: runs.map(({ blocks }) => blocks), stored: runs.map(({ candidate }) => candidate) },
  };
}

/**
 * Standard deviation between runs that a longer run would not remove, on the log scale or in the metric's unit as
 * {@link storedShift}; 0 where nothing stored measures the metric.
 */
export function betweenRunsOf(
  metric: MetricName,
  data: RunsData,
): { readonly deviation: number; readonly scale: Scale; readonly df: number } {
  const heads = headsWith(metric, data);
  const pool = poolFor(metric, data);
  const scale = pool?.scale ?? scaleOf(metric, heads, data.read);
  const known = heads.map((run) => runValue(metric, run, scale, data.read)).filter(isKnown);
  const levels = (pool?.levels ?? []).map(({ runs }) => runs.filter(isKnown)).filter((runs) => runs.length > 0);
  const newest = levels.at(-1);
  if (newest === undefined || known.length === 0) return { deviation: 0, scale, df: 1 };
  const prior = priorOn(metric, data, scale, mean(newest.map(({ value }) => value)));
  const { betweenDeviation, df } = compareWithRuns(newest, known, prior, levels.slice(0, -1));
  return { deviation: betweenDeviation, scale, df };
}

/** Body shift with the run as the unit; undefined for fewer than three stored runs. */
export function storedMannWhitney(metric: MetricName, data: RunsData): DistributionShift | undefined {
  const { measure } = METRICS[metric];
  if (measure.kind !== "quantile") return undefined;
  const bases = data.against.bases.filter((run) => run.some((block) => hasData(metric, block, data.read)));
  const bins = (run: Blocks) => mergeBins(run.map((block) => data.read(block, measure.of)));
  return runsMannWhitney(bases.map(bins), headsWith(metric, data).map(bins));
}

function priorOn(metric: MetricName, { load, noise }: RunsData, scale: Scale, center: number): number {
  const prior = betweenRunDeviation(metric, load, noise.betweenRuns);
  return scale === "log" || differs(metric) ? prior : prior * Math.abs(center);
}

const headsWith = (metric: MetricName, { heads, read }: RunsData): readonly Blocks[] =>
  heads.filter((run) => run.some((block) => hasData(metric, block, read)));

const sharesOf = (metric: MetricName, runs: readonly Blocks[]) => addShares(runs.flat().flatMap((block) => amountOf(metric, block) ?? []));

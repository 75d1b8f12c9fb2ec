import { mean } from "simple-statistics";
import { compareWithRuns } from "../stats/between-runs.ts";
import { studentQuantile } from "../stats/distributions.ts";
import { movesGradually } from "../stats/ramp.ts";
import { trendOf } from "../stats/trend.ts";
import type { Pool, PooledRun } from "./pool.ts";
import { assumeKnown } from "./run-value.ts";
import { CONFIDENCE } from "./shift.ts";

/** A slow worsening of the stored runs. All sizes on the working scale, worse is positive. */
export type Creep = {
  /** Oldest first. */
  readonly runs: readonly PooledRun[];
  /** From the mean of the oldest quarter to that of the newest, with its bounds at {@link CONFIDENCE}. */
  readonly worse: number;
  readonly low: number;
  readonly high: number;
};

/**
 * Whether a metric got worse little by little over the stored runs, in steps that nobody could see: a monotonic trend
 * beyond chance (Mann–Kendall, corrected for runs that depend on their neighbours) that adds up to the gate's margin.
 * What was accepted is no creep, and neither is one visible step: only runs since then are looked at.
 *
 * @param sign 1 where lower is better, −1 where higher is.
 * @param margin on the working scale, > 0.
 * @param tests gates that share the chance of a false warning.
 */
export function creepOf(
  { levels, prior }: Pool,
  { sign, margin, tests }: { readonly sign: 1 | -1; readonly margin: number; readonly tests: number },
): Creep | undefined {
  const since = levels.slice(
    Math.max(
      0,
      levels.findLastIndex(({ accepted }) => accepted !== undefined),
    ),
  );
  const all = since.flatMap(({ runs }) => runs);
  const isGradual = since.length === 1 || movesGradually(all.map(({ value }) => value));
  const runs = isGradual ? all : since.at(-1)!.runs;
  if (runs.length < LEAST_RUNS) return undefined;
  const values = runs.map(({ value }) => sign * value);
  const { p, slope } = trendOf([...values.keys()], values)!;
  if (!(slope > 0 && p / 2 <= SEEN)) return undefined;

  const flat = runs.map((run, i) => ({ ...assumeKnown(run), value: values[i]! - slope * i }));
  const { runDeviation, df } = compareWithRuns(flat, [flat[0]!], prior);
  const quarter = Math.ceil(runs.length / 4);
  const worse = mean(values.slice(-quarter)) - mean(values.slice(0, quarter));
  const error = runDeviation * Math.sqrt(2 / quarter);
  if (worse < margin || worse < studentQuantile(1 - FALSE_WARNING / tests, df) * error) return undefined;
  const distance = studentQuantile((1 + CONFIDENCE) / 2, df) * error;
  return { runs, worse, low: worse - distance, high: worse + distance };
}

/** Runs that a trend needs. */
const LEAST_RUNS = 8;
/** One-sided p of a trend over all runs: the ends must not differ by themselves. */
const SEEN = 0.05;
/** Chance of a warning about any gate of a suite where nothing moves. */
const FALSE_WARNING = 0.01;

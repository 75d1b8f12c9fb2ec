import { mean, median } from "simple-statistics";
import type { MetricName } from "../metric.ts";
import type { AcceptedChange } from "../record/run-record.ts";
import { levelOf } from "../stats/change-points.ts";
import type { Scale } from "../stats/ratio-of-sums.ts";
import { hasData } from "./amount.ts";
import { differs } from "./arm.ts";
import { inOrderOfTime } from "./attempts.ts";
import type { Candidate } from "./baseline.ts";
import { announcements, believedCuts, noiseOf, OUTLYING } from "./level-cuts.ts";
import { betweenRunDeviation } from "./priors.ts";
import { type MaybeKnown, runValue } from "./run-value.ts";
import type { Blocks, ScenarioData } from "./scenario-data.ts";

/** What the stored runs say about one metric, as a history. All sizes are on the working scale. */
export type Pool = {
  readonly scale: Scale;
  /** Oldest first, at least one; the newest is what a head is compared with. */
  readonly levels: readonly Level[];
  /** Standard deviation expected between runs before any was seen. */
  readonly prior: number;
};

/** Runs in a row that lie around one value. */
export type Level = {
  /** Oldest first, at least one. */
  readonly runs: readonly PooledRun[];
  /** What announced it: an acceptance that its first run carries. */
  readonly accepted: AcceptedChange | undefined;
};

/** One stored run. Its `value` is what counts of it: no further from its level than an outlying run is. */
export type PooledRun = MaybeKnown & {
  readonly candidate: Candidate;
  readonly blocks: Blocks;
  /** Distance of what was measured from the run's level; 0 where nothing in the pool is outlying. */
  readonly off: number;
  readonly isOutlying: boolean;
};

export type RunsData = ScenarioData & { readonly against: { readonly kind: "runs" } };

/**
 * Finds the levels among the stored runs of a metric, in order of time, and the runs that lie off them.
 *
 * A run that lies far off counts, and for no more than one at the edge of what is usual: neither may a bad hour rule the
 * pool, nor may the pool forget that there are bad hours. Where more than one run of five lies off, that is how runs vary
 * here, and all count in full.
 *
 * @returns undefined where no stored run has the metric. Worked out once for each metric of a scenario's stored runs.
 */
export function poolOf(metric: MetricName, data: RunsData, scale: Scale): Pool | undefined {
  const pools = known.get(data.against) ?? new Map<string, Pool | undefined>();
  known.set(data.against, pools);
  const key = `${metric} ${scale}`;
  if (!pools.has(key)) pools.set(key, findPool(metric, data, scale));
  return pools.get(key);
}

/** The runs of the newest level, oldest first. */
export const newestLevel = ({ levels }: Pool): readonly PooledRun[] => levels.at(-1)!.runs;

const known = new WeakMap<RunsData["against"], Map<string, Pool | undefined>>();

/** Share of the runs of a pool that may be outlying. */
const MOST_OUTLYING = 0.2;

function findPool(metric: MetricName, { name, against, load, noise: given, read }: RunsData, scale: Scale): Pool | undefined {
  const blocksOf = new Map(against.stored.map((candidate, i) => [candidate, against.bases[i]!]));
  const runs = inOrderOfTime(against.stored)
    .map((candidate) => ({ candidate, blocks: blocksOf.get(candidate)! }))
    .filter(({ blocks }) => blocks.some((block) => hasData(metric, block, read)))
    .map((run): MeasuredRun => ({ ...run, ...runValue(metric, run.blocks, scale, read) }));
  if (runs.length === 0) return undefined;
  const values = runs.map(({ value }) => value);
  const size = scale === "log" || differs(metric) ? 1 : Math.abs(median(values));
  const prior = betweenRunDeviation(metric, load, given.betweenRuns) * size;
  const announced = announcements(runs.map(({ candidate }) => acceptedOf(metric, name, candidate)));
  const noise = noiseOf(values, prior ** 2 + mean(runs.map(({ standardError = 0 }) => standardError ** 2)), announced);
  if (!(noise.deviation > 0)) return { scale, prior, levels: [{ runs: inFull(runs), accepted: undefined }] };

  const cuts = believedCuts(metric, runs, { scale, prior, noise, announced });
  const cut = cuts.map(({ from, accepted }, i) => ({ accepted, runs: runs.slice(from, cuts[i + 1]?.from) }));
  const levels = cut.map((level): Level => ({ ...level, runs: withinReach(level.runs, noise.deviation) }));
  const outlying = levels.flatMap((level) => level.runs).filter(({ isOutlying }) => isOutlying).length;
  if (outlying <= MOST_OUTLYING * runs.length) return { scale, prior, levels };
  return { scale, prior, levels: cut.map((level) => ({ ...level, runs: inFull(level.runs) })) };
}

type MeasuredRun = Omit<PooledRun, "off" | "isOutlying">;

/** Accepted changes of a metric from its baseline; a limit that was accepted to be broken announces no change. */
const acceptedOf = (metric: MetricName, scenario: string, { record }: Candidate): readonly AcceptedChange[] =>
  (record.provenance.accepted ?? []).filter(
    (change) => change.metric === metric && change.of === undefined && (change.scenario ?? scenario) === scenario,
  );

function withinReach(runs: readonly MeasuredRun[], noise: number): readonly PooledRun[] {
  const values = runs.map(({ value }) => value);
  const { level } = levelOf(values, noise, OUTLYING);
  const edge = OUTLYING * noise;
  return runs.map((run) => {
    const off = run.value - level;
    const isOutlying = Math.abs(off) > edge;
    return { ...run, off, isOutlying, value: isOutlying ? level + Math.sign(off) * edge : run.value };
  });
}

const inFull = (runs: readonly MeasuredRun[]): readonly PooledRun[] => runs.map((run) => ({ ...run, off: 0, isOutlying: false }));

import type { Candidate } from "../compare/baseline.ts";
import { liveShift } from "../compare/live.ts";
import { betweenDeployments, betweenRunDeviation } from "../compare/priors.ts";
import { type BlockPair, type ScenarioData, scenarioData } from "../compare/scenario-data.ts";
import type { Shift } from "../compare/shift.ts";
import { betweenRunsOf } from "../compare/stored.ts";
import { METRICS, type MetricName } from "../metric.ts";
import type { RunRecord } from "../record/run-record.ts";
import { PRIOR_WEIGHT } from "../stats/between-runs.ts";
import { mergeBins } from "../stats/bins.ts";
import { armQuantile, slope } from "../stats/woodruff.ts";
import type { DecisionPolicy } from "../suite/suite.ts";
import { LIVE } from "./gated.ts";

/** A live comparison of one metric, over all runs that were driven. */
export type PairsData = ScenarioData & {
  readonly against: { readonly kind: "pairs"; readonly pairs: readonly BlockPair[]; readonly sameHost: boolean };
};

/**
 * Where the noise of one arm's value comes from, each a standard deviation on the working scale (0.03 = 3 %) for one run of
 * the planned length.
 */
export type NoiseSplit = {
  /** Requests drawn anew, were they independent: sqrt(p (1 − p) / n) over the density (percentiles only). */
  readonly request: number | undefined;
  /** What neighbouring blocks of both arms differ by on top. For what is no percentile: all that they differ by. */
  readonly block: number;
  /** Drift over the run that both arms share. A live base cancels it, a stored one does not (percentiles only). */
  readonly drift: number | undefined;
  /** Between runs of one build, beyond what a longer run would remove. */
  readonly run: Deviation;
  /** Between deployments of one build that are driven in turn. */
  readonly deployment: Deviation;
};

/** A standard deviation, and what it rests on: `seen` observations blended with the built-in one as if that were six. */
export type Deviation = { readonly deviation: number; readonly assumed: number; readonly seen: number };

export type NoiseInput = {
  readonly metric: MetricName;
  readonly scenario: string;
  /** Over all runs. */
  readonly data: PairsData;
  readonly shift: Shift;
  readonly records: readonly RunRecord[];
  /** Runs that were stored earlier, admitted. */
  readonly stored: readonly Candidate[];
  readonly policy: DecisionPolicy;
  /** Whether base and head are two deployments. */
  readonly apart: boolean;
};

export function splitNoise(input: NoiseInput): NoiseSplit | undefined {
  const { metric, data, shift, records, policy } = input;
  if (shift.spread === undefined) return undefined;
  const runs = records.length;
  // One arm of one run: half of the variance of the change, and as many times more as there were runs.
  const paired = (seenError(shift) ** 2 / 2) * runs;
  const request = requestDeviation(metric, data, runs);
  const alone = aloneDeviation(metric, data);
  const assumed = betweenDeployments(metric, data.load, data.against.sameHost, policy);
  return {
    request,
    block: Math.sqrt(Math.max(0, paired - (request ?? 0) ** 2)),
    drift: alone === undefined ? undefined : Math.sqrt(Math.max(0, alone ** 2 - paired)),
    run: runDeviation(input),
    deployment: input.apart
      ? blend(assumed, Math.max(0, shift.estimate ** 2 - seenError(shift) ** 2) / 2)
      : { deviation: assumed, assumed, seen: 0 },
  };
}

/** Standard error of the change without what is added for deployments, on the working scale. */
export function seenError({ spread, lastingError = 0 }: Pick<Shift, "spread" | "lastingError">): number {
  if (spread === undefined) return Number.NaN;
  const sides = [spread.below(1), spread.above(1)].filter(Number.isFinite);
  const total = sides.reduce((sum, side) => sum + side, 0) / sides.length;
  return Math.sqrt(Math.max(0, total ** 2 - lastingError ** 2));
}

/** Standard deviation of a percentile of n independent requests (Woodruff 1952). */
function requestDeviation(metric: MetricName, { against, read }: PairsData, runs: number): number | undefined {
  const { measure } = METRICS[metric];
  if (measure.kind !== "quantile") return undefined;
  const pooled = mergeBins(against.pairs.flatMap(({ base, head }) => [read(base, measure.of), read(head, measure.of)]));
  if (pooled.total === 0) return undefined;
  const s = Math.sqrt((measure.p * (1 - measure.p)) / (pooled.total / 2 / runs));
  return s * slope(pooled, measure.p, s);
}

/** Standard error of one arm's percentile over a run as its own blocks show it, drift included; the root mean square over all arms. */
function aloneDeviation(metric: MetricName, { heads, against, read }: PairsData): number | undefined {
  const { measure } = METRICS[metric];
  if (measure.kind !== "quantile") return undefined;
  const bases = heads.map((blocks) => {
    const own = new Set(blocks);
    return against.pairs.flatMap(({ base, head }) => (own.has(head) ? [base] : []));
  });
  const errors = [...heads, ...bases].flatMap(
    (blocks) =>
      armQuantile(
        blocks.map((block) => read(block, measure.of)),
        measure.p,
      )?.standardError ?? [],
  );
  return errors.length === 0 ? undefined : Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
}

function runDeviation({ metric, scenario, data, records, stored, policy }: NoiseInput): Deviation {
  const assumed = betweenRunDeviation(metric, data.load, policy.betweenRuns);
  const runs = [...stored, ...records.map((record, run) => ({ origin: `run ${run + 1}`, record }))];
  const none: Deviation = { deviation: assumed, assumed, seen: 0 };
  if (runs.length < 2) return none;
  const against = scenarioData({ name: scenario }, { heads: records.slice(0, 1), baseline: { kind: "stored", runs, refused: [] }, policy });
  if (against?.against.kind !== "runs" || against.against.bases.length < 2) return none;
  const { deviation } = betweenRunsOf(metric, { ...against, against: against.against });
  return { deviation, assumed, seen: against.against.bases.length };
}

/** One observed variance against the built-in one, which counts as six. */
const blend = (assumed: number, variance: number): Deviation => ({
  deviation: Math.sqrt((PRIOR_WEIGHT * assumed ** 2 + variance) / (PRIOR_WEIGHT + 1)),
  assumed,
  seen: 1,
});

/** The live comparison over all runs; undefined where nothing was measured in pairs. */
export function pairsData(scenario: string, records: readonly RunRecord[], policy: DecisionPolicy): PairsData | undefined {
  const data = scenarioData({ name: scenario }, { heads: records, baseline: LIVE, policy });
  return data?.against.kind === "pairs" ? { ...data, against: data.against } : undefined;
}

/** The shift of a metric between the arms; undefined where it was not measured on both. */
export function shiftBetweenArms(metric: MetricName, data: PairsData): Shift | undefined {
  const shift = liveShift(metric, data);
  return shift.estimate === undefined ? undefined : shift;
}

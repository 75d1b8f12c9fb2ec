import { decodeBins } from "../../../src/core/record/distribution.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import type { Bins } from "../../../src/core/stats/bins.ts";
import { mergeBins } from "../../../src/core/stats/bins.ts";
import type { LiveRun } from "../simulator/live-run.ts";
import type { SingleRun } from "../simulator/stored-run.ts";

/** Another gate's rule, re-implemented, on the same data. It fails a pull request when its score reaches its threshold. */
export type Rival = {
  readonly name: string;
  /** What it compares, in one sentence. */
  readonly about: string;
  /** How suspicious the head is: the higher, the worse. −Infinity where nothing got worse. */
  readonly score: (data: RivalData) => number;
  readonly threshold: number;
  /** What judging one pull request costs, in runs of one endpoint. */
  readonly runs: number;
};

/** Everything measured around one pull request. */
export type RivalData = {
  /** Runs of the default branch, oldest first, each scenario by scenario. */
  readonly bases: readonly RunSummary[];
  /** Runs of the pull request. */
  readonly heads: readonly RunSummary[];
  /** The first pass of a live run: both endpoints in turn on one host. */
  readonly live: { readonly base: RunSummary; readonly head: RunSummary };
};

export type RunSummary = readonly ScenarioSummary[];

/** What a rule may read of one scenario of one run; made when it is first asked for. */
export type ScenarioSummary = {
  readonly percentiles: Percentiles;
  /** The same percentiles of each of {@link SLICES} stretches of time. */
  readonly slices: () => readonly Percentiles[];
  readonly bins: () => Bins;
};

export const PERCENTILES = [0.5, 0.9, 0.95, 0.99] as const;
/** Seconds at each of {@link PERCENTILES}. */
export type Percentiles = readonly number[];

/** Points in time that a metrics server would hold for one run. */
const SLICES = 48;

export const singleSummary = ({ blocks, record }: SingleRun): RunSummary =>
  blocks.map((of, i) => summaryOf(of, () => binsOf(record().scenarios[i]?.arms.head?.blocks ?? [])));

/** @param record of the run's first pass. */
export const liveSummary = (run: LiveRun, record: RunRecord, arm: "base" | "head"): RunSummary =>
  record.scenarios.map(({ name, arms }) => summaryOf(run.firstPass(name)[arm], () => binsOf(arms[arm]?.blocks ?? [])));

function summaryOf(blocks: readonly Float64Array[], bins: () => Bins): ScenarioSummary {
  const latencies = joined(blocks);
  const length = Math.floor(latencies.length / SLICES);
  return {
    percentiles: percentilesOf(latencies.slice()),
    slices: () => Array.from({ length: SLICES }, (_, i) => percentilesOf(latencies.slice(i * length, (i + 1) * length))),
    bins,
  };
}

/** Sorts what it is given. */
function percentilesOf(latencies: Float64Array): Percentiles {
  latencies.sort();
  return PERCENTILES.map((p) => {
    const rank = p * (latencies.length - 1);
    const [below, above] = [latencies[Math.floor(rank)]!, latencies[Math.ceil(rank)]!];
    return below + (rank - Math.floor(rank)) * (above - below);
  });
}

const binsOf = (blocks: readonly { readonly histograms: { readonly latency?: string } }[]): Bins =>
  mergeBins(blocks.map(({ histograms: { latency } }) => decodeBins(latency!)));

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The largest over scenarios and percentiles of what is computed from one head value and its base values. */
export function worstOf(
  heads: readonly RunSummary[],
  bases: readonly RunSummary[],
  score: (heads: readonly number[], bases: readonly number[]) => number,
): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < (heads[0]?.length ?? 0); i++) {
    for (let p = 0; p < PERCENTILES.length; p++) {
      const values = (runs: readonly RunSummary[]) => runs.map((run) => run[i]!.percentiles[p]!);
      worst = Math.max(worst, score(values(heads), values(bases)));
    }
  }
  return worst;
}

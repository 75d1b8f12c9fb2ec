import type { Baseline, Candidate } from "../../../src/core/compare/baseline.ts";
import type { AcceptedChange, RunRecord } from "../../../src/core/record/run-record.ts";
import { makeRecord, type RecordOptions } from "./records.ts";

/** One stored run of a made history. */
export type Chapter = {
  /** Every latency times this. */
  readonly factor: number;
  readonly accepted?: readonly AcceptedChange[];
  readonly overrides?: Partial<RunRecord>;
};

export const steady = (runs: number, factor = 1): readonly Chapter[] => Array.from({ length: runs }, () => ({ factor }));

export const accept = (largest: number, more: Partial<AcceptedChange> = {}): readonly AcceptedChange[] =>
  ["latency.p50", "latency.p95", "latency.p99"].map((metric) => ({
    metric,
    largest,
    by: "octocat",
    reason: "the larger model is wanted",
    pull: 41,
    ...more,
  }));

/** Runs of one day each that differ from one another by 3 %, run 800 first; in the baseline the newest comes first, as the search finds them. */
export function history(chapters: readonly Chapter[], seed = 1, options: RecordOptions = {}): Baseline & { readonly kind: "stored" } {
  const runs = chapters.map(({ factor, accepted, overrides }, k): Candidate => {
    const day = String(k + 1).padStart(2, "0");
    const record = headRun(factor, 1000 * seed + k, options);
    const provenance = {
      commit: `c0ffee${String(k).padStart(2, "0")}${"0".repeat(32)}`,
      runId: String(800 + k),
      ...(accepted === undefined ? {} : { accepted }),
    };
    const times = { startedAt: `2026-10-${day}T09:00:00.000Z`, finishedAt: `2026-10-${day}T09:04:00.000Z` };
    return { origin: `run ${800 + k}`, record: { ...record, ...times, provenance, ...overrides } };
  });
  return { kind: "stored", runs: runs.toReversed(), refused: [] };
}

/** One run of a head. */
export const headRun = (factor: number, seed: number, options: RecordOptions = {}): RunRecord =>
  makeRecord({ design: "single", runDeviation: 0.03, requestsPerBlock: 500, ...options, seed, head: { factor } });

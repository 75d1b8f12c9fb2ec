import type { DistributionName, MetricName } from "../metric.ts";
import type { Arm } from "../plan/plan.ts";
import type { FailureKind } from "./outcome.ts";

/** Raised whenever the stored shape changes in a way that an older reader would misread. */
export const RUN_RECORD_SCHEMA = 1;

/** The stored result of one run. The only type with a version; everything in it is plain JSON. */
export type RunRecord = {
  readonly schema: typeof RUN_RECORD_SCHEMA;
  /** `tailgate 0.1.0`, or the name of the importer. */
  readonly tool: string;
  readonly suite: { readonly name: string; readonly digest: string; readonly seed: number };
  readonly provenance: Provenance;
  /** What must be equal for two runs to be comparable, and what a reader wants to know: flat, sorted by key. */
  readonly environment: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly status: "complete" | "cancelled" | "aborted";
  /** What spoiled the run or is worth a warning; empty for a clean run. */
  readonly problems: readonly Problem[];
  readonly identity: { readonly path: string; readonly expected: string; readonly observed: string; readonly matches: boolean } | undefined;
  readonly scenarios: readonly ScenarioRecord[];
};

export type Provenance = {
  readonly repository?: string;
  readonly repositoryId?: string;
  readonly commit?: string;
  readonly ref?: string;
  readonly event?: string;
  readonly workflow?: string;
  readonly runId?: string;
  readonly runAttempt?: string;
};

/** `invalid`: nothing may be concluded from the run (or the scenario). `warning`: shown, no more. */
export type Problem = {
  readonly severity: "invalid" | "warning";
  /** Stable, kebab-case: `generator-late`, `endpoint-not-ready`, `gpu-throttled`, `telemetry-lost`. */
  readonly code: string;
  readonly message: string;
  readonly scenario?: string;
  readonly arm?: Arm;
};

export type ScenarioRecord = {
  readonly name: string;
  readonly load:
    | { readonly kind: "open"; readonly ratePerS: number; readonly arrivals: string; readonly durationS: number }
    | { readonly kind: "closed"; readonly concurrency: number; readonly durationS: number };
  readonly arms: { readonly [A in Arm]?: ArmRecord };
};

export type ArmRecord = {
  readonly warmUp: {
    readonly durationS: number;
    readonly offered: number;
    readonly ok: number;
    readonly firstRequestS: number | undefined;
  };
  /** Ascending in time. */
  readonly blocks: readonly BlockRecord[];
  /** The first failure seen of each kind, redacted. */
  readonly examples: Readonly<Partial<Record<FailureKind, string>>>;
};

export type BlockRecord = {
  readonly index: number;
  readonly pair: number | undefined;
  /** Since the start of the run. */
  readonly startS: number;
  readonly durationS: number;
  /** Requests whose intended start lies in the block, sent or not. */
  readonly offered: number;
  readonly ok: number;
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  readonly tokens: { readonly output: number; readonly from: "usage" | "events" | "mixed" } | undefined;
  /** HdrHistogram V2, compressed, base64; values in µs. Only distributions that hold at least one value. */
  readonly histograms: Readonly<Partial<Record<DistributionName, string>>>;
  /** Telemetry cut to the block. */
  readonly gauges: Readonly<Partial<Record<MetricName, GaugeSummary>>>;
};

/** Samples of one gauge inside one block, in the metric's unit; n ≥ 1. */
export type GaugeSummary = { readonly n: number; readonly mean: number; readonly min: number; readonly max: number };

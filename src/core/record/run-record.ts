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
  /** What the load generator added to known times on this machine just before the run; absent in imported runs. */
  readonly calibration?: Calibration;
  /** Of a run that sent a part of the load, while other machines sent the rest: evidence only when all parts are folded. */
  readonly shard?: ShardRecord;
  readonly scenarios: readonly ScenarioRecord[];
};

/** Which part of a load a record holds. `index` counts from 1: 2 of 3 holds the arrivals 1, 4, 7, … of those from 0 on. */
export type ShardRecord = {
  readonly index: number;
  readonly of: number;
  /** ISO 8601, UTC: when all shards were to begin; absent where nobody appointed a time. */
  readonly startAt?: string;
  /** Digest of the endpoints' URLs, which are equal for all shards of a load and may themselves be secret. */
  readonly endpoints: string;
};

export type Provenance = {
  readonly repository?: string;
  readonly repositoryId?: string;
  readonly commit?: string;
  /** Tip of the branch that the commit is to be merged into, when the run was started. */
  readonly baseCommit?: string;
  readonly ref?: string;
  readonly event?: string;
  readonly workflow?: string;
  readonly runId?: string;
  readonly runAttempt?: string;
  /** What was accepted of the change that this commit brought, as it held when the run was judged. Never empty. */
  readonly accepted?: readonly AcceptedChange[];
};

/** A regression that people accepted: from this run on the metric is what it is now. */
export type AcceptedChange = {
  readonly metric: string;
  readonly scenario?: string;
  /** Present where the hard limit is what was accepted to be broken, and not a change from the baseline. */
  readonly of?: "limit";
  /** Largest change for the worse that was accepted, > 0, on the scale on which the metric changes; of a limit the worst value. */
  readonly largest: number;
  /** Login. */
  readonly by: string;
  readonly reason: string;
  /** Number of the pull request. */
  readonly pull: number;
  /** The last day on which it held: `2026-12-31`. */
  readonly until?: string;
};

/** `invalid`: nothing may be concluded from the run (or the scenario). `warning`: shown, no more. */
export type Problem = {
  readonly severity: "invalid" | "warning";
  /** Stable, kebab-case: `generator-late`, `endpoint-not-ready`, `gpu-throttled`, `telemetry-lost`. */
  readonly code: string;
  readonly message: string;
  /** What happened and whose fault it was, short enough for a heading; absent where the run as a whole has no such line. */
  readonly headline?: string;
  readonly scenario?: string;
  readonly arm?: Arm;
};

/**
 * The load generator against a server in its own process that stamps arrivals and answers on the same clock. Release
 * error: arrival at the server − intended start. Bias: latency as measured − time inside the server.
 */
export type Calibration = {
  readonly ratePerS: number;
  readonly requests: number;
  readonly releaseP50S: number;
  readonly releaseP99S: number;
  readonly biasP50S: number;
  readonly biasP99S: number;
};

export type ScenarioRecord = {
  readonly name: string;
  /** Of what this scenario sends, whatever the others of its suite do; absent in records of older versions and other tools. */
  readonly digest?: string;
  readonly load: RecordedLoad;
  readonly arms: { readonly [A in Arm]?: ArmRecord };
  /** How often the scenario was judged while it was measured; absent where its length was fixed beforehand. */
  readonly looks?: LooksRecord;
};

/**
 * A run that may end early or go on looks at its evidence several times, and every look is a chance of a false alarm.
 * One pass plays the planned load once.
 */
export type LooksRecord = {
  /** Passes that had been measured at each look, ascending, at least one; the last is what the record holds. */
  readonly passes: readonly number[];
  /** Most passes that this scenario could have had, if the others had left it the time; ≥ the last of `passes`. It sets the levels of all looks. */
  readonly most: number;
  /**
   * Why no pass followed: every gate was `decided`, one had `failed` and nothing could change the verdict any more, the
   * run was `spoiled`, the `budget` was used up, or what is left of it would not decide (`futile`).
   */
  readonly stopped?: StopReason;
};

export const STOP_REASONS = ["decided", "failed", "spoiled", "budget", "futile"] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** The load in the words of a reader. `shape` only where it is not constant: `10/s → 100/s over 1m, 100/s for 2m`. */
export type RecordedLoad =
  | { readonly kind: "open"; readonly ratePerS: number; readonly arrivals: string; readonly durationS: number; readonly shape?: string }
  | { readonly kind: "closed"; readonly concurrency: number; readonly durationS: number; readonly shape?: string };

export type ArmRecord = {
  readonly warmUp: WarmUpRecord;
  /** Ascending in time. */
  readonly blocks: readonly BlockRecord[];
  /** The first failure seen of each kind, redacted. */
  readonly examples: Readonly<Partial<Record<FailureKind, string>>>;
  /** The slowest requests of the blocks, slowest first, those that ran into their deadline among them. */
  readonly slowest?: readonly RequestRecord[];
  /** The first failed request of each kind, by time. */
  readonly failed?: readonly RequestRecord[];
};

/** One request by itself, so that it can be found in what the endpoint recorded of it. */
export type RequestRecord = {
  /** The block that holds its intended start, and its place in the segment of the block. */
  readonly block: number;
  readonly index: number;
  /** Intended start, since the start of the run. */
  readonly atS: number;
  readonly payloadClass: string;
  /** W3C trace id, 32 hexadecimal digits; absent where none was sent. */
  readonly traceId?: string;
  /** As the distributions of these names; absent where they have no value of it. */
  readonly latencyS?: number;
  readonly serviceS?: number;
  readonly firstByteS?: number;
  readonly ttftS?: number;
  readonly status?: number;
  /** How often it was sent; absent for once. */
  readonly attempts?: number;
  readonly result: "ok" | FailureKind;
  /** Of a failed one: what was expected and what came, redacted. */
  readonly detail?: string;
};

/** What came before the measuring, and how the endpoint started. Times are seconds since the first intended start of the arm. */
export type WarmUpRecord = {
  readonly durationS: number;
  readonly offered: number;
  readonly ok: number;
  /** Latency of the very first request, if it was answered. */
  readonly firstRequestS: number | undefined;
  /** When the first correct answer had come. */
  readonly firstSuccessS?: number | undefined;
  /** When the steady state began, as a test on medians and 95th percentiles saw it; undefined where it was not reached or not looked for. */
  readonly steadyS?: number | undefined;
  /** Whether the warm-up ended in a steady state; undefined where its length was fixed. */
  readonly steady?: boolean | undefined;
};

export type BlockRecord = Counts & {
  readonly index: number;
  readonly pair: number | undefined;
  /** Since the start of the run. */
  readonly startS: number;
  readonly durationS: number;
  /** The same of the requests of one payload class, by its name, for the classes of which the suite wants figures of their own. */
  readonly classes?: Readonly<Record<string, Counts>>;
  /** Telemetry cut to the block. */
  readonly gauges: Readonly<Partial<Record<MetricName, GaugeSummary>>>;
  /** How the load generator itself was doing during the block; absent in imported runs. */
  readonly generator?: GeneratorRecord;
};

/** Requests of one block, counted and measured. */
export type Counts = {
  /** Requests whose intended start lies in the block, sent or not. */
  readonly offered: number;
  readonly ok: number;
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** Times that requests were sent, and requests sent more than once; absent without a retry policy. */
  readonly attempts?: { readonly sent: number; readonly retried: number };
  /** Answers to labelled payloads, and how many of them were wrong; absent where none was labelled. */
  readonly labelled?: { readonly answers: number; readonly wrong: number };
  /** Answers that were compared with the base's first one to the same payload, and how many differed; absent where none was. */
  readonly compared?: { readonly answers: number; readonly changed: number };
  /** Answers within the limits of the suite's `goodput`, and these limits in words; absent without any. */
  readonly good?: { readonly answers: number; readonly within: string };
  /** Answers that told no tokens, and the bytes of their bodies together; absent where there was none, and in runs of an older tailgate. */
  readonly bodies?: { readonly answers: number; readonly bytes: number };
  /** Sessions whose last step, the one that failed or else the final one, lies in the block, and how many of them were completed; absent where there were none. */
  readonly sessions?: { readonly ended: number; readonly completed: number };
  /**
   * Steps of sessions that the end of the load found under way: they began after it. They are in all counts and in no
   * rate: correct answers among `ok`, and their output tokens.
   */
  readonly drained?: { readonly ok: number; readonly tokens: number };
  readonly tokens: { readonly output: number; readonly from: "usage" | "events" | "mixed" } | undefined;
  /** Tokens of the prompts whose answers tell how many of them a prefix cache knew, and these; absent where none tells. */
  readonly prompt?: { readonly tokens: number; readonly cached: number };
  /** Answers that counted, and those that told of a phase of the endpoint's own time; absent where none did. */
  readonly phases?: { readonly answers: number; readonly with: number };
  /** HdrHistogram V2, compressed, base64; values in µs. Only distributions that hold at least one value. */
  readonly histograms: Readonly<Partial<Record<DistributionName, string>>>;
};

/** The load generator during one block, from one look per second. Shares lie in [0, 1]. */
export type GeneratorRecord = {
  /** Seconds that were looked at, ≥ 1. */
  readonly seconds: number;
  /** Of these, seconds in which a pause of our own held requests up, and the requests that were intended for them. */
  readonly pausedSeconds: number;
  readonly pausedArrivals: number;
  /** Longest time that a pause held a request up, seconds; 0 where there was none. */
  readonly pauseMaxS: number;
  /** Longest delay of the event loop, seconds. */
  readonly loopDelayMaxS: number;
  /** Share of time that the busiest sending thread was not idle, mean. */
  readonly utilization: number;
  /** Time in garbage collection, seconds, over the block; and the most of it in one second. */
  readonly gcS: number;
  readonly gcMaxS: number;
  /** Share of this machine's processor time that other machines took (`steal` of /proc/stat), and that was used at all; undefined where unknown. */
  readonly stealRatio: number | undefined;
  readonly machineBusyRatio: number | undefined;
};

/** Samples of one gauge inside one block, in the metric's unit; n ≥ 1. */
export type GaugeSummary = { readonly n: number; readonly mean: number; readonly min: number; readonly max: number };

import type { ModelInput } from "./core/plan/model-tensors.ts";
import type { NonceKeys } from "./core/plan/nonce.ts";
import type { Arm, PreparedRequest, Segment } from "./core/plan/plan.ts";
import type { MetadataProbe, ReadinessProbe } from "./core/protocol/protocol.ts";
import type { TraceSource } from "./core/protocol/traceparent.ts";
import type { GeneratorReading } from "./core/record/generator-record.ts";
import type { Outcome } from "./core/record/outcome.ts";
import type { Calibration, RunRecord } from "./core/record/run-record.ts";
import type { SoFar, Tick } from "./core/record/so-far.ts";
import type { ConnectionPolicy, Target, TelemetrySource, TlsMaterial, TlsPolicy } from "./core/suite/suite.ts";
import type { SampledSource } from "./core/telemetry/cut.ts";

/**
 * The world as the pipeline sees it: function types, handed in by the entries. What is not here cannot be reached from
 * `measure.ts` and `gate.ts`; the compiler checks that `io/` fits where an entry builds them.
 */
export type Ports = {
  /** Nanoseconds on a monotonic clock: the one clock of load and telemetry. */
  readonly now: () => bigint;
  /** Processors of this machine, ≥ 1. */
  readonly cores: () => number;
  /** Wall clock, for the record's dates, and for the one time at which several machines begin. */
  readonly today: () => Date;
  /** An id that no other run has: 16 random hexadecimal digits, not all zero. */
  readonly runId: () => string;
  /** Until the monotonic clock shows `atNs`, or the signal is aborted. */
  readonly sleepUntil: (atNs: bigint, signal: AbortSignal) => Promise<void>;
  readonly awaitReady: (
    url: string,
    ready: Target["ready"] & { readonly probe?: ReadinessProbe | undefined },
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    route: Route,
  ) => Promise<
    | { readonly ready: true; readonly waitedS: number }
    | { readonly ready: false; readonly reason: string; readonly short: string; readonly waitedS: number }
  >;
  /** Which inputs the model takes, asked once. */
  readonly readMetadata: (
    url: string,
    probe: MetadataProbe,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    route: Route,
  ) => Promise<{ readonly ok: true; readonly inputs: readonly ModelInput[] } | { readonly ok: false; readonly reason: string }>;
  readonly readIdentity: (
    url: string,
    identity: NonNullable<Target["identity"]>,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    route: Route,
  ) => Promise<NonNullable<RunRecord["identity"]>>;
  /** What the load generator adds to known times on this machine, at about this rate. */
  readonly calibrate: (
    ratePerS: number,
    signal: AbortSignal,
  ) => Promise<{ readonly ok: true; readonly calibration: Calibration } | { readonly ok: false; readonly reason: string }>;
  readonly openDriver: (options: DriverOptions) => Driver;
  readonly probeTelemetry: (
    source: SamplerSource,
    signal: AbortSignal,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>;
  readonly startSampler: (sources: readonly SamplerSource[], now: () => bigint) => Sampler | Promise<Sampler>;
  readonly progress: Progress;
};

/** How an endpoint is reached: as the load will reach it. */
export type Route = { readonly connection: ConnectionPolicy; readonly tls: TlsPolicy; readonly material: TlsMaterial };

export type DriverOptions = {
  readonly url: string;
  /** With every `${env:NAME}` replaced. */
  readonly target: Target;
  /** Contents of the files that `target.tls` names. */
  readonly tls: TlsMaterial;
  readonly threads: number;
  /** Whose nonces requests get that begin anew each time. */
  readonly nonces: NonceKeys;
};

/** Sends segments to one endpoint, over connections that live as long as the driver. */
export type Driver = {
  readonly drive: (segment: Segment, requests: readonly PreparedRequest[], options: DriveOptions) => Promise<DriveResult>;
  readonly close: () => Promise<void>;
};

export type DriveOptions = {
  readonly onOutcome: (outcome: Outcome) => void;
  readonly signal: AbortSignal;
  readonly onProgress?: (tick: Tick) => void;
  /** Aborted when the segment may end early: nothing more is sent, and what is under way is awaited. */
  readonly enough?: AbortSignal;
  /** How each sending thread is doing, once per second. */
  readonly onReading?: (reading: GeneratorReading) => void;
  /** Gives every attempt a `traceparent` of its own. */
  readonly trace?: TraceSource | undefined;
};

export type DriveResult = { readonly startedNs: bigint; readonly endedNs: bigint; readonly offered: number; readonly cancelled: boolean };

export type SamplerSource = { readonly source: TelemetrySource; readonly arm: Arm | "both"; readonly url: string };
export type Sampler = {
  readonly soFar: () => readonly SampledSource[];
  readonly stop: (signal: AbortSignal) => Promise<readonly SampledSource[]>;
};

/** What a person sees while it runs. */
export type Progress = {
  readonly phase: (text: string) => void;
  /** `soFar` is asked only where it is shown. */
  readonly tick: (tick: Tick, soFar: () => SoFar) => void;
  /** A line that stays. */
  readonly note: (text: string) => void;
  readonly done: () => void;
};

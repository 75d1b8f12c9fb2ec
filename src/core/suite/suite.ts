import type { MetricName } from "../metric.ts";
import type { TelemetryKind } from "../telemetry/kinds.ts";
import type { PhasePolicy, TracePolicy } from "./correlation.ts";
import type { GoodputLimits } from "./goodput.ts";
import type { PayloadClass } from "./payload-class.ts";
import type { TraceColumns } from "./prompt.ts";
import type { ResponseCheck } from "./response-check.ts";

export type { PayloadClass, PayloadContent } from "./payload-class.ts";

/**
 * What the user wrote, validated, units converted to base units, defaults filled in. Strings may still hold
 * `${env:NAME}`: a Suite never contains a secret, so it can be printed, digested and stored.
 */
export type Suite = {
  readonly version: 1;
  readonly name: string;
  /** Drives arrivals, payload picks and payload contents. */
  readonly seed: number;
  readonly target: Target;
  /** Never empty: a suite that names no payload gets one class, `default`, made by its protocol. */
  readonly payloads: readonly PayloadClass[];
  readonly scenarios: readonly Scenario[];
  readonly telemetry: readonly TelemetrySource[];
  readonly decision: DecisionPolicy;
  /** What all that serves an endpoint costs in an hour, in any currency; absent where nobody says it. Part of no digest. */
  readonly cost?: { readonly perHour: number; readonly baselinePerHour: number };
  readonly generator: GeneratorPolicy;
};

/** How the load is made. Part of no digest: it changes who sends, not what is sent. */
export type GeneratorPolicy = {
  /** Threads that send. `auto`: one, and more only where the rate asks for it and the machine has the cores. */
  readonly threads: "auto" | number;
  /** Whether the generator first measures what it knows, for two seconds. */
  readonly calibration: boolean;
};

export const PROTOCOLS = [
  "raw",
  "kserve-v2",
  "kserve-v2-grpc",
  "openai-chat",
  "openai-completions",
  "openai-embeddings",
  "tf-serving",
  "torchserve",
] as const;
export type ProtocolName = (typeof PROTOCOLS)[number];

export type Target = {
  readonly protocol: ProtocolName;
  /** The preview's base URL; `--endpoint` and the action's `endpoint` win over it. */
  readonly endpoint: string | undefined;
  readonly method: string;
  /** Path of a request below the endpoint's URL; protocols have their own default. */
  readonly path: string | undefined;
  readonly model: string | undefined;
  /** Ask for a stream of tokens, where the protocol has one. */
  readonly stream: boolean;
  /** Sent as `max_tokens`, where the protocol streams tokens. */
  readonly maxTokens: number | undefined;
  /** `kserve-v2`: how tensors travel, both ways. */
  readonly tensorEncoding: "json" | "binary";
  /** `ignore`: what the model says of its inputs is not held against tensors that the suite declares. */
  readonly metadata?: "ignore";
  readonly headers: Readonly<Record<string, string>>;
  /** Deadline of one request, in seconds from its intended start. */
  readonly timeoutS: number;
  /** Most requests in flight at once: an arrival beyond it is counted as failed (`overflow`), never hidden. No closed loop has more users. */
  readonly maxInFlight: number;
  readonly ready: { readonly path: string | undefined; readonly timeoutS: number };
  readonly identity: { readonly path: string; readonly equals: string; readonly field: string | undefined } | undefined;
  readonly check: ResponseCheck;
  readonly connection: ConnectionPolicy;
  readonly tls: TlsPolicy;
  /** Undefined: a request is sent once, and what becomes of it counts. */
  readonly retry: RetryPolicy | undefined;
  /** Absent: no `traceparent` is sent. */
  readonly trace?: TracePolicy;
  /** Absent: `Server-Timing` by its usual names. */
  readonly phases?: PhasePolicy;
};

/** How connections are made and kept. Shapes the measurement, hence part of the digest. */
export type ConnectionPolicy = {
  /** `keep-alive`: a connection serves requests for as long as the endpoint lets it. `new`: one connection a request. */
  readonly reuse: "keep-alive" | "new";
  /** Churn: a kept connection is closed after this many requests. Undefined: never by us. */
  readonly requestsEach: number | undefined;
  readonly http: "1.1" | "2";
  /** HTTP/2: most requests under way on one connection. */
  readonly streams: number;
  /** Whether the host's name is resolved for each new connection, or once for the run (its addresses then take turns). */
  readonly dns: "each" | "once";
  /** URL of an HTTP proxy that requests are tunnelled through (CONNECT). May hold `${env:NAME}`. */
  readonly proxy: string | undefined;
};

/** Files are PEM, with paths relative to the suite. */
export type TlsPolicy = {
  /** Certificates trusted besides the machine's own. */
  readonly ca: string | undefined;
  /** The client's certificate and key, both or neither (mTLS). */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** The name that the certificate must have and that SNI sends, where it is not the URL's host. */
  readonly serverName: string | undefined;
  /** False: any certificate is accepted, and the report says so. */
  readonly verify: boolean;
};

/** Contents of the files of a {@link TlsPolicy}, PEM; undefined where it names none. */
export type TlsMaterial = { readonly ca: string | undefined; readonly cert: string | undefined; readonly key: string | undefined };

/** What may be sent again: a status code, or a failure of the connection before any answer. */
export type RetryCause = number | "connect" | "stale" | "reset";

/** Retries are the user's explicit wish: each one is counted, and latency runs on from the first intended start. */
export type RetryPolicy = {
  /** Most times that one request is sent, ≥ 2. */
  readonly attempts: number;
  readonly on: readonly RetryCause[];
  /** Wait before the second attempt; doubles with each further one up to `maxBackoffS`, and is drawn from its upper half. */
  readonly backoffS: number;
  readonly maxBackoffS: number;
  /** `respect`: an answer's `Retry-After` is the wait, where it is longer. */
  readonly retryAfter: "respect" | "ignore";
};

export type Scenario = {
  readonly name: string;
  readonly load: Load;
  /** Weights by payload class name; classes not named get weight 0. Undefined: the suite's own weights. */
  readonly mix: Readonly<Record<string, number>> | undefined;
  /** Scenarios that name the same group run at once. They have the same duration. Undefined: alone, in its turn. */
  readonly together: string | undefined;
  /** Seconds of load before measuring, not recorded. `auto` is chosen from the duration. */
  readonly warmUp: "auto" | "none" | number;
  readonly block: { readonly durationS: number; readonly requests: number };
  /** Within what an answer counts into `goodput`, in seconds; undefined: nothing is said about that. Not part of the digest. */
  readonly goodput?: GoodputLimits;
  readonly gates: readonly Gate[];
};

export type Load = OpenLoad | ClosedLoad | TraceLoad;

/** Requests arrive on their own, whatever becomes of earlier ones. */
export type OpenLoad = {
  readonly kind: "open";
  /** Mean over the duration, 1/s. */
  readonly ratePerS: number;
  /** The rate over time, 1/s; durations add up to `durationS`. A constant rate is one stage. */
  readonly stages: readonly Stage[];
  readonly arrivals: Arrivals;
  readonly durationS: number;
};

/** Users that each send their next request when the last one was answered. */
export type ClosedLoad = {
  readonly kind: "closed";
  /** Most users at once. */
  readonly concurrency: number;
  /** The number of users over time; durations add up to `durationS`. */
  readonly stages: readonly Stage[];
  /** Pause of a user between an answer and the next request. */
  readonly thinkTime: ThinkTime | undefined;
  /** A user starts at most one request in this time, seconds: the next one waits for the rest of it. */
  readonly pacingS: number | undefined;
  readonly durationS: number;
};

/** Requests arrive when those of a recorded trace did. */
export type TraceLoad = {
  readonly kind: "trace";
  /** `.csv` with a header, or `.jsonl`. Path relative to the suite file. */
  readonly file: string;
  /** Column or key of the time stamps. Undefined: found by its name. */
  readonly time: string | undefined;
  /** Unit of numeric time stamps. Undefined: as their column says, else seconds. */
  readonly unit: "s" | "ms" | "us" | "ns" | undefined;
  /** Where the replayed window begins, in seconds of the trace since its first time stamp. */
  readonly fromS: number;
  /** Seconds of the trace replayed in one second. */
  readonly speed: number;
  /** Share of the arrivals that is kept, drawn by the seed; in (0, 1]. */
  readonly sample: number;
  /** Of the replay. */
  readonly durationS: number;
  /** Where payloads are built from the trace: what its rows say of their requests. Absent: only when they arrived. */
  readonly requests?: TraceColumns;
};

/** A piece of a load over time: a straight line (from = to: constant), or a sine that starts at its mean and rises. */
export type Stage =
  | { readonly kind: "linear"; readonly durationS: number; readonly from: number; readonly to: number }
  | { readonly kind: "sine"; readonly durationS: number; readonly low: number; readonly high: number; readonly periodS: number };

/**
 * Gaps between arrivals, relative to the rate of the moment. `gamma`: coefficient of variation of the gaps (1 is
 * Poisson, more is burstier, less smoother). `jitter`: even arrivals, each moved by up to this share of the mean gap.
 */
export type Arrivals = "constant" | "poisson" | { readonly gamma: number } | { readonly jitter: number };

export type ThinkTime =
  | { readonly kind: "fixed"; readonly seconds: number }
  | { readonly kind: "uniform"; readonly lowS: number; readonly highS: number }
  | { readonly kind: "exponential"; readonly meanS: number };

/**
 * One promise the pull request must keep.
 *
 * `regression` is the smallest relative change worth blocking (0.1 = 10 % worse); for metrics compared as a difference
 * (`errors.ratio`, `gpu.utilization`) it is that difference in the metric's unit. `floor` is the smallest absolute
 * change worth blocking, in the metric's unit; both must be exceeded. `limit` is a hard ceiling (or, where higher is
 * better, a hard bottom) in the metric's unit. At least one of `regression` and `limit` is present.
 */
export type Gate = {
  readonly metric: MetricName;
  readonly regression: number | undefined;
  readonly floor: number | undefined;
  readonly limit: number | undefined;
};

export type TelemetrySource = {
  /**
   * `prometheus`: any exposition, read by `metrics`. `auto`: an exposition whose kind is seen by what it exposes. `promql`:
   * a Prometheus server, asked for the samples of the series with `labels`, or for what `queries` say.
   */
  readonly kind: TelemetryKind;
  /** Exposition of the head, or its GPUs on this machine (`nvidia-smi:0,1`); of both arms where `baselineUrl` is undefined. */
  readonly url: string;
  readonly baselineUrl: string | undefined;
  /** Where there is no `baselineUrl`: the one arm that the source tells about; absent: both. */
  readonly arm?: "base" | "head";
  readonly intervalS: number;
  /** `prometheus`, `promql`: our metric name → how to read it from the series. */
  readonly metrics: Readonly<Record<string, SeriesSelector>>;
  /** `promql`: which series tell about the head, or about both arms where nothing else is said, and about the baseline. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly baselineLabels?: Readonly<Record<string, string>>;
  /** `promql`: our metric name → expression whose value is the metric in its base unit. */
  readonly queries?: Readonly<Record<string, string>>;
};

/** Which samples of an exposition make one of our metrics. Several matching series are aggregated. */
export type SeriesSelector = {
  readonly series: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly aggregate: "sum" | "mean" | "max";
  /** Multiplied with the exposed value to reach our base unit. */
  readonly scale: number;
  /** `series` is a counter: the metric is its increase per second. */
  readonly rate?: true;
  /** Both are counters: the metric is the increase of `series` (scaled) over the increase of these. Their series are summed. */
  readonly whole?: { readonly series: string; readonly labels: Readonly<Record<string, string>> };
};

/** How sure the gate must be. See statistics in `core/compare`. */
export type DecisionPolicy = {
  /** Chance that a pull request without any change is blocked, over all its gated metrics together. */
  readonly falseAlarm: number;
  /** Chance that a metric is called unchanged although it moved by its margin. */
  readonly falsePass: number;
  /**
   * `strict`: a pass needs the interval to end below the margin. `resolvable`: it may also end below the resolvable
   * margin, as long as that is at most `ceiling`; the comment then says which change would have been seen.
   */
  readonly pass: "strict" | "resolvable";
  readonly ceiling: number;
  /**
   * Whether a live base and its head run on one machine (and one GPU). If not, the difference between machines is part of
   * the uncertainty, because driving them in turn cancels time and not place. `auto`: unless the GPUs that telemetry
   * names, or else the host names of the endpoints, differ.
   */
  readonly sameHost: "auto" | "yes" | "no";
  /**
   * How long an undecided run may go on: so many times its planned load, or so long altogether. 1 keeps its length.
   */
  readonly budget: { readonly passes: number } | { readonly durationS: number };
  /**
   * Standard deviation, in log units (0.03 = 3 %), of the median latency between runs of one build, and between two
   * deployments of it driven in turn, where they have been measured; undefined: what is usual.
   */
  readonly betweenRuns: number | undefined;
  readonly betweenDeployments: number | undefined;
  /** Prefix-cache hit ratios of the arms that lie further apart than this make their times incomparable. */
  readonly cacheTolerance: number;
};

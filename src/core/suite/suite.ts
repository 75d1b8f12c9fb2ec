import type { MetricName } from "../metric.ts";

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
};

export const PROTOCOLS = ["raw", "kserve-v2", "openai-chat"] as const;
export type ProtocolName = (typeof PROTOCOLS)[number];

export type Target = {
  readonly protocol: ProtocolName;
  /** The preview's base URL; `--endpoint` and the action's `endpoint` win over it. */
  readonly endpoint: string | undefined;
  readonly method: string;
  /** Path of a request below the endpoint's URL; protocols have their own default. */
  readonly path: string | undefined;
  readonly model: string | undefined;
  /** `openai-chat`: ask for a stream. */
  readonly stream: boolean;
  /** `openai-chat`: sent as `max_tokens`. */
  readonly maxTokens: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Deadline of one request, in seconds from its intended start. */
  readonly timeoutS: number;
  /** Most requests in flight at once in an open loop; an arrival beyond it is counted as failed (`overflow`), never hidden. */
  readonly maxInFlight: number;
  readonly ready: { readonly path: string | undefined; readonly timeoutS: number };
  readonly identity: { readonly path: string; readonly equals: string; readonly field: string | undefined } | undefined;
  readonly check: ResponseCheck;
};

/** What a 2xx answer must hold to count as correct. */
export type ResponseCheck = { readonly status: readonly number[] | undefined; readonly contains: string | undefined };

export type PayloadClass = { readonly name: string; readonly weight: number; readonly content: PayloadContent };

export type PayloadContent =
  | { readonly kind: "empty" }
  | { readonly kind: "body"; readonly text: string; readonly contentType: string | undefined }
  | { readonly kind: "json"; readonly value: unknown }
  /** One request per line (`.jsonl`, `.txt`) or one request (anything else). Path relative to the suite file. */
  | { readonly kind: "file"; readonly path: string }
  /** Synthetic text of a uniformly drawn number of words. */
  | { readonly kind: "text"; readonly words: readonly [number, number] }
  | { readonly kind: "tensors"; readonly tensors: readonly Tensor[] }
  | { readonly kind: "messages"; readonly messages: readonly { readonly role: string; readonly content: string }[] };

/** A tensor filled from the seed. A dimension may be a range, drawn per request. */
export type Tensor = {
  readonly name: string;
  readonly shape: readonly (number | readonly [number, number])[];
  readonly datatype: string;
  /** Values are uniform in [low, high); for BYTES, words. Default [0, 1) for floats, [0, 100) for integers. */
  readonly range: readonly [number, number] | undefined;
  /** Fixed data instead of random values, in row-major order. */
  readonly data: readonly (number | string | boolean)[] | undefined;
};

export type Scenario = {
  readonly name: string;
  readonly load: Load;
  /** Weights by payload class name; classes not named get weight 0. Undefined: the suite's own weights. */
  readonly mix: Readonly<Record<string, number>> | undefined;
  /** Seconds of load before measuring, not recorded. `auto` is chosen from the duration. */
  readonly warmUp: "auto" | "none" | number;
  readonly block: { readonly durationS: number; readonly requests: number };
  readonly gates: readonly Gate[];
};

export type Load =
  | { readonly kind: "open"; readonly ratePerS: number; readonly arrivals: "constant" | "poisson"; readonly durationS: number }
  | { readonly kind: "closed"; readonly concurrency: number; readonly durationS: number };

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
  readonly kind: "dcgm" | "prometheus";
  /** Exposition of the head; of both arms where `baselineUrl` is undefined. */
  readonly url: string;
  readonly baselineUrl: string | undefined;
  readonly intervalS: number;
  /** `prometheus`: our metric name → how to read it from the exposition. */
  readonly metrics: Readonly<Record<string, SeriesSelector>>;
};

/** Which samples of an exposition make one of our metrics. Several matching series are aggregated. */
export type SeriesSelector = {
  readonly series: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly aggregate: "sum" | "mean" | "max";
  /** Multiplied with the exposed value to reach our base unit. */
  readonly scale: number;
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
};

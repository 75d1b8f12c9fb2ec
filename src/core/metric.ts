/**
 * Everything tailgate can measure, compare and gate: a closed table, no registry. A metric is added here, in the
 * recorder or the telemetry reader that fills it, and nowhere else.
 */

/** Base units. Times are seconds, sizes bytes, ratios lie in [0, 1]. */
export type Unit = "s" | "1/s" | "B" | "ratio" | "W" | "J" | "°C" | "Hz" | "1";

/**
 * How a metric is obtained, which decides how it is compared.
 * - `quantile`: a percentile of a recorded distribution (compared on the log scale, from block histograms).
 * - `rate`: events per second of measured time, one value per block.
 * - `ratio`: a share of requests, compared as a difference.
 * - `start`: how the endpoint started, one value a run, seen in its warm-up.
 * - `gauge`: telemetry, one aggregate per block. `difference` says that the natural comparison is in points, not percent.
 */
export type Measure =
  | { readonly kind: "quantile"; readonly of: DistributionName; readonly p: number }
  | { readonly kind: "rate"; readonly of: "requests" | "tokens" }
  | { readonly kind: "ratio"; readonly of: "failures" | "retries" | "wrong" }
  | { readonly kind: "start" }
  | { readonly kind: "gauge"; readonly aggregate: "mean" | "max"; readonly scale: "relative" | "difference" };

/** The distributions a block keeps. */
export const DISTRIBUTIONS = [
  "latency", // end − intended: what a user would have waited
  "service", // end − request on the wire: what the server took
  "lateness", // dispatched − intended: our own delay
  "clientQueue", // on the wire − dispatched − connect: our HTTP client's delay
  "generator", // lateness + client queue of each request: all that is our fault
  "connect", // DNS + TCP + TLS of the requests that opened a connection
  "dns", // of these, resolving the host's name
  "tls", // of these, the TLS handshake
  "firstByte", // first response byte − on the wire
  "transfer", // end − first response byte
  "ttft", // first token event − intended
  "itl", // gaps between successive token events, pooled
  "tpot", // (last token − first token) / (tokens − 1) of one request
  "phase.preprocess", // what the endpoint itself says of an answer: see `core/protocol/server-phases.ts`
  "phase.queue",
  "phase.infer",
  "phase.postprocess",
] as const;
export type DistributionName = (typeof DISTRIBUTIONS)[number];

/** Parts of a request's time inside the endpoint, as it tells them itself, in the order in which they follow one another. */
export const PHASES = ["preprocess", "queue", "infer", "postprocess"] as const;
export type PhaseName = (typeof PHASES)[number];

export type MetricDefinition = {
  readonly unit: Unit;
  readonly better: "lower" | "higher";
  readonly measure: Measure;
  /** What it is, for schema, docs and report. */
  readonly description: string;
};

const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
type PercentileName = keyof typeof PERCENTILES;

const quantiles = <D extends DistributionName>(of: D, what: string): Record<`${D}.${PercentileName}`, MetricDefinition> =>
  Object.fromEntries(
    Object.entries(PERCENTILES).map(([name, p]) => [
      `${of}.${name}`,
      { unit: "s", better: "lower", measure: { kind: "quantile", of, p }, description: `${p * 100}th percentile of ${what}` },
    ]),
  ) as unknown as Record<`${D}.${PercentileName}`, MetricDefinition>;

const gauge = (unit: Unit, aggregate: "mean" | "max", description: string, scale: "relative" | "difference" = "relative") =>
  ({ unit, better: "lower", measure: { kind: "gauge", aggregate, scale }, description }) as const satisfies MetricDefinition;

const start = (description: string) =>
  ({ unit: "s", better: "lower", measure: { kind: "start" }, description }) as const satisfies MetricDefinition;

const TABLE = {
  ...quantiles("latency", "latency, counted from the intended start of a request to its end"),
  ...quantiles("service", "service time, counted from the request on the wire to its end"),
  ...quantiles("ttft", "time to the first token, counted from the intended start"),
  ...quantiles("itl", "the gap between successive token events of a stream"),
  ...quantiles("tpot", "time per output token after the first"),
  ...quantiles("phase.preprocess", "what the endpoint says that it spent before the queue: tokenization, decoding, resizing"),
  ...quantiles("phase.queue", "what the endpoint says that the request waited in its queue"),
  ...quantiles("phase.infer", "what the endpoint says that the model took"),
  ...quantiles("phase.postprocess", "what the endpoint says that it spent after the model"),
  throughput: {
    unit: "1/s",
    better: "higher",
    measure: { kind: "rate", of: "requests" },
    description: "requests answered correctly per second",
  },
  "throughput.tokens": { unit: "1/s", better: "higher", measure: { kind: "rate", of: "tokens" }, description: "output tokens per second" },
  "errors.ratio": {
    unit: "ratio",
    better: "lower",
    measure: { kind: "ratio", of: "failures" },
    description: "share of the offered requests that failed",
  },
  "retried.ratio": {
    unit: "ratio",
    better: "lower",
    measure: { kind: "ratio", of: "retries" },
    description: "share of the offered requests that were sent more than once, with a retry policy",
  },
  "wrong.ratio": {
    unit: "ratio",
    better: "lower",
    measure: { kind: "ratio", of: "wrong" },
    description: "share of the answers to labelled payloads that are not what the label says",
  },
  "cold.first_request": start("latency of the very first request"),
  "cold.first_success": start("time from the first request to the first correct answer"),
  "cold.steady": start("time from the first request to the beginning of the steady state, as warm-up: auto sees it"),
  "gpu.utilization": gauge("ratio", "mean", "share of time in which at least one kernel ran, mean over GPUs", "difference"),
  "gpu.sm_activity": gauge("ratio", "mean", "share of cycles in which a streaming multiprocessor had work, mean over GPUs", "difference"),
  "gpu.tensor_activity": gauge("ratio", "mean", "share of cycles in which the tensor pipe was active, mean over GPUs", "difference"),
  "gpu.dram_activity": gauge("ratio", "mean", "share of cycles in which GPU memory was read or written, mean over GPUs", "difference"),
  "gpu.memory.used": gauge("B", "mean", "GPU memory in use, summed over GPUs, mean over time"),
  "gpu.memory.peak": gauge("B", "max", "GPU memory in use, summed over GPUs, highest sample"),
  "gpu.power": gauge("W", "mean", "power draw, summed over GPUs"),
  "gpu.temperature": gauge("°C", "max", "temperature of the hottest GPU", "difference"),
  "gpu.sm_clock": { ...gauge("Hz", "mean", "clock of the streaming multiprocessors, mean over GPUs"), better: "higher" },
  "gpu.energy_per_request": gauge("J", "mean", "energy drawn by all GPUs per request answered correctly"),
  "cache.hit_ratio": {
    ...gauge("ratio", "mean", "share of the prompts' tokens that the endpoint's prefix cache knew", "difference"),
    better: "higher",
  },
  "queue.depth": gauge("1", "mean", "requests waiting in the server's queue"),
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof TABLE;
export const METRICS: Readonly<Record<MetricName, MetricDefinition>> = TABLE;
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export const isMetricName = (name: string): name is MetricName => Object.hasOwn(METRICS, name);

/** The metrics that telemetry fills, by name. */
export const GAUGE_NAMES = METRIC_NAMES.filter((name) => METRICS[name].measure.kind === "gauge");

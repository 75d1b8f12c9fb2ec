/**
 * Everything tailgate can measure, compare and gate: a closed table, no registry. A metric is added here, in the
 * recorder or the telemetry reader that fills it, and nowhere else.
 */

/** Base units. Times are seconds, sizes bytes, ratios lie in [0, 1]. */
export type Unit = "s" | "1/s" | "B" | "B/s" | "ratio" | "W" | "J" | "°C" | "Hz" | "1";

/**
 * How a metric is obtained, which decides how it is compared.
 * - `quantile`: a percentile of a recorded distribution (compared on the log scale, from block histograms).
 * - `rate`: events per second of measured time, one value per block.
 * - `mean`: an amount per answer, one value per block.
 * - `ratio`: a share of requests, compared as a difference.
 * - `cost`: the price of a block's time over what was answered in it, with the price that the suite names.
 * - `start`: how the endpoint started, one value a run, seen in its warm-up.
 * - `gauge`: telemetry, one aggregate per block. `difference` says that the natural comparison is in points, not percent.
 */
export type Measure =
  | { readonly kind: "quantile"; readonly of: DistributionName; readonly p: number }
  | { readonly kind: "rate"; readonly of: "requests" | "tokens" | "good" }
  | { readonly kind: "mean"; readonly of: "tokens" | "bytes" }
  | { readonly kind: "ratio"; readonly of: "failures" | "retries" | "wrong" | "changed" | "good" | "sessions" }
  | { readonly kind: "cost"; readonly of: "requests" | "tokens" }
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
  "ttfo", // first token event that is no reasoning − intended; kept where there was reasoning, and else the same as ttft
  "itl", // gaps between successive token events, pooled
  "tpot", // (last token − first token) / (tokens − 1) of one request
  "session", // latencies of all steps of a session that came to its end, added up: think time is no part of it
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
  /** `neither`: a change in either direction is one for the worse. A limit on such a metric is a bottom. */
  readonly better: "lower" | "higher" | "neither";
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

/** By the server's own counters of time, mean over the requests that they count in a block. */
const serverTime = (what: string) => gauge("s", "mean", `what a request ${what}, as the server counts it, mean over requests`);

const start = (description: string) =>
  ({ unit: "s", better: "lower", measure: { kind: "start" }, description }) as const satisfies MetricDefinition;

const TABLE = {
  ...quantiles("latency", "latency, counted from the intended start of a request to its end"),
  ...quantiles("service", "service time, counted from the request on the wire to its end"),
  ...quantiles("ttft", "time to the first token, counted from the intended start"),
  ...quantiles("ttfo", "time to the first token that is not reasoning, counted from the intended start"),
  ...quantiles("itl", "the gap between successive token events of a stream"),
  ...quantiles("tpot", "time per output token after the first"),
  ...quantiles("session", "the latency of a whole session: that of all its steps, without think time"),
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
  goodput: {
    unit: "1/s",
    better: "higher",
    measure: { kind: "rate", of: "good" },
    description: "requests per second that were answered correctly within all limits of the suite's goodput",
  },
  "goodput.ratio": {
    unit: "ratio",
    better: "higher",
    measure: { kind: "ratio", of: "good" },
    description: "share of the offered requests that were answered correctly within all limits of the suite's goodput",
  },
  cost_per_million: {
    unit: "1",
    better: "lower",
    measure: { kind: "cost", of: "requests" },
    description: "price of a million requests answered correctly, at the measured throughput and in the currency of cost.price-per-hour",
  },
  cost_per_million_tokens: {
    unit: "1",
    better: "lower",
    measure: { kind: "cost", of: "tokens" },
    description: "price of a million output tokens, at the measured throughput and in the currency of cost.price-per-hour",
  },
  "tokens.output.mean": {
    unit: "1",
    better: "neither",
    measure: { kind: "mean", of: "tokens" },
    description: "output tokens per answer; shorter and longer answers both count as a change for the worse",
  },
  "response.bytes.mean": {
    unit: "B",
    better: "neither",
    measure: { kind: "mean", of: "bytes" },
    description: "bytes of the body per answer that tells no tokens; shorter and longer answers both count as a change for the worse",
  },
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
  "changed.ratio": {
    unit: "ratio",
    better: "lower",
    measure: { kind: "ratio", of: "changed" },
    description:
      "share of the answers that differ from the base's first answer to the same payload, with check.same-answers and a live base",
  },
  "sessions.failed.ratio": {
    unit: "ratio",
    better: "lower",
    measure: { kind: "ratio", of: "sessions" },
    description: "share of the sessions that a failed step ended",
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
  "gpu.memory.utilization": gauge("ratio", "mean", "share of time in which GPU memory was read or written, mean over GPUs", "difference"),
  "gpu.power": gauge("W", "mean", "power draw, summed over GPUs"),
  "gpu.temperature": gauge("°C", "max", "temperature of the hottest GPU", "difference"),
  "gpu.sm_clock": { ...gauge("Hz", "mean", "clock of the streaming multiprocessors, mean over GPUs"), better: "higher" },
  "gpu.throttled": gauge("ratio", "mean", "share of time slowed down by heat, power brake or fault, of the GPU slowed most", "difference"),
  "gpu.power_capped": gauge("ratio", "mean", "share of time held at the power limit, of the GPU held most", "difference"),
  "gpu.pcie.rx": gauge("B/s", "mean", "bytes that the GPUs received over PCIe per second, summed over GPUs"),
  "gpu.pcie.tx": gauge("B/s", "mean", "bytes that the GPUs sent over PCIe per second, summed over GPUs"),
  "gpu.nvlink": gauge("B/s", "mean", "bytes sent and received over NVLink or xGMI per second, summed over GPUs"),
  "gpu.energy_per_request": gauge("J", "mean", "energy drawn by all GPUs per request answered correctly"),
  "gpu.energy_per_1k_tokens": gauge("J", "mean", "energy drawn by all GPUs per 1000 output tokens"),
  "queue.depth": gauge("1", "mean", "requests waiting in the server's queue"),
  "request.time": serverTime("took from its receipt to the end of its answer"),
  "queue.time": serverTime("waited in its queue"),
  "preprocess.time": serverTime("spent before the model: validation, tokenization, copies to the device"),
  "prefill.time": serverTime("took from leaving the queue to the first token"),
  "decode.time": serverTime("took from the first token to the last"),
  "inference.time": serverTime("spent in the model, prefill and decode together where it tells them apart"),
  "postprocess.time": serverTime("spent after the model"),
  "prefill.time_per_token": gauge("s", "mean", "time in prefill per token of the prompt, as the server counts it, over all its tokens"),
  "decode.time_per_token": gauge(
    "s",
    "mean",
    "time per output token after the first, as the server counts it, mean over tokens or requests",
  ),
  "requests.running": gauge("1", "mean", "requests that the server works on at a moment"),
  "batch.size": { ...gauge("1", "mean", "inferences per execution of the model, mean over executions"), better: "neither" },
  "kv_cache.utilization": gauge("ratio", "mean", "share of the KV cache in use, of the fullest engine", "difference"),
  "cache.hit_ratio": {
    ...gauge("ratio", "mean", "share of the prompts' tokens that the endpoint's prefix cache knew", "difference"),
    better: "higher",
  },
  preemptions: gauge("1/s", "mean", "requests per second that the server put back for want of KV cache"),
  "cpu.cores": gauge("1", "mean", "processor cores that the server's process keeps busy"),
  "memory.resident": gauge("B", "mean", "memory that the server's process holds in RAM, mean over time"),
  "memory.resident.peak": gauge("B", "max", "memory that the server's process holds in RAM, highest sample"),
  "host.cpu.utilization": gauge("ratio", "mean", "share of the host's processor time that was not idle", "difference"),
  "host.memory.used": gauge("B", "mean", "memory of the host that is not available to new programs"),
  "network.rx": gauge("B/s", "mean", "bytes that the host received per second, over interfaces that are no part of others"),
  "network.tx": gauge("B/s", "mean", "bytes that the host sent per second, over interfaces that are no part of others"),
  "disk.read": gauge("B/s", "mean", "bytes that the host read from whole disks per second"),
  "disk.written": gauge("B/s", "mean", "bytes that the host wrote to whole disks per second"),
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof TABLE;
export const METRICS: Readonly<Record<MetricName, MetricDefinition>> = TABLE;
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export const isMetricName = (name: string): name is MetricName => Object.hasOwn(METRICS, name);

/** 1 where a change by `change` is for the worse if it is upwards, −1 if it is downwards. */
export function worseSign(metric: MetricName, change: number): 1 | -1 {
  const { better } = METRICS[metric];
  return better === "lower" || (better === "neither" && change > 0) ? 1 : -1;
}

/** The metrics that telemetry fills, by name. */
export const GAUGE_NAMES = METRIC_NAMES.filter((name) => METRICS[name].measure.kind === "gauge");

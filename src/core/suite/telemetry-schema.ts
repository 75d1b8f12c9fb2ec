import { z } from "zod";
import { GAUGE_NAMES, type MetricName } from "../metric.ts";
import { EXPOSITION_KINDS, EXPOSITIONS, type ExpositionKind } from "../telemetry/kinds.ts";
import { choice, quantity, template, url } from "./fields.ts";

const SERIES = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** `name` or `name{label="value",…}`, as Prometheus writes it. */
const SELECTOR = /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{\s*([a-zA-Z_]\w*\s*=\s*"[^"]*"\s*(,\s*|(?=\})))*\})?$/;

const selectorSchema = z.union([
  z
    .string()
    .regex(SELECTOR)
    .describe('Name of the series, with labels if they matter: `queue_size{model="a"}`.')
    .meta({ examples: ["vllm:num_requests_waiting"] }),
  z.strictObject({
    series: z
      .string()
      .regex(SERIES)
      .describe("Name of the series.")
      .meta({ examples: ["vllm:prefix_cache_hits_total"] }),
    whole: z
      .string()
      .regex(SELECTOR)
      .describe(
        "Both are counters, and the metric is the increase of `series` over the increase of this in each block: hits over queries, or the sum of a histogram over its count.",
      )
      .meta({ examples: ["vllm:prefix_cache_queries_total"] })
      .optional(),
    rate: choice(["yes", "no"], "Whether `series` is a counter, and the metric its increase per second.").default("no"),
    labels: z
      .record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string())
      .describe("Only series with these labels.")
      .meta({ examples: [{ model_name: "my-model" }] })
      .prefault({}),
    aggregate: choice(["sum", "mean", "max"], "What to do with several matching series. Default: as the metric is defined.").optional(),
    scale: z
      .number()
      .gt(0)
      .describe("Multiplied with the value of `series` to reach the base unit: 0.01 for percent, 1048576 for MiB, 0.001 for ms.")
      .default(1),
  }),
]);

/** Energy per tokens comes from the counters that `gpu.energy_per_request` names. */
const SELECTABLE = GAUGE_NAMES.filter((name) => name !== "gpu.energy_per_1k_tokens");
const metricsShape = Object.fromEntries(
  SELECTABLE.map((name) => [
    name,
    selectorSchema
      .describe("The series that this metric is read from.")
      .meta({ examples: ["vllm:num_requests_waiting"] })
      .optional(),
  ]),
);

const expositionsShape = Object.fromEntries(
  EXPOSITION_KINDS.map((kind) => {
    const { title, example } = EXPOSITIONS[kind];
    return [
      kind,
      url(`Exposition of ${title}.`)
        .meta({ examples: [example] })
        .optional(),
    ];
  }),
) as Record<ExpositionKind, z.ZodOptional<ReturnType<typeof url>>>;

/** Indices or UUIDs, as nvidia-smi takes them behind `-i`. */
const GPUS = /^(all|(\d{1,3}|GPU-[0-9a-fA-F-]{4,40})(, ?(\d{1,3}|GPU-[0-9a-fA-F-]{4,40}))*)$/;
const gpus = (description: string) =>
  z
    .union([z.string().regex(GPUS), z.int().min(0).max(999)])
    .transform((written) => String(written).replaceAll(" ", ""))
    .describe(description)
    .meta({ examples: ["all", "0,1"] });

/** Every entry has exactly one of these. */
export const SOURCE_KEYS = [...EXPOSITION_KINDS, "nvidia-smi", "prometheus", "promql", "url"] as const;

/** What an expression of PromQL gives is a value of its moment: energy per tokens comes from a counter. */
const queriesShape = Object.fromEntries(
  SELECTABLE.filter((name) => name !== "gpu.energy_per_request").map((name) => [
    name,
    z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .describe("An expression of PromQL that gives one value, in the metric's base unit.")
      .meta({ examples: ["sum(my_queue_size{$labels})"] })
      .optional(),
  ]),
) as Record<MetricName, z.ZodOptional<z.ZodString>>;

const labels = (description: string) =>
  z
    .record(z.string().regex(/^[a-zA-Z_]\w*$/), template("Value of the label."))
    .check((context) => {
      const { value: input } = context;
      if (Object.keys(input).length > 0) return;
      const hint = "write for example { job: preview }";
      context.issues.push({ code: "custom", message: "no label is named", input, params: { hint } });
    })
    .describe(description);

export const telemetrySchema = z
  .strictObject({
    ...expositionsShape,
    "nvidia-smi": gpus("GPUs of the machine that tailgate runs on, by index or UUID: nvidia-smi is asked for them.").optional(),
    prometheus: url("Any Prometheus exposition; `metrics` says what to read.")
      .meta({ examples: ["http://preview:8000/metrics"] })
      .optional(),
    promql: url("A Prometheus server that scrapes the endpoints; `labels` say which series are theirs.")
      .meta({ examples: ["http://prometheus:9090"] })
      .optional(),
    url: url("An exposition whose kind is seen by what it exposes.")
      .meta({ examples: ["http://preview:9400/metrics"] })
      .optional(),
    baseline: url("The same for the baseline endpoint. Without it, one exposition serves both.")
      .meta({ examples: ["http://base:9400/metrics"] })
      .optional(),
    "baseline-gpus": gpus("`nvidia-smi`: the GPUs of the baseline endpoint. Without it, the same serve both.").optional(),
    arm: choice(["both", "head", "base"], "Which endpoint this tells about. Default: both.").optional(),
    interval: quantity("duration", "Time between two readings.", { least: "100ms", most: "1m" }).prefault("1s"),
    metrics: z
      .strictObject(metricsShape as Record<MetricName, z.ZodOptional<typeof selectorSchema>>)
      .describe("`prometheus` and `promql`: metric → series it is read from.")
      .meta({ examples: [{ "queue.depth": "vllm:num_requests_waiting" }] })
      .optional(),
    labels: labels("`promql`: the labels by which Prometheus knows the series of the head, or of both endpoints.")
      .meta({ examples: [{ job: "preview" }] })
      .optional(),
    "baseline-labels": labels("`promql`: the same for the baseline endpoint.")
      .meta({ examples: [{ job: "base" }] })
      .optional(),
    queries: z
      .strictObject(queriesShape)
      .describe(
        "`promql`: metric → expression that gives it in its base unit, evaluated every `interval`, but not more often than Prometheus scrapes. `$labels` stands for the labels of the endpoint.",
      )
      .meta({ examples: [{ "queue.depth": "sum(vllm:num_requests_waiting{$labels})" }] })
      .optional(),
  })
  .meta({
    description: "Where numbers beside latency come from: GPUs, queues, caches, processors, memory.",
    oneOf: SOURCE_KEYS.map((key) => ({ required: [key] })),
  });

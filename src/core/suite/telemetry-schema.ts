import { z } from "zod";
import { GAUGE_NAMES, type MetricName } from "../metric.ts";
import { choice, quantity, url } from "./fields.ts";

const SERIES = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** `name` or `name{label="value",…}`, as Prometheus writes it. */
const SELECTOR = /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{\s*([a-zA-Z_]\w*\s*=\s*"[^"]*"\s*(,\s*|(?=\})))*\})?$/;

const selectorSchema = z.union([
  z.string().regex(SELECTOR).describe('Name of the series, with labels if they matter: `queue_size{model="a"}`.'),
  z.strictObject({
    series: z.string().regex(SERIES).describe("Name of the series."),
    whole: z
      .string()
      .regex(SELECTOR)
      .describe(
        "For a share: `series` counts a part of what this counts, and the metric is the increase of the one over that of the other in each block.",
      )
      .meta({ examples: ["vllm:prefix_cache_queries_total"] })
      .optional(),
    labels: z
      .record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string())
      .describe("Only series with these labels.")
      .prefault({}),
    aggregate: choice(["sum", "mean", "max"], "What to do with several matching series. Default: as the metric is defined.").optional(),
    scale: z
      .number()
      .gt(0)
      .describe("Multiplied with the exposed value to reach the base unit: 0.01 for percent, 1048576 for MiB.")
      .default(1),
  }),
]);

const metricsShape = Object.fromEntries(GAUGE_NAMES.map((name) => [name, selectorSchema.optional()]));

export const telemetrySchema = z
  .strictObject({
    dcgm: url("Exposition of NVIDIA's DCGM exporter.")
      .meta({ examples: ["http://preview:9400/metrics"] })
      .optional(),
    prometheus: url("Any Prometheus exposition; `metrics` says what to read.")
      .meta({ examples: ["http://preview:8000/metrics"] })
      .optional(),
    baseline: url("The same for the baseline endpoint. Without it, one exposition serves both.").optional(),
    interval: quantity("duration", "Time between two readings.", { least: "100ms", most: "1m" }).prefault("1s"),
    metrics: z
      .strictObject(metricsShape as Record<MetricName, z.ZodOptional<typeof selectorSchema>>)
      .describe("`prometheus`: metric → series it is read from.")
      .meta({ examples: [{ "queue.depth": "vllm:num_requests_waiting" }] })
      .optional(),
  })
  .meta({ description: "Where GPU and queue numbers come from.", oneOf: [{ required: ["dcgm"] }, { required: ["prometheus"] }] });

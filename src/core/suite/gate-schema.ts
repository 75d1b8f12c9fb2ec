import { z } from "zod";
import { METRIC_NAMES, METRICS, type MetricName } from "../metric.ts";
import { quantity } from "./fields.ts";
import { QUANTITY_OF_UNIT, type Quantity } from "./units.ts";

/** Is a change of this metric a difference in its own unit (points, degrees) and not a percentage of the base? */
export function comparedAsDifference(metric: MetricName): boolean {
  const { measure } = METRICS[metric];
  return measure.kind === "ratio" || (measure.kind === "gauge" && measure.scale === "difference");
}

/** One key per metric: an editor completes them, and every number is asked for in the metric's own unit. */
export const gatesSchema = z
  .strictObject(Object.fromEntries(METRIC_NAMES.map((name) => [name, gateSchema(name).optional()])) as GatesShape)
  .describe(
    "What must hold, by metric. Default: latency p50 by 5%, p95 and p99 by 10% (of a stream of tokens the first token instead, and its pace), throughput by 5%, errors. Gating anything limits errors to 5% as well; `{}` gates nothing.",
  )
  .meta({ examples: [{ "latency.p99": { regression: "10%", floor: "2ms", limit: "500ms" } }] });

type GatesShape = { [M in MetricName]: z.ZodOptional<ReturnType<typeof gateSchema>> };

function gateSchema(name: MetricName) {
  const { unit, better, description } = METRICS[name];
  const inUnit = QUANTITY_OF_UNIT[unit];
  const difference = comparedAsDifference(name);
  const change: Quantity = !difference ? "percent" : unit === "ratio" ? "points" : "temperature difference";
  const what = difference ? "in its own unit (points, not percent of the base)" : "relative to the base";
  // Less than nothing cannot be lost: a throughput that may fall by 100 % would be a gate that never closes.
  const most = better !== "lower" ? { most: "99%" } : {};
  return z
    .strictObject({
      regression: quantity(change, `Smallest change for the worse that is worth blocking, ${what}.`, difference ? {} : most).optional(),
      floor: quantity(
        unit === "ratio" ? "points" : inUnit,
        "Smallest absolute change worth blocking; smaller ones pass whatever their percentage.",
        { allowZero: true, example: unit === "s" ? "2ms" : undefined },
      ).optional(),
      limit: quantity(inUnit, `Hard ${better === "lower" ? "ceiling" : "bottom"}, decided without a baseline.`, {
        allowZero: unit === "ratio",
        example: unit === "s" ? "500ms" : undefined,
        ...(unit === "ratio" ? { most: "100%" } : {}),
      }).optional(),
    })
    .meta({
      description: `${description}.`,
      examples: [{ regression: change === "temperature difference" ? "5°C" : difference ? "1%" : "10%" }],
      anyOf: [{ required: ["regression"] }, { required: ["limit"] }],
    });
}

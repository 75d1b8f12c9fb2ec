import { METRICS, type MetricName } from "../metric.ts";
import { comparedAsDifference } from "../suite/gate-schema.ts";
import { type ParsedQuantity, parseQuantity, QUANTITY_OF_UNIT } from "../suite/units.ts";
import type { Target } from "./target.ts";

/**
 * How bad a metric may be. A regression is bounded by its change from the baseline, a broken limit by the value itself:
 * there may be no baseline to change from.
 */
export type Largest =
  /** `size` > 0: a ratio (0.3 is 30 %), a share of requests (0.02 is 2 points), or degrees. */
  | { readonly of: "regression"; readonly in: ChangeUnit; readonly size: number }
  /** In the metric's unit. */
  | { readonly of: "limit"; readonly value: number };

/** The number alone: a change for the worse, > 0, on the scale on which the metric changes, or a value in its unit. */
export const sizeOf = (largest: Largest): number => (largest.of === "limit" ? largest.value : largest.size);

export type ChangeUnit = "percent" | "points" | "degrees";

/** In what the change of a metric is told, judged and accepted. */
export const changeUnit = (metric: MetricName): ChangeUnit =>
  !comparedAsDifference(metric) ? "percent" : METRICS[metric].unit === "ratio" ? "points" : "degrees";

type Mistake = { readonly problem: string; readonly hint: string };

/** Reads what stands after `up to`. All targets must be told in the same unit. */
export function readLargest(text: string, of: Largest["of"], targets: readonly Target[]): Largest | Mistake {
  const metrics = targets.map(({ metric }) => metric);
  return of === "limit" ? readValue(text, metrics) : readChange(text, metrics);
}

function readValue(text: string, metrics: readonly Target["metric"][]): Largest | Mistake {
  const [first, ...others] = metrics;
  if (first === undefined || first === "*" || others.includes("*")) {
    return {
      problem: "a limit cannot be accepted with *",
      hint: "name the metric: a hard limit is there so that nobody passes it by accident",
    };
  }
  const { unit } = METRICS[first];
  const odd = others.find((metric) => metric !== "*" && METRICS[metric].unit !== unit);
  if (odd !== undefined) return { problem: `${first} and ${odd} have different units`, hint: "accept them in two lines" };
  const read = inQuantity(text, QUANTITY_OF_UNIT[unit]);
  if (read.value === undefined) return { problem: read.problem, hint: read.hint };
  return { of: "limit", value: read.value };
}

function readChange(text: string, metrics: readonly Target["metric"][]): Largest | Mistake {
  const written = unitOf(text);
  if (written === undefined) return { problem: `"${text}" is no size of a change`, hint: "write a percentage, for example 30%" };
  const odd = metrics.find((metric) => metric !== "*" && changeUnit(metric) !== written);
  if (odd !== undefined && odd !== "*") {
    const unit = changeUnit(odd);
    return { problem: `${odd} changes by ${NAMES[unit]}, not by ${NAMES[written]}`, hint: `write it like "up to ${EXAMPLES[unit]}"` };
  }
  const number = text.replace(/\s*(?:points?|pp)$/i, "%");
  const read = inQuantity(number, ({ percent: "percent", points: "points", degrees: "temperature difference" } as const)[written]);
  if (read.value === undefined) return { problem: read.problem, hint: read.hint };
  if (read.value === 0) return { problem: "no change is no regression to accept", hint: "write how much worse it may be" };
  const falls = metrics.find((metric) => metric !== "*" && METRICS[metric].better === "higher");
  if (falls !== undefined && written === "percent" && read.value >= 1) {
    return { problem: `${falls} cannot lose more than all of itself`, hint: "write less than 100%" };
  }
  return { of: "regression", in: written, size: read.value };
}

/** The unit is what a reader sees in the report: a share of requests changes by points, since a percentage of it would mislead. */
function unitOf(text: string): ChangeUnit | undefined {
  if (/\d\s*%$/.test(text)) return "percent";
  if (/\d\s*(?:points?|pp)$/i.test(text)) return "points";
  return /\d\s*°?C$/.test(text) ? "degrees" : undefined;
}

const NAMES: Readonly<Record<ChangeUnit, string>> = { percent: "a percentage", points: "points", degrees: "degrees" };
const EXAMPLES: Readonly<Record<ChangeUnit, string>> = { percent: "30%", points: "2 points", degrees: "5°C" };

const inQuantity = (text: string, quantity: Parameters<typeof parseQuantity>[1]): ParsedQuantity =>
  parseQuantity(quantity === "count" && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : text, quantity);

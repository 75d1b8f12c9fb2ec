import type { GateFinding } from "../doctor/examination.ts";
import type { GatedMetric } from "../doctor/gated.ts";
import type { Count } from "../doctor/trials.ts";
import { formatPercent, formatQuantity } from "./quantity.ts";
import { worseningText } from "./words.ts";

/** `latency.p99`, or `latency.p99 in steady` where several scenarios are gated. */
export const gateName = ({ scenario, metric }: GatedMetric, all: readonly GatedMetric[]): string =>
  new Set(all.map((gate) => gate.scenario)).size > 1 ? `${metric} in ${scenario}` : metric;

/** `+7 %`: a size of worsening in the direction that is worse for the metric. */
export const sizeText = ({ metric }: Pick<GatedMetric, "metric">, { scale }: Pick<GateFinding, "scale">, size: number): string =>
  worseningText({ metric, delta: { scale } }, size);

/** `0 of 200 (at most 1.5 %)`; from the first one on both bounds are given. */
export function chanceText({ count, of, low, high }: Count): string {
  const bounds = count === 0 ? `at most ${formatPercent(high)}` : `${formatPercent(low)} to ${formatPercent(high)}`;
  return `${formatQuantity(count, "1")} of ${formatQuantity(of, "1")} (${bounds})`;
}

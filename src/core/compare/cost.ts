import type { MetricName } from "../metric.ts";
import type { RecordedLoad } from "../record/run-record.ts";
import type { Blocks } from "./scenario-data.ts";

/**
 * Blocks that also tell what they cost: price × time over what was answered correctly in it. Only of a closed loop, which
 * takes what the endpoint gives. In an open loop the schedule fixes the throughput, and the quotient of price and schedule
 * says nothing about an endpoint.
 *
 * @param pricePerHour of all that serves the endpoint, in any currency.
 */
export function withCost(blocks: Blocks, load: RecordedLoad, pricePerHour: number | undefined): Blocks {
  if (pricePerHour === undefined || load.kind !== "closed") return blocks;
  return blocks.map((block) => {
    const { durationS, ok, drained, tokens } = block;
    const microPrice = (pricePerHour / 3600) * durationS * 1e6;
    const costs: readonly (readonly [MetricName, number])[] = [
      ["cost_per_million", microPrice / (ok - (drained?.ok ?? 0))],
      ["cost_per_million_tokens", tokens === undefined ? Number.NaN : microPrice / (tokens.output - (drained?.tokens ?? 0))],
    ];
    const told = costs.flatMap(([metric, mean]) =>
      Number.isFinite(mean) ? [[metric, { n: 1, mean, min: mean, max: mean }] as const] : [],
    );
    return { ...block, gauges: { ...block.gauges, ...Object.fromEntries(told) } };
  });
}

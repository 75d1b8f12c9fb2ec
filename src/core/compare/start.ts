import type { MetricName } from "../metric.ts";
import type { WarmUpRecord } from "../record/run-record.ts";
import { estimateArm } from "./arm.ts";
import type { Blocks, ScenarioData } from "./scenario-data.ts";
import type { HeadOnly, Shift } from "./shift.ts";

/** Blocks of which the first one also tells how the arm started, as far as that is known. */
export function withStart(blocks: Blocks, { firstRequestS, firstSuccessS, steadyS }: WarmUpRecord): Blocks {
  const starts: readonly (readonly [MetricName, number | undefined])[] = [
    ["cold.first_request", firstRequestS],
    ["cold.first_success", firstSuccessS],
    ["cold.steady", steadyS],
  ];
  const seen = starts.flatMap(([metric, value]) =>
    value === undefined ? [] : [[metric, { n: 1, mean: value, min: value, max: value }] as const],
  );
  return blocks.map((block, i) => (i > 0 ? block : { ...block, gauges: { ...block.gauges, ...Object.fromEntries(seen) } }));
}

/** The starts of both arms of a live run. Each happened once, one after the other: there is no spread to judge a change by. */
export function liveStart(metric: MetricName, data: ScenarioData & { readonly against: { readonly kind: "pairs" } }): Shift | HeadOnly {
  const head = estimateArm(metric, data.heads.flat(), data.read);
  const bases = data.against.pairs.map((pair) => pair.base);
  const base = estimateArm(metric, bases, data.read);
  if (head === undefined || base === undefined) return { head, obstacles: [] };
  const isPositive = head.value > 0 && base.value > 0;
  return {
    scale: isPositive ? "log" : "linear",
    base,
    head,
    estimate: isPositive ? Math.log(head.value / base.value) : head.value - base.value,
    spread: undefined,
    lastingError: undefined,
    obstacles: [{ code: "single-start", detail: {} }],
  };
}

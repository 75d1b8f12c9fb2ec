import { METRICS, type MetricName } from "../metric.ts";
import { scaleBins } from "../stats/bins.ts";
import type { Gate } from "../suite/suite.ts";
import type { Comparison } from "./comparison.ts";
import { type Conclusion, concludeShift } from "./conclude.ts";
import type { TestLevels } from "./levels.ts";
import { type Change, changedBlock, changeTo } from "./planted-block.ts";
import type { ScenarioData } from "./scenario-data.ts";
import type { HeadOnly, Shift } from "./shift.ts";

/**
 * Would the gate have seen its margin? The head's own numbers are made worse until the head is worse than the base by
 * just the margin: its times are multiplied, answers taken away, gauges raised. Then they are compared like any others.
 * Where the noise hides the margin, or something upstream takes worse for better, no fail comes out.
 *
 * @param conclusion of the head as it is.
 * @returns undefined where nothing can be planted: no regression gate, a start, a percentage of nothing.
 */
export function plantMargin(
  metric: MetricName,
  data: ScenarioData,
  { conclusion, gate, levels, shiftOf }: Planting,
): Comparison["planted"] | undefined {
  const { margin, delta } = conclusion;
  if (margin === undefined || delta === undefined) return undefined;
  // A hair more than the margin, which would else be missed by rounding.
  const change = changeTo(metric, margin * (1 + 1e-6), delta);
  if (change === undefined) return undefined;
  const again = shiftOf(metric, changed(metric, data, change));
  if (again.estimate === undefined) return undefined;
  const planted = concludeShift(metric, again, gate, levels);
  return { size: margin, worse: planted.worse, worseLow: planted.worseLow, margin: planted.margin };
}

export type Planting = {
  readonly conclusion: Conclusion;
  readonly gate: Gate | undefined;
  readonly levels: TestLevels;
  readonly shiftOf: (metric: MetricName, data: ScenarioData) => Shift | HeadOnly;
};

/** Times are scaled as they are read, which spares encoding them anew. */
function changed(metric: MetricName, data: ScenarioData, change: Change): ScenarioData {
  const heads = data.heads.flat();
  if (METRICS[metric].measure.kind === "quantile") {
    const isHead = new Set(heads);
    return { ...data, read: (block, of) => (isHead.has(block) ? scaleBins(data.read(block, of), change.times) : data.read(block, of)) };
  }
  const worse = new Map(heads.map((block) => [block, changedBlock(metric, block, change)]));
  const { against } = data;
  return {
    ...data,
    heads: data.heads.map((blocks) => blocks.map((block) => worse.get(block)!)),
    against:
      against.kind === "pairs"
        ? { ...against, pairs: against.pairs.map(({ base, head }) => ({ base, head: worse.get(head) ?? head })) }
        : against,
  };
}

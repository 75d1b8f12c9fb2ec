import { METRICS, type MetricName } from "../metric.ts";
import { studentQuantile } from "../stats/distributions.ts";
import { estimateArm } from "./arm.ts";
import type { Comparison } from "./comparison.ts";
import type { TestLevels } from "./levels.ts";
import type { ScenarioData } from "./scenario-data.ts";
import { betweenRunsOf } from "./stored.ts";

/**
 * One-sided bounds of the head for a hard limit. They need no baseline: how the head varied from block to block. Where
 * runs are stored, what they say about the spread between runs is added, since the limit is a promise about the next
 * run too (not for the share of failures, whose bounds are exact).
 *
 * How an endpoint started is a fact of this run: the slowest start seen bounds itself.
 *
 * @param censored the percentile lies among requests that ran into the deadline: nothing bounds it from above.
 * @returns undefined where the head does not measure the metric.
 */
export function limitBounds(metric: MetricName, data: ScenarioData, test: TestLevels, censored: boolean): Comparison["limit"] {
  const lowerIsBetter = METRICS[metric].better === "lower";
  const levels = lowerIsBetter ? { low: test.fail, high: test.pass } : { low: test.pass, high: test.fail };
  const arm = estimateArm(metric, data.heads.flat(), data.read, levels);
  if (arm === undefined) return undefined;
  const { value } = arm;
  if (METRICS[metric].measure.kind === "start") return { value, low: value, high: value };
  const high = censored ? undefined : arm.high;
  const { against } = data;
  if (against.kind !== "runs" || METRICS[metric].measure.kind === "ratio") return { value, low: arm.low, high };

  const { deviation, scale, df } = betweenRunsOf(metric, { ...data, against });
  const error = deviation / Math.sqrt(data.heads.length);
  const further = (bound: number | undefined, tail: number): number | undefined => {
    if (bound === undefined) return undefined;
    const t = studentQuantile(1 - tail, df);
    const within = scale === "log" ? Math.log(bound / value) : bound - value;
    const distance = Math.sign(within) * Math.hypot(within, t * error);
    return scale === "log" ? value * Math.exp(distance) : value + distance;
  };
  return { value, low: further(arm.low, levels.low), high: further(high, levels.high) };
}

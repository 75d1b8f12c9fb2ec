import { METRICS, type MetricName } from "../metric.ts";
import type { Obstacle } from "./comparison.ts";
import { type Blocks, basesOf, type ScenarioData } from "./scenario-data.ts";

/** A smaller difference of the shares moves no percentile that a gate looks at by much. */
const NOTABLE = 0.01;

/**
 * Whether a phase that the endpoint tells of is told in another share of the answers than before: the two percentiles are
 * then those of different requests. Counts from one point on, and beyond three standard errors.
 */
export function phaseObstacle(metric: MetricName, data: ScenarioData): Obstacle | undefined {
  const { measure } = METRICS[metric];
  if (measure.kind !== "quantile" || !measure.of.startsWith("phase.")) return undefined;
  const shareIn = (blocks: Blocks) => {
    const answers = blocks.reduce((sum, { ok }) => sum + ok, 0);
    const share = blocks.reduce((sum, block) => sum + data.read(block, measure.of).total, 0) / answers;
    return { share, variance: (share * (1 - share)) / answers };
  };
  const [base, head] = [shareIn(basesOf(data)), shareIn(data.heads.flat())];
  const difference = Math.abs(head.share - base.share);
  if (!(difference >= NOTABLE && difference > 3 * Math.sqrt(base.variance + head.variance))) return undefined;
  return { code: "phase-share-differs", detail: { base: base.share, head: head.share } };
}

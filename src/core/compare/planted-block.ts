import { METRICS, type MetricName } from "../metric.ts";
import type { BlockRecord, GaugeSummary } from "../record/run-record.ts";
import { differs } from "./arm.ts";
import type { Delta } from "./comparison.ts";

/** What is done to every value of a head: times a factor, and plus a summand in the metric's unit. */
export type Change = { readonly times: number; readonly plus: number };

/**
 * The change that makes a head worse than its base by `target` (better, where that is negative), whatever it was before.
 *
 * What is worse in time, in failures and in answers is said here once more, beside the table of metrics, so that a wrong
 * direction there shows: what was made worse on purpose then counts as an improvement.
 *
 * @param delta the change as it is, on whose scale `target` is meant.
 * @returns undefined where no head can be that much worse: of nothing there is no percentage, and no more than all of a
 *   throughput can be lost. A start is seen once, and not changed.
 */
export function changeTo(metric: MetricName, target: number, delta: Delta): Change | undefined {
  const { measure, better } = METRICS[metric];
  if (measure.kind === "start") return undefined;
  const isMore = measure.kind === "quantile" || measure.kind === "ratio" || (measure.kind === "gauge" && better === "lower");
  const direction = isMore ? 1 : -1;
  if (differs(metric)) return { times: 1, plus: direction * target - delta.absolute };
  if (delta.scale !== "relative" || delta.relative === undefined) return undefined;
  const times = (1 + direction * target) / (1 + delta.relative);
  return Number.isFinite(times) && times > 0 ? { times, plus: 0 } : undefined;
}

/**
 * A block with a change of one metric that is no percentile; distributions stay as they are. Shares need not come out in
 * whole requests: such a block is judged and never stored.
 */
export function changedBlock(metric: MetricName, block: BlockRecord, change: Change): BlockRecord {
  const { measure } = METRICS[metric];
  switch (measure.kind) {
    case "rate":
      // Fewer answers a second: the same number in more time. Failures stay what they are.
      return { ...block, durationS: block.durationS / change.times };
    case "ratio":
      if (measure.of === "failures") return withFailures(block, change.plus);
      return measure.of === "retries" ? withRetries(block, change.plus) : withWrongAnswers(block, change.plus);
    case "gauge": {
      const gauge = block.gauges[metric];
      return gauge === undefined ? block : { ...block, gauges: { ...block.gauges, [metric]: moved(gauge, change) } };
    }
    default:
      return block;
  }
}

function withFailures(block: BlockRecord, plus: number): BlockRecord {
  const ok = Math.min(block.offered, Math.max(0, block.ok - plus * block.offered));
  return { ...block, ok, failures: { ...block.failures, status: Math.max(0, (block.failures.status ?? 0) + block.ok - ok) } };
}

function withRetries(block: BlockRecord, plus: number): BlockRecord {
  if (block.attempts === undefined) return block;
  const retried = Math.min(block.offered, Math.max(0, block.attempts.retried + plus * block.offered));
  return { ...block, attempts: { ...block.attempts, retried } };
}

function withWrongAnswers(block: BlockRecord, plus: number): BlockRecord {
  if (block.labelled === undefined) return block;
  const { answers, wrong } = block.labelled;
  return { ...block, labelled: { answers, wrong: Math.min(answers, Math.max(0, wrong + plus * answers)) } };
}

const moved = ({ n, mean, min, max }: GaugeSummary, { times, plus }: Change): GaugeSummary => ({
  n,
  mean: mean * times + plus,
  min: min * times + plus,
  max: max * times + plus,
});

import { METRICS, type Measure, type MetricName } from "../metric.ts";
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
  const isShareOfBad = measure.kind === "ratio" && measure.of !== "good";
  const isMore = measure.kind === "quantile" || isShareOfBad || measure.kind === "cost" || (measure.kind === "gauge" && better === "lower");
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
      return withShare(measure.of, block, change.plus);
    case "mean":
      if (measure.of === "bytes")
        return block.bodies === undefined ? block : { ...block, bodies: { ...block.bodies, bytes: block.bodies.bytes * change.times } };
      return block.tokens === undefined ? block : { ...block, tokens: { ...block.tokens, output: block.tokens.output * change.times } };
    case "cost":
    case "gauge": {
      const gauge = block.gauges[metric];
      return gauge === undefined ? block : { ...block, gauges: { ...block.gauges, [metric]: moved(gauge, change) } };
    }
    default:
      return block;
  }
}

function withShare(of: Extract<Measure, { readonly kind: "ratio" }>["of"], block: BlockRecord, plus: number): BlockRecord {
  switch (of) {
    case "failures":
      return withFailures(block, plus);
    case "retries":
      return withRetries(block, plus);
    case "wrong":
      return withWrongAnswers(block, plus);
    case "changed":
      return withChangedAnswers(block, plus);
    case "good":
      return withGoodAnswers(block, plus);
    case "sessions":
      return withBrokenSessions(block, plus);
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

function withChangedAnswers(block: BlockRecord, plus: number): BlockRecord {
  if (block.compared === undefined) return block;
  const { answers, changed } = block.compared;
  return { ...block, compared: { answers, changed: Math.min(answers, Math.max(0, changed + plus * answers)) } };
}

function withBrokenSessions(block: BlockRecord, plus: number): BlockRecord {
  if (block.sessions === undefined) return block;
  const { ended, completed } = block.sessions;
  return { ...block, sessions: { ended, completed: Math.min(ended, Math.max(0, completed - plus * ended)) } };
}

function withGoodAnswers(block: BlockRecord, plus: number): BlockRecord {
  if (block.good === undefined) return block;
  const { answers, within } = block.good;
  return { ...block, good: { answers: Math.min(block.offered, Math.max(0, answers + plus * block.offered)), within } };
}

const moved = ({ n, mean, min, max }: GaugeSummary, { times, plus }: Change): GaugeSummary => ({
  n,
  mean: mean * times + plus,
  min: min * times + plus,
  max: max * times + plus,
});

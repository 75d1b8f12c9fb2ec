import { differs } from "../compare/arm.ts";
import { METRICS, type MetricName } from "../metric.ts";
import { scaleEncoded } from "../record/distribution.ts";
import type { BlockRecord, GaugeSummary, RunRecord } from "../record/run-record.ts";

/** What is done to the head of a run: every value times a factor and plus a summand in the metric's unit. */
export type Change = { readonly times: number; readonly plus: number };

/**
 * The change that makes the head worse than the base by `target` (better, where that is negative), on the delta's scale,
 * if it is worse by `already` now.
 *
 * @returns undefined where no head can be that much worse: more than all of a throughput, or of nothing.
 */
export function changeTo(metric: MetricName, target: number, already: number): Change | undefined {
  const direction = METRICS[metric].better === "lower" ? 1 : -1;
  if (differs(metric)) return { times: 1, plus: direction * (target - already) };
  const times = (1 + direction * target) / (1 + direction * already);
  return Number.isFinite(times) && times > 0 ? { times, plus: 0 } : undefined;
}

/** The run with a change of one metric in the head arm of one scenario. Histograms are encoded anew, as a slower endpoint would have left them. */
export const plantChange = (record: RunRecord, scenario: string, metric: MetricName, change: Change): RunRecord => ({
  ...record,
  scenarios: record.scenarios.map((one) =>
    one.name !== scenario || one.arms.head === undefined
      ? one
      : {
          ...one,
          arms: { ...one.arms, head: { ...one.arms.head, blocks: one.arms.head.blocks.map((block) => changed(metric, block, change)) } },
        },
  ),
});

function changed(metric: MetricName, block: BlockRecord, { times, plus }: Change): BlockRecord {
  const { measure } = METRICS[metric];
  switch (measure.kind) {
    case "quantile": {
      const encoded = block.histograms[measure.of];
      return encoded === undefined ? block : { ...block, histograms: { ...block.histograms, [measure.of]: scaleEncoded(encoded, times) } };
    }
    case "rate":
      // Fewer answers a second: the same number in more time. Failures stay what they are.
      return { ...block, durationS: block.durationS / times };
    case "ratio":
      return measure.of === "failures" ? withFailures(block, plus) : withRetries(block, plus);
    case "gauge": {
      const name = metric === "gpu.energy_per_request" && block.gauges[metric] === undefined ? "gpu.power" : metric;
      const gauge = block.gauges[name];
      return gauge === undefined ? block : { ...block, gauges: { ...block.gauges, [name]: moved(gauge, { times, plus }) } };
    }
    case "start":
      return block;
  }
}

/** Shares need not come out in whole requests: this record is judged and never stored. */
function withFailures(block: BlockRecord, plus: number): BlockRecord {
  const ok = Math.min(block.offered, Math.max(0, block.ok - plus * block.offered));
  return { ...block, ok, failures: { ...block.failures, status: Math.max(0, (block.failures.status ?? 0) + block.ok - ok) } };
}

function withRetries(block: BlockRecord, plus: number): BlockRecord {
  if (block.attempts === undefined) return block;
  const retried = Math.min(block.offered, Math.max(0, block.attempts.retried + plus * block.offered));
  return { ...block, attempts: { ...block.attempts, retried } };
}

const moved = ({ n, mean, min, max }: GaugeSummary, { times, plus }: Change): GaugeSummary => ({
  n,
  mean: mean * times + plus,
  min: min * times + plus,
  max: max * times + plus,
});

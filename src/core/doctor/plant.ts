import { type Change, changedBlock } from "../compare/planted-block.ts";
import { METRICS, type MetricName } from "../metric.ts";
import { scaleEncoded } from "../record/distribution.ts";
import type { BlockRecord, RunRecord } from "../record/run-record.ts";

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

function changed(metric: MetricName, block: BlockRecord, change: Change): BlockRecord {
  const { measure } = METRICS[metric];
  if (measure.kind !== "quantile") return changedBlock(metric, block, change);
  const encoded = block.histograms[measure.of];
  return encoded === undefined
    ? block
    : { ...block, histograms: { ...block.histograms, [measure.of]: scaleEncoded(encoded, change.times) } };
}

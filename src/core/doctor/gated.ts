import type { Baseline } from "../compare/baseline.ts";
import { METRICS, type MetricName } from "../metric.ts";
import type { BlockRecord, RunRecord } from "../record/run-record.ts";
import { judgedScenarios } from "../suite/class-scenario.ts";
import type { Gate, Suite } from "../suite/suite.ts";

/** A promise about a change, which is what a doctor can examine: limits need no baseline and have no margin. */
export type GatedMetric = { readonly scenario: string; readonly metric: MetricName; readonly gate: Gate & { readonly regression: number } };

export const LIVE: Baseline = { kind: "live", refused: [] };

/** The suite's regression gates in its order, those of payload classes once for every scenario that sends the class. */
export const regressionGates = (suite: Suite): readonly GatedMetric[] =>
  judgedScenarios(suite).flatMap(({ name, gates }) =>
    gates.flatMap((gate) =>
      gate.regression === undefined ? [] : [{ scenario: name, metric: gate.metric, gate: { ...gate, regression: gate.regression } }],
    ),
  );

/** The run with only the distributions that gates read, so that comparing it many times costs little. */
export function withGatedDistributions(record: RunRecord, suite: Suite): RunRecord {
  const wanted = new Set<string>(
    judgedScenarios(suite).flatMap(({ gates }) =>
      gates.flatMap(({ metric }) => {
        const { measure } = METRICS[metric];
        return measure.kind === "quantile" ? [measure.of] : [];
      }),
    ),
  );
  const slim = (block: BlockRecord): BlockRecord => ({
    ...block,
    histograms: Object.fromEntries(Object.entries(block.histograms).filter(([name]) => wanted.has(name))),
  });
  return {
    ...record,
    scenarios: record.scenarios.map((scenario) => ({
      ...scenario,
      arms: Object.fromEntries(Object.entries(scenario.arms).map(([arm, of]) => [arm, { ...of, blocks: of.blocks.map(slim) }])),
    })),
  };
}

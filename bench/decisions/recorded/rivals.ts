import { METRICS } from "../../../src/core/metric.ts";
import type { Arm } from "../../../src/core/plan/plan.ts";
import { decodeBins } from "../../../src/core/record/distribution.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { mergeBins } from "../../../src/core/stats/bins.ts";
import { quantileOf } from "../../../src/core/stats/quantile.ts";

/** What others would say of the same requests: a fixed threshold on the 99th percentile of all requests of an arm. */
export function rivalVerdicts(record: RunRecord): Readonly<Record<string, "fail" | "pass">> {
  const [base, head] = [p99Of(record, "base"), p99Of(record, "head")];
  if (base === undefined || head === undefined) return {};
  const beyond = (share: number) => (head > base * (1 + share) ? "fail" : "pass");
  return { "p99 +5 %": beyond(0.05), "p99 +10 %": beyond(0.1) };
}

function p99Of({ scenarios }: RunRecord, arm: Arm): number | undefined {
  const { measure } = METRICS["latency.p99"];
  if (measure.kind !== "quantile") return undefined;
  const blocks = scenarios.flatMap(({ arms }) => arms[arm]?.blocks ?? []);
  const bins = blocks.flatMap(({ histograms }) => histograms[measure.of] ?? []).map(decodeBins);
  return quantileOf(mergeBins(bins), measure.p);
}

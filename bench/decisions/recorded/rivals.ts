import { METRICS } from "../../../src/core/metric.ts";
import type { Arm } from "../../../src/core/plan/plan.ts";
import { decodeBins } from "../../../src/core/record/distribution.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { type Bins, mergeBins } from "../../../src/core/stats/bins.ts";
import { mannWhitney } from "../../../src/core/stats/mann-whitney.ts";
import { quantileOf } from "../../../src/core/stats/quantile.ts";

/** What rules of others say of the same requests, all of an arm pooled; empty where an arm has none. */
export function rivalVerdicts(record: RunRecord): Readonly<Record<string, "fail" | "pass">> {
  const [base, head] = [latencyOf(record, "base"), latencyOf(record, "head")];
  const test = mannWhitney(base, head);
  if (test === undefined) return {};
  const ratio = (p: number) => quantileOf(head, p)! / quantileOf(base, p)!;
  const failIf = (fails: boolean) => (fails ? "fail" : "pass");
  return {
    "p99 > +5 %": failIf(ratio(0.99) > 1.05),
    "p99 > +10 %": failIf(ratio(0.99) > 1.1),
    "github-action-benchmark 110 %": failIf([0.5, 0.95, 0.99].some((p) => ratio(p) > 1.1)),
    "pooled Mann–Whitney p < .05": failIf(test.p < 0.05),
  };
}

function latencyOf({ scenarios }: RunRecord, arm: Arm): Bins {
  const { measure } = METRICS["latency.p99"];
  const blocks = scenarios.flatMap(({ arms }) => arms[arm]?.blocks ?? []);
  return mergeBins(blocks.flatMap(({ histograms }) => (measure.kind === "quantile" ? (histograms[measure.of] ?? []) : [])).map(decodeBins));
}

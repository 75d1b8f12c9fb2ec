import type { Comparison } from "../compare/comparison.ts";
import { isRegression } from "../decide/grounds.ts";
import { formatPercent, formatQuantity } from "../decide/quantity.ts";
import type { MetricVerdict, Verdict } from "../decide/verdict.ts";
import { METRICS } from "../metric.ts";
import { changeText } from "./row.ts";
import { coarsePasses, type DescribedScenario } from "./scenario-report.ts";

/** What happened, in a line short enough for a heading; the sentences with all numbers follow it as reasons. */
export function writeHeadline(verdict: Verdict, scenarios: readonly DescribedScenario[]): string {
  const gated = verdict.scenarios.flatMap(({ metrics }) => metrics).filter((metric) => metric.gated);
  const worst = scenarios.flatMap((scenario) => (scenario.worst?.verdict === verdict.verdict ? [scenario.worst] : []))[0];
  const others = gated.filter((metric) => metric.verdict === verdict.verdict).length - 1;
  const more = others > 0 ? `, and ${others} more` : "";
  if (verdict.verdict === "no-baseline") return nothingFor(verdict);
  if (verdict.verdict === "invalid") return faultOf(verdict) ?? "this run does not count";
  if (verdict.verdict === "fail") return worst === undefined ? "a gate failed" : `${place(worst)} ${howItFailed(worst.comparison)}${more}`;
  if (verdict.verdict === "inconclusive") {
    if (worst === undefined) return "nothing was compared";
    const isLimitOnly = worst.comparison.gate?.regression === undefined;
    return `cannot tell whether ${place(worst)} ${isLimitOnly ? "keeps its limit" : "got worse"}${more}`;
  }
  // Without a baseline nothing was shown about getting worse.
  if (gated.every(({ comparison: { gate } }) => gate?.regression === undefined)) {
    return gated.length === 1 ? "the gated metric keeps its limit" : `all ${gated.length} gated metrics keep their limits`;
  }
  const how = coarsePasses(verdict).length > 0 ? "by more than this run can show" : "beyond its gate";
  return gated.length === 1 ? `the gated metric did not get worse ${how}` : `none of ${gated.length} gated metrics got worse ${how}`;
}

/** What has nothing to be compared with, where the rest of the run has. */
function nothingFor({ evidence, scenarios }: Verdict): string {
  const names = scenarios.filter(({ verdict }) => verdict === "no-baseline").map(({ name }) => name);
  if (evidence === "none") return "nothing to compare with";
  return `nothing to compare ${names.length === 1 ? names[0] : `${names.length} of ${scenarios.length} scenarios`} with`;
}

/** Whose fault it was that nothing was measured, where that is known. */
const faultOf = ({ problems }: Verdict): string | undefined =>
  problems.find(({ severity, scenario, headline }) => severity === "invalid" && scenario === undefined && headline !== undefined)?.headline;

const place = ({ metric, comparison }: MetricVerdict): string => `${metric} in ${comparison.scenario}`;

function howItFailed(comparison: Comparison): string {
  const { metric, gate, head, delta, limit } = comparison;
  const definition = METRICS[metric];
  if (isRegression(comparison) && delta !== undefined) {
    const size =
      delta.scale === "relative" && delta.relative !== undefined ? formatPercent(Math.abs(delta.relative)) : changeText(delta, definition);
    return `${definition.better === "neither" ? "changed" : "got worse"} by ${size.replace(/^[+−]/, "")}`;
  }
  const value = limit?.value ?? head?.value;
  if (value === undefined || gate?.limit === undefined) return "failed its gate";
  return `is ${formatQuantity(value, definition.unit)}, ${definition.better === "lower" ? "over" : "under"} its limit of ${formatQuantity(gate.limit, definition.unit)}`;
}

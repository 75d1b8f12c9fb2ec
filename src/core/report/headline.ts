import type { Comparison } from "../compare/comparison.ts";
import { blameText } from "../decide/blame.ts";
import { isRegression } from "../decide/grounds.ts";
import { formatPercent, formatQuantity } from "../decide/quantity.ts";
import type { MetricVerdict, Verdict } from "../decide/verdict.ts";
import { METRICS } from "../metric.ts";
import { plainLine } from "./plain.ts";
import { changeText, intervalOrWhyNot } from "./row.ts";
import { coarsePasses, type DescribedScenario } from "./scenario-report.ts";

/**
 * What happened, in a line short enough for a heading: which metric of which scenario, by how much, and how sure that is.
 * The sentences with all numbers follow it as reasons.
 */
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
    return `cannot tell whether ${place(worst)} ${isLimitOnly ? "keeps its limit" : "got worse"}${soFar(worst.comparison)}${more}`;
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

/** Whose fault it was that nothing can be said, where that is known; what spoiled the whole run before what spoiled a scenario. */
const faultOf = ({ problems }: Verdict): string | undefined =>
  problems
    .filter(({ severity }) => severity === "invalid")
    .toSorted((a, b) => Number(a.scenario !== undefined) - Number(b.scenario !== undefined))
    .flatMap((problem) => blameText(problem) ?? [])[0];

/** A long name must leave room for what happened. */
const place = ({ metric, comparison }: MetricVerdict): string => `${metric} in ${plainLine(comparison.scenario, 100)}`;

function howItFailed(comparison: Comparison): string {
  const { metric, gate, head, delta, limit } = comparison;
  const definition = METRICS[metric];
  if (isRegression(comparison) && delta !== undefined) {
    const size =
      delta.scale === "relative" && delta.relative !== undefined ? formatPercent(Math.abs(delta.relative)) : changeText(delta, definition);
    return `${definition.better === "neither" ? "changed" : "got worse"} by ${size.replace(/^[+−]/, "")}${inParentheses(sureness(comparison))}`;
  }
  const value = limit?.value ?? head?.value;
  if (value === undefined || gate?.limit === undefined) return "failed its gate";
  const [bound, least, over] = definition.better === "lower" ? [limit?.low, "at least", "over"] : [limit?.high, "at most", "under"];
  // How an endpoint started is a fact and has no interval.
  const sure = bound === undefined || bound === value ? "" : ` (${least} ${formatQuantity(bound, definition.unit)})`;
  return `is ${formatQuantity(value, definition.unit)}${sure}, ${over} its limit of ${formatQuantity(gate.limit, definition.unit)}`;
}

/** What is known of a change that could not be decided: `: +5.1 % (90 % interval −3.9 … +14 %)`. */
function soFar(comparison: Comparison): string {
  const { metric, gate, delta, limit } = comparison;
  const { unit } = METRICS[metric];
  if (gate?.regression !== undefined && delta !== undefined)
    return `: ${changeText(delta, METRICS[metric])}${inParentheses(sureness(comparison))}`;
  if (limit === undefined || gate?.limit === undefined) return "";
  const [low, high] = [limit.low, limit.high].map((bound) => (bound === undefined ? undefined : formatQuantity(bound, unit)));
  const range = low === undefined || high === undefined ? "" : ` (${low} … ${high})`;
  return `: it is ${formatQuantity(limit.value, unit)}${range}, and the limit ${formatQuantity(gate.limit, unit)}`;
}

/** `90 % interval +20 … +26 %`, or why there is none; empty without a change. */
function sureness(comparison: Comparison): string {
  const interval = intervalOrWhyNot(comparison);
  return comparison.delta === undefined || interval.startsWith("no ")
    ? interval
    : `${formatPercent(comparison.delta.confidence)} interval ${interval}`;
}

const inParentheses = (text: string): string => (text === "" ? "" : ` (${text})`);

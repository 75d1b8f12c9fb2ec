import type { Baseline } from "../compare/baseline.ts";
import type { Evidence } from "../compare/comparison.ts";
import { METRICS } from "../metric.ts";
import type { Problem } from "../record/run-record.ts";
import type { MetricVerdict, ScenarioVerdict, VerdictWord } from "./verdict.ts";
import { changeText } from "./words.ts";

type Input = {
  readonly verdict: VerdictWord;
  readonly scenarios: readonly ScenarioVerdict[];
  readonly evidence: Evidence;
  readonly baseline: Baseline;
  readonly problems: readonly Problem[];
};

/**
 * The verdict in sentences, worst first: gated metrics that did not pass by how bad they are, what spoiled the run, what
 * slowed it down as far as the numbers say, what is missing, then warnings about metrics that nobody gates. What all metrics suffer from is said once.
 */
export function writeReasons({ verdict, scenarios, evidence, baseline, problems }: Input): readonly string[] {
  const gated = scenarios.flatMap(({ name, metrics }) => metrics.filter((metric) => metric.gated).map((metric) => ({ name, metric })));
  const by = (word: VerdictWord) =>
    gated.filter(({ metric }) => metric.verdict === word).toSorted((a, b) => urgency(b.metric) - urgency(a.metric));
  const said = (word: VerdictWord) => by(word).map(({ name, metric }) => `${name}: ${metric.reason}`);
  const spoiled = problems
    .filter(({ severity }) => severity === "invalid")
    .map(({ scenario, message }) => (scenario === undefined ? message : `${scenario}: ${message}`));
  const ungatedOnly = scenarios
    .filter(({ name, classOf }) => classOf === undefined && !decides(name, scenarios))
    .map(({ name }) => `${name}: nothing is gated, so nothing was decided`);
  const causes = scenarios.flatMap(({ name, attribution }) => (attribution === undefined ? [] : [`${name}: ${attribution.sentence}`]));
  const reasons = [
    ...said("fail"),
    ...new Set(spoiled),
    ...(by("fail").length > 0 ? causes : []),
    ...(evidence === "single" && by("inconclusive").length > 0 ? [learning(baseline)] : []),
    ...said("inconclusive"),
    ...(by("fail").length > 0 ? [] : causes),
    ...noBaseline(by("no-baseline"), baseline, problems),
    ...(scenarios.length === 0 ? ["nothing was compared: there is no scenario"] : ungatedOnly),
    ...ungatedWarnings(scenarios).map(({ scenario, text }) => `warning: ${scenario}: ${text}`),
  ];
  // A verdict that blocks without a sentence would be the one thing that nobody can act on.
  return reasons.length > 0 || verdict === "pass" ? reasons : [`the run is ${verdict}`];
}

/** Whether anything is gated in a scenario: in the whole of it, or in a payload class. */
const decides = (scenario: string, all: readonly ScenarioVerdict[]): boolean =>
  all.some(({ name, classOf, metrics }) => (name === scenario || classOf?.scenario === scenario) && metrics.some(({ gated }) => gated));

/** Metrics that nobody gates and that got worse all the same: one sentence a scenario, because they move together. */
export const ungatedWarnings = (scenarios: readonly ScenarioVerdict[]): readonly { readonly scenario: string; readonly text: string }[] =>
  scenarios.flatMap(({ name, metrics }) => {
    const worse = metrics.filter((metric) => !metric.gated && metric.verdict === "fail");
    if (worse.length === 0) return [];
    const shown = worse.slice(0, MOST_WARNINGS).map(({ metric, comparison }) => `${metric} (${changeText(comparison)})`);
    const others = worse.length - shown.length;
    const names = listed([...shown, ...(others > 0 ? [`${others} more`] : [])]);
    // Of what has no better side nobody can say that it got worse.
    const verb = worse.every(({ metric }) => METRICS[metric].better === "neither") ? "changed" : "got worse";
    return [{ scenario: name, text: `${names} ${verb} and ${worse.length === 1 ? "is" : "are"} not gated` }];
  });

const MOST_WARNINGS = 4;

function learning(baseline: Baseline): string {
  const runs = baseline.kind === "stored" ? baseline.runs.length : 0;
  const more = 3 - runs;
  return `learning: ${runs === 1 ? "one stored run" : `${runs} stored runs`}, ${more} more to go before a regression gate can pass; until then only very large changes can be seen`;
}

function noBaseline(
  metrics: readonly { readonly name: string; readonly metric: MetricVerdict }[],
  baseline: Baseline,
  problems: readonly Problem[],
): readonly string[] {
  if (metrics.length === 0) return [];
  const byScenario = Map.groupBy(metrics, ({ name }) => name);
  if (baseline.kind !== "none") {
    return [...byScenario].flatMap(([name, of]) => {
      const isNew = problems.some(({ code, scenario }) => scenario === name && (code === "scenario-changed" || code === "scenario-new"));
      if (!isNew) return of.map(({ metric }) => `${name}: ${metric.reason}`);
      return [
        `${name} is new to the baseline: ${listed(of.map(({ metric }) => metric.metric))} cannot be compared until a run of it is stored`,
      ];
    });
  }
  const which =
    metrics.length > MOST_NAMED
      ? `${metrics.length} gates in ${byScenario.size === 1 ? "one scenario" : `${byScenario.size} scenarios`}`
      : [...byScenario].map(([name, of]) => `${listed(of.map(({ metric }) => metric.metric))} in ${name}`).join("; ");
  return [baseline.reason, `undecided without a baseline: ${which}`];
}

/** More names than these are read in the table. */
const MOST_NAMED = 8;

/** `a`, `a and b`, `a, b and c`. */
const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

/** How far beyond its margin a metric is; only for order. */
const urgency = ({ comparison: { worse, margin } }: MetricVerdict): number =>
  worse === undefined || margin === undefined || margin === 0 ? 0 : worse / margin;

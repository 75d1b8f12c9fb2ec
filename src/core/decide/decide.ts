import type { Attribution } from "../compare/attribution.ts";
import type { Baseline } from "../compare/baseline.ts";
import type { Comparison, Evidence } from "../compare/comparison.ts";
import type { ScenarioView } from "../record/class-view.ts";
import { isQuick } from "../record/quick.ts";
import type { Problem } from "../record/run-record.ts";
import { judgedScenarios } from "../suite/class-scenario.ts";
import type { Suite } from "../suite/suite.ts";
import { attributionVerdict } from "./attribution-words.ts";
import { judgeMetric } from "./metric-verdict.ts";
import { poolWarnings } from "./pool-words.ts";
import { withoutPass } from "./quick-words.ts";
import { writeReasons } from "./reasons.ts";
import { type MetricVerdict, type ScenarioVerdict, type Verdict, type VerdictWord, worstVerdict } from "./verdict.ts";
import { flagWorse } from "./warnings.ts";

/**
 * Turns numbers into a verdict. The only place that does.
 *
 * A metric is as bad as the worse half of its gate, a scenario as its worst gated metric, the run as its worst scenario
 * that gates anything: fail, then invalid, inconclusive, no-baseline, pass. Where nothing is gated or nothing was
 * measured there is nothing to pass: inconclusive. Whatever spoiled a scenario outweighs what was measured in it, except
 * a share of failures beyond its limit, which is a failure however it came about. A quick run passes nothing.
 */
export function decide(input: {
  readonly suite: Suite;
  readonly comparisons: readonly Comparison[];
  /** None where nobody looked for what slowed a scenario down. */
  readonly attributions?: readonly Attribution[];
  readonly evidence: Evidence;
  readonly baseline: Baseline;
  readonly problems: readonly Problem[];
}): Verdict {
  const { suite, comparisons, evidence, baseline } = input;
  const problems = [...input.problems, ...poolWarnings(comparisons)];
  const flagged = flagWorse(comparisons);
  const views = new Map<string, ScenarioView>(judgedScenarios(suite).map((scenario) => [scenario.name, scenario]));
  const names = new Set([...views.keys(), ...comparisons.map(({ scenario }) => scenario)]);
  const scenarios = [...names].map((name): ScenarioVerdict => {
    const { classOf } = views.get(name) ?? {};
    const whole = { name, ...(classOf === undefined ? {} : { classOf }) };
    const spoiled = problems.find((problem) => problem.severity === "invalid" && concerns(problem, whole));
    const metrics = comparisons
      .filter(({ scenario }) => scenario === name)
      .map((comparison) => judgeMetric(comparison, suite.decision, { spoiled, isFlagged: flagged.has(comparison) }))
      .map((metric) => (isQuick({ problems }) ? withoutPass(metric) : metric));
    const found = input.attributions?.find(({ scenario }) => scenario === name);
    const attribution = found === undefined ? undefined : attributionVerdict(found, metrics, spoiled);
    return { ...whole, verdict: scenarioVerdict(metrics, spoiled), metrics, ...(attribution === undefined ? {} : { attribution }) };
  });
  const counted = scenarios.filter(({ metrics }) => metrics.some(({ gated }) => gated));
  const isSpoiled = problems.some(({ severity, scenario }) => severity === "invalid" && scenario === undefined);
  const verdict = worstVerdict(counted.map((scenario) => scenario.verdict)) ?? (isSpoiled ? "invalid" : "inconclusive");
  return { verdict, evidence, reasons: writeReasons({ verdict, scenarios, evidence, baseline, problems }), problems, scenarios };
}

/** Whether a problem is about a scenario: what spoils it spoils every payload class in it. */
export const concerns = ({ scenario }: Pick<Problem, "scenario">, { name, classOf }: ScenarioView): boolean =>
  scenario === undefined || scenario === name || scenario === classOf?.scenario;

function scenarioVerdict(metrics: readonly MetricVerdict[], spoiled: Problem | undefined): VerdictWord {
  const worst = worstVerdict(metrics.filter(({ gated }) => gated).map(({ verdict }) => verdict));
  return worst ?? (spoiled === undefined ? "inconclusive" : "invalid");
}

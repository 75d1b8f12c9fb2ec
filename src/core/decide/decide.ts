import type { Baseline } from "../compare/baseline.ts";
import type { Comparison, Evidence } from "../compare/comparison.ts";
import type { ScenarioView } from "../record/class-view.ts";
import type { Problem } from "../record/run-record.ts";
import { judgedScenarios } from "../suite/class-scenario.ts";
import type { Suite } from "../suite/suite.ts";
import { judgeMetric } from "./metric-verdict.ts";
import { poolWarnings } from "./pool-words.ts";
import { writeReasons } from "./reasons.ts";
import { type MetricVerdict, type ScenarioVerdict, type Verdict, type VerdictWord, worstVerdict } from "./verdict.ts";
import { flagWorse } from "./warnings.ts";

/**
 * Turns numbers into a verdict. The only place that does.
 *
 * A metric is as bad as the worse half of its gate, a scenario as its worst gated metric, the run as its worst scenario
 * that gates anything: fail, then invalid, inconclusive, no-baseline, pass. Where nothing is gated or nothing was
 * measured there is nothing to pass: inconclusive. Whatever spoiled a scenario outweighs what was measured in it, except
 * a share of failures beyond its limit, which is a failure however it came about.
 */
export function decide(input: {
  readonly suite: Suite;
  readonly comparisons: readonly Comparison[];
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
      .map((comparison) => judgeMetric(comparison, suite.decision, { spoiled, isFlagged: flagged.has(comparison) }));
    return { ...whole, verdict: scenarioVerdict(metrics, spoiled), metrics };
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

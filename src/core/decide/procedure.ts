import type { Baseline } from "../compare/baseline.ts";
import { promisesOf } from "../compare/compare.ts";
import type { Suite } from "../suite/suite.ts";
import { formatPercent } from "./quantity.ts";
import type { Verdict } from "./verdict.ts";

/**
 * How this verdict was reached, for somebody who reads it for the first time: what was compared, when a gate fails and
 * when it passes, how sure all that is, and then each gate in a sentence of its own, in the suite's order.
 */
export function procedureOf({
  suite,
  verdict,
  baseline,
}: {
  readonly suite: Suite;
  readonly verdict: Verdict;
  readonly baseline: Baseline;
}): { readonly rules: readonly string[]; readonly gates: readonly string[] } {
  const gated = verdict.scenarios.flatMap(({ name, metrics }) =>
    metrics.filter((metric) => metric.gated).map((metric) => ({ name, metric })),
  );
  const compares = gated.some(({ metric: { comparison } }) => comparison.gate?.regression !== undefined);
  return {
    rules: [
      comparedText(verdict, baseline),
      ...(compares ? regressionRules(suite) : []),
      ...limitRules(gated.map(({ metric }) => metric.comparison.gate?.limit)),
      errorText(suite),
    ],
    gates: gated.map(({ name, metric }) => `${name}: ${metric.reason}`),
  };
}

function comparedText({ evidence }: Verdict, baseline: Baseline): string {
  const runs = baseline.kind === "stored" ? baseline.runs.length : 0;
  switch (evidence) {
    case "live":
      return "Base and head were driven in turn, in pairs of neighbouring blocks with the same arrivals and the same payloads: what slows one arm for a while slows the other, and whole pairs are compared, not single requests.";
    case "stored":
      return `The head was compared with ${runs} stored runs of the base. How much those differ from one another is how much two runs of one build differ, and is part of every interval.`;
    case "single":
      return `The head was compared with ${runs === 1 ? "one stored run" : `${runs} stored runs`} of the base: too few to know how much runs of one build differ, so that no regression gate can pass yet.`;
    case "none":
      return "There was nothing to compare the head with: only fixed limits could be judged.";
  }
}

function regressionRules({ decision: { pass, ceiling } }: Suite): readonly string[] {
  const coarse =
    pass === "resolvable"
      ? ` Where this much data cannot show a change as small as the margin, it may also pass below the smallest change that it can show, as long as that is at most ${formatPercent(ceiling)}; the report then says which.`
      : "";
  return [
    "A regression gate fails if the metric got worse by at least its margin, and by more than chance explains.",
    `It passes if the whole interval lies below the margin.${coarse} Anything else is undecided: no failure, and no pass.`,
  ];
}

const limitRules = (limits: readonly (number | undefined)[]): readonly string[] =>
  limits.every((limit) => limit === undefined)
    ? []
    : ["A limit fails if the value lies beyond it by more than chance explains, and passes if its interval lies within it."];

function errorText(suite: Suite): string {
  const { falseAlarm, falsePass } = suite.decision;
  const promises = promisesOf(suite);
  const shared = promises === 1 ? "the one promise of the suite" : `all ${promises} promises of the suite together`;
  return `The levels are set so that a change that does nothing is blocked by ${shared} in at most ${formatPercent(falseAlarm)} of runs, and that a metric that got worse by its whole margin is found to lie below it in at most ${formatPercent(falsePass)}.`;
}

import type { DecisionPolicy } from "../../src/core/suite/suite.ts";

/** How sure a gate is where a suite says nothing; `test/core/suite/parse.test.ts` holds the defaults themselves. */
export const USUAL_DECISION: DecisionPolicy = {
  falseAlarm: 0.01,
  falsePass: 0.05,
  pass: "strict",
  ceiling: 0.3,
  sameHost: "auto",
  budget: { passes: 6 },
  betweenRuns: undefined,
  betweenDeployments: undefined,
  cacheTolerance: 0.05,
};

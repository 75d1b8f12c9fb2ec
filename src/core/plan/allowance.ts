import type { DecisionPolicy } from "../suite/suite.ts";
import type { Plan } from "./plan.ts";
import { measuredTime, plannedTime, playedTogether } from "./planned-time.ts";

/** How long a run may go on while it is undecided: what its budget allows, shared out among its scenarios. */
export type Allowance = {
  /** How often the whole plan may be played, at least once. 1: the run's length is fixed. */
  readonly plans: number;
  /** Measured time of both arms in all passes of all scenarios, s. */
  readonly totalS: number;
  readonly parts: readonly Part[];
};

/** Scenarios that are played at once, or one that is played alone. */
export type Part = {
  readonly names: readonly string[];
  /** Measured time of one pass, both arms, s. */
  readonly passS: number;
  /**
   * Passes that it may have if the others leave it the time. Known before the run, because the levels of all looks
   * depend on it; at most {@link LONGEST} times its own share of the budget, since what it never gets costs it certainty.
   */
  readonly most: number;
};

const LONGEST = 2;

export function allowanceOf(budget: DecisionPolicy["budget"], plan: Plan): Allowance {
  const parts = playedTogether(plan).map((group) => ({
    names: group.map(({ scenario }) => scenario.name),
    passS: measuredTime(group[0]!),
  }));
  const { measuredS } = plannedTime(plan);
  const plans = mostPasses(budget, plan);
  return shareAmong(plans, "passes" in budget ? plans * measuredS : Math.max(measuredS, budget.durationS), parts);
}

/** @param totalS time enough to play all parts `plans` times. */
export function shareAmong(plans: number, totalS: number, parts: readonly Omit<Part, "most">[]): Allowance {
  const onceS = parts.reduce((sum, { passS }) => sum + passS, 0);
  const mostOf = (passS: number): number => {
    if (plans === 1) return 1;
    // The others are played once at least.
    return Math.max(plans, Math.min(LONGEST * plans, passesIn(totalS - (onceS - passS), passS)));
  };
  return { plans, totalS, parts: parts.map((part) => ({ ...part, most: mostOf(part.passS) })) };
}

/** How often a plan may be played within a budget, at least once. */
export function mostPasses(budget: DecisionPolicy["budget"], plan: Plan): number {
  if ("passes" in budget) return budget.passes;
  return Math.max(1, Math.min(MOST_PASSES, Math.floor(budget.durationS / plannedTime(plan).measuredS)));
}

const MOST_PASSES = 64;

/** Whole passes for which a time is enough. Sums of seconds are off by their last digit. */
export const passesIn = (timeS: number, passS: number): number => Math.floor(timeS / passS + 1e-9);

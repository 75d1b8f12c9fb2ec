import type { DecisionPolicy } from "../suite/suite.ts";
import type { Plan, PreparedRequest, ScenarioPlan } from "./plan.ts";

/** How long a plan takes, both arms: what is measured, and with warm-ups (at their longest). Scenarios that run together count once. */
export function plannedTime({ scenarios }: Plan): { readonly measuredS: number; readonly wholeS: number } {
  const groups = [...Map.groupBy(scenarios, ({ scenario }) => scenario.together ?? scenario).values()].map((group) => group[0]!);
  const sum = (isCounted: (segment: ScenarioPlan["segments"][number]) => boolean): number =>
    groups.reduce((total, { segments }) => total + segments.reduce((time, one) => time + (isCounted(one) ? one.durationS : 0), 0), 0);
  return { measuredS: sum(({ phase }) => phase === "measure"), wholeS: sum(() => true) };
}

/** The longest time, in seconds, for which a user thinks in one session: so long a segment may go on after its end, and as long as the answers take. 0 without sessions. */
export function longestThinkingS(requests: readonly PreparedRequest[]): number {
  let [longest, thinking] = [0, 0];
  for (const { session } of requests) {
    thinking = session === undefined || session.step === 0 ? 0 : thinking + session.thinkS;
    longest = Math.max(longest, thinking);
  }
  return longest;
}

/** How often a plan may be played within a budget, at least once. */
export function mostPasses(budget: DecisionPolicy["budget"], plan: Plan): number {
  if ("passes" in budget) return budget.passes;
  return Math.max(1, Math.min(MOST_PASSES, Math.floor(budget.durationS / plannedTime(plan).measuredS)));
}

const MOST_PASSES = 64;

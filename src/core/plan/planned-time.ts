import type { Plan, PreparedRequest, ScenarioPlan } from "./plan.ts";

/** How long a plan takes, both arms: what is measured, and with warm-ups (at their longest). Scenarios that run together count once. */
export function plannedTime(plan: Plan): { readonly measuredS: number; readonly wholeS: number } {
  const groups = playedTogether(plan).map((group) => group[0]!);
  const sum = (time: (scenario: ScenarioPlan) => number): number => groups.reduce((total, scenario) => total + time(scenario), 0);
  return { measuredS: sum(measuredTime), wholeS: sum(({ segments }) => segments.reduce((time, one) => time + one.durationS, 0)) };
}

/** Of one pass over a scenario, both arms, s. */
export const measuredTime = ({ segments }: ScenarioPlan): number =>
  segments.reduce((time, { phase, durationS }) => time + (phase === "measure" ? durationS : 0), 0);

/** Scenarios in groups that are played at once, each alone where it does not say so; in the plan's order. */
export const playedTogether = ({ scenarios }: Plan): readonly (readonly ScenarioPlan[])[] => [
  ...Map.groupBy(scenarios, ({ scenario }) => scenario.together ?? scenario).values(),
];

/** The longest time, in seconds, for which a user thinks in one session: so long a segment may go on after its end, and as long as the answers take. 0 without sessions. */
export function longestThinkingS(requests: readonly PreparedRequest[]): number {
  let [longest, thinking] = [0, 0];
  for (const { session } of requests) {
    thinking = session === undefined || session.step === 0 ? 0 : thinking + session.thinkS;
    longest = Math.max(longest, thinking);
  }
  return longest;
}

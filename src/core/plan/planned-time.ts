import type { Plan, ScenarioPlan } from "./plan.ts";

/** How long a plan takes, both arms: what is measured, and with warm-ups (at their longest). Scenarios that run together count once. */
export function plannedTime({ scenarios }: Plan): { readonly measuredS: number; readonly wholeS: number } {
  const groups = [...Map.groupBy(scenarios, ({ scenario }) => scenario.together ?? scenario).values()].map((group) => group[0]!);
  const sum = (isCounted: (segment: ScenarioPlan["segments"][number]) => boolean): number =>
    groups.reduce((total, { segments }) => total + segments.reduce((time, one) => time + (isCounted(one) ? one.durationS : 0), 0), 0);
  return { measuredS: sum(({ phase }) => phase === "measure"), wholeS: sum(() => true) };
}

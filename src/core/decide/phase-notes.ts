import type { Baseline } from "../compare/baseline.ts";
import { PHASES, type PhaseName } from "../metric.ts";
import type { Arm } from "../plan/plan.ts";
import type { BlockRecord, Problem, RunRecord } from "../record/run-record.ts";
import { formatPercent } from "./quantity.ts";

/**
 * Phases that the answers of the baseline told of and those of the head do not, as a warning for each scenario: without
 * data a metric would only be missing from a table.
 */
export function phaseNotes(heads: readonly RunRecord[], baseline: Baseline): readonly Problem[] {
  if (baseline.kind === "none") return [];
  const isStored = baseline.kind === "stored";
  const bases = isStored ? baseline.runs.map(({ record }) => record) : heads;
  const names = [...new Set(heads.flatMap((run) => run.scenarios.map(({ name }) => name)))];
  return names.flatMap((scenario) => {
    const base = blocksOf(bases, scenario, isStored ? "head" : "base");
    const head = blocksOf(heads, scenario, "head");
    if (answersOf(head) === 0) return [];
    const lost = PHASES.filter((phase) => isToldIn(base, phase) && !isToldIn(head, phase));
    if (lost.length === 0) return [];
    const told = base.reduce((sum, { phases }) => sum + (phases?.with ?? 0), 0) / answersOf(base);
    const message = `the head's answers no longer tell how long ${listed(lost)} took, as ${formatPercent(told)} of the baseline's did: nothing is known of a change there`;
    return [{ severity: "warning" as const, code: "phase-vanished", scenario, arm: "head" as const, message }];
  });
}

const blocksOf = (runs: readonly RunRecord[], scenario: string, arm: Arm): readonly BlockRecord[] =>
  runs.flatMap((run) => run.scenarios.find(({ name }) => name === scenario)?.arms[arm]?.blocks ?? []);

const isToldIn = (blocks: readonly BlockRecord[], phase: PhaseName): boolean =>
  blocks.some(({ histograms }) => histograms[`phase.${phase}`] !== undefined);

const answersOf = (blocks: readonly BlockRecord[]): number => blocks.reduce((sum, { ok }) => sum + ok, 0);

const listed = (phases: readonly PhaseName[]): string => {
  const names = phases.map((phase) => `phase.${phase}`);
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
};

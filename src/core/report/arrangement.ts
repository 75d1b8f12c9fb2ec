import type { MetricRow } from "./row.ts";
import type { ScenarioReport } from "./scenario-report.ts";

/** More scenarios than these are not read one by one. */
const FEW = 4;

/** Which scenarios a reader gets with their tables, and which in one line each. */
export type Arrangement = {
  /** Worst first. */
  readonly full: readonly ScenarioReport[];
  /** All that pass, where there are more than a few scenarios; empty otherwise. */
  readonly brief: readonly ScenarioReport[];
};

/** The same for all renderers, so that the terminal shows what the comment shows. */
export function arrange(scenarios: readonly ScenarioReport[]): Arrangement {
  if (scenarios.length <= FEW) return { full: scenarios, brief: [] };
  return {
    full: scenarios.filter(({ verdict }) => verdict !== "pass"),
    brief: scenarios.filter(({ verdict }) => verdict === "pass"),
  };
}

/** Rows of resources that are to be shown: those of scenarios in one line are in that line if they are what is nearest to a gate. */
export function shownResources(resources: readonly MetricRow[], { brief }: Arrangement): readonly MetricRow[] {
  const names = new Set(brief.map(({ name }) => name));
  return resources.filter((row) => !names.has(row.scenario) || (row.open && row.verdict !== "pass"));
}

/** `36 scenarios pass; of each the gate it is nearest to`: over the lines of those that do. */
export const briefTitle = ({ brief }: Arrangement): string =>
  brief.length === 1 ? "1 scenario passes; the gate it is nearest to" : `${brief.length} scenarios pass; of each the gate it is nearest to`;

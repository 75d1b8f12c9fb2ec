import type { EfficiencyRow } from "./efficiency.ts";
import type { CellResult } from "./tally.ts";
import type { StudyTable } from "./variance/study.ts";

/** Everything that the page is made from: docs/decisions/results.json. */
export type Results = {
  readonly schema: 1;
  /** UTC, `2026-01-31`. */
  readonly date: string;
  readonly machine: string;
  readonly seed: number;
  readonly threads: number;
  readonly wallS: number;
  /** False where only some cells or few replicates were run. */
  readonly full: boolean;
  readonly cells: readonly CellResult[];
  readonly efficiency: readonly EfficiencyRow[];
  readonly studies: readonly StudyResult[];
};

export type StudyResult = { readonly name: string; readonly about: string; readonly replicates: number; readonly table: StudyTable };

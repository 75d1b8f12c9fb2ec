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
  /** Cells that were made again after the rest, because what they show had changed: each time, oldest first. */
  readonly renewed?: readonly { readonly date: string; readonly machine: string; readonly cells: number }[];
  readonly cells: readonly CellResult[];
  readonly efficiency: readonly EfficiencyRow[];
  readonly studies: readonly StudyResult[];
};

export type StudyResult = { readonly name: string; readonly about: string; readonly replicates: number; readonly table: StudyTable };

/**
 * Takes some cells from a later run: the others, and the studies, stay as they were. Sound as long as what those measure
 * has not changed since, because the same code and seed give the same numbers on any machine.
 *
 * @param order names of all cells, in the page's order. Cells that are none any more are left out.
 */
export function renew(before: Results, later: Results, order: readonly string[]): Results {
  const known = new Map([...before.cells, ...later.cells].map((cell) => [cell.name, cell]));
  return {
    ...before,
    wallS: before.wallS + later.wallS,
    renewed: [...(before.renewed ?? []), { date: later.date, machine: later.machine, cells: later.cells.length }],
    cells: order.flatMap((name) => known.get(name) ?? []),
    efficiency: later.efficiency.some(({ points }) => points.length > 0) ? later.efficiency : before.efficiency,
  };
}

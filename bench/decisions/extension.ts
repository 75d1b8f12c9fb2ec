import type { Verdict, VerdictWord } from "../../src/core/decide/verdict.ts";
import type { Looks } from "./simulator/record.ts";

/** Which scenarios get another pass, or why the run is over. */
export type Extension = { readonly scenarios: readonly string[]; readonly stopped: string | undefined };

/** Looks are taken after 1, 2 and 4 passes. */
export const BUDGET_PASSES = 4;

/** What the product will ask after each look: undecided scenarios go on to the next look, unless anything failed. */
export function extension(verdict: Verdict, looks: ReadonlyMap<string, Looks>): Extension {
  if (verdict.verdict === "fail") return { scenarios: [], stopped: "failed" };
  const open = verdict.scenarios.filter((scenario) => isOpen(scenario.verdict)).map(({ name }) => name);
  if (open.length === 0) return { scenarios: [], stopped: "decided" };
  const left = open.filter((name) => {
    const { passes, most } = looks.get(name)!;
    return passes.at(-1)! < most;
  });
  return left.length === 0 ? { scenarios: [], stopped: "budget" } : { scenarios: left, stopped: undefined };
}

const isOpen = (word: VerdictWord): boolean => word === "inconclusive";

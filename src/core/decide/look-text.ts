import type { StopReason } from "../record/run-record.ts";
import type { NextLook } from "./extend.ts";

/** `undecided after pass 1 of at most 4: measuring steady for another 1 pass`, or why nothing follows. One line. */
export function lookText(
  next: ReadonlyMap<string, NextLook>,
  { done, target, most }: { readonly done: number; readonly target: number; readonly most: number },
): string {
  const open = [...next].flatMap(([name, { stopped }]) => (stopped === undefined ? [name] : []));
  const passes = (count: number): string => (count === 1 ? "1 pass" : `${count} passes`);
  if (open.length > 0) {
    return `undecided after ${passes(done)} of at most ${most}: measuring ${open.join(", ")} for ${passes(target - done)} more`;
  }
  const why = stopReasonOf([...next.values()].flatMap(({ stopped }) => stopped ?? []));
  return `stopped after ${passes(done)} of at most ${most}: ${stopText(why ?? "decided")}`;
}

/** Of the reasons of several scenarios the one that explains the end of the run. Undefined for none. */
export const stopReasonOf = (reasons: readonly StopReason[]): StopReason | undefined =>
  WORST_FIRST.find((reason) => reasons.includes(reason));

/** Why a scenario was not measured any longer, as the end of a sentence. */
export function stopText(reason: StopReason): string {
  switch (reason) {
    case "decided":
      return "every gate was decided";
    case "failed":
      return "a gate had failed";
    case "spoiled":
      return "the run was spoiled, and more of it would not have helped";
    case "budget":
      return "the budget was used up";
    case "futile":
      return "what was left of the budget would not have decided it";
  }
}

const WORST_FIRST: readonly StopReason[] = ["failed", "spoiled", "futile", "budget", "decided"];

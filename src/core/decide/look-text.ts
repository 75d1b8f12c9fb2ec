import type { StopReason } from "../record/run-record.ts";
import { formatDuration } from "./duration.ts";
import type { NextLook } from "./share-out.ts";

/** `undecided after 1 pass, 48s of at most 3m12s: measuring steady for 1 pass more`, or why nothing follows. One line. */
export function lookText(next: ReadonlyMap<string, NextLook>, { done, more, measuredS, totalS }: Progress): string {
  const open = [...next].flatMap(([name, { passes }]) => (passes === undefined ? [] : [name]));
  const passes = (count: number): string => (count === 1 ? "1 pass" : `${count} passes`);
  const sofar = `${passes(done)}, ${formatDuration(measuredS)} of at most ${formatDuration(totalS)}`;
  const waiting = [...next.values()].some((word) => "waits" in word);
  if (open.length > 0) return `undecided after ${sofar}: measuring ${open.join(", ")}${waiting ? " first" : ""} for ${passes(more)} more`;
  const why = stopReasonOf([...next.values()].flatMap(({ stopped }) => stopped ?? []));
  return `stopped after ${sofar}: ${stopText(why ?? "decided")}`;
}

type Progress = {
  /** Passes over what is still undecided, and how many follow. */
  readonly done: number;
  readonly more: number;
  /** Measured time so far, and what the budget allows. */
  readonly measuredS: number;
  readonly totalS: number;
};

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
      return "the time of decision.budget was used up";
    case "futile":
      return "what was left of decision.budget would not have decided it";
  }
}

const WORST_FIRST: readonly StopReason[] = ["failed", "spoiled", "futile", "budget", "decided"];

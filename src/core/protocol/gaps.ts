import type { Outcome } from "../record/outcome.ts";
import { failed } from "./failure.ts";

/** Gaps between token events that are kept of one stream, 8 MB: an endless one must not fill the memory before its deadline. */
export const MOST_GAPS = 1_000_000;

/** Between each of the times of events and the next: one fewer, none where there is no event. */
export function gapsBetween(timesNs: readonly number[]): number[] {
  const gapsNs: number[] = [];
  for (let i = 1; i < timesNs.length; i++) gapsNs.push(timesNs[i]! - timesNs[i - 1]!);
  return gapsNs;
}

/** What becomes of a stream with more, of which `kept` is what there is. It keeps nothing that was read of it. */
export function endless(kept: number[]): Outcome["result"] {
  kept.length = 0;
  return failed("body", `the stream brought more than ${MOST_GAPS} token events`);
}

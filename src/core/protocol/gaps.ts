import type { Outcome } from "../record/outcome.ts";
import { failed } from "./failure.ts";

/** Gaps between token events that are kept of one stream, 8 MB: an endless one must not fill the memory before its deadline. */
export const MOST_GAPS = 1_000_000;

/** What becomes of a stream with more. It keeps nothing that was read of it. */
export function endless(gapsNs: number[]): Outcome["result"] {
  gapsNs.length = 0;
  return failed("body", `the stream brought more than ${MOST_GAPS} token events`);
}

import { createHash } from "node:crypto";

/**
 * The hidden line that marks a comment as ours, for one suite: `<!-- tailgate:suite=NAME -->`. It is the first line of
 * the comment, so that the search for the sticky comment need not read the rest.
 *
 * The name is percent-encoded (and the second of two dashes), which can be undone: nothing in it can end the HTML
 * comment, and two suites never share a marker. A very long name ends in its digest instead. A marker alone proves
 * nothing, since anybody can post one: match the author as well.
 */
export function commentMarker(suiteName: string): string {
  const encoded = encodeURIComponent(suiteName.toWellFormed()).replaceAll("--", "-%2D");
  const short = encoded.length <= LONGEST ? encoded : `sha256:${createHash("sha256").update(encoded).digest("hex")}`;
  return `<!-- tailgate:suite=${short} -->`;
}

const LONGEST = 600;

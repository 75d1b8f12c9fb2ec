import { createHash } from "node:crypto";

/**
 * The hidden line that marks a comment as ours, for one suite: `<!-- tailgate:suite=NAME -->`, with `&variant=NAME` where it
 * is about one leg of a matrix. It is the first line of the comment, so that the search for the sticky comment need not
 * read the rest.
 *
 * The name is percent-encoded (and the second of two dashes), which can be undone: nothing in it can end the HTML
 * comment, and two suites never share a marker. A very long name ends in its digest instead. A marker alone proves
 * nothing, since anybody can post one: match the author as well.
 */
export const commentMarker = (suiteName: string, variant = ""): string =>
  `<!-- tailgate:suite=${named(suiteName)}${variant === "" ? "" : `&variant=${named(variant)}`} -->`;

/** The marker of the one comment of a job that judges several suites: it keeps its comment when suites come and go. */
export const legsMarker = (job: string): string => `<!-- tailgate:legs=${named(job)} -->`;

function named(name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll("--", "-%2D");
  return encoded.length <= LONGEST ? encoded : `sha256:${createHash("sha256").update(encoded).digest("hex")}`;
}

const LONGEST = 600;

import type { Acceptance, UnknownAcceptance } from "../accept/acceptance.ts";
import { type AcceptanceLine, acceptanceLines, acceptedBy } from "../decide/acceptance-words.ts";

/** What people said about the regressions of this run, ready to print. */
export type AcceptanceReport = {
  /** `@alice and @bob`; empty unless all that failed is accepted. */
  readonly by: string;
  /** At least one. */
  readonly lines: readonly AcceptanceLine[];
};

export const ACCEPTANCE_TITLE = "Acceptance";

/** More than these are a discussion, and this part of the comment must always fit. */
const MOST_LINES = 12;

/** Undefined where nobody said anything about it. */
export function acceptanceReport(acceptance: Acceptance | UnknownAcceptance | undefined): AcceptanceReport | undefined {
  if (acceptance === undefined) return undefined;
  if ("unknown" in acceptance) {
    return { by: "", lines: [{ text: `whether it is accepted is not known, so nothing is: ${acceptance.unknown}` }] };
  }
  const lines = acceptanceLines(acceptance);
  if (lines.length === 0) return undefined;
  const more = lines.length - MOST_LINES;
  return {
    by: acceptance.remaining === "fail" ? "" : acceptedBy(acceptance),
    lines: more > 0 ? [...lines.slice(0, MOST_LINES), { text: `and ${more} more` }] : lines,
  };
}

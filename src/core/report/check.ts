import { fitSections } from "./fit.ts";
import { TITLES } from "./mark.ts";
import { commentSections } from "./markdown.ts";
import { plainLine } from "./plain.ts";
import type { Report } from "./report.ts";

/** How GitHub may end a check run, as far as tailgate ends one. All but `success` and `neutral` stop a merge that requires it. */
export type CheckConclusion = "success" | "neutral" | "failure" | "action_required" | "cancelled";

/** What a check run says at its end. */
export type CheckText = {
  readonly conclusion: CheckConclusion;
  /** Plain text, one line. */
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
};

/** GitHub's limit, in characters: one less than that of a comment. */
const SUMMARY_LIMIT = 65_535;
const TITLE_LENGTH = 200;

/**
 * The check run of one judged suite. Only a pass is a success: what does not block without having passed is neutral,
 * and what blocks because it could not be decided asks for somebody to act.
 */
export const checkOf = (report: Report): CheckText => ({
  conclusion: conclusionOf(report),
  title: plainLine(`${TITLES[report.verdict]}: ${report.headline}`, TITLE_LENGTH),
  summary: fitSections(commentSections(report), SUMMARY_LIMIT, "characters"),
});

/** The name of a suite's check run, one per suite and leg: branch protection asks for it by this name. */
export const checkName = (suiteName: string, variant = ""): string =>
  plainLine(`tailgate / ${suiteName}${variant === "" ? "" : ` ${variant}`}`, TITLE_LENGTH);

function conclusionOf({ verdict, blocks }: Report): CheckConclusion {
  if (verdict === "pass") return "success";
  if (!blocks) return "neutral";
  return verdict === "fail" ? "failure" : "action_required";
}

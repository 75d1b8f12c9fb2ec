import type { VerdictWord } from "../decide/verdict.ts";

/** One mark per verdict, and the only pictures in the comment. */
export const MARKS: Readonly<Record<VerdictWord, string>> = {
  pass: "✅",
  fail: "❌",
  inconclusive: "⚠️",
  "no-baseline": "⚪",
  invalid: "⛔",
};

/** The same without emoji, for pages and terminals whose fonts may have none. */
export const GLYPHS: Readonly<Record<VerdictWord, string>> = { pass: "✓", fail: "✗", inconclusive: "?", "no-baseline": "○", invalid: "!" };

/** The verdict's word where it begins a sentence. */
export const TITLES: Readonly<Record<VerdictWord, string>> = {
  pass: "Pass",
  fail: "Fail",
  inconclusive: "Inconclusive",
  "no-baseline": "No baseline",
  invalid: "Invalid",
};

/** The verdict and, where all that failed is accepted, by whom: a failure stays one. */
export const titleOf = ({
  verdict,
  acceptance,
}: {
  readonly verdict: VerdictWord;
  readonly acceptance: { readonly by: string } | undefined;
}) => `${TITLES[verdict]}${acceptance?.by ? `, accepted by ${acceptance.by}` : ""}`;

import type { Verdict } from "../decide/verdict.ts";
import type { Link } from "./report-input.ts";

/** The page that says what each message means and what to do, with a heading for each code. */
export const MESSAGES_PAGE = "https://github.com/tailgate-ci/tailgate/blob/v1/docs/messages.md";

/** Where a code is explained. Undefined for what is no code of ours: records come from outside, and so do their codes. */
export const messageLink = (code: string): Link | undefined =>
  /^[a-z][a-z0-9-]{0,39}$/.test(code) ? { label: code, url: `${MESSAGES_PAGE}#${code}` } : undefined;

/** More pages than these are not opened. */
const MOST_LINKS = 6;

/**
 * The pages about the reasons of a verdict: of what spoiled the run, or else of what stood in the way of gates that are
 * undecided. A failure needs no page: what failed is in the sentence.
 */
export function pagesOf({ verdict, problems, scenarios }: Verdict): readonly Link[] {
  const spoiled = problems.filter(({ severity }) => severity === "invalid").map(({ code }) => code);
  const undecided = scenarios
    .flatMap(({ metrics }) => metrics)
    .filter((metric) => metric.gated && (metric.verdict === "inconclusive" || metric.verdict === "no-baseline"));
  if (spoiled.length === 0 && verdict === "fail") return [];
  const codes = spoiled.length > 0 ? spoiled : undecided.flatMap(({ comparison }) => comparison.obstacles.map(({ code }) => code));
  return [...new Set(codes)].flatMap((code) => messageLink(code) ?? []).slice(0, MOST_LINKS);
}

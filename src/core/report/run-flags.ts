import type { Candidate } from "../compare/baseline.ts";
import { outlyingTexts } from "../decide/pool-words.ts";
import type { Verdict } from "../decide/verdict.ts";

/** What is odd about a stored run. It is shown and counts all the same: a pool of good days alone would take every other one for a regression. */
export function flagsOf({ origin, record: { problems, scenarios } }: Candidate, verdict: Verdict): readonly string[] {
  const outlying = verdict.scenarios.flatMap(({ name, metrics }) => {
    const texts = outlyingTexts(
      metrics.map(({ comparison }) => comparison),
      origin,
    );
    return texts.length === 0 ? [] : [`${listed(texts)}${verdict.scenarios.length > 1 ? ` in ${name}` : ""}`];
  });
  const codes = [...new Set(problems.map(({ code }) => code))];
  const failed = scenarios.filter(({ looks }) => looks?.stopped === "failed").map(({ name }) => name);
  return [
    ...(outlying.length === 0 ? [] : [`outlying: ${listed(outlying)} against the others; it counts`]),
    ...(failed.length === 0 ? [] : [`its own gates failed in ${listed(failed)}; it counts`]),
    ...(codes.length === 0 ? [] : [`its own warnings: ${listed(codes)}`]),
  ];
}

/** A line names so many; the rest is a number. */
const MOST_NAMED = 4;

const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMED ? names.join(", ") : `${names.slice(0, MOST_NAMED).join(", ")} and ${names.length - MOST_NAMED} more`;

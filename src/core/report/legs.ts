import { type VerdictWord, worstVerdict } from "../decide/verdict.ts";
import type { Report } from "./report.ts";
import { type MetricRow, ORDER, WORDS, worstOf } from "./row.ts";

/** Several suites, or one suite in several variants, judged one by one and told together. Plain text as in {@link Report}. */
export type LegsReport = {
  readonly verdict: VerdictWord;
  /** Whether one of them stops the merge. */
  readonly blocks: boolean;
  /** `2 of 5 suites failed: latency.p99 in steady of chat got worse by 23 %`. */
  readonly headline: string;
  readonly consequence: string;
  readonly context: string;
  /** Worst first; among equals in the given order. */
  readonly legs: readonly LegReport[];
};

export type LegReport = {
  /** `chat`, or `chat · L4` in a matrix. */
  readonly name: string;
  readonly report: Report;
  /** The metric that a reader wants to see first; undefined where nothing was measured, or what was does not count. */
  readonly worst: MetricRow | undefined;
};

/**
 * The verdict on all of them is the worst of them, and one that stops the merge stops it for all.
 *
 * @param reports one per suite and variant, at least one; those of which nothing is known among them.
 */
export function buildLegsReport(reports: readonly Report[]): LegsReport {
  const legs = reports
    .map((report): LegReport => ({ name: legName(report), report, worst: worstRow(report) }))
    .toSorted((a, b) => ORDER[a.report.verdict] - ORDER[b.report.verdict] || Number(b.report.blocks) - Number(a.report.blocks));
  const verdict = worstVerdict(reports.map((report) => report.verdict));
  if (verdict === undefined) throw new RangeError("there is no suite to report on");
  const decisive = legs.find(({ report }) => report.blocks) ?? legs[0]!;
  const inVariants = reports.some(({ variant }) => variant !== "");
  return {
    verdict,
    blocks: decisive.report.blocks,
    headline: writeHeadline(verdict, legs, inVariants ? LEGS : SUITES),
    consequence: decisive.report.consequence,
    context: contextOf(reports, inVariants ? LEGS : SUITES),
    legs,
  };
}

const legName = ({ suiteName, variant }: Report): string => (variant === "" ? suiteName : `${suiteName} · ${variant}`);

type Noun = { readonly one: string; readonly many: string };
const SUITES: Noun = { one: "suite", many: "suites" };
/** A suite in one variant. */
const LEGS: Noun = { one: "leg", many: "legs" };

function writeHeadline(verdict: VerdictWord, legs: readonly LegReport[], noun: Noun): string {
  const same = legs.filter(({ report }) => report.verdict === verdict);
  const all = `${legs.length} ${legs.length === 1 ? noun.one : noun.many}`;
  if (verdict === "pass") return legs.length === 1 ? `${legs[0]!.name}: ${legs[0]!.report.headline}` : `all ${all} pass`;
  const [first] = same;
  return `${same.length} of ${all} ${WHAT[verdict]}: ${first!.name}: ${first!.report.headline}`;
}

const WHAT: Readonly<Record<Exclude<VerdictWord, "pass">, string>> = {
  fail: "failed",
  inconclusive: "could not be decided",
  "no-baseline": "without a baseline",
  invalid: "invalid",
};

/** What the contexts of all of them have in common would be said as often as there are suites. */
function contextOf(reports: readonly Report[], noun: Noun): string {
  const counts = (Object.keys(ORDER) as VerdictWord[]).flatMap((word) => {
    const count = reports.filter(({ verdict }) => verdict === word).length;
    return count === 0 ? [] : [`${count} ${WORDS[word]}`];
  });
  const commits = [...new Set(reports.flatMap(({ commit }) => commit ?? []))];
  return [
    ...commits.map((commit) => `commit ${commit}`),
    `${reports.length} ${reports.length === 1 ? noun.one : noun.many}: ${counts.join(", ")}`,
  ].join(" · ");
}

/** The first row of the first scenario, unless a resource decided. */
function worstRow({ verdict, scenarios, resources }: Report): MetricRow | undefined {
  if (verdict === "invalid") return undefined;
  return worstOf([...scenarios.flatMap((scenario) => scenario.rows), ...resources]);
}

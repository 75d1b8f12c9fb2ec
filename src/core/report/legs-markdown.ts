import { markdownTable } from "markdown-table";
import { markdownCode, markdownText, summaryCode, summaryText } from "./escape-markdown.ts";
import { COMMENT_LIMIT, type Fold, fitFolds, SUMMARY_LIMIT } from "./fit.ts";
import type { LegReport, LegsReport } from "./legs.ts";
import { MARKS, TITLES } from "./mark.ts";
import { bodySections } from "./markdown.ts";
import { changeCell, together } from "./markdown-cells.ts";
import { legsMarker } from "./marker.ts";
import { NOTHING } from "./row.ts";

/**
 * One comment for several suites, marker first, at most 65,536 characters: a table of all of them, worst first, then the
 * report of each, folded. Sections are left out whole, those of suites that pass first.
 *
 * @param job what keeps this comment apart from those of other jobs.
 */
export const renderLegsComment = (legs: LegsReport, job: string): string =>
  fitFolds(`${legsMarker(job)}\n${headText(legs)}`, foldsOf(legs), COMMENT_LIMIT, "characters");

/** The same page for the job summary, at most 1 MiB. */
export const renderLegsSummary = (legs: LegsReport, job: string): string =>
  fitFolds(`${legsMarker(job)}\n${headText(legs)}`, foldsOf(legs), SUMMARY_LIMIT, "bytes");

/** More rows than these would not leave room for what the worst of them have to say. */
const MOST_ROWS = 100;

function headText({ verdict, headline, consequence, context, legs }: LegsReport): string {
  const quiet = legs.length > FEW ? legs.filter(({ report }) => report.verdict === "pass") : [];
  const loud = legs.filter((leg) => !quiet.includes(leg));
  return [
    `### ${MARKS[verdict]} ${TITLES[verdict]}: ${markdownText(headline, 300)}`,
    `**${markdownText(consequence)}** ${markdownText(context, 300)}`,
    ...(loud.length === 0 ? [] : [tableOf(loud)]),
    ...(quiet.length === 0 ? [] : [`<details><summary>${quiet.length} that pass</summary>`, tableOf(quiet), "</details>"]),
  ].join("\n\n");
}

/** From more than these on, what passes is folded. */
const FEW = 12;

function tableOf(legs: readonly LegReport[]): string {
  const inVariants = legs.some(({ report }) => report.variant !== "");
  const header = ["Suite", ...(inVariants ? ["Variant"] : []), "Verdict", "Nearest to its gate, or beyond it", "Change", "Requests"];
  const body = legs
    .slice(0, MOST_ROWS)
    .map(({ report, worst }) => [
      markdownCode(report.suiteName, 60),
      ...(inVariants ? [report.variant === "" ? NOTHING : markdownCode(report.variant, 60)] : []),
      together(`${MARKS[report.verdict]} ${TITLES[report.verdict].toLowerCase()}${report.acceptance?.by ? ", accepted" : ""}`),
      worst === undefined ? NOTHING : `${markdownCode(worst.metric)} in ${markdownCode(worst.scenario, 60)}`,
      worst === undefined ? NOTHING : changeCell(worst),
      together(report.requests),
    ]);
  const more = legs.length > MOST_ROWS ? [[`and ${legs.length - MOST_ROWS} more`, ...header.slice(1).map(() => "")]] : [];
  return markdownTable([header, ...body, ...more], {
    align: ["l", ...(inVariants ? ["l"] : []), "l", "l", "r", "r"],
    alignDelimiters: false,
  });
}

const foldsOf = ({ legs }: LegsReport): readonly Fold[] =>
  legs.map((leg) => ({
    open: `<details><summary>${MARKS[leg.report.verdict]} ${nameText(leg)}: ${summaryText(leg.report.headline, 200)}</summary>`,
    // What passes is the first to be left out, down to its line in the table.
    sections: bodySections(leg.report).map((section) => ({
      ...section,
      name: `${nameInCode(leg)}: ${section.name}`,
      rank: 1 + section.rank + (leg.report.verdict === "pass" ? QUIET : 0),
    })),
    close: "</details>",
  }));

/** Above every rank of a suite that does not pass. */
const QUIET = 10;

const nameText = ({ report }: LegReport): string =>
  `${summaryCode(report.suiteName, 60)}${report.variant === "" ? "" : ` · ${summaryCode(report.variant, 60)}`}`;
const nameInCode = ({ report }: LegReport): string =>
  `${markdownCode(report.suiteName, 60)}${report.variant === "" ? "" : ` · ${markdownCode(report.variant, 60)}`}`;

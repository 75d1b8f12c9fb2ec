import { markdownTable } from "markdown-table";
import { markdownCode } from "./escape-markdown.ts";
import { MARKS } from "./mark.ts";
import { type MetricRow, NOTHING } from "./row.ts";

const MOST_ALIGNED = 20;

/** A table of metrics; the columns of gates only where one of them has one. */
export function metricTable(rows: readonly MetricRow[], withScenario = false): string {
  const gated = rows.some((row) => row.gated);
  const confidence = rows.find((row) => row.confidence !== "")?.confidence;
  const header = [
    ...(withScenario ? ["Scenario"] : []),
    "Metric",
    "Base",
    "Head",
    confidence === undefined ? "Change" : `Change (${confidence} interval)`,
    ...(gated ? ["Gate", "Would catch", "Verdict"] : ["Note"]),
  ];
  const body = rows.map((row) => [
    ...(withScenario ? [markdownCode(row.scenario, 60)] : []),
    markdownCode(row.metric),
    ...[row.base, row.head].map(together),
    changeCell(row),
    ...(gated ? [withUnit(row.gate), together(row.detects), verdictCell(row)] : [row.word]),
  ]);
  const align = [...(withScenario ? ["l"] : []), "l", "r", "r", "r", ...(gated ? ["r", "r", "l"] : ["l"])];
  // Aligned, a long table is mostly spaces, and each counts against GitHub's limit.
  return markdownTable([header, ...body], { align, alignDelimiters: rows.length <= MOST_ALIGNED });
}

export const changeCell = (row: MetricRow): string => {
  const change = row.open && row.verdict === "fail" && row.change !== NOTHING ? `**${together(row.change)}**` : together(row.change);
  return row.interval === "" ? change : `${change} (${together(row.interval)})`;
};

/** GitHub breaks narrow columns wherever it may: a number stays with its unit, and an interval in one piece. */
export const together = (cell: string): string => cell.replaceAll(" ", "\u00A0");
export const withUnit = (cell: string): string => cell.replace(/([\d≤≥]) (?=[\d%\p{L}])(?!and )/gu, "$1\u00A0");

const verdictCell = (row: MetricRow): string => (row.gated ? `${MARKS[row.verdict]} ${row.word}` : row.word);

/** GitHub reads Markdown inside `<details>` only after an empty line. */
export const details = (summaryHtml: string, body: string): string => `<details><summary>${summaryHtml}</summary>\n\n${body}\n\n</details>`;

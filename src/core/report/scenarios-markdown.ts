import { type Arrangement, briefTitle } from "./arrangement.ts";
import { markdownText } from "./escape-markdown.ts";
import type { Section } from "./fit.ts";
import { details, metricTable } from "./markdown-cells.ts";
import { DETECTS_NOTE, type MetricRow, NOTHING } from "./row.ts";

/** Rows of one table. Tables are left out whole, so that a page of any number of scenarios keeps as many as it can. */
const MOST_ROWS = 40;
/** Up to so many scenarios that do not pass, the sentences above say what a table would. */
const TOLD = 8;

/**
 * Those that do not pass at a glance, a line each, before their own sections. Empty where there are so few of them that
 * the sentences of the verdict name them all.
 */
export const troubledSections = ({ full }: Arrangement): readonly Section[] =>
  full.length <= TOLD
    ? []
    : chunksOf(full).map((rows, index) => ({
        name: nameOf("do not pass", index),
        rank: index === 0 ? 1 : 2,
        text: metricTable(rows, true),
      }));

/** Those that pass, where there are many scenarios: a line each, folded; open where there is nothing else to read. */
export function briefSections(arrangement: Arrangement): readonly Section[] {
  const { full, brief } = arrangement;
  const isExplained = full.some(({ rows }) => rows.some((row) => row.detects !== NOTHING));
  return chunksOf(brief).map((rows, index) => {
    const title = index === 0 ? briefTitle(arrangement) : `${rows.length} more of them`;
    const body = [metricTable(rows, true), ...(isExplained || index > 0 ? [] : [markdownText(DETECTS_NOTE)])].join("\n\n");
    const text = full.length === 0 && index === 0 ? `#### ${title}\n\n${body}` : details(title, body);
    return { name: nameOf("pass", index), rank: 3, text };
  });
}

/** Of each scenario the row to show. One without a gate has none; it cannot pass, and has a section of its own. */
function chunksOf(scenarios: Arrangement["full"]): readonly (readonly MetricRow[])[] {
  const rows = scenarios.flatMap(({ nearest }) => nearest ?? []);
  return Array.from({ length: Math.ceil(rows.length / MOST_ROWS) }, (_, i) => rows.slice(i * MOST_ROWS, (i + 1) * MOST_ROWS));
}

const nameOf = (which: string, index: number): string => `the table of scenarios that ${which}${index === 0 ? "" : `, part ${index + 1}`}`;

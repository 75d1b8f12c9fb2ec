import type { VerdictWord } from "../decide/verdict.ts";
import { escapeHtml, proseHtml } from "./escape-html.ts";
import { GLYPHS } from "./mark.ts";
import type { MetricRow } from "./row.ts";

/** Drawn with the page's own font and colour; the word beside it says the same. */
export const mark = (verdict: VerdictWord): string => `<span class="mark ${verdict}" aria-hidden="true">${GLYPHS[verdict]}</span>`;

export const section = (title: string, body: string): string => `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
export const list = (items: readonly string[]): string =>
  items.length === 0 ? "" : `<ul>\n${items.map((item) => `<li>${proseHtml(item, 600)}</li>`).join("\n")}\n</ul>`;

export type Cell = { readonly html: string; readonly className?: string };

/** @param link where a scenario's name leads to, if its table names it. */
export function metricTable(rows: readonly MetricRow[], withScenario: boolean, link?: (scenario: string) => string): string {
  const gated = rows.some((row) => row.gated);
  const confidence = rows.find((row) => row.confidence !== "")?.confidence;
  const head: readonly Cell[] = [
    ...(withScenario ? [{ html: "Scenario" }] : []),
    { html: "Metric" },
    ...["Base", "Head", "Change", confidence === undefined ? "Interval" : `${confidence} interval`].map((html) => ({
      html,
      className: "number",
    })),
    ...(gated
      ? [{ html: "Gate", className: "number" }, { html: "Would catch", className: "number" }, { html: "Verdict" }]
      : [{ html: "Note" }]),
  ];
  const body = rows.map((row): readonly Cell[] => [
    ...(withScenario ? [{ html: scenarioCell(row.scenario, link) }] : []),
    { html: `<code>${row.metric}</code>` },
    ...[row.base, row.head].map((html) => ({ html: escapeHtml(html), className: "number" })),
    { html: escapeHtml(row.change), className: `number ${row.tone}` },
    { html: escapeHtml(row.interval), className: "number" },
    ...(gated ? [row.gate, row.detects].map((html) => ({ html: escapeHtml(html), className: "number" })) : []),
    { html: row.gated ? `${mark(row.verdict)} ${escapeHtml(row.word)}` : escapeHtml(row.word), className: "word" },
  ]);
  return table(head, body);
}

const scenarioCell = (name: string, link: ((scenario: string) => string) | undefined): string =>
  link === undefined ? escapeHtml(name, 80) : `<a href="#${link(name)}">${escapeHtml(name, 80)}</a>`;

export const table = (head: readonly Cell[], body: readonly (readonly Cell[])[]): string =>
  [
    `<div class="scroll" tabindex="0"><table>`,
    `<thead><tr>${head.map((cell) => cellHtml("th", cell, ` scope="col"`)).join("")}</tr></thead>`,
    `<tbody>`,
    ...body.map((row) => `<tr>${row.map((cell) => cellHtml("td", cell)).join("")}</tr>`),
    `</tbody>`,
    `</table></div>`,
  ].join("\n");

const cellHtml = (tag: "td" | "th", { html, className }: Cell, attributes = ""): string =>
  `<${tag}${attributes}${className === undefined ? "" : ` class="${className}"`}>${html}</${tag}>`;

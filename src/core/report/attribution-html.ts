import { ATTRIBUTION_NOTE, ATTRIBUTION_TITLE, type AttributionReport } from "./attribution.ts";
import { escapeHtml, proseHtml } from "./escape-html.ts";
import { type Cell, table } from "./html-cells.ts";

/** The causes with their numbers, and how the mean time of a request is made up. */
export function attributionHtml({ symptom, causes, parts }: AttributionReport): string {
  const number = (text: string): Cell => ({ html: escapeHtml(text), className: "number" });
  const items = causes.map(
    ({ title, numbers, next }) =>
      `<li><strong>${escapeHtml(title)}</strong>: ${proseHtml(numbers.join("; "), 1000)}. Next: ${proseHtml(next, 300)}.</li>`,
  );
  const rows = parts.map(({ part, ...cells }): readonly Cell[] => [
    { html: escapeHtml(part) },
    ...[cells.base, cells.head, cells.change, cells.share].map(number),
  ]);
  const head: readonly Cell[] = [{ html: "Mean per request" }, ...["Base", "Head", "Change", "Share of the change"].map(number)];
  return [
    `<h3>${ATTRIBUTION_TITLE}</h3>`,
    `<p>The change of <code>${escapeHtml(symptom)}</code> is consistent with:</p>`,
    `<ol>\n${items.join("\n")}\n</ol>`,
    ...(rows.length > 0 ? [table(head, rows)] : []),
    `<p class="quiet">${escapeHtml(ATTRIBUTION_NOTE)}</p>`,
  ].join("\n");
}

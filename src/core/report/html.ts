import { createHash } from "node:crypto";
import { ACCEPTANCE_TITLE } from "./acceptance.ts";
import { arrange } from "./arrangement.ts";
import { ATTEMPT_HEADER } from "./attempts.ts";
import { type ChartInput, drawCharts } from "./charts/draw-charts.ts";
import { escapeHtml, proseHtml } from "./escape-html.ts";
import { type Cell, list, mark, metricTable, section, table } from "./html-cells.ts";
import { figure, scenarioSections } from "./html-scenario.ts";
import { titleOf } from "./mark.ts";
import type { Fact } from "./provenance.ts";
import type { Link, Report } from "./report.ts";
import { STYLE } from "./style.ts";

/**
 * The report as one HTML file that needs nothing else: no script, no network (its own policy forbids both), light and
 * dark by the reader's setting, and fit to be printed.
 */
export function renderHtml(input: ChartInput & { readonly report: Report }): string {
  const { report } = input;
  const charts = drawCharts(input);
  const several = report.scenarios.length > 1;
  const arrangement = arrange(report.scenarios);
  const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;
  return [
    `<!doctype html>`,
    `<html lang="en">`,
    `<head>`,
    `<meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="color-scheme" content="light dark">`,
    `<title>${escapeHtml(`${titleOf(report)}: ${report.headline}`, 200)} · tailgate</title>`,
    `<style>${STYLE}</style>`,
    `</head>`,
    `<body>`,
    `<main>`,
    header(report),
    ...acceptance(report),
    ...(charts.forest === undefined ? [] : [section("Changes against their gates", figure(charts.forest))]),
    ...scenarioSections(report, charts, arrangement),
    ...(report.resources.length > 0 ? [section("GPU and server", metricTable(report.resources, several))] : []),
    ...failures(report, several),
    ...warnings(report),
    ...attempts(report),
    ...pauses(report, several),
    section("How it was decided", `${list(report.procedure.rules)}${gateSentences(report.procedure.gates)}`),
    section("Where these numbers come from", factTable(report.provenance)),
    ...(report.environment.length > 0 ? [section("Environment", factTable(report.environment))] : []),
    section("Get them again", `<pre tabindex="0"><code>${report.reproduce.map((line) => escapeHtml(line, 4000)).join("\n")}</code></pre>`),
    `</main>`,
    `</body>`,
    `</html>`,
    "",
  ].join("\n");
}

const gateSentences = (gates: readonly string[]): string =>
  gates.length === 0
    ? ""
    : `\n<details>\n<summary>${gates.length === 1 ? "The gate in a sentence" : `All ${gates.length} gates in a sentence each`}</summary>\n${list(gates)}\n</details>`;

const header = (report: Report): string =>
  [
    `<header class="verdict ${report.verdict}">`,
    `<h1>${mark(report.verdict)} ${proseHtml(`${titleOf(report)}: ${report.headline}`)}</h1>`,
    `<p><strong>${proseHtml(report.consequence)}</strong> ${proseHtml(report.context)}</p>`,
    list(report.reasons),
    ...(report.about.length > 0 ? [`<p class="quiet">What this means: ${report.about.map(htmlLink).join(" · ")}</p>`] : []),
    ...(report.steps.length > 0 ? [`<h2>What would decide it</h2>`, list(report.steps)] : []),
    ...(report.links.length > 0 ? [`<p class="quiet">${report.links.map(htmlLink).join(" · ")}</p>`] : []),
    `</header>`,
  ].join("\n");

const htmlLink = ({ label, url }: Link): string =>
  /^https?:/i.test(url) ? `<a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(label)}</a>` : escapeHtml(`${label}: ${url}`);
const acceptance = ({ acceptance: said }: Report): readonly string[] => {
  if (said === undefined) return [];
  const lines = said.lines.map(
    ({ text, command }) =>
      `<li>${proseHtml(text, 900)}${command === undefined ? "" : `:<br><code>${escapeHtml(command, 400)}</code>`}</li>`,
  );
  return [section(ACCEPTANCE_TITLE, `<ul>\n${lines.join("\n")}\n</ul>`)];
};

const factTable = (facts: readonly Fact[]): string =>
  [
    `<div class="scroll" tabindex="0"><table class="facts"><tbody>`,
    ...facts.map(({ label, value }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value, 1000)}</td></tr>`),
    `</tbody></table></div>`,
  ].join("\n");

function failures({ failures: rows }: Report, several: boolean): readonly string[] {
  if (rows.length === 0) return [];
  const head = [...(several ? ["Scenario"] : []), "Kind", "Base", "Head", "First example"].map((html) => ({ html }));
  const body = rows.map((row) =>
    [...(several ? [row.scenario] : []), row.kind, row.base, row.head, row.example].map((text) => ({ html: escapeHtml(text) })),
  );
  return [section("Failed requests", table(head, body))];
}

function attempts({ attempts: found }: Report): readonly string[] {
  if (found === undefined) return [];
  const body = found.rows.map(({ origin, date, requests }): readonly Cell[] => [
    { html: escapeHtml(origin, 300) },
    { html: escapeHtml(date) },
    { html: requests, className: "number" },
  ]);
  const head = ATTEMPT_HEADER.map((html) => ({ html }));
  return [`<details>\n<summary>${escapeHtml(found.summary)}</summary>\n${table(head, body)}\n</details>`];
}

/** Where the load generator itself was disturbed. */
function pauses({ pauses: rows }: Report, several: boolean): readonly string[] {
  if (rows.length === 0) return [];
  const number = (html: string): Cell => ({ html: escapeHtml(html), className: "number" });
  const head: readonly Cell[] = [
    ...(several ? [{ html: "Scenario" }] : []),
    { html: "Endpoint" },
    ...["Block", "Begins at", "Paused seconds", "Requests due in them", "Longest pause", "Event loop", "Garbage collection", "Steal"].map(
      number,
    ),
  ];
  const body = rows
    .slice(0, MOST_PAUSES)
    .map((row) => [
      ...(several ? [{ html: escapeHtml(row.scenario, 80) }] : []),
      { html: row.arm },
      ...[row.block, row.start, row.pausedSeconds, row.arrivals, row.longest, row.loopDelay, row.garbage, row.steal].map(number),
    ]);
  const rest = rows.length - body.length;
  const note = `Seconds in which a pause of this machine, and not the endpoint, held requests up.${rest > 0 ? ` ${rest} more blocks are in run.json.` : ""}`;
  return [section("Pauses of the load generator", `${table(head, body)}\n<p class="quiet">${proseHtml(note)}</p>`)];
}

/** A page stays readable; the record has all of them. */
const MOST_PAUSES = 100;

function warnings({ problems }: Report): readonly string[] {
  const items = problems
    .filter(({ severity }) => severity === "warning")
    .map(({ text, page }) => `<li>${proseHtml(text, 600)}${page === undefined ? "" : ` (${htmlLink(page)})`}</li>`);
  return items.length === 0 ? [] : [section("Warnings", `<ul>\n${items.join("\n")}\n</ul>`)];
}

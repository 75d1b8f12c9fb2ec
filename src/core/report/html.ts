import { createHash } from "node:crypto";
import type { VerdictWord } from "../decide/verdict.ts";
import { ACCEPTANCE_TITLE } from "./acceptance.ts";
import { ATTEMPT_HEADER } from "./attempts.ts";
import { type ChartInput, type Charts, type Drawn, drawCharts } from "./charts/draw-charts.ts";
import { escapeHtml } from "./escape-html.ts";
import { GLYPHS, titleOf } from "./mark.ts";
import { PHASES_NOTE, PHASES_TITLE, type PhaseTable } from "./phases.ts";
import type { Fact } from "./provenance.ts";
import type { Link, Report } from "./report.ts";
import { DETECTS_NOTE, type MetricRow, NOTHING, restText } from "./row.ts";
import type { ScenarioReport } from "./scenario-report.ts";
import { SLOWEST_NOTE, SLOWEST_TITLE, type SlowestTable } from "./slowest.ts";
import { STYLE } from "./style.ts";

/**
 * The report as one HTML file that needs nothing else: no script, no network (its own policy forbids both), light and
 * dark by the reader's setting, and fit to be printed.
 */
export function renderHtml(input: ChartInput & { readonly report: Report }): string {
  const { report } = input;
  const charts = drawCharts(input);
  const several = report.scenarios.length > 1;
  const explained = report.scenarios.find(({ rows }) => rows.some((row) => row.detects !== NOTHING));
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
    ...(charts.forest === undefined
      ? []
      : [
          section(
            "Changes against their gates",
            figure(charts.forest, "One line per gate: the square is the change, the line its interval. Right of the gate blocks."),
          ),
        ]),
    ...report.scenarios.map((scenario) =>
      scenarioSection(scenario, charts, {
        explains: scenario === explained,
        phases: report.phases.find((table) => table.scenario === scenario.name),
        slowest: report.slowest.find((table) => table.scenario === scenario.name),
      }),
    ),
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

/** Drawn with the page's own font and colour; the word beside it says the same. */
const mark = (verdict: VerdictWord): string => `<span class="mark ${verdict}" aria-hidden="true">${GLYPHS[verdict]}</span>`;

const section = (title: string, body: string): string => `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
const figure = (svg: string, caption: string): string => `<figure>\n${svg}\n<figcaption>${escapeHtml(caption)}</figcaption>\n</figure>`;
const list = (items: readonly string[]): string =>
  items.length === 0 ? "" : `<ul>\n${items.map((item) => `<li>${escapeHtml(item, 600)}</li>`).join("\n")}\n</ul>`;

const gateSentences = (gates: readonly string[]): string =>
  gates.length === 0
    ? ""
    : `\n<details>\n<summary>${gates.length === 1 ? "The gate in a sentence" : `All ${gates.length} gates in a sentence each`}</summary>\n${list(gates)}\n</details>`;

const header = (report: Report): string =>
  [
    `<header class="verdict ${report.verdict}">`,
    `<h1>${mark(report.verdict)} ${escapeHtml(`${titleOf(report)}: ${report.headline}`)}</h1>`,
    `<p><strong>${escapeHtml(report.consequence)}</strong> ${escapeHtml(report.context)}</p>`,
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
      `<li>${escapeHtml(text, 900)}${command === undefined ? "" : `:<br><code>${escapeHtml(command, 400)}</code>`}</li>`,
  );
  return [section(ACCEPTANCE_TITLE, `<ul>\n${lines.join("\n")}\n</ul>`)];
};

function scenarioSection(
  scenario: ScenarioReport,
  charts: Charts,
  {
    explains,
    phases,
    slowest,
  }: { readonly explains: boolean; readonly phases: PhaseTable | undefined; readonly slowest: SlowestTable | undefined },
): string {
  const open = scenario.rows.filter((row) => row.open);
  const closed = scenario.rows.filter((row) => !row.open);
  const rest = restText(closed);
  const drawn = charts.scenarios.get(scenario.name) ?? [];
  return [
    `<section>`,
    `<h2>${mark(scenario.verdict)} ${escapeHtml(scenario.name, 120)}</h2>`,
    `<p class="quiet">${escapeHtml(scenario.load)}</p>`,
    ...(open.length > 0 ? [metricTable(open, false)] : []),
    ...(explains ? [`<p class="quiet">${escapeHtml(DETECTS_NOTE)}</p>`] : []),
    ...(scenario.shift === undefined ? [] : [`<p>${escapeHtml(scenario.shift)}</p>`]),
    ...(closed.length > 0 ? [`<details>\n<summary>${rest.count}, ${rest.kind}</summary>\n${metricTable(closed, false)}\n</details>`] : []),
    ...(phases === undefined ? [] : [phaseTable(phases)]),
    ...pictures(drawn.filter(({ open }) => open)),
    ...folded(drawn.filter(({ open }) => !open)),
    ...(slowest === undefined ? [] : [slowestTable(slowest)]),
    `</section>`,
  ].join("\n");
}

const KEY = `<p class="key" aria-hidden="true"><span class="base"></span> base <span class="head"></span> head</p>`;

const pictures = (drawn: readonly Drawn[]): readonly string[] =>
  drawn.length === 0 ? [] : [KEY, `<div class="pictures">`, ...drawn.map(({ svg, caption }) => figure(svg, caption)), `</div>`];

const folded = (drawn: readonly Drawn[]): readonly string[] =>
  drawn.length === 0
    ? []
    : [
        `<details>`,
        `<summary>${drawn.length === 1 ? "One more picture" : `${drawn.length} more pictures`} over time: requests, failures, telemetry</summary>`,
        ...pictures(drawn),
        `</details>`,
      ];

type Cell = { readonly html: string; readonly className?: string };

function metricTable(rows: readonly MetricRow[], withScenario: boolean): string {
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
    ...(withScenario ? [{ html: escapeHtml(row.scenario, 80) }] : []),
    { html: `<code>${row.metric}</code>` },
    ...[row.base, row.head].map((html) => ({ html: escapeHtml(html), className: "number" })),
    { html: escapeHtml(row.change), className: `number ${row.tone}` },
    { html: escapeHtml(row.interval), className: "number" },
    ...(gated ? [row.gate, row.detects].map((html) => ({ html: escapeHtml(html), className: "number" })) : []),
    { html: row.gated ? `${mark(row.verdict)} ${escapeHtml(row.word)}` : escapeHtml(row.word), className: "word" },
  ]);
  return table(head, body);
}

function phaseTable({ rows }: PhaseTable): string {
  const head = ["Phase", "Base", "Head"].map((html) => ({ html }));
  const body = rows.map(({ label, base, head }) => [label, base, head].map((text) => ({ html: escapeHtml(text) })));
  return [`<h3>${PHASES_TITLE}</h3>`, table(head, body), `<p class="quiet">${escapeHtml(PHASES_NOTE)}</p>`].join("\n");
}

function slowestTable({ rows, isTraced }: SlowestTable): string {
  const hasTokens = rows.some(({ firstToken }) => firstToken !== NOTHING);
  const number = (html: string): Cell => ({ html: escapeHtml(html), className: "number" });
  const times = hasTokens ? ["Latency", "Service", "First byte", "First token"] : ["Latency", "Service", "First byte"];
  const head: readonly Cell[] = [
    { html: "Endpoint" },
    ...(isTraced ? [{ html: "Trace id" }] : []),
    { html: "Class" },
    ...["At", "Block", ...times, "Status"].map(number),
    { html: "Result" },
  ];
  const body = rows.map((row): readonly Cell[] => [
    { html: row.arm },
    ...(isTraced ? [{ html: `<code>${escapeHtml(row.traceId)}</code>` }] : []),
    { html: escapeHtml(row.payloadClass, 80) },
    ...[row.at, row.block, row.latency, row.service, row.firstByte, ...(hasTokens ? [row.firstToken] : []), row.status].map(number),
    { html: escapeHtml(row.result, 300) },
  ]);
  return `<details>\n<summary>${SLOWEST_TITLE}</summary>\n${table(head, body)}\n<p class="quiet">${SLOWEST_NOTE}</p>\n</details>`;
}

const table = (head: readonly Cell[], body: readonly (readonly Cell[])[]): string =>
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
  return [section("Pauses of the load generator", `${table(head, body)}\n<p class="quiet">${escapeHtml(note)}</p>`)];
}

/** A page stays readable; the record has all of them. */
const MOST_PAUSES = 100;

function warnings({ problems }: Report): readonly string[] {
  const items = problems
    .filter(({ severity }) => severity === "warning")
    .map(({ text, page }) => `<li>${escapeHtml(text, 600)}${page === undefined ? "" : ` (${htmlLink(page)})`}</li>`);
  return items.length === 0 ? [] : [section("Warnings", `<ul>\n${items.join("\n")}\n</ul>`)];
}

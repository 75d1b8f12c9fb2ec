import { type Arrangement, briefTitle } from "./arrangement.ts";
import type { AttributionReport } from "./attribution.ts";
import { attributionHtml } from "./attribution-html.ts";
import type { Charts, Drawn } from "./charts/draw-charts.ts";
import { escapeHtml, proseHtml } from "./escape-html.ts";
import { type Cell, mark, metricTable, section, table } from "./html-cells.ts";
import { PHASES_NOTE, PHASES_TITLE, type PhaseTable } from "./phases.ts";
import type { Report } from "./report.ts";
import { DETECTS_NOTE, NOTHING, restText } from "./row.ts";
import type { ScenarioReport } from "./scenario-report.ts";
import { SLOWEST_NOTE, SLOWEST_TITLE, type SlowestTable } from "./slowest.ts";

/** Every scenario with its tables and pictures, worst first; of many, those that pass folded, below a list of all of them. */
export function scenarioSections(report: Report, charts: Charts, { full, brief }: Arrangement): readonly string[] {
  const explained = report.scenarios.find(({ rows }) => rows.some((row) => row.detects !== NOTHING));
  const anchors = new Map([...full, ...brief].map(({ name }, index) => [name, `scenario-${index + 1}`] as const));
  const detailsOf = (scenario: ScenarioReport): string =>
    body(scenario, charts.scenarios.get(scenario.name), {
      explains: scenario === explained,
      attribution: report.attributions.find(({ scenario: of }) => of === scenario.name),
      phases: report.phases.find(({ scenario: of }) => of === scenario.name),
      slowest: report.slowest.find(({ scenario: of }) => of === scenario.name),
    });
  const heading = ({ name, verdict }: ScenarioReport): string => `${mark(verdict)} ${escapeHtml(name, 120)}`;
  const rows = [...full, ...brief].flatMap(({ nearest }) => nearest ?? []);
  return [
    ...(brief.length === 0
      ? []
      : [
          section(
            "All scenarios",
            metricTable(rows, true, (name) => anchors.get(name) ?? ""),
          ),
        ]),
    ...full.map(
      (scenario) => `<section id="${anchors.get(scenario.name)}">\n<h2>${heading(scenario)}</h2>\n${detailsOf(scenario)}\n</section>`,
    ),
    ...(brief.length === 0 ? [] : [`<section>\n<h2>${escapeHtml(briefTitle({ full, brief }).replace(/;.*/, ""))}</h2>`]),
    ...brief.map(
      (scenario) =>
        `<details class="scenario" id="${anchors.get(scenario.name)}">\n<summary>${heading(scenario)}</summary>\n${detailsOf(scenario)}\n</details>`,
    ),
    ...(brief.length === 0 ? [] : ["</section>"]),
  ];
}

function body(
  scenario: ScenarioReport,
  drawn: readonly Drawn[] | undefined,
  {
    explains,
    attribution,
    phases,
    slowest,
  }: {
    readonly explains: boolean;
    readonly attribution: AttributionReport | undefined;
    readonly phases: PhaseTable | undefined;
    readonly slowest: SlowestTable | undefined;
  },
): string {
  const open = scenario.rows.filter((row) => row.open);
  const closed = scenario.rows.filter((row) => !row.open);
  const rest = restText(closed);
  return [
    `<p class="quiet">${proseHtml(scenario.load)}</p>`,
    ...(open.length > 0 ? [metricTable(open, false)] : []),
    ...(explains ? [`<p class="quiet">${escapeHtml(DETECTS_NOTE)}</p>`] : []),
    ...(scenario.shift === undefined ? [] : [`<p>${proseHtml(scenario.shift)}</p>`]),
    ...(attribution === undefined ? [] : [attributionHtml(attribution)]),
    ...(closed.length > 0 ? [`<details>\n<summary>${rest.count}, ${rest.kind}</summary>\n${metricTable(closed, false)}\n</details>`] : []),
    ...(phases === undefined ? [] : [phaseTable(phases)]),
    ...(drawn === undefined ? [`<p class="quiet">${NO_ROOM}</p>`] : pictures(drawn)),
    ...(slowest === undefined ? [] : [slowestTable(slowest)]),
  ].join("\n");
}

const NO_ROOM = "Without pictures: a page has room for those of forty scenarios, the worst first. run.json has all that they would show.";

const KEY = `<p class="key" aria-hidden="true"><span class="base"></span> base <span class="head"></span> head</p>`;

/** Distributions side by side; below them, one under the other on the same axis, what lies in time. */
function pictures(drawn: readonly Drawn[]): readonly string[] {
  const [side, stacked] = [drawn.filter(({ overTime }) => !overTime), drawn.filter(({ overTime }) => overTime)];
  return [
    ...(drawn.length === 0 ? [] : [KEY]),
    ...(side.length === 0 ? [] : [`<div class="pictures">`, ...side.map(figure), `</div>`]),
    ...(stacked.length === 0 ? [] : [`<div class="stack">`, ...stacked.map(figure), `</div>`]),
  ];
}

/** On a narrow screen a wide picture is moved sideways, not made too small to read. */
export const figure = ({ svg, title, caption, overTime }: Drawn): string =>
  [
    `<figure>`,
    ...(title === "" ? [] : [`<p class="title"><strong>${escapeHtml(title)}</strong></p>`]),
    overTime ? `<div class="scroll wide" tabindex="0">${svg}</div>` : svg,
    ...(caption === "" ? [] : [`<figcaption>${escapeHtml(caption)}</figcaption>`]),
    `</figure>`,
  ].join("\n");

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

import { markdownTable } from "markdown-table";
import { ACCEPTANCE_TITLE } from "./acceptance.ts";
import { arrange, shownResources } from "./arrangement.ts";
import { ATTEMPT_HEADER } from "./attempts.ts";
import { markdownCode, markdownLink, markdownText, summaryCode } from "./escape-markdown.ts";
import { COMMENT_LIMIT, fitSections, type Section, SUMMARY_LIMIT } from "./fit.ts";
import { MARKS, titleOf } from "./mark.ts";
import { details, metricTable, together, withUnit } from "./markdown-cells.ts";
import { commentMarker } from "./marker.ts";
import { PHASES_NOTE, PHASES_TITLE, type PhaseTable } from "./phases.ts";
import type { Fact } from "./provenance.ts";
import type { Report } from "./report.ts";
import { DETECTS_NOTE, type MetricRow, NOTHING, restText } from "./row.ts";
import type { ScenarioReport } from "./scenario-report.ts";
import { briefSections, troubledSections } from "./scenarios-markdown.ts";
import type { ShiftPicture } from "./shift-picture.ts";
import type { SlowestTable } from "./slowest.ts";

/** The pull request comment, marker first, at most 65,536 characters: sections are left out whole, worst kept longest. */
export const renderComment = (report: Report): string => fitSections(commentSections(report), COMMENT_LIMIT, "characters");

/** The same page for the job summary, at most 1 MiB. */
export const renderSummary = (report: Report): string => fitSections(commentSections(report), SUMMARY_LIMIT, "bytes");

/** The parts of the comment in order, each whole in itself. */
export function commentSections(report: Report): readonly Section[] {
  const [verdict, ...rest] = bodySections(report);
  const heading = `### ${MARKS[report.verdict]} ${markdownText(titleOf(report), 200)}: ${markdownText(report.headline, 300)}`;
  return [{ ...verdict!, text: [commentMarker(report.suiteName, report.variant), heading, "", verdict!.text].join("\n") }, ...rest];
}

/** The same without marker and heading, to be shown below a heading of its own. */
export function bodySections(report: Report): readonly Section[] {
  const arrangement = arrange(report.scenarios);
  const { full, brief } = arrangement;
  const shown = new Set(full.map(({ name }) => name));
  const several = report.scenarios.length > 1;
  const explained = full.findIndex(({ rows }) => rows.some((row) => row.detects !== NOTHING));
  return [
    { name: "verdict", rank: 0, text: verdictText(report) },
    ...optional("acceptance", 1, acceptanceText(report)),
    ...troubledSections(arrangement),
    ...full.map((scenario, index) => ({
      name: `scenario ${markdownCode(scenario.name, 60)}`,
      rank: index === 0 ? 1 : 2,
      text: scenarioText(scenario, several, index === explained),
    })),
    ...full.flatMap(({ name, pictures }) =>
      pictures.map((picture) => ({
        name: `where ${picture.of} moved in ${markdownCode(name, 60)}`,
        rank: 3,
        text: pictureText(picture, name, several),
      })),
    ),
    ...briefSections(arrangement),
    ...optional("resources", 3, resourcesText(shownResources(report.resources, arrangement), several)),
    ...optional("failures", 3, failuresText(report)),
    ...optional("warnings", 2, warningsText(report)),
    ...optional("earlier attempts", 3, attemptsText(report)),
    ...full.flatMap((scenario) => optional(`other metrics of ${markdownCode(scenario.name, 60)}`, 5, closedRowsText(scenario, several))),
    ...report.phases
      .filter(({ scenario }) => shown.has(scenario))
      .map((table) => ({
        name: `where the time of ${markdownCode(table.scenario, 60)} goes`,
        rank: 5,
        text: phasesText(table, several),
      })),
    ...report.slowest
      .filter(({ scenario }) => shown.has(scenario))
      .flatMap((table) => optional(`slowest requests of ${markdownCode(table.scenario, 60)}`, 4, slowestText(table, several))),
    ...(brief.length === 0 ? [] : [{ name: "where the rest is", rank: 6, text: REST_NOTE }]),
    { name: "provenance", rank: 4, text: provenanceText(report) },
  ];
}

/** A page of forty scenarios has no room for what is in order. */
const REST_NOTE = "All metrics and pictures of the scenarios that pass are in `report.html` of this run.";

const optional = (name: string, rank: number, text: string | undefined): readonly Section[] =>
  text === undefined ? [] : [{ name, rank, text }];

/** More reasons than these do not make a decision clearer, and this section must always fit. */
const MOST_REASONS = 8;

function verdictText(report: Report): string {
  const lines = [`**${markdownText(report.consequence)}** ${markdownText(report.context, 300)}`];
  const shown = report.reasons.slice(0, MOST_REASONS);
  if (shown.length > 0) lines.push("", ...shown.map((reason) => `- ${markdownText(reason, 600)}`));
  if (report.reasons.length > shown.length) lines.push(`- and ${report.reasons.length - shown.length} more, in the tables below`);
  if (report.about.length > 0) lines.push("", `What this means: ${report.about.map(markdownLink).join(" · ")}`);
  const steps = report.steps.slice(0, MOST_REASONS);
  if (steps.length > 0) lines.push("", "**What would decide it**", "", ...steps.map((step) => `- ${markdownText(step, 600)}`));
  if (report.links.length > 0) lines.push("", report.links.map(markdownLink).join(" · "));
  return lines.join("\n");
}

function acceptanceText({ acceptance }: Report): string | undefined {
  if (acceptance === undefined) return undefined;
  // A command on a line of its own, as code: nothing of it is one when somebody quotes this comment.
  const lines = acceptance.lines.map(
    ({ text, command }) => `- ${markdownText(text, 900)}${command === undefined ? "" : `:<br>${markdownCode(command, 400)}`}`,
  );
  return [`#### ${ACCEPTANCE_TITLE}`, "", ...lines].join("\n");
}

function scenarioText(scenario: ScenarioReport, several: boolean, explains: boolean): string {
  const open = scenario.rows.filter((row) => row.open);
  const heading = several ? `#### ${MARKS[scenario.verdict]} ${markdownCode(scenario.name)}` : `#### ${markdownCode(scenario.name)}`;
  return [
    heading,
    markdownText(scenario.load),
    ...(open.length > 0 ? [metricTable(open)] : []),
    ...(explains ? [markdownText(DETECTS_NOTE)] : []),
    ...(scenario.shift === undefined ? [] : [markdownText(scenario.shift)]),
  ].join("\n\n");
}

function pictureText({ of, lines }: ShiftPicture, scenario: string, several: boolean): string {
  const where = several ? ` in ${summaryCode(scenario)}` : "";
  return details(`Where ${of} moved${where}, base → head`, `\`\`\`text\n${lines.join("\n")}\n\`\`\``);
}

function closedRowsText(scenario: ScenarioReport, several: boolean): string | undefined {
  const closed = scenario.rows.filter((row) => !row.open);
  if (closed.length === 0) return undefined;
  const of = several ? ` of ${summaryCode(scenario.name)}` : "";
  const { count, kind } = restText(closed);
  return details(`${count}${of}, ${kind}`, metricTable(closed));
}

/** As many rows are read at a glance; of more, those that nobody asked for are folded away. */
const MOST_RESOURCES = 8;

function resourcesText(resources: readonly MetricRow[], several: boolean): string | undefined {
  if (resources.length === 0) return undefined;
  const open = resources.filter((row) => row.open);
  if (open.length === 0) return details("GPU and server, base → head", metricTable(resources, several));
  const shown = resources.length > MOST_RESOURCES ? open : resources;
  const rest = resources.filter((row) => !shown.includes(row));
  const title = `#### GPU and server\n\n${metricTable(shown, several)}`;
  if (rest.length === 0) return title;
  const { count, kind } = restText(rest);
  return `${title}\n\n${details(`${count} of GPU and server, ${kind}`, metricTable(rest, several))}`;
}

/** Rows beyond this say nothing new: every kind of failure of a dozen scenarios fits. */
const MOST_FAILURES = 40;

function failuresText({ failures, scenarios }: Report): string | undefined {
  if (failures.length === 0) return undefined;
  const several = scenarios.length > 1;
  const body = failures
    .slice(0, MOST_FAILURES)
    .map((row) => [
      ...(several ? [markdownCode(row.scenario, 60)] : []),
      row.kind,
      row.base,
      row.head,
      row.example === "" ? "" : markdownCode(row.example, 200),
    ]);
  const header = [...(several ? ["Scenario"] : []), "Failed requests", "Base", "Head", "First example"];
  const align = [...(several ? ["l"] : []), "l", "r", "r", "l"];
  const rest = failures.length - body.length;
  const more = rest > 0 ? `\n\nand ${rest} more, in \`report.html\` of this run` : "";
  return `#### Failures\n\n${markdownTable([header, ...body], { align, alignDelimiters: false })}${more}`;
}

/** Warnings beyond these are read in the report. */
const MOST_WARNINGS = 20;

function warningsText({ problems }: Report): string | undefined {
  const warnings = problems.filter(({ severity }) => severity === "warning");
  if (warnings.length === 0) return undefined;
  const rest = warnings.length - MOST_WARNINGS;
  return [
    "#### Warnings",
    "",
    ...warnings
      .slice(0, MOST_WARNINGS)
      .map(({ text, page }) => `- ${markdownText(text, 600)}${page === undefined ? "" : ` (${markdownLink(page)})`}`),
    ...(rest > 0 ? [`- and ${rest} more, in \`report.html\` of this run`] : []),
  ].join("\n");
}

function attemptsText({ attempts }: Report): string | undefined {
  if (attempts === undefined) return undefined;
  const body = attempts.rows.map(({ origin, date, requests }) => [markdownText(origin, 300), date, requests]);
  return details(attempts.summary, markdownTable([[...ATTEMPT_HEADER], ...body], { align: ["l", "l", "r"], alignDelimiters: false }));
}

function phasesText({ scenario, rows }: PhaseTable, several: boolean): string {
  const body = rows.map(({ label, base, head }) => [label, withUnit(base), withUnit(head)]);
  const of = several ? `: ${summaryCode(scenario)}` : "";
  return details(
    `${PHASES_TITLE}${of}`,
    `${markdownTable([["Phase", "Base", "Head"], ...body], { alignDelimiters: false })}\n\n${PHASES_NOTE}`,
  );
}

/** Enough to begin with; the report has ten. */
const MOST_SLOWEST = 3;

/** A list to copy from: of use only where the requests can be found in the endpoint's traces. */
function slowestText({ scenario, rows, isTraced }: SlowestTable, several: boolean): string | undefined {
  const slowest = rows.filter(({ arm, isFailed, traceId }) => arm === "head" && !isFailed && traceId !== NOTHING).slice(0, MOST_SLOWEST);
  if (!isTraced || slowest.length === 0) return undefined;
  const lines = slowest.map(
    ({ traceId, latency, service, payloadClass, at, block, result }) =>
      `- ${markdownCode(traceId)}: ${together(latency)} (service ${together(service)}), class ${markdownCode(payloadClass, 60)}, at ${at}, block ${block}${result === "ok" ? "" : `, ${markdownText(result, 60)}`}`,
  );
  return details(`Trace ids of the head's slowest requests${several ? ` in ${summaryCode(scenario)}` : ""}`, lines.join("\n"));
}

function provenanceText({ provenance, environment, reproduce }: Report): string {
  const fence = "`".repeat(Math.max(3, ...reproduce.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length + 1))));
  const commands = reproduce.map((line) => line.replace(/[\r\n]+/g, " "));
  return details(
    "Where these numbers come from, and how to get them again",
    [
      ...(provenance.length > 0 ? [factTable(provenance)] : []),
      ...(environment.length > 0 ? [factTable(environment, "Environment")] : []),
      `${fence}sh\n${commands.join("\n")}\n${fence}`,
    ].join("\n\n"),
  );
}

const factTable = (facts: readonly Fact[], title = "Provenance"): string =>
  markdownTable([[title, ""], ...facts.slice(0, 60).map(({ label, value }) => [markdownText(label, 80), markdownText(value, 300)])], {
    alignDelimiters: false,
  });

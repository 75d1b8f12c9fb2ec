import { ACCEPTANCE_TITLE } from "./acceptance.ts";
import { type Arrangement, arrange, briefTitle, shownResources } from "./arrangement.ts";
import { TITLES } from "./mark.ts";
import { plainLine } from "./plain.ts";
import type { Report } from "./report.ts";
import { type MetricRow, NOTHING } from "./row.ts";
import type { ScenarioReport } from "./scenario-report.ts";

/**
 * What the terminal shows at the end: the comment's first part and its open tables, as plain text. No newline at the end.
 *
 * @param options.color ANSI colours, for a terminal that a person looks at.
 */
export function renderText(report: Report, options: { readonly color: boolean }): string {
  const paint = options.color ? ansi : plain;
  const several = report.scenarios.length > 1;
  const arrangement = arrange(report.scenarios);
  const resources = shownResources(report.resources, arrangement);
  return [
    `${paint(TITLES[report.verdict].toUpperCase(), VERDICT_STYLE[report.verdict])}  ${report.acceptance?.by ? `accepted by ${line(report.acceptance.by)}: ` : ""}${line(report.headline)}`,
    `${line(report.consequence)} ${line(report.context)}`,
    ...report.reasons.map((reason) => `  - ${line(reason)}`),
    ...(report.about.length > 0 ? [`  See docs/messages.md: ${report.about.map(({ label }) => label).join(", ")}`] : []),
    ...acceptanceLines(report),
    ...(report.steps.length > 0 ? ["", "What would decide it", ...report.steps.map((step) => `  - ${line(step)}`)] : []),
    ...arrangement.full.flatMap((scenario) => scenarioLines(scenario, paint)),
    ...briefLines(arrangement, paint),
    ...(resources.length > 0 ? ["", "GPU and server", ...tableLines(resources, paint, several)] : []),
    ...failureLines(report),
    ...problemLines(report),
  ].join("\n");
}

const acceptanceLines = ({ acceptance }: Report): readonly string[] =>
  acceptance === undefined
    ? []
    : [
        "",
        ACCEPTANCE_TITLE,
        ...acceptance.lines.flatMap(({ text, command }) => [
          `  - ${line(text)}`,
          ...(command === undefined ? [] : [`    ${line(command)}`]),
        ]),
      ];

type Style = "bold" | "dim" | "red" | "green" | "yellow";
type Paint = (text: string, ...styles: readonly Style[]) => string;

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };
const plain: Paint = (text) => text;
const ansi: Paint = (text, ...styles) => `\u001B[${styles.map((style) => CODES[style]).join(";")}m${text}\u001B[0m`;

const VERDICT_STYLE = { pass: "green", fail: "red", inconclusive: "yellow", "no-baseline": "yellow", invalid: "yellow" } as const;
const line = (text: string): string => plainLine(text, 600);

const scenarioLines = (scenario: ScenarioReport, paint: Paint): readonly string[] => [
  "",
  `${paint(plainLine(scenario.name, 80), "bold")}  ${paint(line(scenario.load), "dim")}`,
  ...tableLines(scenario.rows, paint, false),
  ...(scenario.shift === undefined ? [] : [paint(`  ${line(scenario.shift)}`, "dim")]),
];

/** As in the comment: scenarios that pass, a line each where there are many. */
const briefLines = (arrangement: Arrangement, paint: Paint): readonly string[] =>
  arrangement.brief.length === 0
    ? []
    : [
        "",
        paint(briefTitle(arrangement), "bold"),
        ...tableLines(
          arrangement.brief.flatMap(({ nearest }) => nearest ?? []),
          paint,
          true,
        ),
      ];

type Cell = { readonly text: string; readonly right?: boolean; readonly styles?: readonly Style[] };

function tableLines(rows: readonly MetricRow[], paint: Paint, withScenario: boolean): readonly string[] {
  if (rows.length === 0) return [];
  const confidence = rows.find((row) => row.confidence !== "")?.confidence;
  const gated = rows.some((row) => row.gated);
  const scenario = (text: string): readonly Cell[] => (withScenario ? [{ text: plainLine(text, 40) }] : []);
  const header: readonly Cell[] = [
    ...scenario("scenario"),
    { text: "metric" },
    { text: "base", right: true },
    { text: "head", right: true },
    { text: "change", right: true },
    { text: confidence === undefined ? "" : `${confidence} interval`, right: true },
    ...(gated ? [{ text: "gate", right: true }, { text: "would catch", right: true }, { text: "verdict" }] : [{ text: "" }]),
  ];
  const body = rows.map((row): readonly Cell[] => [
    ...scenario(row.scenario),
    { text: row.metric },
    { text: row.base, right: true },
    { text: row.head, right: true },
    {
      text: row.change,
      right: true,
      ...(row.open && row.verdict === "fail" && row.change !== NOTHING ? { styles: ["red"] as const } : {}),
    },
    { text: row.interval, right: true },
    ...(gated
      ? [
          { text: row.gate, right: true },
          { text: row.detects, right: true },
        ]
      : []),
    { text: row.word === NOTHING ? "" : row.word, ...(row.gated ? { styles: [VERDICT_STYLE[row.verdict]] } : {}) },
  ]);
  return layOut([header.map((cell) => ({ ...cell, styles: ["dim"] as const })), ...body], paint);
}

function layOut(table: readonly (readonly Cell[])[], paint: Paint): readonly string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => Array.from(row[column]?.text ?? "").length)));
  return table.map((row) => {
    const cells = row.map(({ text, right, styles }, column) => {
      const space = " ".repeat((widths[column] ?? 0) - Array.from(text).length);
      const painted = styles === undefined || text === "" ? text : paint(text, ...styles);
      return right ? space + painted : painted + space;
    });
    return `  ${cells.join("  ")}`.trimEnd();
  });
}

const failureLines = ({ failures }: Report): readonly string[] =>
  failures.length === 0
    ? []
    : [
        "",
        "Failed requests",
        ...failures.map(
          ({ scenario, kind, base, head, example }) =>
            `  ${plainLine(scenario, 40)}  ${kind}: base ${base}, head ${head}${example === "" ? "" : `; ${plainLine(example, 200)}`}`,
        ),
      ];

const problemLines = ({ problems }: Report): readonly string[] => {
  const warnings = problems.filter(({ severity }) => severity === "warning");
  return warnings.length === 0
    ? []
    : ["", "Warnings", ...warnings.map(({ text, page }) => `  - ${line(text)}${page === undefined ? "" : ` (${page.label})`}`)];
};

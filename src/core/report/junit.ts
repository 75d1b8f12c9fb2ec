import type { VerdictWord } from "../decide/verdict.ts";
import { escapeHtml } from "./escape-html.ts";
import { titleOf } from "./mark.ts";
import type { Report } from "./report.ts";
import type { MetricRow } from "./row.ts";

/**
 * JUnit XML, for the test views of CI systems: one suite per scenario with one test per gated metric, and one test
 * `verdict` for the whole run. A failed gate is a `failure`, an invalid one an `error`. What is inconclusive or has no
 * baseline is `skipped`, since nothing was shown about it; but the test `verdict` is an `error` whenever the run blocks
 * without a failed gate, so that a view that ignores skipped tests never looks green because nothing was seen.
 */
export function junitXml(report: Report): string {
  const scenarios = report.scenarios.map((scenario) => ({
    name: scenario.name,
    tests: [...scenario.rows, ...report.resources.filter((row) => row.scenario === scenario.name)].filter((row) => row.gated).map(gateTest),
  }));
  const suites = [{ name: report.suiteName, tests: [runTest(report)] }, ...scenarios];
  const all = suites.flatMap(({ tests }) => tests);
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="tailgate ${escapeHtml(report.suiteName)}" ${counts(all)}>`,
    ...suites.flatMap(({ name, tests }) => [
      `  <testsuite name="${escapeHtml(name)}" ${counts(tests)}>`,
      ...tests.flatMap((test) => testLines(test, name)),
      `  </testsuite>`,
    ]),
    `</testsuites>`,
    "",
  ].join("\n");
}

type Outcome = "passed" | "failure" | "error" | "skipped";
type Test = { readonly name: string; readonly outcome: Outcome; readonly type: string; readonly message: string; readonly details: string };

const OUTCOMES: Readonly<Record<VerdictWord, Outcome>> = {
  pass: "passed",
  fail: "failure",
  invalid: "error",
  inconclusive: "skipped",
  "no-baseline": "skipped",
};

const gateTest = (row: MetricRow): Test => ({
  name: row.metric,
  outcome: OUTCOMES[row.verdict],
  type: row.verdict,
  message: row.reason,
  details: `base ${row.base}, head ${row.head}, change ${row.change}${row.interval === "" ? "" : ` (${row.interval})`}, gate ${row.gate}`,
});

const runTest = (report: Report): Test => ({
  name: "verdict",
  outcome: report.verdict === "pass" ? "passed" : report.verdict === "fail" ? "failure" : report.blocks ? "error" : "skipped",
  type: report.verdict,
  message: `${titleOf(report)}: ${report.headline}`,
  details: [report.consequence, ...report.reasons].join(" "),
});

function testLines({ name, outcome, type, message, details }: Test, suite: string): readonly string[] {
  const open = `    <testcase classname="${escapeHtml(suite)}" name="${escapeHtml(name)}"`;
  if (outcome === "passed") return [`${open}/>`];
  if (outcome === "skipped") return [`${open}>`, `      <skipped message="${escapeHtml(message, 600)}"/>`, `    </testcase>`];
  return [
    `${open}>`,
    `      <${outcome} type="${escapeHtml(type)}" message="${escapeHtml(message, 600)}">${escapeHtml(details, 2000)}</${outcome}>`,
    `    </testcase>`,
  ];
}

function counts(tests: readonly Test[]): string {
  const count = (outcome: Outcome) => tests.filter((test) => test.outcome === outcome).length;
  return `tests="${tests.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

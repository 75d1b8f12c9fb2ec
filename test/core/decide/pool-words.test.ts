import { expect, test } from "vitest";
import type { Candidate } from "../../../src/core/compare/baseline.ts";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { buildReport, STRICT_POLICY } from "../../../src/core/report/report.ts";
import { flagsOf } from "../../../src/core/report/run-flags.ts";
import { accept, type Chapter, headRun, history, steady } from "../compare/history.ts";
import { judge } from "../compare/judge.ts";
import { makeSuite } from "../compare/records.ts";

const SUITE = makeSuite({
  gates: (["latency.p50", "latency.p99"] as const).map((metric) => ({ metric, regression: 0.1, floor: undefined, limit: undefined })),
});

function told(chapters: readonly Chapter[], factor: number) {
  const [heads, baseline] = [[headRun(factor, 900_007)], history(chapters)];
  const verdict = judge({ suite: SUITE, heads, baseline });
  const report = buildReport({ verdict, suite: SUITE, heads, baseline, policy: STRICT_POLICY });
  const facts = report.provenance.map(({ label, value }) => `${label}: ${value}`);
  return { verdict, report, facts, warnings: report.problems.map(({ text }) => text).filter((text) => !text.endsWith("not gated")) };
}

const SIZE = String.raw`[+−]\d+(\.\d+)? % \([+−]\d+(\.\d+)? % … [+−]\d+(\.\d+)? %\)`;

test("a level that moved unannounced is a warning and a fact, once for all metrics that moved with it", () => {
  const { facts, warnings } = told([...steady(10), ...steady(4, 1.35)], 1.35);
  const move = `latency\\.p50 moved by ${SIZE}, latency\\.p99 by ${SIZE} at commit c0ffee1000 \\(run 810\\); the head is compared with the 4 runs since`;
  expect(warnings).toEqual([expect.stringMatching(new RegExp(`^steady · the stored runs got worse: ${move}$`))]);
  expect(facts.filter((fact) => fact.startsWith("Level moved"))).toEqual([
    expect.stringMatching(new RegExp(`^Level moved: steady: ${move}$`)),
  ]);
});

test("a level that was announced, or that is the better one, is a fact and no warning", () => {
  const accepted = told([...steady(10), { factor: 1.35, accepted: accept(0.5) }], 1.35);
  expect(accepted.warnings).toEqual([]);
  expect(accepted.facts.find((fact) => fact.startsWith("Level moved"))).toMatch(
    /at commit c0ffee1000 \(run 810\), accepted by octocat in #41; the head is compared with that run alone, the only one since$/,
  );
  const better = told([...steady(10), ...steady(4, 0.65)], 0.65);
  expect(better.warnings).toEqual([]);
  expect(better.facts.find((fact) => fact.startsWith("Level moved"))).toMatch(/latency\.p50 moved by −\d+ %/);
});

test("a stored run that is odd is shown with what is odd about it, and said to count", () => {
  const problem = { severity: "warning", code: "generator-paused", message: "…" } as const;
  const { facts, warnings } = told(
    [...steady(5), { factor: 1.7 }, { factor: 1, overrides: { problems: [problem, problem] } }, ...steady(6)],
    1,
  );
  const baselines = facts.filter((fact) => fact.startsWith("Baseline"));
  expect(baselines).toHaveLength(13);
  expect(baselines.filter((fact) => fact.includes("outlying"))).toEqual([
    expect.stringMatching(/run 805 · .* · outlying: latency\.p50 \+\d+ %, latency\.p99 \+\d+ % against the others; it counts$/),
  ]);
  expect(baselines.filter((fact) => fact.includes("warnings"))).toEqual([
    expect.stringMatching(/run 806 · .* · its own warnings: generator-paused$/),
  ]);
  expect(warnings).toEqual([]);
});

test("a stored run whose own gates failed says so and counts", () => {
  const [{ origin, record }] = history(steady(1)).runs as [Candidate];
  const failed = record.scenarios.map((scenario) => ({ ...scenario, looks: { passes: [1], most: 4, stopped: "failed" as const } }));
  const { verdict } = told(steady(3), 1);
  expect(flagsOf({ origin, record: { ...record, scenarios: failed } }, verdict)).toEqual(["its own gates failed in steady; it counts"]);
  expect(flagsOf({ origin, record }, verdict)).toEqual([]);
});

test("a creep is one warning a scenario, with its size, its span and the commits at its ends", () => {
  const { warnings, verdict } = told(
    Array.from({ length: 14 }, (_, k) => ({ factor: 1.03 ** k })),
    1.03 ** 13,
  );
  const size = String.raw`\d+ % \(\+\d+ % … \+\d+ %\)`;
  const creep = `latency\\.p\\d+ rose by ${size} over the last 14 stored runs, from commit c0ffee0000 \\(run 800\\) to commit c0ffee1300 \\(run 813\\), in steps too small to be seen one by one; latency\\.p\\d+ moved as well`;
  expect(warnings).toEqual([expect.stringMatching(new RegExp(`^steady · ${creep}$`))]);
  expect(verdict.problems.map(({ severity, code }) => [severity, code])).toEqual([["warning", "baseline-creep"]]);
});

test("an unsettled level and an outlier say what they are and what to do", () => {
  const unsettled = told([...steady(12), { factor: 1.6 }], 1.55).verdict.reasons.join("\n");
  expect(unsettled).toMatch(/but the newest stored run lies \+\d+ % off those before it \(run 812\), and the verdict hangs on whether/);
  const alike = told([...steady(9), { factor: 1.7 }, ...steady(6)], 1.5).verdict.reasons.join("\n");
  expect(alike).toMatch(/but a stored run was \+\d+ % off the others with nothing changed \(run 809\), .*; measure the head again/);
});

test("what people and records say is escaped in the comment", () => {
  const hostile = { by: "[x](http://evil) @admin <img src=x>", reason: "…" };
  const { report } = told([...steady(10), { factor: 1.35, accepted: accept(0.5, hostile) }], 1.35);
  const comment = renderComment(report);
  expect(comment).toContain("accepted by");
  expect(comment).not.toContain("<img");
  expect(comment).not.toContain("[x](http://evil)");
  expect(comment).not.toMatch(/[^`\w]@admin/);
});

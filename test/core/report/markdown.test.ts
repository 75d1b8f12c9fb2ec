import { expect, test } from "vitest";
import { renderHtml } from "../../../src/core/report/html.ts";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import { CASES, makeScenario } from "./fixtures.ts";

test.each(Object.keys(CASES))("the comment of %s reads as in its golden file", async (name) => {
  await expect(renderComment(buildReport(CASES[name]!()))).toMatchFileSnapshot(`../../golden/${name}.md`);
});

test("nothing is said about the ungated metrics where nothing was compared", () => {
  const input = CASES["no-baseline"]!();
  const [scenario] = input.verdict.scenarios;
  const quiet = makeScenario("steady").metrics.filter(({ metric, gated }) => !gated && metric.startsWith("latency"));
  const metrics = [...scenario!.metrics, ...quiet.map((metric) => ({ ...metric, verdict: "no-baseline" as const }))];
  const report = buildReport({ ...input, verdict: { ...input.verdict, scenarios: [{ ...scenario!, metrics }] } });
  expect(renderComment(report)).toContain("<summary>3 more metrics, not gated</summary>");
});

test("a row of dashes is never bold", () => {
  expect(renderComment(buildReport(CASES["limit-only"]!()))).not.toContain("**–**");
});

test.each(["comment", "page"])(
  "the column of what would be caught is explained once in the %s, and only where it says something",
  (kind) => {
    const times = (name: string) => {
      const input = CASES[name]!();
      const report = buildReport(input);
      const text = kind === "comment" ? renderComment(report) : renderHtml({ ...input, report });
      return text.split("Would catch: ").length - 1;
    };
    expect([times("scenarios"), times("first-run")]).toEqual([1, 0]);
  },
);

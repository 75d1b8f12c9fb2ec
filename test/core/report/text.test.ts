import { expect, test } from "vitest";
import { buildReport } from "../../../src/core/report/report.ts";
import { renderText } from "../../../src/core/report/text.ts";
import { CASES } from "./fixtures.ts";

test.each(Object.keys(CASES))("the terminal's table of %s reads as in its golden file", async (name) => {
  await expect(`${renderText(buildReport(CASES[name]!()), { color: false })}\n`).toMatchFileSnapshot(`../../golden/${name}.txt`);
});

test("colour adds escape sequences and changes no word", () => {
  const report = buildReport(CASES["scenarios"]!());
  const coloured = renderText(report, { color: true });
  expect(coloured).toContain("\u001B[31mFAIL\u001B[0m");
  // oxlint-disable-next-line no-control-regex -- the escape sequences are what is looked for
  expect(coloured.replace(/\u001B\[[\d;]*m/g, "")).toBe(renderText(report, { color: false }));
});

test("nothing from outside can send an escape sequence to the terminal", () => {
  const input = CASES["fail"]!();
  const reasons = ["\u001B[2Jgone\u009B31m"];
  const text = renderText(buildReport({ ...input, verdict: { ...input.verdict, reasons } }), { color: false });
  expect(text).not.toMatch(/[\u001B\u009B]/);
});

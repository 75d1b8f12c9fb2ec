import { expect, test } from "vitest";
import { renderHtml } from "../../../src/core/report/html.ts";
import { verdictJson } from "../../../src/core/report/json.ts";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import type { VerdictJson } from "../../../src/core/report/verdict-schema.ts";
import { CASES, makeRecord } from "./fixtures.ts";

const stored = CASES["inconclusive"]!();
const hostile = "run <b>1</b> | x";
const attempts = [{ origin: hostile, record: makeRecord(["steady"], { head: {} }, { startedAt: "2026-11-22T08:30:00.000Z" }) }];
const input = { ...stored, attempts, heads: [attempts[0]!.record, ...stored.heads] };
const report = buildReport(input);
const SUMMARY = "1 earlier attempt of this commit counts into this verdict";

test("a run that stands alone tells of no attempts", () => {
  const alone = buildReport(stored);
  expect(alone.attempts).toBeUndefined();
  expect(alone.context).not.toContain("attempt");
  expect(renderComment(alone)).not.toContain("attempt");
});

test("the comment lists the attempts that count in a folded table, whatever they are called", () => {
  const comment = renderComment(report);
  expect(comment).toContain(`<details><summary>${SUMMARY}</summary>`);
  expect(comment).toContain("| 2026-11-22 08:30 UTC | 6,000 |");
  expect(comment).not.toContain("<b>1</b>");
  expect(report.context).toContain("with 1 earlier attempt");
});

test("so does the page", () => {
  const page = renderHtml({ ...input, report });
  expect(page).toContain(`<summary>${SUMMARY}</summary>`);
  expect(page).toContain("run &lt;b&gt;1&lt;/b&gt; | x");
});

test("and verdict.json has them for programs", () => {
  const { attempts: listed } = JSON.parse(verdictJson(input)) as VerdictJson;
  expect(listed).toEqual([{ origin: hostile, startedAt: "2026-11-22T08:30:00.000Z", requests: 6000 }]);
});

test("a record that knows no commit is one of this code", () => {
  const unknown = attempts.map((attempt) => ({ ...attempt, record: { ...attempt.record, provenance: {} } }));
  expect(buildReport({ ...input, attempts: [...unknown, ...unknown] }).attempts!.summary).toBe(
    "2 earlier attempts of this code count into this verdict",
  );
});

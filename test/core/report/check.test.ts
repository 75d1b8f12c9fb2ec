import { expect, test } from "vitest";
import { checkName, checkOf } from "../../../src/core/report/check.ts";
import { buildReport, type Policy } from "../../../src/core/report/report.ts";
import { CASES, makeRecord, makeSuite, makeVerdict } from "./fixtures.ts";

const conclusion = (name: string, policy: Policy): string => checkOf(buildReport({ ...CASES[name]!(), policy })).conclusion;
const STRICT: Policy = { onInconclusive: "fail", onNoBaseline: "fail", onInvalid: "fail" };
const LENIENT: Policy = { onInconclusive: "warn", onNoBaseline: "pass", onInvalid: "warn" };
const TOLERANT: Policy = { ...STRICT, tolerated: { verdicts: ["fail", "inconclusive", "no-baseline", "invalid"], sentence: "Accepted." } };

test.each([
  ["pass", "success", "success", "success"],
  ["fail", "failure", "failure", "neutral"],
  ["inconclusive", "action_required", "neutral", "neutral"],
  ["no-baseline", "action_required", "neutral", "neutral"],
  ["invalid", "action_required", "neutral", "neutral"],
])(
  "the check of %s ends as %s where all blocks, as %s where little does, as %s where it is tolerated",
  (name, strict, lenient, tolerant) => {
    expect([STRICT, LENIENT, TOLERANT].map((policy) => conclusion(name, policy))).toEqual([strict, lenient, tolerant]);
  },
);

test("its title is the first line of the comment, and its summary the comment", () => {
  const { title, summary } = checkOf(buildReport(CASES["fail"]!()));
  expect(title).toMatch(/^Fail: latency\.p99 in steady got worse by /);
  expect(summary).toContain("#### `steady`");
});

test("a report of any length fits into its summary, one character shorter than a comment", () => {
  const names = Array.from({ length: 150 }, (_, i) => `scenario-${i}-${"x".repeat(40)}`);
  const [failed] = CASES["fail"]!().verdict.scenarios;
  const verdict = makeVerdict(
    "fail",
    names.map((name) => ({ ...failed!, name })),
    [],
  );
  const report = buildReport({
    verdict,
    suite: makeSuite(names),
    heads: [makeRecord(names.slice(0, 2), { head: {} })],
    baseline: { kind: "live", refused: [] },
  });
  const { summary, title } = checkOf({ ...report, headline: "h".repeat(500) });
  expect(summary.length).toBeGreaterThan(60_000);
  expect(summary.length).toBeLessThanOrEqual(65_535);
  expect(title).toHaveLength(200);
});

test("its name is one line for every suite, and one for every leg", () => {
  expect(checkName("sentiment")).toBe("tailgate / sentiment");
  expect(checkName("sentiment", "l4")).toBe("tailgate / sentiment l4");
  expect(checkName("a\nb\u202E")).toBe("tailgate / a b");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fold, fitFolds, fitSections, type Section } from "../../../src/core/report/fit.ts";
import { commentSections, renderComment } from "../../../src/core/report/markdown.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import { CASES, HOSTILE, LIVE, makeRecord, makeScenario, makeSuite, makeVerdict } from "./fixtures.ts";

const section = (rank: number, name: string, length: number): Section => ({ rank, name, text: name.repeat(length).slice(0, length) });

test("what fits is whole and says nothing about length", () => {
  expect(fitSections([section(0, "a", 3), section(5, "b", 3)], 100)).toBe("aaa\n\nbbb\n");
});

test("the least important section goes first, whole, and is named", () => {
  const page = fitSections([section(0, "verdict", 50), section(2, "table", 200), section(5, "details", 200)], 420);
  expect(page).toContain("table".repeat(40));
  expect(page).not.toContain("detailsdetails");
  expect(page).toContain("Left out for length: details.");
});

test("among equals the last goes first", () => {
  const page = fitSections([section(0, "v", 10), section(2, "first", 150), section(2, "second", 150)], 300);
  expect(page).toContain("firstfirst");
  expect(page).toContain("Left out for length: second.");
});

test("a page never exceeds its limit, in characters or in bytes", () => {
  const sections = fc.array(
    fc.record({
      rank: fc.integer({ min: 1, max: 6 }),
      name: fc.string({ maxLength: 10 }),
      text: fc.string({ unit: "grapheme", maxLength: 400 }),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(sections, fc.integer({ min: 600, max: 3000 }), (parts, limit) => {
      expect(fitSections(parts, limit).length).toBeLessThanOrEqual(limit);
      expect(new TextEncoder().encode(fitSections(parts, limit, "bytes")).length).toBeLessThanOrEqual(limit);
    }),
  );
});

const fold = (name: string, ...sections: readonly Section[]): Fold => ({ open: `<${name}>`, sections, close: `</${name}>` });

test("folded parts that fit are whole", () => {
  expect(fitFolds("head", [fold("a", section(1, "x", 3)), fold("b", section(1, "y", 3))], 100, "characters")).toBe(
    "head\n\n<a>\n\nxxx\n\n</a>\n\n<b>\n\nyyy\n\n</b>\n",
  );
});

test("of folded parts the least important section of all goes first, and a part without a section goes whole", () => {
  const folds = [fold("a", section(1, "one", 150), section(5, "two", 150)), fold("b", section(3, "three", 150))];
  const page = (limit: number) => fitFolds("head", folds, limit, "characters");
  expect(page(450)).toMatch(/oneone[^]*threethree[^]*Left out for length: two\./);
  expect(page(330)).toMatch(/^head\n\n<a>\n\n(one)+\n\n<\/a>\n\n> Left out for length: two, three\./);
});

test("folded parts never exceed their limit, and no part is left open", () => {
  const parts = fc.array(
    fc.array(
      fc.record({ rank: fc.integer({ min: 1, max: 6 }), name: fc.constant("s"), text: fc.string({ unit: "grapheme", maxLength: 300 }) }),
      {
        maxLength: 5,
      },
    ),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(parts, fc.integer({ min: 600, max: 3000 }), (all, limit) => {
      const folds = all.map((sections, i) => fold(`fold-${i}`, ...sections));
      const page = fitFolds("head", folds, limit, "characters");
      expect(page.length).toBeLessThanOrEqual(limit);
      expect(page.match(/^<fold-\d>$/gm)?.length).toBe(page.match(/^<\/fold-\d>$/gm)?.length);
      expect(new TextEncoder().encode(fitFolds("head", folds, limit, "bytes")).length).toBeLessThanOrEqual(limit);
    }),
  );
});

test("a verdict that cannot fit is a bug that shows", () => {
  expect(() => fitSections([section(0, "v", 200)], 100)).toThrow(RangeError);
});

test("of forty scenarios the one that failed comes first, whole, with its picture; the others take a line each", () => {
  const names = Array.from({ length: 40 }, (_, index) => `scenario-${index}`);
  const failed = CASES["fail"]!().verdict.scenarios[0]!;
  const scenarios = names.map((name, i) => (i === 33 ? { ...failed, name } : makeScenario(name)));
  const verdict = makeVerdict("fail", scenarios, ["it failed"]);
  const comment = renderComment(
    buildReport({ suite: makeSuite(names), verdict, heads: [makeRecord(names.slice(0, 2), { head: {} })], baseline: LIVE }),
  );
  expect(comment.length).toBeLessThanOrEqual(65_536);
  const headings = [...comment.matchAll(/^#### (\S+) `(scenario-\d+)`$/gm)].map(([, mark, name]) => `${mark} ${name}`);
  expect(headings).toEqual(["❌ scenario-33"]);
  const [above] = comment.split("GPU and server");
  const lines = [...above!.matchAll(/^\| `(scenario-\d+)` \| `[\w.]+` \|.*✅/gm)].map(([, name]) => name);
  expect(lines).toEqual(names.filter((name) => name !== "scenario-33"));
  expect(comment).toContain("<summary>39 scenarios pass");
  expect(comment).not.toContain("Left out for length");
  expect(comment).toContain("Where latency moved in <code>scenario&#45;33</code>");
});

test("a comment with 300 scenarios stays within GitHub's limit and keeps the verdict and the worst scenario", () => {
  const names = Array.from({ length: 300 }, (_, index) => `scenario ${index}`);
  const verdict = makeVerdict(
    "pass",
    names.map((name) => makeScenario(name)),
    [],
  );
  const comment = renderComment(
    buildReport({ suite: makeSuite(names), verdict, heads: [makeRecord(names.slice(0, 2), { head: {} })], baseline: LIVE }),
  );
  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).toContain("✅ Pass");
  expect(comment).toContain("#### 300 scenarios pass");
  for (const name of names) expect(comment).toContain(`| \`${name}\` | \`gpu.memory.peak\` |`);
});

/** Two payload classes of each, names as long as a suite allows and as costly to escape as they can be. */
const extreme = (word: "pass" | "fail") => {
  const names = Array.from({ length: 40 }, (_, i) => `${i} ${"#|".repeat(60)}`).flatMap((name) => [`${name} [short]`, `${name} [long]`]);
  const failed = CASES["fail"]!().verdict.scenarios[0]!;
  const scenarios = names.map((name) => (word === "fail" ? { ...failed, name } : makeScenario(name)));
  const reasons = word === "fail" ? names.map((name) => `${name}: ${"x".repeat(2000)}`) : [];
  const report = buildReport({ suite: makeSuite(names), verdict: makeVerdict(word, scenarios, reasons), heads: [], baseline: LIVE });
  return commentSections({ ...report, problems: names.map((text) => ({ severity: "warning", text: text.repeat(9), page: undefined })) });
};

test.each(["pass", "fail"] as const)(
  "forty scenarios of two classes at extreme length fit where they %s, and what is left out is named",
  (word) => {
    const sections = extreme(word);
    const whole = fitSections(sections, Number.POSITIVE_INFINITY);
    const comment = fitSections(sections, 65_536);
    expect(whole.length).toBeGreaterThan(65_536);
    expect(comment.length).toBeLessThanOrEqual(65_536);
    expect(comment.length).toBeGreaterThan(40_000);
    expect(comment).toMatch(/^> Left out for length: .* The whole report is in `report\.html` of this run\.$/m);
    // The overview outlives the details: of the worst there is always something to see.
    if (word === "fail") expect(comment.match(/❌ fail/g)!.length).toBeGreaterThanOrEqual(40);
  },
);

test("every table in a shortened comment is whole: all its rows have as many cells as its head", () => {
  const comment = fitSections(commentSections(buildReport(CASES["scenarios"]!())), 3500);
  expect(comment).toContain("Left out for length");
  const tables = comment.split("\n\n").filter((part) => part.startsWith("|"));
  expect(tables.length).toBeGreaterThan(0);
  for (const table of tables) expect(new Set(table.split("\n").map((row) => row.split("|").length)).size).toBe(1);
});

test("the first section fits on its own, however long and hostile its sentences are", () => {
  const scenario = makeScenario(HOSTILE.repeat(50));
  const verdict = makeVerdict(
    "invalid",
    [scenario],
    Array.from({ length: 500 }, () => HOSTILE.repeat(100)),
  );
  const report = buildReport({ suite: makeSuite([HOSTILE], HOSTILE.repeat(100)), verdict, heads: [], baseline: LIVE });
  expect(renderComment(report).length).toBeLessThanOrEqual(65_536);
});

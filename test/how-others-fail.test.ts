import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { testTitlesOf } from "./test-titles.ts";

type Row = {
  readonly row: number;
  /** What users of such tools complain of. */
  readonly pain: string;
  /** Where they do. */
  readonly threads: readonly string[];
  /** What shows that it does not happen here, by file and title. */
  readonly tests: readonly { readonly file: string; readonly test: string }[];
};

const ROWS = JSON.parse(readFileSync("test/how-others-fail.json", "utf8")) as readonly Row[];
/** The 25 complaints that were read most often, and two that go with them. */
const ALL = Array.from({ length: 27 }, (_, i) => i + 1);

describe("each way in which others fail", () => {
  test("is in the list once", () => {
    expect(ROWS.map(({ row }) => row)).toEqual(ALL);
  });

  test.each(ROWS.map((row) => [row.pain, row] as const))("has a test here: %s", (_, { tests, threads }) => {
    expect(threads.length).toBeGreaterThan(0);
    for (const thread of threads) expect(thread).toMatch(/^[\w.-]+\/[\w.-]+#\d+$/);
    expect(tests.length).toBeGreaterThan(0);
    for (const { file, test: title } of tests) expect([...testTitlesOf(file, readFileSync(file, "utf8"))]).toContain(title);
  });
});

test("titles are read with their groups and their rows, and a skipped test is none", () => {
  const text = `
    const TABLE = [["one", 1], ["two", 2]] as const;
    describe("outer", () => {
      test("inner", () => {});
      test.skip("left out", () => {});
      test.each(TABLE)("counts %s", () => {});
      test.each(["a"])("%s", () => {});
    });
    test.each([1, 2])("of numbers %i", () => {});
    // test("a comment", () => {});
    print("test('a text', x)");`;
  expect([...testTitlesOf("x.test.ts", text)]).toEqual([
    "outer > inner",
    "outer > counts %s",
    "outer > counts one",
    "outer > counts two",
    "outer > %s",
    "outer > a",
    "of numbers %i",
  ]);
});

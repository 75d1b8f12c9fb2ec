import { expect, test } from "vitest";
import { editSuite } from "../../../src/core/suite/edit.ts";

const edit = (text: string, path: readonly (string | number)[], yaml: string) => editSuite(text, "s.yaml", [{ path, yaml }]);

test("a value is replaced where it stands", () => {
  expect(edit('a: { b: "1" } # c\nd: 2\n', ["a", "b"], "3%")).toBe("a: { b: 3% } # c\nd: 2\n");
  expect(edit("a:\n  - b: 1   # c\n", ["a", 0, "b"], "2")).toBe("a:\n  - b: 2   # c\n");
});

test("a key is added in the style of its mapping", () => {
  expect(edit("a: { b: 1 }\n", ["a", "c"], "2")).toBe("a: { b: 1, c: 2 }\n");
  expect(edit("a: {}\n", ["a", "c"], "2")).toBe("a: { c: 2 }\n");
  expect(edit("a:\n  b: 1 # x\nd: 1\n", ["a", "c"], "2")).toBe("a:\n  b: 1 # x\n  c: 2\nd: 1\n");
  expect(edit("a:\n  b:\n    c: 1\n\nd: 1\n", ["a", "e"], "2")).toBe("a:\n  b:\n    c: 1\n  e: 2\n\nd: 1\n");
  expect(edit("a: 1", ["b", "c", "d"], "2")).toBe("a: 1\nb: { c: { d: 2 } }\n");
});

test("what stands behind an alias is not touched", () => {
  expect(() => edit("a: &x { b: 1 }\nc: *x\n", ["c", "b"], "2")).toThrow(/shared by an alias/);
});

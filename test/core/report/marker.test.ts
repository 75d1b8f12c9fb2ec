import fc from "fast-check";
import { expect, test } from "vitest";
import { commentMarker } from "../../../src/core/report/marker.ts";

test("an ordinary name is readable in its marker", () => {
  expect(commentMarker("my-suite_2.0")).toBe("<!-- tailgate:suite=my-suite_2.0 -->");
});

test("nothing in a name can end the comment or begin a line", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("-", "--", ">", "-->", "--!>", "\n", "<!--", "a", " ")).map((parts) => parts.join("")),
      (name) => {
        const marker = commentMarker(name);
        const inside = marker.slice("<!-- ".length, -" -->".length);
        expect(inside).not.toMatch(/--|[<>\s]/);
      },
    ),
  );
});

test("two suites never share a marker", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 6 });
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(commentMarker(a) === commentMarker(b)).toBe(a === b);
    }),
  );
});

test("a name of any length gives a short marker of its own", () => {
  const [a, b] = [commentMarker(`${"ä".repeat(5000)}a`), commentMarker(`${"ä".repeat(5000)}b`)];
  expect(a.length).toBeLessThan(700);
  expect(a).not.toBe(b);
});

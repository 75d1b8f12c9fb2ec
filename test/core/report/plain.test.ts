import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeHtml, proseHtml } from "../../../src/core/report/escape-html.ts";
import { plainLine } from "../../../src/core/report/plain.ts";

/** UTF-16 units of every kind, control characters and halves of pairs included. */
const anything = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0x2000, max: 0x206f }), fc.constantFrom(0xfff9, 0x600, 0xad)))
  .map((units) => String.fromCharCode(...units));

test("a plain line holds no control character, line break or character that reorders text", () => {
  fc.assert(
    fc.property(anything, (text) => {
      expect(plainLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\u200B-\u200F]/u);
    }),
  );
});

test("a plain line is never longer than its limit in characters", () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 1, max: 20 }), (text, limit) => {
      expect(Array.from(plainLine(text, limit)).length).toBeLessThanOrEqual(limit);
    }),
  );
});

test("half a surrogate pair becomes a replacement character instead of breaking the file's encoding", () => {
  expect(plainLine("a\uD83Db")).toBe("a\uFFFDb");
});

test("escaped text cannot open a tag, end an attribute or begin an entity", () => {
  expect(escapeHtml(`<a href="x" b='y'>&lt;`)).toBe("&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;lt;");
});

test("in running text a number stays with its unit, and nothing else is joined", () => {
  expect(proseHtml("p99 +49 % of 110 ms, 1.3 s, 80 MB, 9 GiB, 70 °C and 300 W & 4 s.")).toBe(
    "p99 +49&nbsp;% of 110&nbsp;ms, 1.3&nbsp;s, 80&nbsp;MB, 9&nbsp;GiB, 70&nbsp;°C and 300&nbsp;W &amp; 4&nbsp;s.",
  );
  const apart = "2 scenarios, 3 windows, 4 built, 5 Joules, x %, 6 m, 7 µsX";
  expect(proseHtml(apart)).toBe(apart);
});

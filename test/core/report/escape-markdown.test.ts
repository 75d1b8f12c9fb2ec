import fc from "fast-check";
import { expect, test } from "vitest";
import { markdownCode, markdownLink, markdownText, summaryCode } from "../../../src/core/report/escape-markdown.ts";
import { HOSTILE } from "./fixtures.ts";

const pieces = fc.constantFrom(
  "@octocat",
  "#1",
  "`",
  "**",
  "_",
  "|",
  "\\",
  "<b>",
  "</code>",
  "-->",
  "[x](y)",
  "https://a.example",
  "www.a.example",
  "$x$",
  ":tada:",
  "\r\n",
  "GH-12",
  "a@b.c",
  "ok",
);
const hostile = fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 12 }).map((parts) => parts.join(""));

/** What GitHub reads after the escapes are undone: the text that its mention and reference filters look at. */
const shown = (markdown: string): string =>
  markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replace(/\\(?=[!-/:-@[-`{-~])/g, "");

test("text from outside stays on one line and opens no tag, code, cell or emphasis", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const markdown = markdownText(text);
      expect(markdown).not.toMatch(/[\r\n<>$]/);
      expect(markdown.replace(/\\[\\`*_[\]|~^{}>#+=.)-]/g, "")).not.toMatch(/[\\`*_[\]|~^{}]/);
    }),
  );
});

test.each([
  ["text", markdownText],
  ["code", markdownCode],
  ["summary code", summaryCode],
] as const)("no mention, issue reference, link or emoji survives as %s", (_, escape) => {
  fc.assert(
    fc.property(hostile, (text) => {
      const markdown = escape(text);
      // A code span is left alone by GitHub, and only harmless characters may be in one.
      if (/^`[^`]*`$/.test(markdown)) expect(markdown).not.toMatch(/[@#<|\\]/);
      else expect(shown(markdown)).not.toMatch(/@[\w-]|#\w|:\/\/|www\.|gh-\d|:tada:/i);
    }),
  );
});

test("a plain name is a plain code span", () => {
  expect(markdownCode("long prompts.p99")).toBe("`long prompts.p99`");
});

test("a name with a backtick and a pipe is code without either", () => {
  expect(markdownCode("a`b|c")).toBe("<code>a&#96;b&#124;c</code>");
});

test("an empty name is still visible", () => {
  expect(markdownCode(" \n")).toBe("(empty)");
});

test("text that begins like a list, a heading or a quote is a sentence", () => {
  expect([markdownText("- a"), markdownText("1. a"), markdownText("# a"), markdownText("> a")]).toEqual([
    "\\- a",
    "1\\. a",
    "\\#\u2060 a",
    "&gt; a",
  ]);
});

test("numbers, versions and times of day are left as they are", () => {
  expect(markdownText("24.21.0 at 09:00:00, +23 % (54.4 ms → 66.9 ms)")).toBe("24.21.0 at 09:00:00, +23 % (54.4 ms → 66.9 ms)");
});

test("a hostile name is cut to its limit, with a sign that it was", () => {
  expect(markdownText(HOSTILE.repeat(20), 50).length).toBeLessThan(120);
  expect(markdownText("x".repeat(60), 50)).toMatch(/^x{49}…$/);
});

test.each([
  ["https://example.com/log?id=7#end", "[The log](https://example.com/log?id=7#end)"],
  ["https://example.com/a b)[x](y)<i>`|_*", "[The log](https://example.com/a%20b%29%5Bx%5D%28y%29%3Ci%3E%60%7C%5F%2A)"],
  ["HTTP://EXAMPLE.com", "[The log](http://example.com/)"],
  ["javascript:alert(1)", "The log: javascript:alert(1)"],
  ["data:text/html,<script>", "The log: data:text/html,&lt;script&gt;"],
  ["https://github.com@evil.example/", "The log: https:\u2060//github.com@\u2060evil.example/"],
  ["nonsense @octocat", "The log: nonsense @\u2060octocat"],
])("a link to %s leads there or is text", (url, markdown) => {
  expect(markdownLink({ label: "The log", url })).toBe(markdown);
});

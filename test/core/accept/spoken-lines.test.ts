import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spokenLines } from "../../../src/core/accept/spoken-lines.ts";

const spoken = (body: string) => spokenLines(body).map(({ text, belowQuote }) => `${belowQuote ? "> " : ""}${text}`);

describe("the lines that a comment's writer says", () => {
  test.each<[string, string, readonly string[]]>([
    ["are all of plain text, whatever ends them", "a\r\nb\rc\n\nd", ["a", "b", "c", "d"]],
    ["leave out what is quoted", "> a\n>b\n   > c\n\nd", ["d"]],
    ["are below a quote where Markdown takes them into it", "> a\nb\nc\n\nd", ["> b", "> c", "d"]],
    ["leave out a fenced block", "a\n```sh\nb\n```\nc", ["a", "c"]],
    ["leave out a fence of tildes, which backticks do not close", "~~~\na\n```\nb\n~~~\nc", ["c"]],
    ["leave out a fence until one as long closes it", "````\na\n```\nb\n````\nc", ["c"]],
    ["leave out a fence that nothing closes", "a\n```\nb\n\nc", ["a"]],
    ["are not ended by three backticks around code", "```a```\nb", ["```a```", "b"]],
    ["leave out an indented block", "a\n\n    b\n\tc\n   d", ["a", "   d"]],
    ["leave out what is hidden", "a\n<!--\nb\n-->\nc", ["a", "c"]],
    ["leave out what is hidden in a line", "a <!-- b --> c <!-- d", ["a  c "]],
    ["leave out what is hidden until its end", "a <!-- b\nc\n--> d\ne", ["a ", "e"]],
    ["are not hidden by what only looks like it, as code", "write `<!--` to hide\na", ["write `", "a"]],
    ["leave out preformatted text", "<pre>\na\n</pre>\nb\n<PRE class=x>c</PRE>\nd", ["b", "<PRE class=x>c</PRE>", "d"]],
    ["begin after a fence that interrupts a quote", "> a\n```\nb\n```\nc", ["c"]],
  ])("%s", (_, body, lines) => {
    expect(spoken(body)).toEqual(lines);
  });

  test("are each a line of the comment, in its order, less what is hidden", () => {
    const part = fc.constantFrom(
      "> ",
      "```",
      "~~~",
      "````",
      "<!--",
      "-->",
      "<pre>",
      "</pre>",
      "    ",
      "\t",
      "`",
      "a",
      "/tailgate",
      " ",
      "\n",
      "\r\n",
      "\u2028",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const body = parts.join("");
        const lines = body.split(/\r\n|\r|\n/);
        let from = 0;
        for (const { text } of spokenLines(body)) {
          const at = lines.findIndex((line, i) => i >= from && line.replace(/<!--.*?-->/g, "").replace(/<!--.*$/, "") === text);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + 1;
        }
      }),
    );
  });

  test("of the longest comment there can be are found at once, whatever it is made of", () => {
    for (const unit of ["`", "`a", "<!--", "<!---->", "> ", "```\n", "``\n`", "<pre>", "/tailgate accept ", "\n", "   \t"]) {
      const body = unit.repeat(Math.ceil(65_536 / unit.length));
      const before = performance.now();
      spokenLines(body);
      expect(performance.now() - before, JSON.stringify(unit)).toBeLessThan(1_000);
    }
  });
});

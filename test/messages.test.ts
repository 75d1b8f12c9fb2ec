import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { OBSTACLES } from "../src/core/compare/comparison.ts";
import { FAILURE_KINDS } from "../src/core/record/outcome.ts";
import { codesIn } from "./problem-codes.ts";

/** Places whose code is only known when the program runs, and what it can be there. A new place has to be added by hand. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  "src/gate.ts: status": ["cancelled", "aborted"],
  "src/core/decide/quick-words.ts: QUICK_RUN": ["quick-run"],
};
/** Codes of other things: colours, characters, answers of HTTP, errors of connections, schemas. */
const OTHERS = /^src\/(io\/|core\/protocol\/|core\/report\/|core\/record\/stored-shape\.ts)/;

const sources = globSync("src/**/*.ts").map((file) => ({ file: file.replaceAll("\\", "/"), text: readFileSync(file, "utf8") }));
const document = readFileSync("docs/messages.md", "utf8");

type Entry = { readonly code: string; readonly says: string | undefined; readonly body: string };
const entries: readonly Entry[] = document
  .split(/^### /m)
  .slice(1)
  .map((part) => {
    const body = part.replace(/^## [\s\S]*/m, "");
    return { code: /^`([\w-]+)`/.exec(body)?.[1] ?? body, says: /^> (.*)$/m.exec(body)?.[1], body };
  });

const found = sources.map(({ file, text }) => ({ file, ...codesIn(file, text) }));

test("every code of the source has an entry, and every entry a code", () => {
  const codes = new Set([...found.flatMap((one) => one.codes), ...OBSTACLES, ...Object.values(COMPUTED).flat()]);
  expect(entries.map(({ code }) => code).toSorted()).toEqual([...codes].toSorted());
  expect(codes.size).toBeGreaterThan(60);
});

test("every place that computes its code is known", () => {
  const computed = found.filter(({ file }) => !OTHERS.test(file)).flatMap((one) => one.computed);
  expect(computed.toSorted()).toEqual(Object.keys(COMPUTED).toSorted());
});

describe("an entry", () => {
  // Strings of several lines are joined in the source: what stands between the pieces is no part of the sentence.
  const all = sources.map(({ text }) => text.replaceAll(/["'`] \+\s+["'`]/g, "")).join("\n");

  test.each(entries.filter(({ says }) => says !== undefined).map(({ code, says }) => [code, says!] as const))(
    "%s quotes the sentence as it is",
    (_, says) => {
      const missing = says
        .split("…")
        .map((piece) => piece.trim())
        .filter((piece) => !all.includes(piece));
      expect(missing).toEqual([]);
    },
  );

  test.each(entries.map(({ code, body }) => [code, body] as const))("%s says what to do", (_, body) => {
    expect(body.replaceAll(/\s+/g, " ")).toMatch(/\*\*What to do:\*\* \S|As above/);
  });
});

describe("docs/troubleshooting.md", () => {
  const page = readFileSync("docs/troubleshooting.md", "utf8");

  test("knows every way in which a request can fail, and no other", () => {
    const kinds = [...page.matchAll(/^\| `([a-z-]+)`[^|]*\| /gm)].map(([, kind = ""]) => kind);
    expect([...new Set(kinds)].filter((kind) => kind !== "inconclusive" && kind !== "invalid").toSorted()).toEqual(
      [...FAILURE_KINDS].toSorted(),
    );
  });

  test("quotes sentences as they are", () => {
    const all = sources.map(({ text }) => text).join("\n");
    const quoted = [...page.matchAll(/^\d\. `([^`]+)`(?: with `([^`]+)`)?:/gm)].flatMap(([, first = "", second = ""]) => [first, second]);
    const pieces = quoted.flatMap((sentence) => sentence.split("…").map((piece) => piece.trim())).filter((piece) => piece !== "");
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.filter((piece) => !all.includes(piece))).toEqual([]);
  });
});

describe("a code is found", () => {
  test.each([
    ["in an object", 'export const a = { severity: "invalid", code: "x-y" };', ["x-y"]],
    ["in either branch of a condition", 'export const a = (b: boolean) => ({ code: b ? "x-y" : "z" });', ["x-y", "z"]],
    ["as an argument of what makes it", 'const note = (code: string, m: string) => ({ code, m });\nnote("x-y", "m");', ["x-y"]],
    ["as an argument of a function further down", 'add(1, "x-y");\nfunction add(n: number, code: string) { return { code, n }; }', ["x-y"]],
    [
      "in a list that is taken apart",
      'const [code, why] = c ? ["x-y", "a"] : ["z-z", "b"];\nexport const p = { code, why };',
      ["x-y", "z-z"],
    ],
    [
      "and not in a type, in a pattern, or where it is an error of Node",
      'type T = { code: "x-y" };\nconst { code: d } = e;\nconst f = { code: "EPIPE" };',
      [],
    ],
  ])("%s", (_, text, codes) => {
    expect(codesIn("src/x.ts", text).codes).toEqual(codes);
  });
  test("or its place is told", () => {
    expect(codesIn("src/x.ts", "export const a = { code: b.c };").computed).toEqual(["src/x.ts: b.c"]);
  });
});

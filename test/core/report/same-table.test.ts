import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { METRICS } from "../../../src/core/metric.ts";

/**
 * The terminal shows what the comment shows: the same words, and row by row the same cells. Read from the golden files,
 * which are what people get.
 */
const NAMES = globSync("test/golden/*.txt").map((file) => /([\w-]+)\.txt$/.exec(file)![1]!);

const isMetric = (cell: string): boolean => Object.hasOwn(METRICS, cell);

const plain = (cell: string): string =>
  cell
    .replaceAll("\u00A0", " ")
    .replaceAll(/\*\*|`|[✅❌⚪⛔]|⚠️/gu, "")
    .replaceAll(/\s+/g, " ")
    .trim();

/** All that both must say of a metric: base, head, change, interval, gate, what would be caught, the word. */
const rowsOfComment = (name: string): readonly string[] =>
  readFileSync(`test/golden/${name}.md`, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map(plain),
    )
    .filter((cells) => cells.slice(0, 2).some(isMetric))
    .map((cells) => cells.join(" ").replaceAll(/\(([^()]*(?:…|no interval)[^()]*)\)/g, "$1"))
    .map(bare);

const rowsOfTerminal = (name: string): readonly string[] =>
  readFileSync(`test/golden/${name}.txt`, "utf8")
    .split("\n")
    .filter((line) => /^ {2}\S/.test(line) && line.trim().split(/ {2,}/).slice(0, 2).some(isMetric))
    .map(plain)
    .map(bare);

/** Empty cells are dashes in one and nothing in the other. */
const bare = (row: string): string =>
  row
    .replaceAll(/(^| )–(?= |$)/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();

describe.each(NAMES.filter((name) => name !== "hostile"))("%s", (name) => {
  test("has the same rows in the comment and in the terminal", () => {
    const [comment, terminal] = [rowsOfComment(name), rowsOfTerminal(name)];
    expect(comment.length).toBeGreaterThan(2);
    expect(terminal.toSorted()).toEqual(comment.toSorted());
  });

  test("begins with the same sentence and the same reasons", () => {
    const read = (extension: string) => readFileSync(`test/golden/${name}.${extension}`, "utf8").replaceAll(/\\|\u2060|\*\*/g, "");
    const comment = read("md");
    const [first, second, ...rest] = read("txt").split("\n");
    const [, headline] = /^[A-Z ]+ {2}(?:accepted by \S+: )?(.*)$/.exec(first!)!;
    expect(comment.split("\n")[1]).toContain(headline);
    expect(comment).toContain(`\n${second}\n`);
    const reasons = rest.slice(0, rest.indexOf("")).map((line) => line.trim());
    expect(reasons.length).toBeGreaterThan(0);
    // The comment links to a page that the terminal names.
    const pages = /^See docs\/messages\.md: (.*)$/;
    for (const reason of reasons.flatMap(
      (line) =>
        pages
          .exec(line)?.[1]!
          .split(", ")
          .map((code) => `[${code}](`) ?? line,
    ))
      expect(comment).toContain(reason);
  });
});

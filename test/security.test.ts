import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testTitlesOf } from "./test-titles.ts";

/** The attacks of docs/security.md: what can be tried, what stops it, and the test that shows it. */
const ROWS = readFileSync("docs/security.md", "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, attack = "", defence = "", title = "", target = ""] = /^\| (.+) \| (.+) \| \[(.+)\]\((\S+\.test\.ts)\) \|$/.exec(line) ?? [];
    return attack === "" ? [] : [{ attack, defence, title, file: join("docs", target) }];
  });

test("every attack of the security page has its own defence, and no row is left unread", () => {
  const [, table = ""] = readFileSync("docs/security.md", "utf8").split("| the attack | the defence | the test |\n| - | - | - |\n");
  expect(ROWS).toHaveLength(table.split("\n\n")[0]!.split("\n").length);
  expect(ROWS.length).toBeGreaterThanOrEqual(15);
});

test.each(ROWS)("there is a test of that name: $title", ({ title, file }) => {
  const titles = [...testTitlesOf(file, readFileSync(file, "utf8"))].map((full) => full.split(" > ").at(-1));
  expect(titles).toContain(title);
});

test("the page is short enough to be read: two pages, less the names of tests", () => {
  const prose = readFileSync("docs/security.md", "utf8").replaceAll(/ \[[^\]]+\]\(\S+\.test\.ts\) \|$/gm, "");
  expect(prose.split(/\s+/).length).toBeLessThan(1400);
});

import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";

/**
 * What a reviewer has read after ten seconds: the heading, the line below it, and the first sentence. Held for every
 * comment that has a golden file, so that a new one cannot begin with less.
 */
const COMMENTS = globSync("test/golden/*.md").map((file) => {
  const text = readFileSync(file, "utf8").replaceAll(/[\u00A0\u2060]|\\(?=[_*[\]|])/g, (found) => (found === "\u00A0" ? " " : ""));
  const [heading = "", consequence = "", sentence = ""] = text.split("\n").filter((line) => line !== "" && !line.startsWith("<!--"));
  const verdict = /^### \S+ (Pass|Fail|Inconclusive|No baseline|Invalid)\b/.exec(heading)?.[1];
  return { name: basename(file, ".md"), heading, consequence, sentence, verdict };
});
const of = (verdict: string) =>
  COMMENTS.filter((comment) => comment.verdict === verdict).map((comment) => [comment.name, comment] as const);

const METRIC = /\b(latency|ttft|itl|tpot|throughput|errors|gpu|cold|service|session)\.?[\w.]*/;
const INTERVAL = /\(\d+ % interval [^)]+\)/;

test("every kind of comment is among them", () => {
  expect(COMMENTS.map(({ name }) => name).toSorted()).toEqual([
    "accepted",
    "changed-scenario",
    "cold-start",
    "fail",
    "few-blocks",
    "first-run",
    "forty-scenarios",
    "hostile",
    "inconclusive",
    "invalid",
    "limit-only",
    "no-baseline",
    "partly-accepted",
    "pass",
    "scenarios",
    "several-suites",
    "several-suites-long",
  ]);
  expect(new Set(COMMENTS.map(({ verdict }) => verdict))).toEqual(new Set(["Pass", "Fail", "Inconclusive", "No baseline", "Invalid"]));
});

test.each(COMMENTS.map((comment) => [comment.name, comment] as const))("%s says first whether it may be merged", (_, { consequence }) => {
  expect(consequence).toMatch(
    /^\*\*(May be merged\.|Blocks the merge[.:]|Does not block the merge: |Not decided; does not block the merge |Not decided \(exit code 3\)\.|Not decided, and that blocks the merge )/,
  );
});

describe("a failure", () => {
  test.each(of("Fail"))("of %s: which metric, of which scenario, by how much, how sure", (_, { heading }) => {
    const [, what] = /: ((?:(?!: ).)+)$/.exec(heading)!;
    expect(what).toMatch(METRIC);
    expect(what).toMatch(/ in \S/);
    expect(what).toMatch(/got worse by [\d.]+ %|is [\d.]+ \w+.*, over its limit of [\d.]+ \w+/);
    // How an endpoint started is a fact of one start: there is nothing to be sure of.
    if (!what!.startsWith("cold.")) expect(what).toMatch(what!.includes("its limit") ? /\(at least [\d.]+ \w+\)/ : INTERVAL);
    expect(what!.length).toBeLessThan(260);
  });
});

test.each(of("Inconclusive"))("%s: what is known so far, how unsure, and what would decide it", (_, { name, heading }) => {
  expect(heading).toMatch(METRIC);
  expect(heading).toMatch(/: [+−±][\d.]+ %/);
  expect(heading).toMatch(/interval/);
  const page = readFileSync(`test/golden/${name}.md`, "utf8");
  expect(page.slice(0, page.indexOf("\n| "))).toMatch(/\*\*What would decide it\*\*|measure for longer|too few|fewer than two blocks/);
});

test.each(of("Pass"))("%s: of how many gates, and which change would have been caught", (_, { heading, sentence }) => {
  expect(heading).toMatch(/none of \d+ gated metrics got worse/);
  expect(sentence).toMatch(METRIC);
  expect(sentence).toMatch(/interval [+−±]/);
  expect(sentence).toMatch(/a run like this catches [+−][\d.]+ % in four cases of five/);
});

test.each(of("Invalid"))("%s: whose fault it is", (_, { heading, sentence }) => {
  expect(heading).toMatch(/'s fault|the preview|the base endpoint|its job/);
  expect(sentence).toMatch(/; (give|use|lower|wait|move) /);
});

test.each(of("No baseline"))("%s: what there has to be for a baseline", (_, { sentence }) => {
  expect(sentence).toMatch(/run the suite on main|becomes the baseline|until a run of it is stored/);
});

import { expect, test } from "vitest";
import { buildLegsReport } from "../../../src/core/report/legs.ts";
import { renderLegsComment, renderLegsSummary } from "../../../src/core/report/legs-markdown.ts";
import { buildReport, type Report, type ReportInput } from "../../../src/core/report/report.ts";
import { CASES } from "./fixtures.ts";

const JOB = ".github/workflows/perf.yml#merge";

/** The report of a case of the fixtures as that of another suite. */
const reportOf = (name: string, suite: string, variant = ""): Report => {
  const input: ReportInput = CASES[name]!();
  return buildReport({ ...input, variant, suite: { ...input.suite, name: suite } });
};

const FIVE = () => [
  reportOf("pass", "embeddings"),
  reportOf("inconclusive", "rerank"),
  reportOf("fail", "sentiment"),
  reportOf("invalid", "vision"),
  reportOf("fail", "chat"),
];

/** Twenty suites on two GPUs, a few of which have news. */
const FORTY = () =>
  Array.from({ length: 20 }, (_, i) => `model-${String(i + 1).padStart(2, "0")}`).flatMap((suite, i) =>
    ["L4", "H100 SXM"].map((variant, k) =>
      reportOf(i === 6 && k === 0 ? "scenarios" : i === 11 ? "fail" : i === 15 && k === 1 ? "no-baseline" : "pass", suite, variant),
    ),
  );

test("several suites read as in their golden file", async () => {
  await expect(renderLegsComment(buildLegsReport(FIVE()), JOB)).toMatchFileSnapshot("../../golden/several-suites.md");
});

test("forty legs read as in their golden file, within GitHub's limit", async () => {
  const comment = renderLegsComment(buildLegsReport(FORTY()), JOB);
  expect(comment.length).toBeLessThanOrEqual(65_536);
  await expect(comment).toMatchFileSnapshot("../../golden/several-suites-long.md");
});

test("the worst come first, and of equals the first named", () => {
  expect(buildLegsReport(FIVE()).legs.map(({ name }) => name)).toEqual(["sentiment", "chat", "vision", "rerank", "embeddings"]);
});

test("the headline counts what is worst and names the first", () => {
  const headline = (...reports: readonly Report[]) => buildLegsReport(reports).headline;
  const [pass, open, fail, invalid] = FIVE() as [Report, Report, Report, Report, Report];
  expect(headline(pass, open, fail, invalid)).toBe(
    "1 of 4 suites failed: sentiment: latency.p99 in steady got worse by 23 % (90 % interval +20 … +26 %)",
  );
  expect(headline(pass, open, invalid)).toMatch(/^1 of 3 suites invalid: vision: /);
  expect(headline(pass, open)).toBe(
    "1 of 2 suites could not be decided: rerank: cannot tell whether latency.p99 in steady got worse: +5.1 % (90 % interval −3.9 … +14 %)",
  );
  expect(headline(pass, reportOf("no-baseline", "new"))).toBe("1 of 2 suites without a baseline: new: nothing to compare with");
  expect(headline(pass, reportOf("pass", "embeddings", "L4"))).toBe("all 2 legs pass");
});

test("one that blocks stops the merge, whatever the others are, and says why", () => {
  const [pass, open, fail, invalid] = FIVE() as [Report, Report, Report, Report, Report];
  const accepted: Report = { ...fail, blocks: false, consequence: "Does not block the merge: accepted with the label ok." };
  expect(buildLegsReport([pass, accepted])).toMatchObject({ verdict: "fail", blocks: false, consequence: accepted.consequence });
  expect(invalid.blocks).toBe(true);
  expect(buildLegsReport([accepted, invalid])).toMatchObject({ verdict: "fail", blocks: true, consequence: invalid.consequence });
  expect(buildLegsReport([pass, open])).toMatchObject({ verdict: "inconclusive", blocks: false });
});

test("a failure that people accepted stays one, and its row says so", () => {
  const fail = reportOf("fail", "chat");
  const accepted: Report = { ...fail, blocks: false, acceptance: { by: "@alice", lines: [{ text: "x" }] } };
  const rows = (report: Report) =>
    renderLegsComment(buildLegsReport([report]), JOB)
      .split("\n")
      .filter((line) => line.startsWith("| `chat`"));
  expect(rows(fail)[0]!.replaceAll("\u00A0", " ")).toContain("| ❌ fail |");
  expect(rows(accepted)[0]!.replaceAll("\u00A0", " ")).toContain("| ❌ fail, accepted |");
});

test("nothing of a suite's name gets out of its cell or its summary", () => {
  const hostile = '</summary></details> @octocat | <img src=x> `x` <!-- tailgate:legs="x" -->';
  const comment = renderLegsComment(buildLegsReport([reportOf("hostile", hostile, hostile), reportOf("pass", "a")]), JOB);
  expect(comment.match(/<details>/g)!.length).toBe(comment.match(/<\/details>/g)!.length);
  expect(comment).not.toMatch(/<img|@octocat|<!-- tailgate:legs="/);
  expect(comment.split("\n").filter((line) => line.startsWith("| <code>"))).toHaveLength(1);
});

test("of a hundred and sixty suites the table stays within bounds, and the page too", () => {
  const [pass] = FIVE();
  const many = Array.from({ length: 160 }, (_, i) => ({ ...pass!, suiteName: `${"long-name-".repeat(6)}${i}` }));
  const comment = renderLegsComment(buildLegsReport(many), JOB);
  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).toContain("| and 60 more |");
  expect(new TextEncoder().encode(renderLegsSummary(buildLegsReport(many), JOB)).length).toBeLessThanOrEqual(1024 * 1024);
});

test("the job keeps the comment of one job apart from that of another", () => {
  const legs = buildLegsReport(FIVE());
  const marker = (job: string) => renderLegsComment(legs, job).split("\n")[0];
  expect(marker(JOB)).toBe("<!-- tailgate:legs=.github%2Fworkflows%2Fperf.yml%23merge -->");
  expect(marker("other")).not.toBe(marker(JOB));
});

import { describe, expect, test } from "vitest";
import type { Acceptance, Statement } from "../../../src/core/accept/acceptance.ts";
import { assessAcceptance } from "../../../src/core/accept/assess.ts";
import { readCommands } from "../../../src/core/accept/command.ts";
import type { Verdict } from "../../../src/core/decide/verdict.ts";
import { renderHtml } from "../../../src/core/report/html.ts";
import { verdictJson } from "../../../src/core/report/json.ts";
import { junitXml } from "../../../src/core/report/junit.ts";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { buildReport, type Policy, type ReportInput } from "../../../src/core/report/report.ts";
import { renderText } from "../../../src/core/report/text.ts";
import { VERDICT_JSON } from "../../../src/core/report/verdict-schema.ts";
import {
  CASES,
  gateOf,
  HOSTILE,
  judge,
  LIVE,
  makeComparison,
  makeRecord,
  makeScenario,
  makeSuite,
  makeVerdict,
  storedBaseline,
} from "./fixtures.ts";

const says = (by: string, body: string, more: Partial<Statement> = {}): Statement => ({
  by,
  role: "write",
  mayAccept: true,
  isEdited: false,
  commands: readCommands(body),
  ...more,
});

const accept = (
  verdict: Verdict,
  statements: readonly Statement[],
  { isSet = true, suite = makeSuite(["steady", "burst"]) } = {},
): Acceptance =>
  assessAcceptance(verdict, suite, {
    pull: 812,
    author: "mona",
    label: { name: "tailgate-accepted", isSet },
    statements,
    today: "2026-11-22",
  });

/** As the decision finds it, the name of the scenario left to the tables. */
const failedP99 = (scenario: string, head: number, change: string) =>
  judge(
    makeComparison(scenario, "latency.p99", { base: 0.0544, head, spread: 0.034 }, gateOf("latency.p99")),
    "fail",
    `latency.p99 is ${change} slower; the gate blocks at +10 %`,
  );
const reasonsOf = (...metrics: readonly ReturnType<typeof failedP99>[]) =>
  metrics.map(({ comparison, reason }) => `${comparison.scenario}: ${reason}`);

const WHY = "/tailgate accept steady/latency.p99 up to 30% until 2026-12-31: the new tokenizer needs it, agreed in #123";

function accepted(): ReportInput {
  const p99 = failedP99("steady", 0.0669, "23 %");
  const verdict = makeVerdict("fail", [makeScenario("steady", p99)], reasonsOf(p99));
  return {
    suite: makeSuite(),
    verdict,
    heads: [makeRecord(["steady"], { base: {}, head: { tail: 1.23 } })],
    baseline: LIVE,
    acceptance: accept(verdict, [says("alice", WHY)]),
  };
}

/** One accepted and worse since, one that nobody named, one accepted, and what nobody can read. */
function partlyAccepted(): ReportInput {
  const [steady, burst, long] = [
    failedP99("steady", 0.0767, "41 %"),
    failedP99("burst", 0.0637, "17 %"),
    failedP99("long-prompts", 0.0669, "23 %"),
  ];
  const names = ["steady", "burst", "long-prompts"];
  const verdict = makeVerdict(
    "fail",
    [makeScenario("steady", steady), makeScenario("burst", burst), makeScenario("long-prompts", long)],
    reasonsOf(steady, long, burst),
    "stored",
  );
  const statements = [
    says("alice", WHY),
    says("mona", "/tailgate accept burst/latency.p99 up to 20%: a burst may queue", { isEdited: true }),
    says("bob", "/tailgate accept long-prompts/latncy.p99 up to 30%: x"),
    says("mallory", "/tailgate accept * up to 1000%: trust me", { role: "read", mayAccept: false }),
  ];
  const baseline = storedBaseline(names, 3);
  const [newest, ...older] = baseline.runs;
  const { provenance } = newest!.record;
  const record = {
    ...newest!.record,
    provenance: {
      ...provenance,
      accepted: [{ metric: "throughput", scenario: "steady", largest: 0.05, by: "alice", reason: "fewer replicas", pull: 790 }],
    },
  };
  return {
    suite: makeSuite(names),
    verdict,
    heads: [makeRecord(names, { head: { tail: 1.41 } })],
    baseline: { ...baseline, runs: [{ ...newest!, record }, ...older] },
    acceptance: accept(verdict, statements, { suite: makeSuite(names) }),
  };
}

describe("the comment", () => {
  test.each([
    ["accepted", accepted],
    ["partly-accepted", partlyAccepted],
  ])("of what is %s reads as in its golden file", async (name, input) => {
    await expect(renderComment(buildReport(input()))).toMatchFileSnapshot(`../../golden/${name}.md`);
    await expect(`${renderText(buildReport(input()), { color: false })}\n`).toMatchFileSnapshot(`../../golden/${name}.txt`);
  });

  test("stays a failure that somebody accepted, in every form", () => {
    const input = accepted();
    const report = buildReport(input);
    expect([report.verdict, report.blocks]).toEqual(["fail", false]);
    expect(renderComment(report)).toMatch(
      /^### ❌ Fail, accepted by @\u2060alice: latency\.p99 in steady got worse by 23 % \(90 % interval \+20 … \+26 %\)$/m,
    );
    expect(renderHtml({ ...input, report })).toContain(
      "Fail, accepted by @alice: latency.p99 in steady got worse by 23&nbsp;% (90&nbsp;% interval +20 … +26&nbsp;%)</h1>",
    );
    expect(renderText(report, { color: false })).toMatch(/^FAIL {2}accepted by @alice: latency\.p99 in steady/);
    expect(junitXml(report)).toMatch(/<failure type="fail" message="Fail, accepted by @alice: /);
    expect(report.consequence).toBe("Does not block the merge: what failed is accepted.");
  });

  test("holds nobody's words as anything but text, and none of them as a command", () => {
    const p99 = failedP99("steady", 0.0669, "23 %");
    const verdict = makeVerdict("fail", [makeScenario("steady", p99)], []);
    const reason = HOSTILE.replaceAll("\n", " ")
      .replace("-->", "")
      .replace(/[\u0007\u202E]/gu, "");
    const body = `/tailgate accept latency.p99 up to 30%: ${reason}\n/tailgate accept ${reason}`;
    const comment = renderComment(buildReport({ ...accepted(), verdict, acceptance: accept(verdict, [says("<b>@octocat</b>", body)]) }));
    expect(comment).toContain("#### Acceptance");
    expect(comment).not.toMatch(/<(?:img|b)\b|(?<![\p{L}\p{N}_])@[a-z]|\[x\]\(|^## h/mu);
    expect(readCommands(comment.split("\n").slice(1).join("\n"))).toEqual([]);
  });

  test("offers a command as code, which is none when the comment is quoted or copied whole", () => {
    const comment = renderComment(buildReport(partlyAccepted()));
    expect(comment).toContain("<br>`/tailgate accept steady/latency.p99 up to 46%: REASON`");
    expect(readCommands(comment.split("\n").slice(1).join("\n"))).toEqual([]);
  });

  test("says at most a dozen things about it", () => {
    const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
    const verdict = makeVerdict(
      "fail",
      names.map((name) => makeScenario(name, failedP99(name, 0.0669, "23 %"))),
      [],
    );
    const suite = makeSuite(names);
    const report = buildReport({
      ...accepted(),
      suite,
      verdict,
      heads: [makeRecord(names, { head: {} })],
      acceptance: accept(verdict, [], { suite }),
    });
    expect(report.acceptance!.lines).toHaveLength(13);
    expect(report.acceptance!.lines.at(-1)).toEqual({ text: "and 8 more" });
  });
});

describe("what is left when all that failed is accepted", () => {
  const inconclusive = () => {
    const [p99, open] = [failedP99("steady", 0.0669, "23 %"), CASES["inconclusive"]!().verdict.scenarios[0]!];
    const metrics = open.metrics.map(({ comparison, ...metric }) => ({ ...metric, comparison: { ...comparison, scenario: "burst" } }));
    const verdict = makeVerdict("fail", [makeScenario("steady", p99), { ...open, name: "burst", metrics }], []);
    return { ...accepted(), suite: makeSuite(["steady", "burst"]), verdict, acceptance: accept(verdict, [says("alice", WHY)]) };
  };
  test.each<[Policy, boolean, string]>([
    [
      { onInconclusive: "warn" },
      false,
      "Does not block the merge: what failed is accepted, and the rest is inconclusive (on-inconclusive: warn).",
    ],
    [{ onInconclusive: "fail" }, true, "Blocks the merge: what failed is accepted, and the rest is inconclusive (on-inconclusive: fail)."],
    [{}, true, "Blocks the merge: what failed is accepted, and the rest is inconclusive (exit code 3)."],
    [{ tolerated: { verdicts: ["fail"], sentence: "Blocks nothing: merged." } }, false, "Blocks nothing: merged."],
  ])("does what the policy says: %j", (policy, blocks, consequence) => {
    expect(buildReport({ ...inconclusive(), policy })).toMatchObject({ blocks, consequence });
  });
});

test("what cannot be read accepts nothing, and says so", () => {
  const report = buildReport({ ...accepted(), acceptance: { pull: 812, unknown: "the token may not read comments" } });
  expect(report).toMatchObject({ blocks: true, consequence: "Blocks the merge: whether it is accepted is not known." });
  expect(renderComment(report)).toContain("- whether it is accepted is not known, so nothing is: the token may not read comments");
  expect(renderComment(report)).toContain("### ❌ Fail: ");
});

test("where nobody said anything, nothing is said", () => {
  const input = accepted();
  const report = buildReport({ ...input, acceptance: accept(input.verdict, [], { isSet: false }) });
  expect(renderComment(report)).toBe(renderComment(buildReport({ ...input, acceptance: undefined })));
});

test("verdict.json says of each metric who accepted it and how much, and of the run whether that is all", () => {
  const [all, part] = [accepted(), partlyAccepted()].map((input) => VERDICT_JSON.parse(JSON.parse(verdictJson(input))));
  const metrics = (json: typeof all) =>
    json!.scenarios.flatMap(({ metrics }) => metrics.flatMap(({ metric, accepted }) => accepted.map((one) => ({ metric, ...one }))));
  expect([all!.verdict, all!.accepted, part!.verdict, part!.accepted]).toEqual(["fail", true, "fail", false]);
  expect(metrics(all)).toEqual([
    {
      metric: "latency.p99",
      of: "regression",
      by: "alice",
      reason: "the new tokenizer needs it, agreed in #123",
      up_to: 0.3,
      until: "2026-12-31",
      pull: 812,
    },
  ]);
  expect(metrics(part)).toMatchObject([{ by: "mona", up_to: 0.2, until: null }]);
});

import { describe, expect, test } from "vitest";
import type { AcceptanceEvidence, Statement } from "../../../src/core/accept/acceptance.ts";
import { assessAcceptance } from "../../../src/core/accept/assess.ts";
import { readCommands } from "../../../src/core/accept/command.ts";
import { recordedAcceptance } from "../../../src/core/accept/recorded.ts";
import type { Comparison } from "../../../src/core/compare/comparison.ts";
import { acceptanceLines, acceptedBy, recordedText } from "../../../src/core/decide/acceptance-words.ts";
import type { Verdict, VerdictWord } from "../../../src/core/decide/verdict.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import type { Problem } from "../../../src/core/record/run-record.ts";
import type { Gate } from "../../../src/core/suite/suite.ts";
import { judge, makeComparison, makeSuite, makeVerdict } from "../report/fixtures.ts";

type Failing = { readonly base: number; readonly head: number; readonly gate: Partial<Gate>; readonly limit?: Comparison["limit"] };

/** A metric that fails its gate, or whose comparison says otherwise by its numbers. */
const failing = (scenario: string, metric: MetricName, { base, head, gate, limit }: Failing, word: VerdictWord = "fail") => {
  const whole: Gate = { metric, regression: undefined, floor: undefined, limit: undefined, ...gate };
  const comparison = makeComparison(scenario, metric, { base, head, spread: 0.001 }, whole, limit === undefined ? {} : { limit });
  return judge(comparison, word, `${metric} failed`);
};
const P99 = { base: 0.1, head: 0.123, gate: { regression: 0.1 } };
const slower = (scenario: string, head = P99.head) => failing(scenario, "latency.p99", { ...P99, head });

const verdictOf = (...metrics: readonly ReturnType<typeof failing>[]): Verdict => {
  const names = [...new Set(metrics.map(({ comparison }) => comparison.scenario))];
  const scenarios = names.map((name) => ({
    name,
    verdict: "fail" as const,
    metrics: metrics.filter(({ comparison }) => comparison.scenario === name),
  }));
  return makeVerdict("fail", scenarios, []);
};

const says = (by: string, body: string, more: Partial<Statement> = {}): Statement => ({
  by,
  role: "write",
  mayAccept: true,
  isEdited: false,
  commands: readCommands(body),
  ...more,
});
const stranger = (by: string, body: string): Statement => says(by, body, { role: "read", mayAccept: false });

const evidence = (statements: readonly Statement[], more: Partial<AcceptanceEvidence> = {}): AcceptanceEvidence => ({
  pull: 7,
  author: "mona",
  label: { name: "tailgate-accepted", isSet: true },
  statements,
  today: "2026-11-26",
  ...more,
});
const assess = (verdict: Verdict, statements: readonly Statement[], more: Partial<AcceptanceEvidence> = {}) =>
  assessAcceptance(verdict, makeSuite(["steady", "burst"]), evidence(statements, more));
const told = (...given: Parameters<typeof assess>) => acceptanceLines(assess(...given)).map(({ text }) => text);

const ONE = verdictOf(slower("steady"));
const ACCEPT = "/tailgate accept latency.p99 up to 30%: the tokenizer needs it";

describe("a regression is accepted", () => {
  test.each<[string, string]>([
    ["by its metric", ACCEPT],
    ["by its scenario and metric", "/tailgate accept steady/latency.p99 up to 30%: x"],
    ["by its suite, scenario and metric", "/tailgate accept sentiment/steady/latency.p99 up to 30%: x"],
    ["by any of several metrics", "/tailgate accept throughput, latency.p99 up to 30%: x"],
    ["with stars", "/tailgate accept */* up to 30%: x"],
    ["with one star", "/tailgate accept * up to 30%: x"],
    ["with a suite and stars", "/tailgate accept sentiment/*/* up to 30%: x"],
    ["on the last day", "/tailgate accept latency.p99 up to 30% until 2026-11-26: x"],
    ["after a smaller size was", `/tailgate accept latency.p99 up to 5%: x\n${ACCEPT}`],
    ["after it was taken back", `/tailgate withdraw\n${ACCEPT}`],
    ["though its limit was taken back", `${ACCEPT}\n/tailgate withdraw limit of latency.p99`],
    ["though another metric was taken back", `${ACCEPT}\n/tailgate withdraw latency.p50`],
  ])("%s", (_, body) => {
    const { remaining, failed } = assess(ONE, [says("alice", body)]);
    expect(failed.map(({ outcome }) => outcome.kind)).toEqual(["accepted"]);
    expect(remaining).toBe("pass");
  });

  test("up to the very change that was measured, and not a hair less", () => {
    const exact = verdictOf(failing("steady", "latency.p99", { base: 0.5, head: 0.625, gate: { regression: 0.1 } }));
    expect(assess(exact, [says("alice", "/tailgate accept latency.p99 up to 25%: x")]).remaining).toBe("pass");
    expect(assess(exact, [says("alice", "/tailgate accept latency.p99 up to 24.9999%: x")]).remaining).toBe("fail");
  });

  test("and the words say by whom, how much, until when and why", () => {
    expect(told(ONE, [says("alice", ACCEPT)])).toEqual([
      "latency.p99 in steady: measured +23 %, accepted up to +30 % by @alice: the tokenizer needs it",
    ]);
    expect(told(ONE, [says("Mona", "/tailgate accept * up to 30% until 2026-12-31: x", { isEdited: true })])).toEqual([
      "latency.p99 in steady: measured +23 %, accepted up to +30 % by @Mona, the author of this pull request, in a comment that was edited, until 2026-12-31: x",
    ]);
  });

  test.each<[string, ReturnType<typeof failing>, string, string]>([
    [
      "a throughput by how much it falls",
      failing("steady", "throughput", { base: 50, head: 40, gate: { regression: 0.1 } }),
      "/tailgate accept throughput up to 20%: x",
      "throughput in steady: measured −20 %, accepted down to −20 % by @alice: x",
    ],
    [
      "a share of failures by points",
      failing("steady", "errors.ratio", { base: 0.01, head: 0.03, gate: { regression: 0.01 } }),
      "/tailgate accept errors.ratio up to 2.5 points: x",
      "errors.ratio in steady: measured +2 points, accepted up to +2.5 points by @alice: x",
    ],
    [
      "a broken limit by the value",
      failing("steady", "latency.p99", { base: 0.6, head: 0.62, gate: { limit: 0.5 } }),
      "/tailgate accept limit of latency.p99 up to 650ms: x",
      "latency.p99 in steady: measured 620 ms, over its limit of 500 ms, accepted up to 650 ms by @alice: x",
    ],
    [
      "a limit from below by the value",
      failing("steady", "throughput", { base: 50, head: 40, gate: { limit: 45 }, limit: { value: 40, low: 39, high: 41 } }),
      "/tailgate accept limit of throughput down to 38/s: x",
      "throughput in steady: measured 40/s, under its limit of 45/s, accepted down to 38/s by @alice: x",
    ],
  ])("%s", (_, metric, body, sentence) => {
    expect(assess(verdictOf(metric), [says("alice", body)]).remaining).toBe("pass");
    expect(told(verdictOf(metric), [says("alice", body)])).toEqual([sentence]);
  });
});

describe("a regression is not accepted", () => {
  const not = "latency.p99 in steady is not accepted:";
  test.each<[string, readonly Statement[], Partial<AcceptanceEvidence>, string | undefined]>([
    ["where nobody says a word", [], { label: { name: "ok", isSet: false } }, undefined],
    [
      "by its label alone",
      [],
      {},
      `${not} the label tailgate-accepted is set, and no comment says how much of it is accepted; someone who can push could write`,
    ],
    [
      "without its label",
      [says("alice", ACCEPT)],
      { label: { name: "ok", isSet: false } },
      `${not} @alice accepted it up to +30 %, and the label ok is missing`,
    ],
    [
      "that is larger",
      [says("alice", "/tailgate accept latency.p99 up to 20%: x")],
      {},
      `${not} measured +23 %, accepted up to +20 % by @alice`,
    ],
    [
      "that reads the same and is larger",
      [says("alice", "/tailgate accept latency.p99 up to 22.9%: x")],
      {},
      `${not} measured 23%, accepted up to 22.9% by @alice`,
    ],
    [
      "after its last day",
      [says("alice", "/tailgate accept latency.p99 up to 30% until 2026-11-25: x")],
      {},
      `${not} @alice accepted it until 2026-11-25, which has passed`,
    ],
    [
      "by who may not push",
      [stranger("mallory", ACCEPT)],
      {},
      `${not} @mallory may not accept it: the role read cannot push to this repository`,
    ],
    ["that was taken back", [says("alice", ACCEPT), says("bob", "/tailgate withdraw")], {}, `${not} @bob took it back`],
    [
      "after its metric was taken back",
      [says("alice", ACCEPT), says("bob", "/tailgate withdraw steady/latency.p99")],
      {},
      `${not} @bob took it back`,
    ],
    [
      "after a withdrawal that nobody can read",
      [says("alice", ACCEPT), says("bob", "/tailgate withdraw latncy.p99")],
      {},
      `${not} @bob wrote a withdrawal that cannot be read`,
    ],
    [
      "by a smaller size that came later",
      [says("alice", ACCEPT), says("bob", "/tailgate accept * up to 5%: x")],
      {},
      `${not} measured +23 %, accepted up to +5 % by @bob`,
    ],
    [
      "by what is about another scenario",
      [says("alice", "/tailgate accept burst/latency.p99 up to 30%: x")],
      {},
      `${not} what @alice accepted is not about it; someone who can push could write`,
    ],
    [
      "by what is about another suite",
      [says("alice", "/tailgate accept other/steady/latency.p99 up to 30%: x")],
      {},
      `${not} what @alice accepted is not about it; someone who can push could write`,
    ],
    [
      "by what is about its limit",
      [says("alice", "/tailgate accept limit of latency.p99 up to 30s: x")],
      {},
      `${not} what @alice accepted is not about it; someone who can push could write`,
    ],
    [
      "by stars with another unit",
      [says("alice", "/tailgate accept * up to 30 points: x")],
      {},
      `${not} what @alice accepted is not about it; someone who can push could write`,
    ],
  ])("%s", (_, statements, more, sentence) => {
    expect(assess(ONE, statements, more).remaining).toBe("fail");
    expect(told(ONE, statements, more).slice(0, 1)).toEqual(sentence === undefined ? [] : [sentence]);
  });

  test("by a stranger's word about a withdrawal: it takes nothing back", () => {
    expect(assess(ONE, [says("alice", ACCEPT), stranger("mallory", "/tailgate withdraw\n/tailgate withdraw x")]).remaining).toBe("pass");
  });

  test("where a limit is what is broken, with stars or with a change", () => {
    const broken = verdictOf(failing("steady", "latency.p99", { base: 0.6, head: 0.62, gate: { limit: 0.5 } }));
    for (const body of ["/tailgate accept * up to 99%: x", "/tailgate accept latency.p99 up to 99%: x"]) {
      expect(assess(broken, [says("alice", body)]).remaining).toBe("fail");
    }
    expect(acceptanceLines(assess(broken, [says("alice", "/tailgate accept * up to 99%: x")]))).toEqual([
      {
        text: "latency.p99 in steady is not accepted: what @alice accepted is not about its broken limit; someone who can push could write",
        command: "/tailgate accept limit of steady/latency.p99 up to 690ms: REASON",
      },
    ]);
  });

  test("where there is no change that could be compared with the accepted one", () => {
    const [metric] = ONE.scenarios[0]!.metrics;
    const blind = { ...metric!, comparison: { ...metric!.comparison, delta: { ...metric!.comparison.delta!, relative: undefined } } };
    expect(told(verdictOf(blind), [says("alice", "/tailgate accept * up to 99%: x")])).toEqual([
      `${not} there is no change to compare with what @alice accepted`,
    ]);
  });

  test("by a verdict that its numbers do not bear out: it stays whole", () => {
    const odd = verdictOf(failing("steady", "latency.p99", { base: 0.1, head: 0.1, gate: { regression: 0.1 } }));
    expect(assess(odd, []).remaining).toBe("fail");
  });
});

describe("of several failures", () => {
  const TWO = verdictOf(
    slower("steady"),
    slower("burst", 0.141),
    failing("burst", "latency.p50", { base: 0.1, head: 0.101, gate: { regression: 0.1 } }, "pass"),
  );

  test("each is accepted by itself, and one that is not is enough to fail", () => {
    const { failed, remaining } = assess(TWO, [says("alice", ACCEPT)]);
    expect(failed.map(({ scenario, outcome }) => [scenario, outcome.kind])).toEqual([
      ["steady", "accepted"],
      ["burst", "too-large"],
    ]);
    expect(remaining).toBe("fail");
  });

  test("everybody who accepted one is named", () => {
    const both = assess(TWO, [says("alice", ACCEPT), says("bob", "/tailgate accept burst/latency.p99 up to 50%: x")]);
    expect(both.remaining).toBe("pass");
    expect(acceptedBy(both)).toBe("@alice and @bob");
  });

  test("a broken limit and a regression of one metric are two", () => {
    const worse = verdictOf(failing("steady", "latency.p99", { base: 0.4, head: 0.62, gate: { regression: 0.1, limit: 0.5 } }));
    const [change, limit] = ["/tailgate accept latency.p99 up to 60%: x", "/tailgate accept limit of latency.p99 up to 650ms: y"] as const;
    expect(assess(worse, [says("alice", change)]).remaining).toBe("fail");
    expect(assess(worse, [says("alice", limit)]).remaining).toBe("fail");
    expect(assess(worse, [says("alice", `${change}\n${limit}`)]).remaining).toBe("pass");
  });
});

describe("what is accepted brings to light", () => {
  test("a metric that is undecided, and the other half of a gate", () => {
    const open = failing("burst", "latency.p99", { base: 0.1, head: 0.105, gate: { regression: 0.1 } }, "inconclusive");
    const unsure = { ...open, comparison: { ...open.comparison, worseLow: -0.1, worseHigh: 0.3 } };
    expect(assess(verdictOf(slower("steady"), unsure), [says("alice", ACCEPT)]).remaining).toBe("inconclusive");
    const limit = { value: 0.123, low: 0.1, high: 0.2 };
    const half = verdictOf(failing("steady", "latency.p99", { ...P99, gate: { regression: 0.1, limit: 0.15 }, limit }));
    expect(assess(half, [says("alice", ACCEPT)]).remaining).toBe("inconclusive");
  });

  test("that the scenario was spoiled, so that too many failures pass for nothing else", () => {
    const errors = failing("steady", "errors.ratio", { base: 0, head: 0.4, gate: { limit: 0.01 } });
    const problem: Problem = { severity: "invalid", code: "endpoint-lost", message: "gone", scenario: "steady" };
    const spoiled = { ...verdictOf(errors), problems: [problem] };
    expect(assess(spoiled, [says("alice", "/tailgate accept limit of errors.ratio up to 50%: x")]).remaining).toBe("invalid");
  });
});

test("a withdrawal that nobody can read is answered with what it does", () => {
  expect(told(ONE, [says("alice", ACCEPT), says("bob", "/tailgate withdraw latncy.p99")]).at(-1)).toBe(
    '@bob wrote “/tailgate withdraw latncy.p99”, which takes back all that was accepted before it: there is no metric "latncy.p99"; did you mean "latency.p99"?',
  );
});

test("what people who may accept wrote and nobody can read is answered, a stranger's is not", () => {
  const body = "/tailgate accept latncy.p99 up to 30%: x";
  expect(told(ONE, [says("alice", body), stranger("mallory", body)], { label: { name: "ok", isSet: false } })).toEqual([
    "latency.p99 in steady is not accepted: no comment says how much of it is accepted, and the label ok is missing; someone who can push could write",
    '@alice wrote “/tailgate accept latncy.p99 up to 30%: x”, which does nothing: there is no metric "latncy.p99"; did you mean "latency.p99"?',
  ]);
});

test.each<[number, string]>([
  [0.123, "26%"],
  [0.12301, "26%"],
  [0.1151, "17%"],
  [0.3, "220%"],
  [0.2567, "180%"],
])("a suggestion accepts a p99 of %d s instead of 0.1 s and a tenth more", (head, size) => {
  const { command } = acceptanceLines(assess(verdictOf(slower("steady", head)), []))[0]!;
  expect(command).toBe(`/tailgate accept steady/latency.p99 up to ${size}: REASON`);
  const reasoned = command!.replace("REASON", "x");
  expect(assess(verdictOf(slower("steady", head)), [says("alice", reasoned)]).failed.map(({ outcome }) => outcome.kind)).toEqual([
    "accepted",
  ]);
});

test("a suggestion for a limit from below is a tenth lower, and one for what falls stays below all of it", () => {
  const command = (metric: ReturnType<typeof failing>) => acceptanceLines(assess(verdictOf(metric), []))[0]!.command;
  const low = { value: 40, low: 39, high: 41 };
  expect(command(failing("steady", "throughput", { base: 50, head: 40, gate: { limit: 45 }, limit: low }))).toBe(
    "/tailgate accept limit of steady/throughput down to 36/s: REASON",
  );
  expect(command(failing("steady", "throughput", { base: 50, head: 2, gate: { regression: 0.1 } }))).toBe(
    "/tailgate accept steady/throughput up to 99%: REASON",
  );
  expect(command(failing("steady", "errors.ratio", { base: 0.01, head: 0.03, gate: { regression: 0.01 } }))).toBe(
    "/tailgate accept steady/errors.ratio up to 2.2 points: REASON",
  );
});

describe("the next baseline's record", () => {
  test("holds what failed and is accepted", () => {
    const TWO = verdictOf(slower("steady"), slower("burst", 0.141));
    const accepted = recordedAcceptance(assess(TWO, [says("alice", "/tailgate accept latency.p99 up to 30% until 2026-12-31: why")]));
    expect(accepted).toEqual([
      { metric: "latency.p99", scenario: "steady", largest: 0.3, by: "alice", reason: "why", pull: 7, until: "2026-12-31" },
    ]);
    expect(recordedText(accepted![0]!)).toBe("latency.p99 in steady up to +30 % by @alice in #7, until 2026-12-31: why");
  });

  test("holds a limit as one", () => {
    const broken = verdictOf(
      failing("steady", "throughput", { base: 50, head: 40, gate: { limit: 45 }, limit: { value: 40, low: 39, high: 41 } }),
    );
    const accepted = recordedAcceptance(assess(broken, [says("alice", "/tailgate accept limit of throughput down to 38/s: why")]));
    expect(accepted).toEqual([{ metric: "throughput", scenario: "steady", of: "limit", largest: 38, by: "alice", reason: "why", pull: 7 }]);
    expect(recordedText(accepted![0]!)).toBe("limit of throughput in steady down to 38/s by @alice in #7: why");
  });

  test("holds nothing where nothing is accepted, and a metric of another version as it is", () => {
    expect(recordedAcceptance(assess(ONE, [stranger("mallory", ACCEPT)]))).toBeUndefined();
    expect(recordedText({ metric: "joy", largest: 0.5, by: "a", reason: "b", pull: 1 })).toBe("joy up to 0.5 by @a in #1: b");
  });
});

import { describe, expect, test } from "vitest";
import type { RunRecord } from "../src/core/record/run-record.ts";
import { renderComment } from "../src/core/report/markdown.ts";
import type { Gate } from "../src/core/suite/suite.ts";
import { judge } from "../src/gate.ts";
import { makeRecord, makeSuite, type RecordOptions } from "./core/compare/records.ts";

const RUN = { design: "single", blocks: 4, requestsPerBlock: 50 } as const;
const other = { ...makeRecord(RUN), suite: { name: "other", digest: "f".repeat(64), seed: 1 } };
const refusal = (origin: string, reason: string) => ({ origin, reason });

const absenceOf = (found: { readonly refused?: readonly ReturnType<typeof refusal>[]; readonly others?: number }) => {
  const candidates = Array.from({ length: found.others ?? 0 }, (_, i) => ({ origin: `run ${i}`, record: other }));
  const { baseline } = judge({
    suite: makeSuite(),
    suitePath: "suite.yaml",
    heads: [makeRecord(RUN)],
    found: { candidates, refused: found.refused ?? [], absence: "nothing is stored" },
    policy: {},
  });
  return baseline.kind === "none" ? baseline.reason : baseline.kind;
};

test("where nothing was found, the search says so", () => {
  expect(absenceOf({})).toBe("nothing is stored");
});

test("a single baseline that cannot be used is refused with its reason", () => {
  expect(absenceOf({ refused: [refusal("a", "expired on 2026-11-01")] })).toBe(
    "the only baseline found cannot be used: expired on 2026-11-01",
  );
});

test("a reason is said of all baselines only where all share it", () => {
  const expired = refusal("a", "expired on 2026-11-01");
  expect(absenceOf({ refused: [expired, { ...expired, origin: "b" }] })).toBe(
    "none of the 2 baselines found can be used: expired on 2026-11-01",
  );
  expect(absenceOf({ refused: [expired, refusal("b", "from a fork that is gone")] })).toBe(
    "none of the 2 baselines found can be used; the nearest: expired on 2026-11-01",
  );
});

test("a run that could be read is nearer than one that could not", () => {
  expect(absenceOf({ refused: [refusal("a", "expired on 2026-11-01")], others: 1 })).toMatch(
    /^none of the 2 baselines found can be used; the nearest: it was measured with another workload \(suite digest f{12}/,
  );
});

describe("a pull request that changes one of two scenarios", () => {
  const gates: readonly Gate[] = [
    { metric: "latency.p50", regression: 0.2, floor: undefined, limit: undefined },
    { metric: "errors.ratio", regression: undefined, floor: undefined, limit: 0.05 },
  ];
  const QUIET = { design: "single", blocks: 12, requestsPerBlock: 200, scenarios: ["steady", "burst"] } as const;
  const suiteRun = (suiteDigest: string, burst: string, seed: number, head = {}): RunRecord => {
    const record = makeRecord({ ...QUIET, seed, head, overrides: { startedAt: `2026-11-${10 + seed}T09:00:00.000Z` } });
    const digestOf: Readonly<Record<string, string>> = { steady: "s1", burst };
    return {
      ...record,
      suite: { ...record.suite, digest: suiteDigest.repeat(64) },
      scenarios: record.scenarios.map((scenario) => ({ ...scenario, digest: digestOf[scenario.name]! })),
    };
  };
  const suite = { ...makeSuite({ gates }), scenarios: QUIET.scenarios.map((name) => ({ ...makeSuite({ gates }).scenarios[0]!, name })) };
  const judged = (head: RunRecord, bases = [1, 2, 3, 4, 5].map((seed) => suiteRun("0", "b1", seed))) =>
    judge({
      suite,
      suitePath: "perf/suite.yaml",
      heads: [head],
      found: {
        candidates: bases.map((record, i) => ({ origin: `run ${i}`, record })),
        refused: [],
        absence: "nothing is stored",
        store: { asOf: "2026-11-22T09:00:00.000Z", branch: "main", fromName: "the merge base", extended: false },
      },
      policy: {},
    });
  const words = ({ verdict }: ReturnType<typeof judge>) =>
    Object.fromEntries(
      verdict.scenarios.flatMap(({ name, metrics }) =>
        metrics.filter(({ gated }) => gated).map((metric) => [`${name} ${metric.metric}`, metric.verdict]),
      ),
    );

  test("compares the other, shows the changed one as new, and does not pass", async () => {
    const judgement = judged(suiteRun("1", "b2", 6));
    expect(judgement.verdict).toMatchObject({ verdict: "no-baseline", evidence: "stored" });
    expect(words(judgement)).toEqual({
      "steady latency.p50": "pass",
      "steady errors.ratio": "pass",
      "burst latency.p50": "no-baseline",
      "burst errors.ratio": "pass",
    });
    await expect(renderComment(judgement.report)).toMatchFileSnapshot("golden/changed-scenario.md");
  });

  test("fails where the other got slower", () => {
    const judgement = judged(suiteRun("1", "b2", 6, { factor: 1.5 }));
    expect(judgement.verdict.verdict).toBe("fail");
    expect(words(judgement)).toMatchObject({ "steady latency.p50": "fail", "burst latency.p50": "no-baseline" });
  });

  test("is compared whole once runs of the changed one are stored, beside older ones of the other", () => {
    const bases = [1, 2, 3].map((seed) => suiteRun("0", "b1", seed)).concat([4, 5, 7].map((seed) => suiteRun("1", "b2", seed)));
    const judgement = judged(suiteRun("1", "b2", 6), bases);
    expect(judgement.verdict.verdict).toBe("pass");
    expect(judgement.verdict.problems.filter(({ code }) => code.startsWith("scenario-"))).toEqual([]);
  });
});

test("a shard by itself has no verdict, whatever it measured", () => {
  const { verdict } = judge({
    suite: makeSuite({ gates: [{ metric: "errors.ratio", regression: undefined, floor: undefined, limit: 0.5 }] }),
    suitePath: "suite.yaml",
    heads: [{ ...makeRecord(RUN), shard: { index: 2, of: 3, endpoints: "e" } }],
    found: { candidates: [], refused: [], absence: "nothing is stored" },
    policy: {},
  });
  expect(verdict.verdict).toBe("invalid");
  expect(verdict.problems).toMatchObject([
    { code: "shard-alone", message: expect.stringMatching(/^this is shard 2 of 3: a part of a load/) },
  ]);
});

describe("earlier attempts of the same code", () => {
  /** One attempt of 30 requests a block decides nothing about a limit of 9.2 %, two do. */
  const gates: readonly Gate[] = [{ metric: "errors.ratio", regression: undefined, floor: undefined, limit: 0.092 }];
  const attempt = (number: number, options: RecordOptions = {}): RunRecord =>
    makeRecord({
      design: "single",
      blocks: 1,
      requestsPerBlock: 30,
      seed: number,
      ...options,
      overrides: { startedAt: `2026-11-22T09:0${number}:00.000Z`, ...options.overrides },
    });
  const verdictOn = (run: RunRecord, ...earlier: readonly RunRecord[]) => judgedBy(gates, run, earlier);
  const judgedBy = (by: readonly Gate[], run: RunRecord, earlier: readonly RunRecord[]) =>
    judge({
      suite: makeSuite({ gates: by }),
      suitePath: "suite.yaml",
      heads: [run],
      found: { candidates: [], refused: [], absence: "nothing is stored" },
      attempts: { candidates: earlier.map((record) => ({ origin: `of ${record.startedAt}`, record })), refused: [] },
      policy: {},
    });
  const wordOn = (run: RunRecord, ...earlier: readonly RunRecord[]) => verdictOn(run, ...earlier).verdict.verdict;
  const problems = [{ severity: "invalid", code: "endpoint-not-ready", message: "nobody answered" }] as const;
  const dead = attempt(2, { overrides: { scenarios: [], status: "aborted", problems } });

  test("are evidence: what one attempt cannot decide, two can", () => {
    expect(wordOn(attempt(1))).toBe("inconclusive");
    expect(wordOn(attempt(2), attempt(1))).toBe("pass");
  });

  test("keep a lucky attempt from standing alone", () => {
    const [unlucky, lucky] = [attempt(1, { head: { errorRatio: 0.4 } }), attempt(2, { blocks: 2 })];
    expect(wordOn(unlucky)).toBe("fail");
    expect(wordOn(lucky)).toBe("pass");
    expect(wordOn(lucky, unlucky)).toBe("inconclusive");
  });

  test("that are the run itself change nothing", () => {
    const alone = verdictOn(attempt(1)).verdict;
    const again = verdictOn(attempt(1), attempt(1), attempt(1)).verdict;
    expect({ ...again, problems: [] }).toEqual(alone);
    expect(again.problems.map(({ code }) => code)).toEqual(["attempt-refused", "attempt-refused"]);
  });

  test("give the same verdict whatever order they were found in", () => {
    const [first, second, third] = [attempt(1), attempt(2), attempt(3)];
    expect(verdictOn(third, first, second).verdict).toEqual(verdictOn(third, second, first).verdict);
  });

  test("come before the run, and the report tells of them", () => {
    const { heads, attempts, report } = verdictOn(attempt(3), attempt(2), attempt(1));
    expect(heads.map(({ provenance }) => provenance.runId)).toEqual(["1", "2", "3"]);
    expect(attempts).toHaveLength(2);
    expect(report.context).toContain("with 2 earlier attempts");
    expect(report.attempts).toEqual({
      summary: "2 earlier attempts of this commit count into this verdict",
      rows: [
        { origin: "of 2026-11-22T09:01:00.000Z", date: "2026-11-22 09:01 UTC", requests: "30" },
        { origin: "of 2026-11-22T09:02:00.000Z", date: "2026-11-22 09:02 UTC", requests: "30" },
      ],
    });
  });

  test("that failed are not taken back by a run that shows nothing", () => {
    const { verdict, heads, report } = judgedBy([{ metric: "latency.p50", regression: undefined, floor: undefined, limit: 0.001 }], dead, [
      attempt(1, { blocks: 8 }),
    ]);
    expect(verdict.verdict).toBe("fail");
    expect(heads.map(({ provenance }) => provenance.runId)).toEqual(["1"]);
    expect(report.problems.map(({ text }) => text)).toEqual([
      "this attempt was spoiled and does not count, so that the failure of earlier ones stands: nobody answered",
    ]);
  });

  test("that did not fail do not vouch for a run that shows nothing", () => {
    expect(wordOn(dead, attempt(1))).toBe("invalid");
    expect(wordOn(dead)).toBe("invalid");
  });

  test("that are spoiled themselves do not count", () => {
    expect(wordOn(attempt(2), attempt(1, { overrides: { problems } }))).toBe("inconclusive");
  });
});

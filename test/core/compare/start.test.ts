import { describe, expect, test } from "vitest";
import type { Baseline } from "../../../src/core/compare/baseline.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import type { RunRecord, WarmUpRecord } from "../../../src/core/record/run-record.ts";
import type { Gate } from "../../../src/core/suite/suite.ts";
import { codes, judge, NONE, stored } from "./judge.ts";
import { makeRecord, makeSuite } from "./records.ts";

const SMALL = { blocks: 4, requestsPerBlock: 60 } as const;
const gate = (metric: MetricName, numbers: Partial<Gate>): Gate => ({
  regression: undefined,
  floor: undefined,
  limit: undefined,
  ...numbers,
  metric,
});

/** A run whose arms started like this. */
function started(record: RunRecord, head: Partial<WarmUpRecord>, base: Partial<WarmUpRecord> = head): RunRecord {
  return {
    ...record,
    scenarios: record.scenarios.map((scenario) => ({
      ...scenario,
      arms: Object.fromEntries(
        Object.entries(scenario.arms).map(([name, arm]) => [
          name,
          { ...arm, warmUp: { ...arm.warmUp, ...(name === "head" ? head : base) } },
        ]),
      ),
    })),
  };
}
const single = (start: Partial<WarmUpRecord>, seed = 1) => started(makeRecord({ ...SMALL, design: "single", seed }), start);
const stays = { firstRequestS: 2, firstSuccessS: 12, steadyS: 14 };

const judged = (heads: readonly RunRecord[], gates: readonly Gate[], baseline: Baseline) => {
  const verdict = judge({ heads, baseline, suite: makeSuite({ gates }) });
  const { metrics } = verdict.scenarios[0]!;
  return { ...verdict, metric: (name: MetricName) => metrics.find(({ metric }) => metric === name) };
};

describe("a limit on a start", () => {
  const gates = [gate("cold.first_success", { limit: 30 })];

  test("is decided by the one value of this run", () => {
    const kept = judged([single(stays)], gates, NONE).metric("cold.first_success")!;
    expect(kept.verdict).toBe("pass");
    expect(kept.reason).toBe(
      "cold.first_success stays below its limit of 30 s (12 s): a fact of this run, which says little about the next start",
    );
    const broken = judged([single({ ...stays, firstSuccessS: 45 })], gates, NONE).metric("cold.first_success")!;
    expect(broken.verdict).toBe("fail");
    expect(broken.reason).toBe(
      "cold.first_success is 45 s, over its limit of 30 s: a fact of this run, which says little about the next start",
    );
  });

  test("is kept at the limit itself, and by the slowest of several runs", () => {
    expect(judged([single({ ...stays, firstSuccessS: 30 })], gates, NONE).metric("cold.first_success")!.verdict).toBe("pass");
    const heads = [single(stays), single({ ...stays, firstSuccessS: 45 }, 2)];
    expect(judged(heads, gates, NONE).metric("cold.first_success")!.verdict).toBe("fail");
  });

  test("is decided with stored runs too, without their spread", () => {
    const baseline = stored([1, 2, 3].map((seed) => single({ ...stays, firstSuccessS: 20 + 9 * seed }, seed)));
    expect(judged([single({ ...stays, firstSuccessS: 29 }, 9)], gates, baseline).metric("cold.first_success")!.verdict).toBe("pass");
  });

  test("that was not seen is not kept", () => {
    const { verdict, reason } = judged([single({ firstRequestS: undefined })], gates, NONE).metric("cold.first_success")!;
    expect(verdict).toBe("inconclusive");
    expect(reason).toContain("was not measured");
  });

  test("adds no chance of a false alarm to what other gates share", () => {
    const others = [gate("latency.p50", { regression: 0.05 })];
    const [alone, beside] = [others, [...others, ...gates]].map((all) =>
      judge({ heads: [makeRecord(SMALL)], suite: makeSuite({ gates: all }) }).of("latency.p50"),
    );
    expect(beside!.worseLow).toBe(alone!.worseLow);
  });
});

describe("a regression of a start", () => {
  const gates = [gate("cold.first_success", { regression: 0.2 })];

  test("is nothing that two single starts could show: live is inconclusive, however far they differ", () => {
    const record = started(makeRecord(SMALL), { ...stays, firstSuccessS: 60 }, stays);
    const { metric, comparisons } = judged([record], gates, { kind: "live", refused: [] });
    const { verdict, reason } = metric("cold.first_success")!;
    expect(verdict).toBe("inconclusive");
    expect(reason).toBe(
      "cold.first_success is 400 % slower (12 s → 60 s, no interval); the gate blocks at +20 %; one start each cannot be told from chance; three stored runs and more can judge it, or a limit",
    );
    // Nothing about dropped blocks: a start has one.
    expect(codes(comparisons.find((each) => each.metric === "cold.first_success")!)).toEqual(["single-start"]);
  });

  test("is nothing that one or two stored runs could show", () => {
    for (const runs of [1, 2]) {
      const baseline = stored(Array.from({ length: runs }, (_, k) => single(stays, k + 1)));
      expect(judged([single({ ...stays, firstSuccessS: 600 }, 9)], gates, baseline).metric("cold.first_success")!.verdict).toBe(
        "inconclusive",
      );
    }
  });

  test("is judged against three stored runs and more, cautiously", () => {
    const baseline = stored([11, 12, 13, 12, 12.5, 11.5].map((firstSuccessS, k) => single({ ...stays, firstSuccessS }, k + 1)));
    const verdictOf = (firstSuccessS: number) =>
      judged([single({ ...stays, firstSuccessS }, 9)], gates, baseline).metric("cold.first_success")!.verdict;
    expect(verdictOf(40)).toBe("fail");
    expect(verdictOf(15)).toBe("inconclusive");
    expect(verdictOf(5)).toBe("pass");
  });
});

describe("a start is presented", () => {
  test("once for a run, in its first scenario only", () => {
    const record = started(makeRecord({ ...SMALL, scenarios: ["one", "two"] }), stays);
    const { comparisons } = judge({ heads: [record], suite: makeSuite({ scenarios: ["one", "two"] }) });
    const cold = comparisons.filter(({ metric }) => metric.startsWith("cold."));
    expect(cold.map(({ scenario, metric, base, head }) => [scenario, metric, base?.value, head?.value])).toEqual([
      ["one", "cold.first_request", 2, 2],
      ["one", "cold.first_success", 12, 12],
      ["one", "cold.steady", 14, 14],
    ]);
  });

  test("not at all where a record does not know it, as older ones and imports", () => {
    const record = single({ firstRequestS: undefined });
    expect(judge({ heads: [record], baseline: NONE }).comparisons.filter(({ metric }) => metric.startsWith("cold."))).toEqual([]);
    const gates = [gate("cold.steady", { regression: 0.5 })];
    const baseline = stored([1, 2, 3].map((seed) => single({ firstRequestS: 1 }, seed)));
    const { verdict, reason } = judged([single(stays, 9)], gates, baseline).metric("cold.steady")!;
    expect(verdict).toBe("no-baseline");
    expect(reason).toContain("the baseline has no data for it");
  });
});

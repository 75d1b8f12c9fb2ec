import { describe, expect, test } from "vitest";
import { assessAcceptance } from "../../../src/core/accept/assess.ts";
import { readCommands } from "../../../src/core/accept/command.ts";
import { acceptanceLines } from "../../../src/core/decide/acceptance-words.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import { stream, uniform } from "../../../src/core/plan/random.ts";
import type { BlockRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import type { Gate, Suite } from "../../../src/core/suite/suite.ts";
import { codes, judge, NONE, stored } from "./judge.ts";
import { makeRecord, makeSuite, type RecordOptions } from "./records.ts";

const SMALL = { blocks: 24, requestsPerBlock: 100, stallShare: 0 } as const;
const gate = (metric: MetricName, numbers: Partial<Gate>): Gate => ({
  metric,
  regression: undefined,
  floor: undefined,
  limit: undefined,
  ...numbers,
});
const suiteWith = (gates: readonly Gate[], more: Partial<Suite["scenarios"][number]> = {}): Suite => {
  const suite = makeSuite({ gates });
  return { ...suite, scenarios: suite.scenarios.map((scenario) => ({ ...scenario, ...more })) };
};

/** A run of which each block was changed with a stream of random numbers of its own. */
function recordWith(
  change: (block: BlockRecord, arm: "base" | "head", next: () => number) => Partial<BlockRecord>,
  options: RecordOptions = {},
): RunRecord {
  const record = makeRecord({ ...SMALL, ...options });
  const next = stream(options.seed ?? 1, "answers");
  const changed = (blocks: readonly BlockRecord[], arm: "base" | "head") =>
    blocks.map((block) => ({ ...block, ...change(block, arm, () => uniform(next)) }));
  return {
    ...record,
    scenarios: record.scenarios.map(({ arms: { base, head }, ...scenario }) => ({
      ...scenario,
      arms: {
        ...(base && { base: { ...base, blocks: changed(base.blocks, "base") } }),
        ...(head && { head: { ...head, blocks: changed(head.blocks, "head") } }),
      },
    })),
  };
}

/** Sampled answers: lengths uniform between 10 and 190 tokens, times a factor in the head. */
const sampled = (factor: number, options: RecordOptions = {}) =>
  recordWith(({ ok }, arm, next) => {
    const lengths = Array.from({ length: ok }, () => 10 + 180 * next());
    const output = Math.round(lengths.reduce((sum, length) => sum + length, 0) * (arm === "head" ? factor : 1));
    return { tokens: { output, from: "usage" } };
  }, options);

const LENGTH: MetricName = "tokens.output.mean";

describe("the length of answers", () => {
  const verdictOf = (factor: number, options?: RecordOptions) =>
    judge({ heads: [sampled(factor, options)], suite: suiteWith([gate(LENGTH, { regression: 0.1 })]) });

  test("changed either way by more than the margin fails, and says which way", () => {
    for (const [factor, word] of [
      [0.7, "lower"],
      [1.4, "higher"],
    ] as const) {
      const { verdict, scenarios, of } = verdictOf(factor);
      expect([factor, verdict]).toEqual([factor, "fail"]);
      expect(scenarios[0]!.metrics.find(({ metric }) => metric === LENGTH)!.reason).toContain(word);
      expect(of(LENGTH).worse!).toBeGreaterThan(0.2);
    }
    expect(verdictOf(1.4).scenarios[0]!.metrics.find(({ metric }) => metric === LENGTH)!.reason).toContain("the gate blocks at +10 %");
    expect(verdictOf(0.7).scenarios[0]!.metrics.find(({ metric }) => metric === LENGTH)!.reason).toContain("the gate blocks at −10 %");
  });

  test("of sampled answers that did not change passes, and hardly ever fails by chance", () => {
    const words = Array.from({ length: 30 }, (_, seed) => verdictOf(1, { seed }).verdict);
    expect(words.filter((word) => word === "fail")).toEqual([]);
    expect(words.filter((word) => word === "pass").length).toBeGreaterThanOrEqual(25);
  });

  test("has twice the chances of a false alarm, and no more of the level", () => {
    // At a level of 20 % a one-sided gate without margin would fail in one run of five, either way.
    const suite = { ...suiteWith([gate(LENGTH, { regression: 1e-6 })]), decision: { ...makeSuite().decision, falseAlarm: 0.2 } };
    const fails = Array.from(
      { length: 120 },
      (_, seed) => judge({ heads: [sampled(1, { seed, blocks: 12, requestsPerBlock: 30 })], suite }).verdict === "fail",
    );
    const share = fails.filter(Boolean).length / fails.length;
    expect(share).toBeLessThanOrEqual(0.3);
    expect(share).toBeGreaterThan(0.05);
  });

  test("that fell keeps latency, pace and what users of a closed loop get done from passing, and not the time to the first token", () => {
    const shorter = recordWith(
      ({ histograms, ok }, arm) => ({
        tokens: { output: Math.round((arm === "head" ? 60 : 100) * ok), from: "usage" },
        histograms: { ...histograms, ttft: histograms.latency!, tpot: histograms.latency! },
      }),
      SMALL,
    );
    const { of } = judge({ heads: [shorter] });
    const named = (metric: MetricName) => codes(of(metric)).includes("token-count-differs");
    expect([named("latency.p50"), named("tpot.p50")]).toEqual([true, true]);
    expect([named("ttft.p50"), named("throughput"), named(LENGTH)]).toEqual([false, false, false]);
    const closed = {
      ...shorter,
      scenarios: shorter.scenarios.map((one) => ({ ...one, load: { kind: "closed", concurrency: 4, durationS: 120 } as const })),
    };
    expect(codes(judge({ heads: [closed] }).of("throughput"))).toContain("token-count-differs");
    const verdict = judge({ heads: [shorter], suite: suiteWith([gate("tpot.p50", { regression: 0.3 })]) });
    expect(verdict.verdict).toBe("inconclusive");
    expect(verdict.reasons.join()).toContain("the answers have another length (100 → 60 tokens per request, −40 %)");
  });

  test("that nobody gates is a warning, which says which way it went", () => {
    const { reasons } = judge({ heads: [sampled(0.7)], suite: suiteWith([gate("latency.p50", { regression: 0.3 })]) });
    expect(reasons.join("\n")).toMatch(/warning: steady: .*tokens\.output\.mean \(−\d+ %\)/);
    const longer = judge({ heads: [sampled(1.4)], suite: suiteWith([gate("latency.p50", { regression: 0.3 })]) });
    expect(longer.reasons.join("\n")).toMatch(/warning: steady: tokens\.output\.mean \(\+\d+ %\) changed and is not gated/);
  });

  test("is accepted by its size, whichever way it went", () => {
    const outcomeOf = (factor: number, size: string) => {
      const verdict = verdictOf(factor);
      const statement = {
        by: "mona",
        role: "write",
        mayAccept: true,
        isEdited: false,
        commands: readCommands(`/tailgate accept ${LENGTH} up to ${size}: the new prompt`),
      };
      const label = { name: "accepted", isSet: true };
      const acceptance = assessAcceptance(verdict, makeSuite(), {
        pull: 1,
        author: "mona",
        label,
        statements: [statement],
        today: "2026-11-26",
      });
      return { kind: acceptance.failed[0]!.outcome.kind, said: JSON.stringify(acceptanceLines(acceptance)) };
    };
    expect([outcomeOf(0.7, "60%").kind, outcomeOf(1.4, "60%").kind]).toEqual(["accepted", "accepted"]);
    expect([outcomeOf(0.7, "15%").kind, outcomeOf(1.4, "15%").kind]).toEqual(["too-large", "too-large"]);
    expect(outcomeOf(0.7, "60%").said).toContain("down to −60 %");
    expect(outcomeOf(1.4, "60%").said).toContain("up to +60 %");
  });

  test("against stored runs is judged with what runs differ by", () => {
    const single = (factor: number, seed: number) => {
      const { scenarios, ...run } = sampled(factor, { seed });
      return { ...run, scenarios: scenarios.map(({ arms, ...scenario }) => ({ ...scenario, arms: { head: arms.head! } })) };
    };
    const baseline = stored([1, 2, 3, 4].map((seed) => single(1, seed)));
    const suite = suiteWith([gate(LENGTH, { regression: 0.1 })]);
    expect(judge({ heads: [single(0.6, 9)], baseline, suite }).verdict).toBe("fail");
    expect(judge({ heads: [single(1.6, 9)], baseline, suite }).verdict).toBe("fail");
    expect(judge({ heads: [single(1, 9)], baseline, suite }).verdict).not.toBe("fail");
  });
});

test("the length of bodies, where there are no tokens, changes either way too", () => {
  const bodies = (bytes: number) =>
    recordWith(({ ok }, arm, next) => ({
      bodies: { answers: ok, bytes: Math.round(ok * (arm === "head" ? bytes : 400) * (0.99 + 0.02 * next())) },
    }));
  const suite = suiteWith([gate("response.bytes.mean", { regression: 0.1 })]);
  expect([200, 400, 600].map((bytes) => judge({ heads: [bodies(bytes)], suite }).verdict)).toEqual(["fail", "pass", "fail"]);
  expect(judge({ heads: [bodies(200)], suite }).reasons[0]).toMatch(/response\.bytes\.mean is 50 % lower \(400 B → 2\d\d B/);
});

describe("goodput", () => {
  const within = "latency 200ms";
  const good = (share: number, limits = within) =>
    recordWith(({ offered }, arm, next) => ({
      good: { answers: Math.round(offered * Math.min(1, (arm === "head" ? share : 0.95) + 0.02 * (next() - 0.5))), within: limits },
    }));
  const gates = [gate("goodput", { regression: 0.05 }), gate("goodput.ratio", { regression: 0.03, limit: 0.8 })];
  const suite = suiteWith(gates, { goodput: { latencyS: 0.2 } });

  test("that fell fails, that rose or stayed passes", () => {
    const low = judge({ heads: [good(0.7)], suite });
    expect(low.scenarios[0]!.metrics.filter(({ gated }) => gated).map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ["goodput", "fail"],
      ["goodput.ratio", "fail"],
    ]);
    expect(low.of("goodput.ratio").delta!.absolute).toBeCloseTo(-0.25, 2);
    expect(low.of("goodput.ratio").limit!.high!).toBeLessThan(0.8);
    expect(judge({ heads: [good(0.95)], suite }).verdict).toBe("pass");
    expect(judge({ heads: [good(1)], suite }).verdict).toBe("pass");
  });

  test("of nothing but good answers on both sides has the bounds of no failure at all", () => {
    const all = recordWith(({ offered }) => ({ good: { answers: offered, within } }));
    const { of } = judge({ heads: [all], suite });
    // No miss in 2,400 requests: less than 3.0 / 2,400 at 95 %, and what deployments differ by.
    expect(of("goodput.ratio").worseHigh!).toBeGreaterThan(3 / 2400);
    expect(of("goodput.ratio").worseHigh!).toBeLessThan(0.006);
    expect(of("goodput.ratio").worseLow!).toBeLessThan(0);
  });

  test("that was counted within other limits is not compared", () => {
    const other = judge({ heads: [good(0.95, "latency 9s")], suite });
    expect(codes(other.of("goodput.ratio"))).toContain("not-measured");
    expect(other.verdict).toBe("inconclusive");
    const single = (limits: string, seed: number) => {
      const { scenarios, ...run } = good(0.95, limits);
      const only = scenarios.map(({ arms, ...scenario }) => ({ ...scenario, arms: { head: arms.head! } }));
      return { ...run, provenance: { runId: String(seed) }, scenarios: only };
    };
    const older = judge({ heads: [single(within, 9)], baseline: stored([1, 2, 3].map((seed) => single("latency 9s", seed))), suite });
    expect(codes(older.of("goodput.ratio"))).toContain("base-not-measured");
    // Its other metrics are.
    expect(older.of("latency.p50").delta).toBeDefined();
  });

  test("has a bottom that needs no baseline", () => {
    const { scenarios, ...run } = good(0.7);
    const single = { ...run, scenarios: scenarios.map(({ arms, ...scenario }) => ({ ...scenario, arms: { head: arms.head! } })) };
    const onlyLimit = suiteWith([gate("goodput.ratio", { limit: 0.8 })], { goodput: { latencyS: 0.2 } });
    const { verdict, reasons } = judge({ heads: [single], baseline: NONE, suite: onlyLimit });
    expect(verdict).toBe("fail");
    expect(reasons[0]).toMatch(/goodput\.ratio is 69\.8 %, under its limit of 80 % beyond chance/);
  });
});

describe("answers compared with the base's first ones", () => {
  const changed = (base: number, head: number) =>
    recordWith(({ ok }, arm, next) => {
      const share = arm === "head" ? head : base;
      return { compared: { answers: ok, changed: Array.from({ length: ok }, next).filter((x) => x < share).length } };
    });
  const suite = suiteWith([gate("changed.ratio", { regression: 0.02 })]);

  test("fail where the head answers otherwise more often than the base itself does", () => {
    expect(judge({ heads: [changed(0, 0.2)], suite }).verdict).toBe("fail");
    expect(judge({ heads: [changed(0, 0)], suite }).verdict).toBe("pass");
  });

  test("do not where the base is no steadier", () => {
    const sampledAnswers = judge({ heads: [changed(0.5, 0.5)], suite });
    expect(sampledAnswers.verdict).not.toBe("fail");
    expect(sampledAnswers.of("changed.ratio")).toMatchObject({ base: { value: expect.closeTo(0.5, 1) as number } });
  });

  test("cannot be judged without anything that the base was asked twice", () => {
    const once = recordWith(({ ok }, arm) => (arm === "head" ? { compared: { answers: ok, changed: 0 } } : {}));
    expect(codes(judge({ heads: [once], suite }).of("changed.ratio"))).toContain("base-not-measured");
  });
});

describe("the time to the first output", () => {
  const withOutputs = (arms: readonly string[]) =>
    recordWith(({ histograms }, arm) => ({
      histograms: { ...histograms, ttft: histograms.latency!, ...(arms.includes(arm) ? { ttfo: histograms.latency! } : {}) },
    }));

  test("of an arm that does not reason is that to its first token", () => {
    const { of } = judge({ heads: [withOutputs(["base"])] });
    expect(of("ttfo.p50").head!.value).toBe(of("ttft.p50").head!.value);
    expect(codes(of("ttfo.p50"))).not.toContain("not-measured");
  });

  test("is not told again where nobody reasons, unless it is gated", () => {
    expect(judge({ heads: [withOutputs([])] }).comparisons.filter(({ metric }) => metric.startsWith("ttfo"))).toEqual([]);
    const gated = judge({ heads: [withOutputs([])], suite: suiteWith([gate("ttfo.p50", { regression: 0.1 })]) });
    expect(gated.of("ttfo.p50").head).toBeDefined();
  });
});

test.each([
  [LENGTH, 0.1],
  ["response.bytes.mean", 0.1],
  ["goodput", 0.05],
  ["goodput.ratio", 0.05],
  ["changed.ratio", 0.05],
] as const)("the self-test plants its margin in %s, and sees it", (metric, regression) => {
  const record = recordWith(
    ({ ok, offered }) => ({
      tokens: { output: 100 * ok, from: "usage" },
      good: { answers: Math.round(0.9 * offered), within: "latency 200ms" },
      compared: { answers: ok, changed: Math.round(0.1 * ok) },
      bodies: { answers: ok, bytes: 320 * ok },
    }),
    { blocks: 40 },
  );
  const { planted } = judge({ heads: [record], suite: suiteWith([gate(metric, { regression })], { goodput: { latencyS: 0.2 } }) }).of(
    metric,
  );
  expect(planted!.worse).toBeCloseTo(regression, 4);
  expect(planted!.worseLow!).toBeGreaterThan(0);
});

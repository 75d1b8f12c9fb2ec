import { describe, expect, test } from "vitest";
import type { MetricName } from "../../../src/core/metric.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import type { Gate, Suite } from "../../../src/core/suite/suite.ts";
import { judge } from "./judge.ts";
import { type ArmOptions, makeRecord, makeSuite, type RecordOptions } from "./records.ts";

const gated = (gate: Partial<Gate> & Pick<Gate, "metric">, more: Partial<Suite> = {}): Suite => ({
  ...makeSuite({ gates: [{ regression: undefined, floor: undefined, limit: undefined, ...gate }] }),
  ...more,
});

const record = (base: ArmOptions, head: ArmOptions, options: RecordOptions = {}): RunRecord =>
  makeRecord({ seed: 3, blocks: 8, requestsPerBlock: 100, ...options, base, head });

const verdictOf = (metric: MetricName, base: number, head: number, gate: Partial<Gate>) =>
  judge({ heads: [record({ gauges: { [metric]: base } }, { gauges: { [metric]: head } })], suite: gated({ metric, ...gate }) }).verdict;

describe("Gates of resources see what was planted, and nothing else", () => {
  test.each<[MetricName, Partial<Gate>, number, number]>([
    ["gpu.memory.peak", { regression: 0.02 }, 8e9, 8.8e9],
    ["gpu.memory.peak", { limit: 8.5e9 }, 8e9, 8.8e9],
    ["memory.resident.peak", { regression: 0.1 }, 1e9, 1.3e9],
    ["gpu.energy_per_request", { regression: 0.1 }, 10, 13],
    ["gpu.energy_per_1k_tokens", { regression: 0.1 }, 10, 13],
    ["queue.depth", { regression: 0.2, floor: 1 }, 4, 8],
    ["queue.depth", { limit: 6 }, 4, 8],
    ["kv_cache.utilization", { regression: 0.05 }, 0.5, 0.8],
  ])("%s with %o", (metric, gate, base, head) => {
    const tokens = metric === "gpu.energy_per_1k_tokens" ? { tokensPerRequest: 20 } : {};
    const suite = gated({ metric, ...gate });
    const arm = (value: number) => ({ ...tokens, gauges: { [metric]: value } });
    expect(judge({ heads: [record(arm(base), arm(head))], suite }).verdict).toBe("fail");
    expect(judge({ heads: [record(arm(base), arm(base))], suite }).verdict).toBe("pass");
  });

  test("from nothing to something: of 0 there is no percentage, and the change counts in the metric's unit", () => {
    expect(verdictOf("queue.depth", 0, 5, { regression: 0.2 })).toBe("fail");
    expect(verdictOf("preemptions", 0, 3, { regression: 0.1 })).toBe("fail");
    expect(verdictOf("queue.depth", 0, 5, { regression: 0.2, floor: 10 })).toBe("pass");
    expect(verdictOf("queue.depth", 0, 0, { regression: 0.2 })).toBe("pass");
    const { reasons } = judge({
      heads: [record({ gauges: { "queue.depth": 0 } }, { gauges: { "queue.depth": 5 } })],
      suite: gated({ metric: "queue.depth", regression: 0.2 }),
    });
    expect(reasons[0]).toMatch(/^steady: queue\.depth changed by \+5 \(0 → 5/);
  });

  test("a gauge that the head no longer has never passes", () => {
    const heads = [record({ gauges: { "queue.depth": 1 } }, {})];
    expect(judge({ heads, suite: gated({ metric: "queue.depth", regression: 0.2 }) }).verdict).toBe("inconclusive");
    expect(judge({ heads, suite: gated({ metric: "queue.depth", limit: 5 }) }).verdict).toBe("inconclusive");
  });
});

describe("Cost per million", () => {
  const cost = { perHour: 3.6, baselinePerHour: 3.6 };
  /** A closed loop: as many answers as the endpoint gives. */
  const closed = (answers: { readonly base: number; readonly head: number }): RunRecord => {
    const run = record({ tokensPerRequest: 20 }, { tokensPerRequest: 20 });
    return {
      ...run,
      scenarios: run.scenarios.map((scenario) => ({
        ...scenario,
        load: { kind: "closed", concurrency: 4, durationS: 80 },
        arms: Object.fromEntries(
          (["base", "head"] as const).map((arm) => [
            arm,
            {
              ...scenario.arms[arm]!,
              blocks: scenario.arms[arm]!.blocks.map((block, i) => {
                const ok = answers[arm] + (i % 3);
                return { ...block, offered: ok, ok, tokens: { output: 20 * ok, from: "usage" as const } };
              }),
            },
          ]),
        ),
      })),
    };
  };

  test("is the price of an hour over what was answered in it", () => {
    // 0.001 a second, ten seconds a block, about 100 answers: 100 per million.
    const { of } = judge({ heads: [closed({ base: 99, head: 99 })], suite: { ...makeSuite({ gates: [] }), cost } });
    expect(of("cost_per_million").head?.value).toBeCloseTo(0.01 / (99 + 7 / 8) / 1e-6, 6);
    expect(of("cost_per_million_tokens").head?.value).toBeCloseTo(0.01 / (99 + 7 / 8) / 20 / 1e-6, 6);
  });

  test("fails where the endpoint answers fewer for the same price, and passes where it does not", () => {
    const suite = gated({ metric: "cost_per_million", regression: 0.15, limit: 150 }, { cost });
    expect(judge({ heads: [closed({ base: 100, head: 75 })], suite }).verdict).toBe("fail");
    expect(judge({ heads: [closed({ base: 100, head: 100 })], suite }).verdict).toBe("pass");
  });

  test("weighs the prices of base and head, where they differ", () => {
    const { of } = judge({
      heads: [closed({ base: 100, head: 100 })],
      suite: { ...makeSuite({ gates: [] }), cost: { perHour: 7.2, baselinePerHour: 3.6 } },
    });
    expect(of("cost_per_million").delta?.relative).toBeCloseTo(1, 6);
  });

  test("is not told of an open loop, whose throughput the schedule sets, and without a price", () => {
    const told = (run: RunRecord, suite: Suite) =>
      judge({ heads: [run], suite }).comparisons.some(({ metric }) => metric.startsWith("cost_per_million"));
    expect(told(record({}, {}), { ...makeSuite(), cost })).toBe(false);
    expect(told(closed({ base: 100, head: 100 }), makeSuite())).toBe(false);
    expect(told(closed({ base: 100, head: 100 }), { ...makeSuite(), cost })).toBe(true);
  });
});

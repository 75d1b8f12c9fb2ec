import { describe, expect, test } from "vitest";
import { type Generator, stream, uniform } from "../../../src/core/plan/random.ts";
import { memoryGrowthProblems } from "../../../src/core/record/memory-growth.ts";
import type { ArmRecord, BlockRecord, ScenarioRecord } from "../../../src/core/record/run-record.ts";

/** Box and Muller (1958). */
const normal = (next: Generator): number => Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));

const MIB = 2 ** 20;
const block = (index: number, usedB: number): BlockRecord => ({
  index,
  pair: undefined,
  startS: 10 * index,
  durationS: 10,
  offered: 100,
  ok: 100,
  failures: {},
  tokens: undefined,
  histograms: {},
  gauges: { "gpu.memory.used": { n: 10, mean: usedB, min: usedB, max: usedB } },
});
const arm = (used: readonly number[]): ArmRecord => ({
  warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined },
  blocks: used.map((mib, i) => block(i, mib * MIB)),
  examples: {},
});
const found = (head: readonly number[], base?: readonly number[]) => {
  const load: ScenarioRecord["load"] = { kind: "open", ratePerS: 10, arrivals: "poisson", durationS: 120 };
  return memoryGrowthProblems({ name: "soak", load, arms: { head: arm(head), ...(base === undefined ? {} : { base: arm(base) }) } });
};
const thirty = (value: (i: number) => number): readonly number[] => Array.from({ length: 30 }, (_, i) => value(i));
/** 8 GiB with the noise of requests that come and go. */
const noise = (seed: number, deviation: number) => {
  const draw = stream(seed, "memory");
  return () => 8192 + deviation * normal(draw);
};

describe("memory that grows under load", () => {
  test("is that of a process as well as that of GPUs", () => {
    const resident = (arms: ScenarioRecord["arms"]): ScenarioRecord["arms"] =>
      Object.fromEntries(
        Object.entries(arms).map(([name, { blocks, ...rest }]) => [
          name,
          { ...rest, blocks: blocks.map(({ gauges, ...own }) => ({ ...own, gauges: { "memory.resident": gauges["gpu.memory.used"]! } })) },
        ]),
      );
    const load: ScenarioRecord["load"] = { kind: "open", ratePerS: 10, arrivals: "poisson", durationS: 120 };
    const [head, base] = [arm(thirty((i) => 300 + 4 * i)), arm(thirty((i) => 300 + (i % 3)))];
    const told = memoryGrowthProblems({ name: "soak", load, arms: resident({ head, base }) });
    expect(told.map(({ code, arm: which, message }) => [code, which, message])).toEqual([
      [
        "memory-grows",
        "head",
        "memory.resident of the head endpoint grew by 116 MiB within 290 s (24 MiB a minute) and did not level off, which is consistent with a leak; that of the base did not",
      ],
    ]);
  });

  test("is told with its size and its rate, and what the other arm did", () => {
    const flat = thirty(() => 8192);
    const [problem, ...others] = found(
      thirty((i) => 8192 + 10 * i),
      flat,
    );
    expect(others).toEqual([]);
    expect(problem).toEqual({
      severity: "warning",
      code: "memory-grows",
      scenario: "soak",
      arm: "head",
      message:
        "gpu.memory.used of the head endpoint grew by 290 MiB within 290 s (60 MiB a minute) and did not level off, which is consistent with a leak; that of the base did not",
    });
    const rising = thirty((i) => 8192 + 10 * i);
    expect(found(rising, rising).map(({ arm: which, message }) => [which, message.split("; ")[1]])).toEqual([
      ["base", "so did that of the head"],
      ["head", "so did that of the base"],
    ]);
  });

  test("is seen through the noise of requests", () => {
    const at = noise(1, 20);
    expect(found(thirty((i) => at() + 8 * i))).toHaveLength(1);
  });
});

describe("no leak is", () => {
  test.each([
    ["a pool that fills up and stays", thirty((i) => 8192 + Math.min(i, 8) * 50)],
    ["a cache that fills ever more slowly", thirty((i) => 8192 + 500 * (1 - Math.exp(-i / 3)))],
    ["a step in the middle", thirty((i) => (i < 15 ? 8192 : 9000))],
    ["memory that is given back", thirty((i) => 9000 - 20 * i)],
    ["less than allocators round to", thirty((i) => 8192 + 0.3 * i)],
    ["less than a hundredth", thirty((i) => 8192 + 2 * i)],
    ["what eleven blocks show", thirty((i) => 8192 + 50 * i).slice(0, 11)],
  ])("%s", (_, used) => {
    expect(found(used)).toEqual([]);
  });

  test("a wandering series (neighbours correlated by 0.7), but for one run in 300", () => {
    const alarms = Array.from({ length: 300 }, (_, seed) => {
      const draw = stream(seed, "wander");
      let offset = 0;
      return found(
        thirty(() => {
          offset = 0.7 * offset + 60 * normal(draw);
          return 8192 + offset;
        }),
      ).length;
    });
    expect(alarms.filter((count) => count > 0).length).toBeLessThanOrEqual(1);
  });
});

test("an arm without telemetry says nothing", () => {
  expect(memoryGrowthProblems({ name: "x", load: { kind: "closed", concurrency: 1, durationS: 1 }, arms: {} })).toEqual([]);
});

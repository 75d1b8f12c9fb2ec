import { describe, expect, test } from "vitest";
import { causesOf } from "../../../src/core/compare/causes.ts";
import { compareRuns } from "../../../src/core/compare/compare.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import type { Suite } from "../../../src/core/suite/suite.ts";
import { makeComparison } from "../report/fixtures.ts";
import { LIVE, NONE, stored } from "./judge.ts";
import { makeSuite } from "./records.ts";
import { type Served, type ServedOptions, servedRecord } from "./served-record.ts";

const suite: Suite = makeSuite();

const attributed = (head: Served, options: Partial<ServedOptions> = {}) =>
  compareRuns({ suite, heads: [servedRecord({ seed: 1, requests: 80, ...options, head })], baseline: LIVE }).attributions[0];

/** The kind of the first cause, its places and its evidence. */
function told(head: Served, options: Partial<ServedOptions> = {}): string {
  const found = attributed(head, options);
  return (found?.causes ?? [])
    .map(
      ({ kind, places, evidence }) =>
        `${kind} in ${places.map(({ part }) => part).join(" ")} by ${evidence.map(({ metric }) => metric).join(" ")}`,
    )
    .join("; ");
}

describe("causes that answers and telemetry tell of", () => {
  const clock = { model: 1.25, queue: 1.6, gauges: { "gpu.sm_clock": 1.5e9 } } satisfies Served;
  const leak = { leak: { bytes: 8e6, seconds: 0.0006 } } satisfies Served;

  test.each<[string, Served, string]>([
    ["slower preprocessing", { preprocess: 4 }, "preprocess in preprocess by "],
    ["a queue alone", { queue: 2.5 }, "queue in queue by queue.depth"],
    ["a smaller batch", { queue: 2.5, gauges: { "batch.size": 3 } }, "batch-limit in queue by batch.size queue.depth queue.time"],
    ["a GPU busy all the time", { queue: 3, gauges: { "gpu.utilization": 1.1 } }, "gpu-saturated in queue by gpu.utilization queue.depth"],
    ["a slower model", { model: 1.2 }, "model in model by "],
    ["a lower clock", clock, "gpu-clock in model queue by gpu.sm_clock"],
    ["a cache that is off", { model: 1.3, gauges: { "cache.hit_ratio": 0.05 } }, "cache in model by cache.hit_ratio"],
    ["preemptions", { model: 1.3, gauges: { preemptions: 2 } }, "kv-cache in model by preemptions"],
    ["time that nobody tells of", { elsewhereS: 0.004 }, "elsewhere in elsewhere by "],
    ["a busy host", { elsewhereS: 0.004, gauges: { "host.cpu.utilization": 0.99 } }, "host-cpu in elsewhere by host.cpu.utilization"],
    ["a leak", leak, "memory-growth in preprocess by "],
  ])("%s", (_, head, expected) => expect(told(head)).toBe(expected));

  test("are found in the server's own times as well", () => {
    expect(told({ preprocess: 4 }, { tells: "times" })).toBe("preprocess in preprocess by ");
    expect(told(clock, { tells: "times" })).toBe("gpu-clock in model queue by gpu.sm_clock");
  });

  test("are found without any parts, where a metric says why by itself", () => {
    expect(told(clock, { tells: "nothing" })).toBe("gpu-clock in  by gpu.sm_clock");
    // Smaller batches make nobody wait unless a queue says so.
    expect(told({ queue: 2.5, gauges: { "batch.size": 3 } }, { tells: "nothing" })).toBe("");
  });

  test("are found between stored runs", () => {
    const runs = Array.from({ length: 6 }, (_, k) => servedRecord({ seed: k + 1, design: "single", requests: 80, between: 0.03 }));
    const head = servedRecord({ seed: 50, design: "single", requests: 80, between: 0.03, head: { preprocess: 12 } });
    const [found] = compareRuns({ suite, heads: [head], baseline: stored(runs) }).attributions;
    expect(found?.causes.map(({ kind }) => kind)).toEqual(["preprocess"]);
  });

  test("put the tail down to what grew in the tail, by percentiles", () => {
    const found = attributed({ tailShare: 0.03, tailFactor: 3 }, { requests: 120 });
    expect(found?.symptom.metric).toBe("latency.p99");
    expect(found?.causes[0]?.places[0]?.percentile?.comparison.metric).toBe("phase.infer.p99");
    expect(found?.causes[0]?.places[0]?.percentile?.beside).toBeGreaterThan(0.8);
  });

  test("share the change of the mean out among the parts", () => {
    const { time } = attributed(clock)!;
    const [, , queue] = time!.parts;
    const shares = time!.parts.map(({ share }) => share!.value);
    expect(time!.parts.map(({ part }) => part)).toEqual(["network", "preprocess", "queue", "model", "elsewhere"]);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(queue!.share!.low).toBeGreaterThan(0.1);
    expect(queue!.share!.high).toBeLessThan(0.6);
    expect(time!.parts.reduce((sum, { head }) => sum + head, 0)).toBeCloseTo(time!.head, 9);
  });
});

describe("silence", () => {
  test("where nothing got slower, whatever else changed", () => {
    expect(told({ gauges: { "gpu.sm_clock": 1.2e9, "cache.hit_ratio": 0, preemptions: 3, "batch.size": 1 } })).toBe("");
  });

  test("where it got faster", () => {
    expect(told({ model: 0.7, gauges: { "gpu.sm_clock": 1.2e9 } })).toBe("");
  });

  test("where it got slower and nothing tells why", () => {
    expect(told({ model: 1.3 }, { tells: "nothing" })).toBe("");
  });

  test("where a metric changed that does not act on what grew", () => {
    expect(told({ preprocess: 4, gauges: { "gpu.sm_clock": 1.5e9, "cache.hit_ratio": 0.2 } })).toBe("preprocess in preprocess by ");
  });

  test("about memory that grows in both arms, or with which nothing gets slower", () => {
    const leak = { bytes: 8e6, seconds: 0 };
    expect(told({ model: 1.3, leak })).toBe("model in model by ");
    const both = { model: 1.3, leak: { bytes: 8e6, seconds: 0.0006 } };
    expect(told(both, { base: { leak: both.leak } })).toBe("model in model by ");
  });

  test("without a baseline", () => {
    expect(compareRuns({ suite, heads: [servedRecord({ seed: 1, head: { preprocess: 4 } })], baseline: NONE }).attributions).toEqual([]);
  });

  test("about equal builds (thousands of them: bench/attribution/simulated.ts)", () => {
    for (let seed = 1; seed <= 20; seed++)
      expect(attributed({}, { seed, drift: 0.1, blocks: 8, requests: 60 })?.causes, `seed ${seed}`).toBeUndefined();
  });
});

test("the pace of a stream is put down to decoding where the server's own time of it grew, and to nothing where that is not sure", () => {
  const slower = (metric: MetricName, pWorse: number) => ({
    ...makeComparison("steady", metric, { base: 0.02, head: 0.025, spread: 0.02 }),
    pWorse,
    worse: 0.25,
  });
  const causes = (symptom: MetricName, p: number) =>
    causesOf(
      { symptom: slower(symptom, 0.0001), time: undefined, comparisons: [slower("decode.time_per_token", p)], memory: undefined },
      () => undefined,
    ).map(({ kind, evidence }) => [kind, evidence.map(({ metric }) => metric)]);
  expect(causes("itl.p99", 0.001)).toEqual([["decode", ["decode.time_per_token"]]]);
  expect(causes("tpot.p50", 0.001)).toEqual([["decode", ["decode.time_per_token"]]]);
  expect(causes("itl.p99", 0.05)).toEqual([]);
  expect(causes("latency.p99", 0.001)).toEqual([]);
});

import { describe, expect, test } from "vitest";
import { planParts, timesOf } from "../../../src/core/compare/time-parts.ts";
import type { DistributionName, MetricName } from "../../../src/core/metric.ts";
import { blockBins } from "../../../src/core/record/block-bins.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import type { BlockRecord } from "../../../src/core/record/run-record.ts";

const MS = 1e-3;

/** A block in which every request takes the same: distributions and gauges in milliseconds. */
function block(
  of: Readonly<Partial<Record<DistributionName, number>>>,
  gauges: Readonly<Partial<Record<MetricName, number>>> = {},
  { told = 100 }: { readonly told?: number } = {},
): BlockRecord {
  const encoded = Object.entries(of).map(([name, ms]) => {
    const distribution = new Distribution();
    distribution.recordNs(ms * 1e6, name.startsWith("phase.") ? told : 100);
    return [name, distribution.encode()];
  });
  return {
    index: 0,
    pair: 0,
    startS: 0,
    durationS: 1,
    offered: 100,
    ok: 100,
    failures: {},
    tokens: undefined,
    histograms: Object.fromEntries(encoded),
    gauges: Object.fromEntries(Object.entries(gauges).map(([name, ms]) => [name, { n: 1, mean: ms * MS, min: ms * MS, max: ms * MS }])),
  };
}

/** Parts in whole milliseconds, and the total. */
function partsOf(one: BlockRecord, of: "latency" | "ttft" = "latency") {
  const times = timesOf(one, planParts([one], blockBins), of, blockBins);
  if (times === undefined) return undefined;
  return {
    total: Math.round(times.total / MS),
    ...Object.fromEntries(Object.entries(times.parts).map(([part, s]) => [part, Math.round(s / MS)])),
  };
}

const PHASES = { "phase.preprocess": 5, "phase.queue": 10, "phase.infer": 60, "phase.postprocess": 2 } as const;
const TIMES = { "queue.time": 10, "preprocess.time": 5, "inference.time": 60 } as const;

describe("an answer in one piece", () => {
  test("is made of what it tells itself, and of what is left", () => {
    const told = { network: 3, preprocess: 5, queue: 10, model: 60, postprocess: 2, elsewhere: 20 };
    expect(partsOf(block({ latency: 100, transfer: 3, ...PHASES }))).toEqual({ total: 100, ...told });
    // What the answers say comes before what the server counts.
    expect(partsOf(block({ latency: 100, transfer: 3, ...PHASES }, { "queue.time": 50 }))).toEqual({ total: 100, ...told });
  });

  test("is made of the server's counters where the answers tell nothing, or too few of them", () => {
    const counted = { total: 100, network: 3, preprocess: 5, queue: 10, model: 60, elsewhere: 22 };
    expect(partsOf(block({ latency: 100, transfer: 3 }, TIMES))).toEqual(counted);
    expect(partsOf(block({ latency: 100, transfer: 3, ...PHASES }, TIMES, { told: 50 }))).toEqual(counted);
  });

  test("has no rest that anything could be said about where the model's time is not told", () => {
    expect(partsOf(block({ latency: 100, transfer: 3, "phase.queue": 10 }))).toEqual({ total: 100, network: 3, queue: 10 });
  });

  test("is not taken apart where its parts are more than the whole", () => {
    expect(partsOf(block({ latency: 100, transfer: 3 }, { ...TIMES, "inference.time": 160 }))).toBeUndefined();
    expect(partsOf(block({}))).toBeUndefined();
  });
});

describe("a stream", () => {
  const STREAM = { latency: 500, ttft: 100, transfer: 420 } as const;

  test("is decoded from its first token on, whatever anybody tells, and its transfer is no network", () => {
    expect(partsOf(block(STREAM))).toEqual({ total: 500, network: 0, "first-token": 100, decode: 400 });
    const { "queue.time": queue } = TIMES;
    expect(partsOf(block(STREAM, { "queue.time": queue }))).toEqual({ total: 500, network: 0, queue: 10, "first-token": 90, decode: 400 });
  });

  test("has the prefill that the server counts", () => {
    expect(partsOf(block(STREAM, { "queue.time": 10, "prefill.time": 80 }))).toEqual({
      total: 500,
      network: 0,
      queue: 10,
      prefill: 80,
      decode: 400,
    });
  });

  test("has no decode before its first token", () => {
    expect(partsOf(block(STREAM, { "queue.time": 10, "prefill.time": 80 }), "ttft")).toEqual({
      total: 100,
      network: 0,
      queue: 10,
      prefill: 80,
    });
  });
});

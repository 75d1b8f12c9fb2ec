import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DistributionName } from "../../../src/core/metric.ts";
import type { BlockSlot } from "../../../src/core/plan/plan.ts";
import { decodeBins } from "../../../src/core/record/distribution.ts";
import { FAILURE_KINDS, type FailureKind, type Outcome } from "../../../src/core/record/outcome.ts";
import { openRecorder } from "../../../src/core/record/recorder.ts";
import type { BlockRecord } from "../../../src/core/record/run-record.ts";

const MS = 1e6;
const slots = (count: number, durationS: number): readonly BlockSlot[] =>
  Array.from({ length: count }, (_, index) => ({ index, pair: undefined, startS: index * durationS, durationS }));

const ok = (intendedMs: number, more: Partial<Outcome> = {}): Outcome => ({
  index: 0,
  intendedNs: intendedMs * MS,
  dispatchedNs: (intendedMs + 1) * MS,
  wireNs: (intendedMs + 3) * MS,
  firstByteNs: (intendedMs + 10) * MS,
  endNs: (intendedMs + 20) * MS,
  attempts: 1,
  attemptNs: (intendedMs + 1) * MS,
  connectNs: undefined,
  dnsNs: undefined,
  tlsNs: undefined,
  status: 200,
  result: { kind: "ok", stream: undefined },
  ...more,
});
const failed = (why: FailureKind, intendedMs = 0, more: Partial<Outcome> = {}): Outcome =>
  ok(intendedMs, { result: { kind: "failed", why, detail: `${why} at ${intendedMs}` }, ...more });

/** What a block kept, as milliseconds by distribution: the lower edges of the bins to three digits, once per value. */
const values = (block: BlockRecord | undefined): Partial<Record<DistributionName, number[]>> =>
  Object.fromEntries(
    Object.entries(block!.histograms).map(([name, encoded]) => {
      const bins = decodeBins(encoded);
      return [name, [...bins.low].flatMap((low, i) => Array<number>(bins.count[i]!).fill(Number((low * 1000).toPrecision(3))))];
    }),
  );

const record = (outcomes: readonly Outcome[], blocks = slots(1, 10)) => {
  const recorder = openRecorder(blocks, 0, { timeoutS: 30 });
  for (const outcome of outcomes) recorder.add(outcome);
  return { blocks: recorder.finish(), examples: recorder.examples };
};

describe("a request that was answered", () => {
  test("fills each distribution by its definition", () => {
    const { blocks } = record([ok(100, { connectNs: 0.5 * MS })]);
    expect(values(blocks[0])).toEqual({
      latency: [20],
      service: [17],
      lateness: [1],
      clientQueue: [1.5],
      generator: [2.5],
      connect: [0.5],
      firstByte: [7],
      transfer: [10],
    });
    expect(blocks[0]).toMatchObject({ offered: 1, ok: 1, failures: {}, tokens: undefined, gauges: {} });
  });

  test("with a stream fills those of tokens, from the intended start", () => {
    const stream = { firstTokenNs: 112 * MS, lastTokenNs: 120 * MS, tokens: 5, tokensFrom: "usage", gapsNs: [2 * MS, 6 * MS] } as const;
    const { blocks } = record([ok(100, { result: { kind: "ok", stream } })]);
    expect(values(blocks[0])).toMatchObject({ ttft: [12], itl: [2, 6], tpot: [2] });
    expect(blocks[0]!.tokens).toEqual({ output: 5, from: "usage" });
  });

  test("with a single token has no time per token", () => {
    const stream = { firstTokenNs: 112 * MS, lastTokenNs: 112 * MS, tokens: 1, tokensFrom: "events", gapsNs: [] } as const;
    const { blocks } = record([ok(100, { result: { kind: "ok", stream } })]);
    expect(Object.keys(values(blocks[0]))).toContain("ttft");
    expect(Object.keys(values(blocks[0]))).not.toContain("tpot");
    expect(Object.keys(values(blocks[0]))).not.toContain("itl");
  });

  test("adds up what a cache knew of prompts, and makes a hit ratio of it", () => {
    const known = (tokens: number, cached: number) => ok(0, { result: { kind: "ok", stream: undefined, prompt: { tokens, cached } } });
    const [block] = record([known(100, 90), ok(0), known(300, 10), failed("status")]).blocks;
    expect(block).toMatchObject({
      prompt: { tokens: 400, cached: 100 },
      gauges: { "cache.hit_ratio": { n: 1, mean: 0.25, min: 0.25, max: 0.25 } },
    });
    expect(record([ok(0)]).blocks[0]).not.toHaveProperty("prompt");
  });

  test("counts tokens of whole answers too, and says when sources are mixed", () => {
    const usage = ok(0, { result: { kind: "ok", stream: undefined, usageTokens: 7 } });
    const events = ok(0, {
      result: { kind: "ok", stream: { firstTokenNs: MS, lastTokenNs: MS, tokens: 2, tokensFrom: "events", gapsNs: [] } },
    });
    expect(record([usage, usage]).blocks[0]!.tokens).toEqual({ output: 14, from: "usage" });
    expect(record([usage, events]).blocks[0]!.tokens).toEqual({ output: 9, from: "mixed" });
    expect(record([events, usage, usage]).blocks[0]!.tokens).toEqual({ output: 16, from: "mixed" });
  });
});

describe("payload classes", () => {
  const classes = { names: ["chat/1", "long"], of: (index: number) => (index % 3) - 1 };
  const some = [
    ok(0, { index: 1 }),
    ok(5, { index: 2, endNs: 95 * MS }),
    failed("status", 8, { index: 2 }),
    failed("timeout", 9, { index: 3 }),
    ok(12_000, { index: 4, result: { kind: "ok", stream: undefined, usageTokens: 7, correct: false } }),
  ];
  const recorded = (advance: boolean) => {
    const recorder = openRecorder(slots(2, 10), 0, { timeoutS: 30, mayRetry: true, classes });
    for (const outcome of some) recorder.add(outcome);
    if (advance) for (let i = 0; i < 100; i++) recorder.advance(100e9);
    return recorder.finish();
  };

  test("are counted beside the whole, each request where it belongs and the others nowhere", () => {
    const [first, second] = recorded(false);
    expect(first).toMatchObject({ offered: 4, ok: 2, failures: { status: 1, timeout: 1 } });
    expect(first!.classes).toMatchObject({
      "chat/1": { offered: 1, ok: 1, failures: {}, attempts: { sent: 1, retried: 0 } },
      long: { offered: 2, ok: 1, failures: { status: 1 } },
    });
    expect(values({ ...first!, ...first!.classes!["long"]! })).toMatchObject({ latency: [90], service: [87] });
    expect(second!.classes!["chat/1"]).toMatchObject({
      offered: 1,
      tokens: { output: 7, from: "usage" },
      labelled: { answers: 1, wrong: 1 },
    });
    // A class without a request has a place all the same: it was looked for.
    expect(second!.classes!["long"]).toMatchObject({ offered: 0, ok: 0, histograms: {} });
  });

  test("keep nothing of our own delay, and are packed like the rest", () => {
    expect(Object.keys(recorded(false)[0]!.classes!["long"]!.histograms).sort()).toEqual(["firstByte", "latency", "service", "transfer"]);
    expect(recorded(true)).toEqual(recorded(false));
  });

  test("that nobody asked for leave no trace", () => {
    expect(record(some).blocks[0]).not.toHaveProperty("classes");
  });

  test("add up to the whole where all are kept", () => {
    const whole = { names: ["a", "b", "c"], of: (index: number) => index % 3 };
    fc.assert(
      fc.property(fc.array(fc.record({ index: fc.nat(50), tookMs: fc.integer({ min: 20, max: 9000 }) }), { maxLength: 60 }), (requests) => {
        const recorder = openRecorder(slots(1, 10), 0, { timeoutS: 30, classes: whole });
        for (const { index, tookMs } of requests) recorder.add(ok(index, { index, endNs: (index + tookMs) * MS }));
        const [block] = recorder.finish();
        const all = Object.values(block!.classes!);
        expect(all.reduce((sum, { offered }) => sum + offered, 0)).toBe(block!.offered);
        const latencies = all.flatMap((counts) => values({ ...block!, ...counts }).latency ?? []);
        expect(latencies.toSorted((a, b) => a - b)).toEqual(values(block).latency ?? []);
      }),
      { numRuns: 50 },
    );
  });
});

describe("attempts", () => {
  test("are counted with a retry policy, also where all were the first, and not without one", () => {
    const counted = (outcomes: readonly Outcome[], mayRetry: boolean) => {
      const recorder = openRecorder(slots(1, 10), 0, { timeoutS: 30, mayRetry });
      for (const outcome of outcomes) recorder.add(outcome);
      return recorder.finish()[0]!.attempts;
    };
    const some = [ok(0), ok(1, { attempts: 3 }), failed("status", 2, { attempts: 2 }), failed("overflow", 3, { attempts: 0 })];
    expect(counted(some, true)).toEqual({ sent: 6, retried: 2 });
    expect(counted([ok(0)], true)).toEqual({ sent: 1, retried: 0 });
    expect(counted(some, false)).toBeUndefined();
  });

  test("leave lateness the first one's and the client's queue the last one's", () => {
    const { blocks } = record([ok(100, { attempts: 2, attemptNs: 102.5 * MS })]);
    expect(values(blocks[0])).toMatchObject({ lateness: [1], clientQueue: [0.5], generator: [1.5], latency: [20] });
  });

  test("that waited for another request's connection do not blame our client for it", () => {
    const { blocks } = record([ok(100, { awaitedNs: 1.5 * MS })]);
    expect(values(blocks[0])).toMatchObject({ clientQueue: [0.5], generator: [1.5] });
  });
});

describe("a request that failed", () => {
  test("at its deadline stays in latency and service time", () => {
    const { blocks } = record([failed("timeout", 100, { endNs: 10_100 * MS, firstByteNs: undefined })]);
    const { latency, service, firstByte } = values(blocks[0]);
    expect(latency![0]! / 10_000).toBeCloseTo(1, 2);
    expect(service![0]! / 9_997).toBeCloseTo(1, 2);
    expect(firstByte).toBeUndefined();
    expect(blocks[0]).toMatchObject({ offered: 1, ok: 0, failures: { timeout: 1 } });
  });

  test.each(FAILURE_KINDS.filter((kind) => kind !== "timeout"))("with %s enters no latency and is counted", (kind) => {
    const { blocks } = record([failed(kind)]);
    expect(values(blocks[0]).latency).toBeUndefined();
    expect(values(blocks[0]).service).toBeUndefined();
    expect(blocks[0]!.failures).toEqual({ [kind]: 1 });
  });

  test("before it was sent says how late we were, and nothing of the wire", () => {
    const { blocks } = record([failed("connect", 5, { wireNs: undefined, firstByteNs: undefined })]);
    expect(values(blocks[0])).toEqual({ lateness: [1], generator: [1] });
  });

  test("for want of a free slot says nothing about our release", () => {
    const { blocks } = record([failed("overflow", 5, { wireNs: undefined, firstByteNs: undefined })]);
    expect(blocks[0]!.histograms).toEqual({});
    expect(blocks[0]!.offered).toBe(1);
  });

  test("is an example if it is the first of its kind", () => {
    expect(record([failed("reset", 3), failed("status", 4), failed("reset", 5)]).examples).toEqual({
      reset: "reset at 3",
      status: "status at 4",
    });
  });
});

describe("a block", () => {
  test("holds the requests intended within it, its start included", () => {
    const outcomes = [0, 9_999.999999, 10_000, 29_999, 30_000.000001].map((ms) => ok(ms));
    const { blocks } = record(outcomes, slots(3, 10));
    // What rounding puts after the last block belongs to it.
    expect(blocks.map(({ offered }) => offered)).toEqual([2, 1, 2]);
  });

  test("is recorded without any request too, and counts from the start of the run", () => {
    const recorder = openRecorder([{ index: 4, pair: 2, startS: 10, durationS: 5 }], 100, { timeoutS: 30 });
    expect(recorder.finish()).toEqual([
      { index: 4, pair: 2, startS: 110, durationS: 5, offered: 0, ok: 0, failures: {}, tokens: undefined, histograms: {}, gauges: {} },
    ]);
  });

  test("refuses an outcome from before the segment", () => {
    expect(() => record([ok(-1)])).toThrow(RangeError);
  });

  test("refuses times that run backwards, which would be a bug", () => {
    expect(() => record([ok(100, { wireNs: 100 * MS })])).toThrow(RangeError);
  });

  test("is not needed for the examples of a warm-up", () => {
    expect(record([failed("reset")], [])).toEqual({ blocks: [], examples: { reset: "reset at 0" } });
  });
});

describe("folding", () => {
  test("changes nothing in the record, however early or late it happens and whatever comes after it", () => {
    const outcome = fc.record({
      atMs: fc.integer({ min: 0, max: 39_999 }),
      tookMs: fc.integer({ min: 20, max: 90_000 }),
      fails: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 40 }), fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 }), (drawn, folds) => {
        const outcomes = drawn.map(({ atMs, tookMs, fails }) =>
          fails ? failed("check", atMs) : ok(atMs, { endNs: (atMs + tookMs) * MS }),
        );
        const folding = openRecorder(slots(4, 10), 0, { timeoutS: 30 });
        outcomes.forEach((each, i) => {
          folding.add(each);
          for (const atS of folds.slice(i, i + 3)) folding.advance(atS * 1e9);
        });
        for (const atS of folds) folding.advance(atS * 1e9);
        const once = record(outcomes, slots(4, 10)).blocks;
        const folded = folding.finish();
        expect(folded.map((block) => ({ ...block, histograms: values(block) }))).toEqual(
          once.map((block) => ({ ...block, histograms: values(block) })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("hands out a block once all of its requests must have ended, once, and in order", () => {
    const recorder = openRecorder(slots(3, 10), 0, { timeoutS: 90 });
    recorder.add(ok(0));
    const handed: [atS: number, index: number, offered: number][] = [];
    for (let atS = 0; atS < 300; atS += 0.25) {
      if (atS === 100) recorder.add(failed("timeout", 9_000, { endNs: 99e9 }));
      const block = recorder.advance(atS * 1e9);
      if (block !== undefined) handed.push([atS, block.index, block.offered]);
    }
    expect(handed).toEqual([
      [101, 0, 2],
      [111, 1, 0],
      [121, 2, 0],
    ]);
    expect(recorder.finish()[0]!.offered).toBe(2);
  });

  test("gives an old block's histograms back, one per call", () => {
    const recorder = openRecorder(slots(2, 10), 0, { timeoutS: 30 });
    recorder.add(ok(0));
    recorder.add(ok(15_000));
    const before = values(recorder.finish()[0]);
    for (let i = 0; i < 20; i++) recorder.advance(71e9);
    recorder.add(ok(1));
    expect(recorder.finish()[0]!.offered).toBe(2);
    expect(values(recorder.finish()[0]).latency).toEqual([...before.latency!, 20]);
  });
});

test("a block tells how the generator was doing: its readings, and the requests that a pause held up", () => {
  const recorder = openRecorder(slots(2, 1), 0, { timeoutS: 30 });
  const reading = { loopDelayMaxS: 0.002, utilization: 0.1, gcS: 0, stealRatio: undefined, machineBusyRatio: undefined };
  recorder.look({ ...reading, fromNs: 0, toNs: 1e9 });
  recorder.add(ok(100));
  recorder.add(ok(200, { dispatchedNs: 600 * MS, attemptNs: 600 * MS, wireNs: 600 * MS, firstByteNs: 610 * MS, endNs: 620 * MS }));
  const [watched, unwatched] = recorder.finish();
  expect(watched!.generator).toMatchObject({ seconds: 1, pausedSeconds: 1, pausedArrivals: 2, pauseMaxS: 0.4 });
  expect(unwatched).not.toHaveProperty("generator");
});

describe("answers to labelled payloads", () => {
  const answered = (correct: boolean) => ok(0, { result: { kind: "ok", stream: undefined, correct } });

  test("are counted, and how many were wrong; failures are neither", () => {
    const { blocks } = record([answered(true), answered(false), answered(true), ok(5), failed("status")]);
    expect(blocks[0]).toMatchObject({ offered: 5, ok: 4, labelled: { answers: 3, wrong: 1 } });
  });

  test("leave no trace where there were none", () => {
    expect(Object.hasOwn(record([ok(0)]).blocks[0]!, "labelled")).toBe(false);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BlockSlot } from "../../../src/core/plan/plan.ts";
import { decodeBins } from "../../../src/core/record/distribution.ts";
import { foldShards, type ShardRun } from "../../../src/core/record/fold-shards.ts";
import { FAILURE_KINDS, type Outcome } from "../../../src/core/record/outcome.ts";
import { readRunRecord, writeRunRecord } from "../../../src/core/record/read.ts";
import { openRecorder } from "../../../src/core/record/recorder.ts";
import type { ArmRecord, BlockRecord, GeneratorRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { quantileOf } from "../../../src/core/stats/quantile.ts";
import { someRecord } from "./some-record.ts";

const MS = 1e6;
const SLOTS: readonly BlockSlot[] = [0, 1, 2].map((index) => ({ index, pair: index, startS: index * 2, durationS: 2 }));

/** Requests as an endpoint may answer them, in the order of their arrivals. */
const anyOutcomes: fc.Arbitrary<readonly Outcome[]> = fc
  .array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 5999 }),
      tookMs: fc.integer({ min: 1, max: 40_000 }),
      lateMs: fc.integer({ min: 0, max: 30 }),
      attempts: fc.integer({ min: 1, max: 3 }),
      failure: fc.option(fc.constantFrom(...FAILURE_KINDS), { freq: 3 }),
      tokens: fc.option(fc.record({ count: fc.integer({ min: 1, max: 50 }), from: fc.constantFrom("usage" as const, "events" as const) })),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((requests) =>
    requests
      .toSorted((a, b) => a.atMs - b.atMs)
      .map(({ atMs, tookMs, lateMs, attempts, failure, tokens }, index): Outcome => {
        const dispatchedNs = (atMs + lateMs) * MS;
        const endNs = dispatchedNs + (tookMs + 2) * MS;
        const stream = tokens === null ? undefined : streamOf(dispatchedNs + 2 * MS, endNs, tokens);
        return {
          index,
          intendedNs: atMs * MS,
          dispatchedNs,
          attempts,
          attemptNs: dispatchedNs,
          wireNs: dispatchedNs + MS,
          firstByteNs: dispatchedNs + 2 * MS,
          endNs,
          connectNs: index % 5 === 0 ? 0.4 * MS : undefined,
          dnsNs: undefined,
          tlsNs: undefined,
          status: 200,
          result:
            failure === null
              ? {
                  kind: "ok",
                  stream,
                  ...(index % 3 === 0 ? { correct: index % 2 === 0 } : {}),
                  ...(index % 4 === 0 ? { prompt: { tokens: 100 + index, cached: index } } : {}),
                }
              : { kind: "failed", why: failure, detail: `${failure} of ${index}` },
        };
      }),
  );

const streamOf = (fromNs: number, toNs: number, { count, from }: { count: number; from: "usage" | "events" }) => ({
  firstTokenNs: fromNs,
  lastTokenNs: toNs,
  tokens: count,
  tokensFrom: from,
  gapsNs: [toNs - fromNs],
});

const WARM_UP: ArmRecord["warmUp"] = { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined };

function recorded(outcomes: readonly Outcome[], overrides: Partial<RunRecord> = {}): RunRecord {
  const recorder = openRecorder(SLOTS, 3, { timeoutS: 30, mayRetry: true });
  for (const outcome of outcomes) recorder.add(outcome);
  const load = { kind: "open", ratePerS: 20, arrivals: "poisson", durationS: 6 } as const;
  const head = { warmUp: WARM_UP, blocks: recorder.finish(), examples: recorder.examples };
  return someRecord({ scenarios: [{ name: "steady", load, arms: { head } }], ...overrides });
}

const shard = (index: number, of: number) => ({ index, of, endpoints: "e".repeat(16) });
const blocksOf = (record: RunRecord): readonly BlockRecord[] => record.scenarios[0]!.arms.head!.blocks;

describe("the shards of a load", () => {
  test("are together the record of one that sent it all, byte by byte, for any number of shards in any order", () => {
    const cases = fc.integer({ min: 1, max: 5 }).chain((of) => {
      const order = fc.shuffledSubarray(
        Array.from({ length: of }, (_, index) => index),
        { minLength: of },
      );
      return fc.record({ order, outcomes: anyOutcomes });
    });
    fc.assert(
      fc.property(cases, ({ order, outcomes }) => {
        const of = order.length;
        const shards = order.map((index) => {
          const part = recorded(
            outcomes.filter((_, i) => i % of === index),
            { shard: shard(index + 1, of) },
          );
          return readRunRecord(writeRunRecord(part), `shard ${index + 1}`) as ShardRun;
        });
        const [whole, folded] = [recorded(outcomes), foldShards(shards)];
        expect(folded.scenarios.map(({ load }) => load)).toEqual(whole.scenarios.map(({ load }) => load));
        const { examples } = folded.scenarios[0]!.arms.head!;
        expect(Object.keys(examples).sort()).toEqual(Object.keys(whole.scenarios[0]!.arms.head!.examples).sort());
        const blocks = (record: RunRecord) =>
          writeRunRecord({
            ...record,
            environment: {},
            problems: [],
            scenarios: [{ ...record.scenarios[0]!, arms: { head: { warmUp: WARM_UP, blocks: blocksOf(record), examples: {} } } }],
          });
        expect(blocks(folded)).toBe(blocks(whole));
        expect(folded.shard).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  test("have exact percentiles where a mean of percentiles would lie", () => {
    const at = (index: number, tookMs: number): Outcome => ({
      index,
      intendedNs: index * 10 * MS,
      dispatchedNs: index * 10 * MS,
      attempts: 1,
      attemptNs: index * 10 * MS,
      wireNs: index * 10 * MS,
      firstByteNs: undefined,
      endNs: (index * 10 + tookMs) * MS,
      connectNs: undefined,
      dnsNs: undefined,
      tlsNs: undefined,
      status: 200,
      result: { kind: "ok", stream: undefined },
    });
    // The second shard is slow by itself: of 200 requests 100 take 10 ms, 100 take 500 ms.
    const outcomes = Array.from({ length: 200 }, (_, i) => at(i, i % 2 === 0 ? 10 : 500));
    const parts = [0, 1].map((index) =>
      recorded(
        outcomes.filter((_, i) => i % 2 === index),
        { shard: shard(index + 1, 2) },
      ),
    );
    const bins = decodeBins(blocksOf(foldShards(parts as ShardRun[]))[0]!.histograms.latency!);
    expect(bins.total).toBe(200);
    expect(quantileOf(bins, 0.49)).toBeCloseTo(0.01, 3);
    expect(quantileOf(bins, 0.51)).toBeCloseTo(0.5, 2);
  });
});

/** Three clean shards of a load of 30 requests, changed by what a test wants. */
function three(change: (index: number) => Partial<RunRecord> = () => ({})): ShardRun[] {
  const outcomes = Array.from({ length: 30 }, (_, index): Outcome => {
    const intendedNs = index * 200 * MS;
    const times = { intendedNs, dispatchedNs: intendedNs, attemptNs: intendedNs, wireNs: intendedNs, firstByteNs: undefined };
    return {
      index,
      ...times,
      attempts: 1,
      endNs: intendedNs + 50 * MS,
      connectNs: undefined,
      dnsNs: undefined,
      tlsNs: undefined,
      status: 200,
      result: { kind: "ok", stream: undefined },
    };
  });
  return [0, 1, 2].map(
    (index) =>
      recorded(
        outcomes.filter((_, i) => i % 3 === index),
        { shard: shard(index + 1, 3), ...change(index + 1) },
      ) as ShardRun,
  );
}
const problemsOf = (shards: readonly ShardRun[]) =>
  foldShards(shards).problems.map(({ severity, code, message }) => [severity, code, message]);
const later = (seconds: number) => new Date(Date.parse("2026-11-01T10:00:00.000Z") + seconds * 1000).toISOString();

describe("a fold", () => {
  test("of clean shards is a clean run of the whole time, and says that it is one of shards", () => {
    const folded = foldShards(three((index) => ({ startedAt: later(index * 0.2), finishedAt: later(60 + index) })));
    expect(folded.problems).toEqual([]);
    expect(folded).toMatchObject({ status: "complete", startedAt: later(0.2), finishedAt: later(63) });
    expect(folded.environment["client.shards"]).toBe("3");
    expect(blocksOf(folded).map(({ startS, offered }) => [startS, offered])).toEqual([
      [3, 10],
      [5, 10],
      [7, 10],
    ]);
  });

  test("is invalid where the shards did not send at one time, and says by how much", () => {
    expect(problemsOf(three((index) => (index === 2 ? { startedAt: later(14) } : {})))).toEqual([
      [
        "invalid",
        "shard-apart",
        expect.stringMatching(/^shard 2 began 14 s after shard 1, so that the endpoint never saw the whole load; /),
      ],
    ]);
  });

  test("forgives a second, and of long blocks a twentieth", () => {
    const apart = (seconds: number, durationS: number) => {
      const shards = three((index) => (index === 3 ? { startedAt: later(seconds) } : {}));
      const stretched = shards.map((record) => ({
        ...record,
        scenarios: record.scenarios.map((scenario) => {
          const { head } = scenario.arms;
          return { ...scenario, arms: { head: { ...head!, blocks: head!.blocks.map((block) => ({ ...block, durationS })) } } };
        }),
      }));
      return foldShards(stretched).problems.map(({ code }) => code);
    };
    expect([apart(1, 2), apart(1.1, 2), apart(4.9, 100), apart(5.1, 100)]).toEqual([[], ["shard-apart"], [], ["shard-apart"]]);
  });

  test("is invalid without one of the shards, or with one of them twice", () => {
    const [first, second, third] = three();
    expect(problemsOf([first!, third!])).toEqual([["invalid", "shard-missing", expect.stringMatching(/^shard 2 of 3 is missing/)]]);
    expect(problemsOf([third!])).toEqual([["invalid", "shard-missing", expect.stringMatching(/^shards 1, 2 of 3 are missing/)]]);
    expect(problemsOf([first!, second!, second!, third!])).toEqual([["invalid", "shard-twice", "shard 2 of 3 is there twice"]]);
    expect(blocksOf(foldShards([first!, second!, second!, third!]))[0]!.offered).toBe(10);
  });

  test.each<readonly [string, Partial<RunRecord>, string]>([
    ["workload", { suite: { name: "sentiment", digest: "b".repeat(64), seed: 42 } }, "its suite digest is bbbbbbbbbbbb, not aaaaaaaaaaaa"],
    ["seed", { suite: { name: "sentiment", digest: "a".repeat(64), seed: 7 } }, "its seed is 7, not 42"],
    ["commit", { provenance: { commit: "f".repeat(40) } }, "its commit is ffffffffffff, not 1a2b3c4d5e6f"],
    [
      "endpoint",
      { shard: { index: 2, of: 3, endpoints: "d".repeat(16) } },
      "its digest of the endpoints is dddddddddddd, not eeeeeeeeeeee",
    ],
    ["number of shards", { shard: { index: 2, of: 2, endpoints: "e".repeat(16) } }, "it is one of 2, not of 3"],
    ["version", { tool: "tailgate 9" }, "its version of the tool is tailgate 9, not tailgate 0.1.0"],
  ])("is invalid where a shard has another %s, and does not count it", (_, other, reason) => {
    const folded = foldShards(three((index) => (index === 2 ? other : {})));
    expect(folded.problems).toMatchObject([
      { severity: "invalid", code: "shard-mismatch", message: `shard 2 is no part of the same load as shard 1: ${reason}` },
    ]);
    expect(blocksOf(folded).map(({ offered }) => offered)).toEqual([7, 6, 7]);
  });

  test("says what spoiled a shard, with its name, and once what all of them say", () => {
    const late = { severity: "invalid", code: "shard-late", message: "it was ready 14 s after start-at" } as const;
    const open = { severity: "warning", code: "tls-not-verified", message: "certificates were not verified" } as const;
    expect(problemsOf(three((index) => ({ problems: index === 3 ? [late, open] : [open] })))).toEqual([
      ["warning", "tls-not-verified", "certificates were not verified"],
      ["invalid", "shard-late", "shard 3: it was ready 14 s after start-at"],
    ]);
    expect(problemsOf(three((index) => (index === 3 ? { status: "cancelled" } : {})))).toEqual([
      ["invalid", "shard-incomplete", "shard 3 of 3 is not complete (cancelled)"],
    ]);
  });

  test("takes telemetry once, and divides the energy by the answers of all shards", () => {
    const gauges = {
      "gpu.power": { n: 2, mean: 60, min: 50, max: 70 },
      "gpu.energy_per_request": { n: 1, mean: 9, min: 9, max: 9 },
    };
    const [first, ...others] = three();
    const head = first!.scenarios[0]!.arms.head!;
    const sampling = { ...head, blocks: head.blocks.map((block) => ({ ...block, gauges })) };
    const folded = foldShards([{ ...first!, scenarios: [{ ...first!.scenarios[0]!, arms: { head: sampling } }] }, ...others]);
    expect(blocksOf(folded)[0]!.gauges["gpu.power"]).toEqual(gauges["gpu.power"]);
    const [own, all] = [head.blocks[0]!.ok, blocksOf(folded)[0]!.ok];
    expect([own, all]).toEqual([4, 10]);
    expect(blocksOf(folded)[0]!.gauges["gpu.energy_per_request"]).toEqual({ n: 1, mean: 3.6, min: 3.6, max: 3.6 });
  });

  test("is as late as its latest generator, and as surely calibrated as its worst", () => {
    const generator = (index: number): GeneratorRecord => ({
      seconds: 2,
      pausedSeconds: index === 2 ? 2 : 1,
      pausedArrivals: index,
      pauseMaxS: index / 100,
      loopDelayMaxS: index / 200,
      utilization: index / 10,
      gcS: index / 1000,
      gcMaxS: index / 2000,
      stealRatio: index === 1 ? undefined : index / 50,
      machineBusyRatio: undefined,
    });
    const shards = three((index) => ({
      calibration: { ratePerS: 10, requests: 100 + index, releaseP50S: index, releaseP99S: 4 - index, biasP50S: index, biasP99S: 1 },
    })).map((record): ShardRun => {
      const [scenario] = record.scenarios;
      const head = scenario!.arms.head!;
      const blocks = head.blocks.map((block) => ({ ...block, generator: generator(record.shard.index) }));
      return { ...record, scenarios: [{ ...scenario!, arms: { head: { ...head, blocks } } }] };
    });
    const folded = foldShards(shards);
    expect(folded.calibration).toEqual({ ratePerS: 10, requests: 101, releaseP50S: 3, releaseP99S: 3, biasP50S: 3, biasP99S: 1 });
    expect(blocksOf(folded)[0]!.generator).toEqual({
      seconds: 2,
      pausedSeconds: 2,
      pausedArrivals: 6,
      pauseMaxS: 0.03,
      loopDelayMaxS: 0.015,
      utilization: 0.3,
      gcS: 0.003,
      gcMaxS: 0.0015,
      stealRatio: 0.06,
      machineBusyRatio: undefined,
    });
  });

  test("of machines that differ names them all", () => {
    const folded = foldShards(three((index) => ({ environment: { "client.os": "linux x64", "client.cpu": index === 2 ? "B" : "A" } })));
    expect(folded.environment).toEqual({ "client.cpu": "A / B", "client.os": "linux x64", "client.shards": "3" });
  });

  test("of nothing is a mistake of the caller", () => {
    expect(() => foldShards([])).toThrow(RangeError);
  });
});

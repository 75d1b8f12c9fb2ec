import { describe, expect, test } from "vitest";
import type { DistributionName } from "../../../src/core/metric.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import { pauseProblems, stealText } from "../../../src/core/record/pauses.ts";
import type { BlockRecord, GeneratorRecord, RecordedLoad } from "../../../src/core/record/run-record.ts";

const QUIET: GeneratorRecord = {
  seconds: 10,
  pausedSeconds: 0,
  pausedArrivals: 0,
  pauseMaxS: 0,
  loopDelayMaxS: 0.003,
  utilization: 0.1,
  gcS: 0.01,
  gcMaxS: 0.004,
  stealRatio: 0,
  machineBusyRatio: 0.4,
};

const encoded = (ms: number): string => {
  const distribution = new Distribution();
  distribution.recordNs(ms * 1e6);
  return distribution.encode();
};

/** A thousand requests in ten seconds, which took 100 ms each. */
const block = (
  generator: Partial<GeneratorRecord> | undefined,
  p99Ms: Partial<Record<DistributionName, number>> = { latency: 100 },
): BlockRecord => ({
  index: 2,
  pair: undefined,
  startS: 42,
  durationS: 10,
  offered: 1000,
  ok: 1000,
  failures: {},
  tokens: undefined,
  histograms: Object.fromEntries(Object.entries(p99Ms).map(([name, ms]) => [name, encoded(ms)])),
  gauges: {},
  ...(generator === undefined ? {} : { generator: { ...QUIET, ...generator } }),
});

const OPEN: RecordedLoad = { kind: "open", ratePerS: 100, arrivals: "poisson", durationS: 10 };
const CLOSED: RecordedLoad = { kind: "closed", concurrency: 8, durationS: 10 };
const problems = (blocks: readonly BlockRecord[], load: RecordedLoad = OPEN) =>
  pauseProblems(load, "head", { warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined }, blocks, examples: {} });
const found = (blocks: readonly BlockRecord[], load?: RecordedLoad) =>
  problems(blocks, load).map(({ severity, code }) => `${severity} ${code}`);
const paused = (pausedArrivals: number, pauseMaxS: number, more: Partial<GeneratorRecord> = {}) =>
  block({ pausedSeconds: Math.ceil(pausedArrivals / 100), pausedArrivals, pauseMaxS, loopDelayMaxS: pauseMaxS, ...more });

describe("paused seconds", () => {
  test("are a warning where they hold more than 1 % of the arrivals", () => {
    expect(found([block({})])).toEqual([]);
    expect(found([paused(10, 0.06)])).toEqual([]);
    expect(found([paused(11, 0.06)])).toEqual(["warning generator-paused"]);
    // Over all blocks of the arm.
    expect(found([paused(15, 0.06), block({})])).toEqual([]);
  });

  test("are none where the pause is short against what was measured", () => {
    expect(found([paused(300, 0.004)])).toEqual([]);
    expect(found([paused(300, 0.006)])).toEqual(["warning generator-paused"]);
  });

  test("weigh by the shortest tail: a stream of tokens feels what its whole latency does not", () => {
    const streams = { latency: 8000, ttft: 400, itl: 40 };
    const generator = { pausedSeconds: 3, pausedArrivals: 300, pauseMaxS: 0.06 };
    expect(found([block(generator, { latency: 8000 })])).toEqual([]);
    expect(found([block(generator, streams)])).toEqual(["warning generator-paused"]);
  });

  test("spoil the run where they hold more than half of the arrivals and last more than half of the tail", () => {
    expect(found([paused(510, 0.06)])).toEqual(["invalid generator-paused"]);
    expect(found([paused(490, 0.06)])).toEqual(["warning generator-paused"]);
    expect(found([paused(510, 0.04)])).toEqual(["warning generator-paused"]);
  });

  test("of a short run, which are few, do not spoil it", () => {
    const short = (pausedSeconds: number) => block({ seconds: pausedSeconds, pausedSeconds, pausedArrivals: 1000, pauseMaxS: 0.06 });
    expect(found([short(4)])).toEqual(["warning generator-paused"]);
    expect(found([short(5)])).toEqual(["invalid generator-paused"]);
  });

  test("are told with how often, how long, when and why", () => {
    const message = problems([block({}), paused(200, 0.117, { machineBusyRatio: 0.99 })])[0]!.message;
    expect(message).toBe(
      "this machine paused in 2 of 20 s, and 10 % of the requests to the head endpoint were due in those seconds; the longest pause, 117 ms, was in block 3, which began 42 s into the run: one turn of the load generator's event loop took 117 ms, with the processors 99 % busy; what a pause holds up is sent at once afterwards, which the endpoint feels too",
    );
  });

  test.each([
    ["steal", { stealRatio: 0.08 }, /: other machines took 8 % of its processor time \(steal\);/],
    ["garbage", { gcMaxS: 0.09 }, /: the load generator collected garbage for 90 ms within a second;/],
    ["its own loop", {}, /: one turn of the load generator's event loop took 117 ms;/],
    [
      "the scheduler",
      { loopDelayMaxS: 0.01, machineBusyRatio: 1 },
      /: the load generator's threads were not given a processor in time, with the processors 100 % busy;/,
    ],
  ])("are blamed on %s", (_, more, words) => {
    expect(problems([paused(200, 0.117, more)])[0]!.message).toMatch(words);
  });

  test("are unknown in a record without readings, and no problem", () => {
    expect(found([block(undefined)])).toEqual([]);
  });

  test("without any answer count by their arrivals alone", () => {
    expect(found([block({ pausedSeconds: 8, pausedArrivals: 800, pauseMaxS: 0.1 }, {})])).toEqual(["invalid generator-paused"]);
  });
});

describe("a busy sender", () => {
  test("sets the throughput of a closed loop", () => {
    expect(found([block({ utilization: 0.7 })], CLOSED)).toEqual([]);
    expect(found([block({ utilization: 0.8 })], CLOSED)).toEqual(["warning generator-saturated"]);
    expect(found([block({ utilization: 0.95 })], CLOSED)).toEqual(["invalid generator-saturated"]);
    expect(problems([block({ utilization: 0.8 })], CLOSED)[0]!.message).toContain(
      "it sent 100/s to the head endpoint and could send about 125/s",
    );
  });

  test("is no problem by itself in an open loop, whose arrivals say more exactly whether it kept up", () => {
    expect(found([block({ utilization: 0.95 })], OPEN)).toEqual([]);
  });
});

test("steal is named from 5 % on, and where it is known", () => {
  expect(stealText([block({ stealRatio: 0.12 }), block({ stealRatio: 0 })])).toBe(
    "; other machines took 6 % of this one's processor time meanwhile (steal)",
  );
  expect(stealText([block({ stealRatio: 0.04 })])).toBe("");
  expect(stealText([block({ stealRatio: undefined }), block(undefined)])).toBe("");
});

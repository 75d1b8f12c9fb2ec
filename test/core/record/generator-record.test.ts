import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BlockSlot } from "../../../src/core/plan/plan.ts";
import { type GeneratorReading, openGeneratorWindows, PAUSE_S } from "../../../src/core/record/generator-record.ts";
import type { Outcome } from "../../../src/core/record/outcome.ts";

const slot = (index: number, startS: number, durationS: number): BlockSlot => ({ index, pair: undefined, startS, durationS });
const TEN_SECONDS = [slot(0, 0, 10)];

/** Due at `atS`, released `lateS` later and at once on the wire. */
const outcome = (atS: number, lateS = 0): Outcome => {
  const [intendedNs, sentNs] = [atS * 1e9, (atS + lateS) * 1e9];
  return {
    index: 0,
    intendedNs,
    dispatchedNs: sentNs,
    attempts: 1,
    attemptNs: sentNs,
    wireNs: sentNs,
    firstByteNs: sentNs,
    endNs: sentNs + 1e7,
    connectNs: undefined,
    dnsNs: undefined,
    tlsNs: undefined,
    status: 200,
    result: { kind: "ok", stream: undefined },
  };
};

const reading = (fromS: number, toS: number, more: Partial<GeneratorReading> = {}): GeneratorReading => ({
  fromNs: fromS * 1e9,
  toNs: toS * 1e9,
  loopDelayMaxS: 0.001,
  utilization: 0.1,
  gcS: 0,
  stealRatio: undefined,
  machineBusyRatio: undefined,
  ...more,
});

const everySecond = (durationS: number) => Array.from({ length: durationS }, (_, second) => reading(second, second + 1));

function folded(blocks: readonly BlockSlot[], outcomes: readonly Outcome[], readings: readonly GeneratorReading[]) {
  const windows = openGeneratorWindows(blocks);
  for (const each of outcomes) windows.add(each);
  for (const each of readings) windows.look(each);
  return windows;
}

describe("a pause is marked in the second", () => {
  test("for which the requests that it held up were intended, with all requests of that second", () => {
    const outcomes = [outcome(3.1), outcome(3.2, 0.3), outcome(3.9), outcome(4.1, 0.01)];
    const record = folded(TEN_SECONDS, outcomes, everySecond(10)).of(0)!;
    expect(record).toMatchObject({ seconds: 10, pausedSeconds: 1, pausedArrivals: 3, loopDelayMaxS: 0.001 });
    expect(record.pauseMaxS).toBeCloseTo(0.3);
  });

  test("in which the event loop stood still, though no release was late: a closed loop, or a stream that is read", () => {
    const readings = everySecond(10).map((each, second) => (second === 5 ? { ...each, loopDelayMaxS: 0.08 } : each));
    const record = folded(TEN_SECONDS, [outcome(5.5), outcome(6.5)], readings).of(0)!;
    expect(record).toMatchObject({ pausedSeconds: 1, pausedArrivals: 1 });
    expect(record.pauseMaxS).toBeCloseTo(0.08);
  });

  test("from the threshold on, not below", () => {
    const paused = (lateS: number) => folded(TEN_SECONDS, [outcome(1, lateS)], everySecond(10)).of(0)!.pausedSeconds;
    expect(paused(PAUSE_S * 0.99)).toBe(0);
    expect(paused(PAUSE_S * 1.01)).toBe(1);
  });

  test("and in every second that a long one covers, because its reading comes late", () => {
    const readings = [reading(0, 1), reading(1, 4.02, { loopDelayMaxS: 2.5, gcS: 0.3 }), ...everySecond(10).slice(4)];
    const record = folded(TEN_SECONDS, [], readings).of(0)!;
    expect(record).toMatchObject({ seconds: 10, pausedSeconds: 3 });
    expect(record.gcS).toBeCloseTo(0.3);
  });

  test("not for an arrival that was never sent", () => {
    const never: Outcome = {
      ...outcome(1, 5),
      wireNs: undefined,
      result: { kind: "failed", why: "overflow", detail: "" },
    };
    expect(folded(TEN_SECONDS, [never], everySecond(10)).of(0)!.pausedSeconds).toBe(0);
  });
});

describe("readings", () => {
  test("of several threads make a second as bad as the worst of them", () => {
    const one = reading(0, 1, { utilization: 0.9, loopDelayMaxS: 0.002 });
    const other = reading(0.01, 1.01, { utilization: 0.2, loopDelayMaxS: 0.05, gcS: 0.04, stealRatio: 0.1, machineBusyRatio: 0.6 });
    const record = folded([slot(0, 0, 1)], [], [one, other]).of(0)!;
    expect(record).toEqual({
      seconds: 1,
      pausedSeconds: 1,
      pausedArrivals: 0,
      pauseMaxS: 0.05,
      loopDelayMaxS: 0.05,
      utilization: 0.9,
      gcS: 0.04,
      gcMaxS: 0.04,
      stealRatio: 0.1,
      machineBusyRatio: 0.6,
    });
  });

  test("of the rest of a second change its pauses only, unless there is no other", () => {
    const rest = reading(0.995, 1, { utilization: 0.7, loopDelayMaxS: 0.03 });
    expect(folded([slot(0, 0, 1)], [], [reading(0, 0.995), rest]).of(0)).toMatchObject({
      pausedSeconds: 1,
      utilization: 0.1,
    });
    expect(folded([slot(0, 0, 1)], [], [reading(0, 0.3, { utilization: 0.7 })]).of(0)).toMatchObject({ utilization: 0.7 });
  });

  test("go to the block that they lie in, and behind the last to none", () => {
    const blocks = [slot(4, 0, 2.5), slot(6, 2.5, 2.5)];
    const readings = everySecond(9).map((each, second) => ({ ...each, utilization: second / 10 }));
    const windows = folded(blocks, [], readings);
    expect(windows.of(4)).toMatchObject({ seconds: 3 });
    expect(windows.of(6)).toMatchObject({ seconds: 3, utilization: expect.closeTo((0.3 + 0.4 + 0.4) / 3) });
    expect(windows.of(5)).toBeUndefined();
  });

  test("that never came leave a block without a record: nothing unseen is called undisturbed", () => {
    expect(folded(TEN_SECONDS, [outcome(1)], []).of(0)).toBeUndefined();
  });

  test("of a machine that tells nothing leave its shares unknown, not zero", () => {
    const record = folded(TEN_SECONDS, [], everySecond(10)).of(0)!;
    expect(record.stealRatio).toBeUndefined();
    expect(record.machineBusyRatio).toBeUndefined();
  });
});

test("every request is counted in one second: with all seconds paused, all are paused", () => {
  const layout = fc.array(fc.double({ min: 1, max: 7, noNaN: true }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(layout, fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 50 }), (durations, places) => {
      let startS = 0;
      const blocks = durations.map((durationS, index) => {
        const block = slot(index, startS, durationS);
        startS += durationS;
        return block;
      });
      const outcomes = places.map((place) => outcome(place * startS));
      const stuck = [reading(0, startS, { loopDelayMaxS: startS })];
      const windows = folded(blocks, outcomes, stuck);
      const records = blocks.flatMap(({ index }) => windows.of(index) ?? []);
      expect(records.length).toBe(blocks.length);
      expect(records.reduce((sum, { pausedArrivals }) => sum + pausedArrivals, 0)).toBe(outcomes.length);
      expect(records.every(({ seconds, pausedSeconds }) => seconds === pausedSeconds)).toBe(true);
    }),
  );
});

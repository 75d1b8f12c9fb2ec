import { expect, test } from "vitest";
import { type GeneratorReading, openGeneratorWindows } from "../../../src/core/record/generator-record.ts";
import type { Outcome } from "../../../src/core/record/outcome.ts";
import { openMachineClock, parseMachineTime } from "../../../src/io/load/machine-time.ts";
import { block, closed, GET, open, steady } from "./drive.ts";
import { serve } from "./endpoint.ts";

async function watched(segment: ReturnType<typeof steady>, url: string) {
  const readings: GeneratorReading[] = [];
  const outcomes: Outcome[] = [];
  const windows = openGeneratorWindows([{ index: 0, pair: undefined, startS: 0, durationS: segment.durationS }]);
  const look = (reading: GeneratorReading) => {
    readings.push(structuredClone(reading));
    windows.look(reading);
  };
  const keep = (outcome: Outcome) => {
    outcomes.push(outcome);
    windows.add(outcome);
  };
  await open(url).drive(segment, [GET], { onOutcome: keep, signal: new AbortController().signal, onReading: look });
  return { readings, outcomes, record: windows.of(0)! };
}

const answer = () => serve((_, response) => setTimeout(() => response.end("ok"), 5));

test("a pause of the sender is seen where it was, by the loop and by the requests that it held up", async () => {
  const url = await answer();
  setTimeout(() => block(80), 1400);
  const { readings, record } = await watched(steady(50, 4), url);

  const inside = readings.filter(({ fromNs, toNs }) => fromNs < 1.6e9 && toNs > 1.4e9);
  const longest = Math.max(...inside.map(({ loopDelayMaxS }) => loopDelayMaxS));
  expect(longest).toBeGreaterThan(0.079);
  expect(longest).toBeLessThan(0.3);
  expect(record.seconds).toBe(4);
  expect(record.pausedSeconds).toBeGreaterThanOrEqual(1);
  expect(record.pausedArrivals % 50).toBe(0);
  expect(record.pausedArrivals).toBeGreaterThanOrEqual(50);
  expect(record.pauseMaxS).toBeGreaterThan(0.079);
});

test("every arrival of a pause is released after it, and none is forgotten", async () => {
  const url = await answer();
  setTimeout(() => block(300), 500);
  const { outcomes, record } = await watched(steady(100, 2), url);
  expect(outcomes.length).toBe(200);
  const late = outcomes.filter(({ intendedNs, dispatchedNs }) => dispatchedNs - intendedNs > 50e6);
  expect(late.length).toBeGreaterThan(20);
  // They left together: what bunched is shown as late, each from its own intended start.
  expect(new Set(late.map(({ intendedNs }) => intendedNs)).size).toBe(late.length);
  expect(record.pausedArrivals).toBeGreaterThanOrEqual(100);
});

test("readings follow one another without a gap and are plain data", async () => {
  const { readings } = await watched(steady(20, 2.5), await answer());
  expect(readings.length).toBeGreaterThanOrEqual(3);
  expect(readings[0]!.fromNs).toBe(0);
  for (const [i, { fromNs, toNs, utilization, gcS, loopDelayMaxS }] of readings.entries()) {
    expect(fromNs).toBe(i === 0 ? 0 : readings[i - 1]!.toNs);
    expect(toNs).toBeGreaterThanOrEqual(fromNs);
    expect(utilization).toBeGreaterThanOrEqual(0);
    expect(utilization).toBeLessThanOrEqual(1);
    expect(gcS).toBeGreaterThanOrEqual(0);
    expect(loopDelayMaxS).toBeGreaterThanOrEqual(0);
  }
});

test("garbage collection is counted in the second in which it happens", async () => {
  const url = await answer();
  const rubbish = setInterval(() => {
    let last: unknown;
    for (let i = 0; i < 1e5; i++) last = { last: i % 100 === 0 ? undefined : last, text: `${i}` };
    return last;
  }, 10);
  const { record } = await watched(steady(20, 2), url).finally(() => clearInterval(rubbish));
  expect(record.gcS).toBeGreaterThan(0.001);
  expect(record.gcMaxS).toBeLessThanOrEqual(record.gcS);
});

test("a closed loop is watched as well, and a sender that works all the time is found busy", async () => {
  const busy = setInterval(() => block(19), 20);
  const { record } = await watched(closed(4, 2), await answer()).finally(() => clearInterval(busy));
  expect(record.utilization).toBeGreaterThan(0.8);
});

test("a mistake in whoever hears a reading ends the drive and is thrown there", async () => {
  const url = await answer();
  const drive = open(url).drive(steady(20, 3), [GET], {
    onOutcome: () => {},
    signal: new AbortController().signal,
    onReading: () => {
      throw new Error("no place for a reading");
    },
  });
  await expect(drive).rejects.toThrow("no place for a reading");
});

test("the time of the machine is read as Linux writes it", () => {
  const text = "cpu  33296 1178 11305 112400 672 5 125 42 900 0\ncpu0 15614 488 4878 58431 70 0 20 13 0 0\n";
  expect(parseMachineTime(text)).toEqual({ total: 159_023, busy: 33_296 + 1178 + 11_305 + 5 + 125, steal: 42 });
  expect(parseMachineTime("")).toBeUndefined();
  expect(parseMachineTime("cpu  1 2 3")).toBeUndefined();
});

test("a machine that does not tell has no time", async () => {
  const clock = openMachineClock("/there/is/no/such/file");
  expect(await clock.read()).toBeUndefined();
  await clock.close();
});

import { describe, expect, test } from "vitest";
import type { Shard } from "../src/core/plan/shard.ts";
import { checkStart, openAppointments } from "../src/shard-start.ts";

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const shardAt = (startS: number | undefined): Shard => ({
  stripe: { index: 1, of: 3 },
  startAtMs: startS === undefined ? undefined : NOON_MS + startS * 1000,
});

/** A clock that stands until somebody sleeps or works. Seconds since noon. */
function clockAt(nowS: number) {
  let atS = nowS;
  const slept: number[] = [];
  const ns = (seconds: number) => BigInt(Math.round((seconds + 1000) * 1e9));
  return {
    slept,
    work: (seconds: number) => void (atS += seconds),
    clock: {
      now: () => ns(atS),
      today: () => new Date(NOON_MS + atS * 1000),
      sleepUntil: async (untilNs: bigint) => {
        const untilS = Number(untilNs) / 1e9 - 1000;
        slept.push(Number((untilS - atS).toFixed(6)));
        atS = untilS;
      },
      progress: { phase: () => {}, tick: () => {}, note: () => {}, done: () => {} },
    },
  };
}
const never = new AbortController().signal;

describe("the appointments of a shard", () => {
  test("begin at the time given, and go on a second after the planned end of each segment", async () => {
    const { clock, slept, work } = clockAt(0);
    const appointments = openAppointments(shardAt(30), clock, never);
    if ("severity" in appointments) throw new Error(appointments.message);
    await appointments.keep(10);
    // Its last answer took 0.4 s longer than the segment.
    work(10.4);
    await appointments.keep(20);
    expect(slept).toEqual([30, 0.6]);
  });

  test("are caught up with after a segment that ended late", async () => {
    const { clock, slept, work } = clockAt(0);
    const appointments = openAppointments(shardAt(0), clock, never);
    if ("severity" in appointments) throw new Error(appointments.message);
    for (const extraS of [1.5, 0.1, 0.1, 0.1]) {
      await appointments.keep(10);
      work(10 + extraS);
    }
    // The second one begins half a second late, the third on time.
    expect(slept).toEqual([0.4, 0.9]);
  });

  test("forgive a second, and then say that the others have begun", () => {
    expect("keep" in openAppointments(shardAt(0), clockAt(1).clock, never)).toBe(true);
    expect(openAppointments(shardAt(0), clockAt(14).clock, never)).toEqual({
      severity: "invalid",
      code: "shard-late",
      message:
        "ready 14 s after start-at (2026-11-22T12:00:00.000Z), when the other shards had begun, so that nothing was sent; let start-at lie further ahead, and run all jobs again",
    });
  });

  test("begin at once where none is given, and keep the pace all the same", async () => {
    const { clock, slept, work } = clockAt(5);
    const appointments = openAppointments(shardAt(undefined), clock, never);
    if ("severity" in appointments) throw new Error(appointments.message);
    await appointments.keep(10);
    work(10);
    await appointments.keep(10);
    expect(slept).toEqual([1]);
  });
});

test("a start that no job would live to see is a mistake", () => {
  expect(() => checkStart(shardAt(6 * 3600), new Date(NOON_MS))).not.toThrow();
  expect(() => checkStart(shardAt(undefined), new Date(NOON_MS))).not.toThrow();
  expect(() => checkStart(shardAt(7 * 3600), new Date(NOON_MS))).toThrow("start-at is 7h from now, longer than a job may last");
});

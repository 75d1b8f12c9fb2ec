import { monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver, performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import type { GeneratorReading } from "../../core/record/generator-record.ts";
import { type MachineTime, openMachineClock } from "./machine-time.ts";

/** Looks at the thread that it was opened in. */
export type Watch = {
  /** Resolves when the reading of the last, unfinished second was given. */
  readonly stop: () => Promise<void>;
};

const SECOND_NS = 1e9;

/**
 * Gives a reading at the end of every second of a segment (a little later if the thread was held up just then), and
 * one when it is stopped.
 *
 * @param now nanoseconds since time zero of the segment; time zero may be set later and lie ahead.
 */
export function openWatch(now: () => number, onReading: (reading: GeneratorReading) => void): Watch {
  // Per turn of the loop: the mode with a timer misses what falls between its beats and wakes the loop 100 times a second.
  const delay = monitorEventLoopDelay({ samplePerIteration: true });
  delay.enable();
  let gcMs = 0;
  const count = (entries: readonly PerformanceEntry[]) => {
    for (const { duration } of entries) gcMs += duration;
  };
  const collections = new PerformanceObserver((list) => count(list.getEntries()));
  collections.observe({ entryTypes: ["gc"] });
  const clock = openMachineClock();
  const stopping = new AbortController();

  const watch = async () => {
    let machine = await clock.read();
    let loop = performance.eventLoopUtilization();
    let fromNs = 0;
    do {
      await untilNextSecond(now, stopping.signal);
      count(collections.takeRecords());
      const toNs = now();
      const next = performance.eventLoopUtilization();
      const sample = {
        fromNs,
        toNs,
        loopDelayMaxS: delay.count === 0 ? 0 : delay.max / 1e9,
        utilization: performance.eventLoopUtilization(next, loop).utilization,
        gcS: gcMs / 1e3,
      };
      delay.reset();
      [gcMs, loop, fromNs] = [0, next, toNs];
      const then = await clock.read();
      onReading({ ...sample, ...shares(machine, then) });
      machine = then;
    } while (!stopping.signal.aborted);
  };
  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      try {
        await watching;
      } finally {
        delay.disable();
        collections.disconnect();
        await clock.close();
      }
    },
  };
}

async function untilNextSecond(now: () => number, signal: AbortSignal): Promise<void> {
  const atNs = now();
  const restNs = (Math.floor(Math.max(0, atNs) / SECOND_NS) + 1) * SECOND_NS - atNs;
  // Node cuts a delay to whole milliseconds, and its timers may fire up to one early.
  await setTimeout(Math.ceil(restNs / 1e6) + 1, undefined, { signal, ref: false }).catch(() => {});
}

function shares(before: MachineTime | undefined, after: MachineTime | undefined) {
  const total = before === undefined || after === undefined ? 0 : after.total - before.total;
  // The system counts in hundredths of a second: a shorter time has no share.
  if (total <= 0) return { stealRatio: undefined, machineBusyRatio: undefined };
  return { stealRatio: (after!.steal - before!.steal) / total, machineBusyRatio: (after!.busy - before!.busy) / total };
}

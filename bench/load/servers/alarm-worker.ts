import { parentPort } from "node:worker_threads";

/** What a sleeping event loop and its alarm share: two cells of Int32 and one of Int64. */
export type Alarm = {
  /** How often the alarm was set, and how often it rang. */
  readonly cells: Int32Array;
  /** When it is to ring, ns on the clock of `process.hrtime`; 0: not at all. */
  readonly dueNs: BigInt64Array;
};
export const SET = 0;
export const RUNG = 1;

/** A wait on shared memory ends some 60 µs after its time, where a timer of an event loop counts whole milliseconds. */
function keep({ cells, dueNs }: Alarm): never {
  for (;;) {
    const set = Atomics.load(cells, SET);
    const due = Atomics.load(dueNs, 0);
    const restNs = due === 0n ? Number.POSITIVE_INFINITY : Number(due - process.hrtime.bigint());
    if (restNs > 0) {
      Atomics.wait(cells, SET, set, restNs / 1e6);
      continue;
    }
    Atomics.compareExchange(dueNs, 0, due, 0n);
    Atomics.add(cells, RUNG, 1);
    Atomics.notify(cells, RUNG);
  }
}

parentPort?.once("message", keep);

import { Worker } from "node:worker_threads";
import { type Alarm, RUNG, SET } from "./alarm-worker.ts";

/** What is to happen at a time, in the order of these times. */
export type DueQueue<T> = {
  /** @param dueNs on the clock of `process.hrtime`. */
  readonly add: (dueNs: number, item: T) => void;
};

export const nowNs = (): number => Number(process.hrtime.bigint());

/**
 * Calls `happen` for each item as soon as its time has come, some 0.1 ms late. Sleeps meanwhile, and is woken by a thread
 * that sleeps as well: a loop that polls for the time instead takes a core from the client, whose tails it then makes.
 */
export function openDueQueue<T>(happen: (item: T, dueNs: number) => void): DueQueue<T> {
  // Ascending by time; short, because it holds what is under way.
  const waiting: { readonly dueNs: number; readonly item: T }[] = [];
  const alarm = openAlarm(() => {
    for (let first = waiting[0]; first !== undefined && first.dueNs <= nowNs(); first = waiting[0]) {
      waiting.shift();
      happen(first.item, first.dueNs);
    }
    set();
  });
  const set = () => {
    if (waiting[0] !== undefined) alarm(waiting[0].dueNs);
  };
  return {
    add(dueNs, item) {
      let at = waiting.length;
      while (at > 0 && waiting[at - 1]!.dueNs > dueNs) at--;
      waiting.splice(at, 0, { dueNs, item });
      if (at === 0) set();
    },
  };
}

/** A function that sets the one time at which `ring` is called next. */
function openAlarm(ring: () => void): (dueNs: number) => void {
  const alarm: Alarm = {
    cells: new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)),
    dueNs: new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)),
  };
  const worker = new Worker(new URL("./alarm-worker.ts", import.meta.url));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(alarm);
  worker.unref();
  const listen = async () => {
    for (let rung = 0; ; ) {
      await Atomics.waitAsync(alarm.cells, RUNG, rung).value;
      // Before it is answered, so that one that rings meanwhile is heard.
      rung = Atomics.load(alarm.cells, RUNG);
      ring();
    }
  };
  void listen();
  return (dueNs) => {
    Atomics.store(alarm.dueNs, 0, BigInt(Math.ceil(dueNs)));
    Atomics.add(alarm.cells, SET, 1);
    Atomics.notify(alarm.cells, SET);
  };
}

import { setImmediate as turn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { PacerJob } from "./pacer-worker.ts";

/** Releases arrivals on time from a thread of its own. One schedule at a time. */
export type Pacer = {
  /**
   * Calls `release(n)` whenever the first n arrivals are due, n rising to their number. After a pause of the calling
   * thread, all arrivals of the pause come in one call. Resolves after the last, or once `signal` is aborted.
   *
   * @param startTime gives `process.hrtime.bigint()` at time zero; called when the pacer is ready to start.
   * @param arrivalsNs whole ns since time zero, ascending.
   * @throws what `release` throws, or the error that ended the pacer thread.
   */
  readonly pace: (startTime: () => bigint, arrivalsNs: Float64Array, release: (due: number) => void, signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

export function openPacer(): Pacer {
  const file = import.meta.url.endsWith(".ts") ? "./pacer-worker.ts" : "./pacer-worker.js";
  // Flags of the main process (a test runner's loaders, a debugger) are none of the pacer's business.
  const worker = new Worker(new URL(file, import.meta.url), { execArgv: [], name: "tailgate-pacer" });
  const ready = Promise.withResolvers<void>();
  // Whoever paces hears of it; before that, a thread that cannot start is nobody's unhandled rejection.
  ready.promise.catch(() => {});
  let failure: Error | undefined;
  let wake = () => {};
  const fail = (error: Error) => {
    failure ??= error;
    ready.reject(failure);
    wake();
  };
  worker.once("message", () => ready.resolve());
  worker.once("error", fail);
  worker.once("exit", (code) => fail(new Error(`the pacer thread ended with code ${code}`)));

  return {
    async pace(startTime, arrivalsNs, release, signal) {
      // Waiting on shared memory does not keep a process alive; the worker's handle does.
      worker.ref();
      await ready.promise;
      const shared = new Float64Array(new SharedArrayBuffer(arrivalsNs.byteLength));
      shared.set(arrivalsNs);
      const near = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      wake = () => {
        Atomics.store(stop, 0, 1);
        Atomics.notify(stop, 0);
        Atomics.notify(near, 0);
      };
      signal.addEventListener("abort", wake);
      try {
        const startNs = startTime();
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        worker.postMessage({ startNs, arrivalsNs: shared, leadNs: leadOf(arrivalsNs), near, stop } satisfies PacerJob);
        // The signal may be aborted from within `release`, when nobody is left to wake this loop.
        for (let released = 0; released < arrivalsNs.length && !signal.aborted; ) {
          const due = dueBy(Number(process.hrtime.bigint() - startNs), arrivalsNs, released);
          if (due > released) release(due);
          else {
            const announced = Atomics.load(near, 0);
            if (announced > released) await turn();
            else await Atomics.waitAsync(near, 0, announced).value;
          }
          released = due;
          if (failure !== undefined) throw failure;
        }
      } finally {
        wake();
        signal.removeEventListener("abort", wake);
        worker.unref();
      }
    },
    async close() {
      await worker.terminate();
    },
  };
}

/**
 * A sleeping thread wakes 50 to 150 µs late, and two have to: the pacer, and the sender whose caches are cold by then. So
 * the sender is woken before the time, and looks after its sockets and at the clock until it has come: for at most a
 * twentieth of the mean time between two arrivals, so that no more than this share of a core is taken from the endpoint.
 */
const LEAD_NS = 500_000;
const LEAD_SHARE = 0.05;
const leadOf = (arrivalsNs: Float64Array): number =>
  Math.min(LEAD_NS, (LEAD_SHARE * (arrivalsNs.at(-1) ?? 0)) / Math.max(1, arrivalsNs.length));

/** How many arrivals are due, of which the first `from` are known to be. */
function dueBy(nowNs: number, arrivalsNs: Float64Array, from: number): number {
  let due = from;
  while (due < arrivalsNs.length && arrivalsNs[due]! <= nowNs) due++;
  return due;
}

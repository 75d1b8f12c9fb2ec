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
      const due = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      wake = () => {
        Atomics.store(stop, 0, 1);
        Atomics.notify(stop, 0);
        Atomics.notify(due, 0);
      };
      signal.addEventListener("abort", wake);
      try {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        worker.postMessage({ startNs: startTime(), arrivalsNs: shared, due, stop } satisfies PacerJob);
        // The signal may be aborted from within `release`, when nobody is left to wake this loop.
        for (let released = 0; released < shared.length && !signal.aborted; ) {
          const change = Atomics.waitAsync(due, 0, released);
          if (change.async) await change.value;
          if (failure !== undefined) throw failure;
          const now = Atomics.load(due, 0);
          if (now > released && !signal.aborted) release(now);
          released = now;
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

import { parentPort } from "node:worker_threads";

/** What the sending thread hands to the pacer. They share nothing else, so a busy sender never delays the clock. */
export type PacerJob = {
  /** `process.hrtime.bigint()` at time zero; that clock is the same in all threads. */
  readonly startNs: bigint;
  /** Intended starts, ns since time zero, ascending, whole numbers. In shared memory. */
  readonly arrivalsNs: Float64Array;
  /** How long before its intended start an arrival is near. */
  readonly leadNs: number;
  /** One shared cell: the number of arrivals that are near or due. */
  readonly near: Int32Array;
  /** One shared cell: not 0 once the sender gives up. */
  readonly stop: Int32Array;
};

function pace({ startNs, arrivalsNs, leadNs, near, stop }: PacerJob): void {
  const now = () => Number(process.hrtime.bigint() - startNs);
  for (let i = 0; i < arrivalsNs.length; ) {
    const restNs = arrivalsNs[i]! - leadNs - now();
    if (restNs > 0) {
      if (Atomics.wait(stop, 0, 0, restNs / 1e6) !== "timed-out") return;
      continue;
    }
    // Arrivals that are near together are announced together.
    for (const nearNs = now() + leadNs; i < arrivalsNs.length && arrivalsNs[i]! <= nearNs; ) i++;
    Atomics.store(near, 0, i);
    Atomics.notify(near, 0);
    if (Atomics.load(stop, 0) !== 0) return;
  }
}

parentPort?.on("message", pace);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage("ready");

import { parentPort } from "node:worker_threads";

/** What the sending thread hands to the pacer. They share nothing else, so a busy sender never delays the clock. */
export type PacerJob = {
  /** `process.hrtime.bigint()` at time zero; that clock is the same in all threads. */
  readonly startNs: bigint;
  /** Intended starts, ns since time zero, ascending, whole numbers. In shared memory. */
  readonly arrivalsNs: Float64Array;
  /** One shared cell: the number of arrivals due so far. */
  readonly due: Int32Array;
  /** One shared cell: not 0 once the sender gives up. */
  readonly stop: Int32Array;
};

// A sleeping thread wakes 50 to 150 µs late. The last stretch is spun instead, for at most a twentieth of the time
// between two arrivals, so that the pacer never takes more than that share of a core from the endpoint under test.
const SPIN_NS = 100_000;
const SPIN_SHARE = 0.05;

function pace({ startNs, arrivalsNs, due, stop }: PacerJob): void {
  const now = () => Number(process.hrtime.bigint() - startNs);
  const spinNs = Math.min(SPIN_NS, (SPIN_SHARE * (arrivalsNs.at(-1) ?? 0)) / Math.max(1, arrivalsNs.length));
  for (let i = 0; i < arrivalsNs.length; ) {
    const restNs = arrivalsNs[i]! - now();
    if (restNs > spinNs) {
      if (Atomics.wait(stop, 0, 0, (restNs - spinNs) / 1e6) !== "timed-out") return;
      continue;
    }
    if (restNs > 0) continue;
    // Arrivals that are due together are announced together.
    for (const nowNs = now(); i < arrivalsNs.length && arrivalsNs[i]! <= nowNs; ) i++;
    Atomics.store(due, 0, i);
    Atomics.notify(due, 0);
    if (Atomics.load(stop, 0) !== 0) return;
  }
}

parentPort?.on("message", pace);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage("ready");

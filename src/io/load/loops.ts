import { setTimeout } from "node:timers/promises";
import type { Outcome } from "../../core/record/outcome.ts";
import type { Pacer } from "./pacer.ts";
import type { Run } from "./run.ts";

// Time zero lies a little ahead, so that the pacer has its schedule before the first arrival is due.
const LEAD_NS = 20_000_000n;

// A refused connection costs nothing: without a pause a closed loop would only count how fast a dead endpoint refuses.
const RECONNECT_PAUSE_MS = 10;

/**
 * Releases every arrival at its time, whatever the endpoint does. Resolves when `durationNs` is over: what is observed
 * during the segment, and the load on whatever comes next, must not depend on when its last arrival happened to be. A
 * run that is over releases nothing more and ends at once.
 */
export async function openLoop(run: Run, pacer: Pacer, arrivalsNs: Float64Array, durationNs: number): Promise<void> {
  const start = () => {
    run.begin(process.hrtime.bigint() + LEAD_NS);
    return run.startedNs();
  };
  const release = (due: number) => {
    for (let i = run.counts().offered; i < due && !run.over.aborted; i++) run.send(arrivalsNs[i]);
  };
  await pacer.pace(start, arrivalsNs, release, run.over);
  const restMs = Math.max(0, (durationNs - run.now()) / 1e6);
  await setTimeout(restMs, undefined, { signal: run.over }).catch(() => {});
}

/** `concurrency` loops, each starting its next request when its last one ended. Resolves when none of them starts another. */
export async function closedLoop(run: Run, concurrency: number, durationNs: number): Promise<void> {
  const loop = async () => {
    while (run.now() < durationNs && !run.over.aborted) {
      // Goes on after an await, never from within the HTTP client's callback: it has not finished with the connection.
      const { result } = await new Promise<Outcome>((resolve) => run.send(undefined, resolve));
      if (result.kind === "failed" && result.why === "connect") await setTimeout(RECONNECT_PAUSE_MS);
    }
  };
  run.begin(process.hrtime.bigint());
  // A stopped request has no outcome, and its loop never goes on.
  const stopped = new Promise<void>((resolve) => run.stopped.addEventListener("abort", () => resolve()));
  await Promise.race([stopped, Promise.all(Array.from({ length: concurrency }, loop))]);
}

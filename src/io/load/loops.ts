import { setTimeout } from "node:timers/promises";
import type { SegmentLoad } from "../../core/plan/plan.ts";
import type { Pacer } from "./pacer.ts";
import type { Run } from "./run.ts";
import type { Follow } from "./turn.ts";

// Time zero lies a little ahead, so that the pacer has its schedule before the first arrival is due.
const LEAD_NS = 20_000_000n;

// A refused connection costs nothing: without a pause a closed loop would only count how fast a dead endpoint refuses.
const RECONNECT_PAUSE_MS = 10;

// The longest time that a timer of Node holds.
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Releases every arrival at its time, whatever the endpoint does. Resolves when `durationNs` is over: what is observed
 * during the segment, and the load on whatever comes next, must not depend on when its last arrival happened to be. A
 * run that is over releases nothing more and ends at once.
 */
export async function openLoop(
  run: Run,
  pacer: Pacer,
  arrivalsNs: Float64Array,
  durationNs: number,
  startAtNs: bigint | undefined,
): Promise<void> {
  const start = () => {
    run.begin(startAtNs ?? process.hrtime.bigint() + LEAD_NS);
    return run.startedNs();
  };
  const release = (due: number) => {
    for (let i = run.begun(); i < due && !run.over.aborted; i++) run.send(arrivalsNs[i]);
  };
  await pacer.pace(start, arrivalsNs, release, run.over);
  await sleepUntil(run, durationNs);
}

type ClosedLoad = SegmentLoad & { readonly kind: "closed" };

/**
 * Users that each start their next request when their last one ended, after its think time and not before its pacing is
 * over. They come and go by the steps: one that has to go finishes its request first, and those that came last go first.
 * Resolves when `durationNs` is over and none of them starts another.
 */
export async function closedLoop(run: Run, load: ClosedLoad, durationNs: number, startAtNs: bigint | undefined): Promise<void> {
  const { thinkS, pacingS = 0 } = load;
  const rests = thinkS.length > 0 || pacingS > 0;
  const present = new Set<number>();
  let wanted = 0;
  let thought = 0;
  const stays = (user: number) => user < wanted && run.now() < durationNs && !run.over.aborted;
  /** How long a user rests after an answer. */
  const restNs = ({ result, intendedNs }: Parameters<Follow>[0]): number => {
    const pauseNs = result.kind === "failed" && result.why === "connect" ? RECONNECT_PAUSE_MS * 1e6 : 0;
    if (!rests) return pauseNs;
    const thinkNs = thinkS.length === 0 ? 0 : thinkS[thought++ % thinkS.length]! * 1e9;
    return Math.max(thinkNs, pauseNs, intendedNs + pacingS * 1e9 - run.now());
  };
  /** Callbacks and not promises, because there is one round per request and this is most of what it costs. */
  const live = (user: number): Promise<void> =>
    new Promise((leave) => {
      const next = () => {
        if (!stays(user)) {
          present.delete(user);
          return leave();
        }
        return run.attempt(() => run.send(undefined, answered));
      };
      const rest = async (ns: number) => {
        await sleepUntil(run, Math.min(durationNs, run.now() + ns));
        next();
      };
      const answered: Follow = (outcome) => {
        const ns = restNs(outcome);
        // Never from within the HTTP client's callback: it has not finished with the connection.
        if (ns <= 0) queueMicrotask(next);
        else void rest(ns);
      };
      present.add(user);
      next();
    });
  run.begin(startAtNs ?? process.hrtime.bigint());
  // A stopped request has no outcome, and its user never goes on.
  const stopped = new Promise<void>((resolve) => run.stopped.addEventListener("abort", () => resolve()));
  const users: Promise<void>[] = [];
  for (const { atS, users: now } of load.steps) {
    await sleepUntil(run, atS * 1e9);
    if (run.over.aborted) break;
    wanted = now;
    for (let user = 0; user < wanted; user++) if (!present.has(user)) users.push(live(user));
  }
  await sleepUntil(run, durationNs);
  await Promise.race([stopped, Promise.all(users)]);
}

/** Node's timers may fire up to a millisecond early: then the rest is waited for as well. */
async function sleepUntil(run: Run, atNs: number): Promise<void> {
  for (let restNs = atNs - run.now(); restNs > 0 && !run.over.aborted; restNs = atNs - run.now()) {
    await setTimeout(Math.min(Math.ceil(restNs / 1e6), LONGEST_MS), undefined, { signal: run.over }).catch(() => {});
  }
}

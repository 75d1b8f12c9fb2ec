import { formatDuration } from "./core/decide/duration.ts";
import { formatQuantity } from "./core/decide/quantity.ts";
import { InputError } from "./core/errors.ts";
import type { Shard } from "./core/plan/shard.ts";
import type { Problem } from "./core/record/run-record.ts";
import type { Ports } from "./ports.ts";

/** Between the planned end of one segment and the next: its last answers are awaited, longer in one shard than in another. */
const GAP_S = 1;
/** Later than this a shard sends nothing: the others are under way, and its blocks would lie beside theirs. */
const MOST_LATE_S = 1;
/** No job waits this long. */
const MOST_AHEAD_S = 6 * 3600;

/** The times at which all shards of a load begin their segments, so that what they send is one load. */
export type Appointments = {
  /** Waits for the next segment's time, or no time at all if that is over: what was late is made up for by the gaps. */
  readonly keep: (durationS: number) => Promise<void>;
};

type Clock = Pick<Ports, "now" | "today" | "sleepUntil" | "progress">;

/** @throws {InputError} for a start that is so far ahead that it must be a mistake. */
export function checkStart({ startAtMs }: Shard, now: Date): void {
  const aheadS = ((startAtMs ?? 0) - now.getTime()) / 1000;
  if (aheadS <= MOST_AHEAD_S) return;
  const hint = "give a time a few minutes from now: when every shard's job has started and its endpoint is ready";
  throw new InputError(`start-at is ${formatDuration(aheadS)} from now, longer than a job may last`, { hint });
}

/** @returns the problem instead, if the shards have begun without this one. */
export function openAppointments({ startAtMs }: Shard, clock: Clock, signal: AbortSignal): Appointments | Problem {
  const nowMs = clock.today().getTime();
  const lateS = (nowMs - (startAtMs ?? nowMs)) / 1000;
  if (lateS > MOST_LATE_S) {
    const message = `ready ${formatQuantity(lateS, "s")} after start-at (${new Date(startAtMs!).toISOString()}), when the other shards had begun, so that nothing was sent; let start-at lie further ahead, and run all jobs again`;
    return { severity: "invalid", code: "shard-late", message };
  }
  let nextNs = clock.now() - BigInt(Math.round(lateS * 1e9));
  return {
    async keep(durationS) {
      const dueNs = nextNs;
      nextNs += BigInt(Math.round((durationS + GAP_S) * 1e9));
      if (clock.now() >= dueNs) return;
      clock.progress.phase("waiting for the time at which all shards begin");
      await clock.sleepUntil(dueNs, signal);
    },
  };
}

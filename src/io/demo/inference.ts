import type { Accelerator, DeviceEvent } from "./accelerator.ts";
import type { Job } from "./batcher.ts";
import type { ServerTimes } from "./server-times.ts";

/** The accelerator as request handlers use it: a job in, its events out. */
export type Inference = {
  /** @throws {Overloaded} if too many jobs are waiting already. */
  readonly run: (work: Omit<Job, "id">, onEvent: (event: DeviceEvent) => void) => { readonly cancel: () => void };
  /** Jobs that are not in the batch yet. */
  readonly queueDepth: () => number;
  readonly deliver: (events: readonly DeviceEvent[]) => void;
};

export class Overloaded extends Error {
  override readonly name = "Overloaded";
}

const MOST_PENDING = 1024;

/** @param times are told how long each job waited for the batch, and was in it. */
export function openInference(accelerator: () => Accelerator, times: ServerTimes): Inference {
  const pending = new Map<number, { readonly submittedNs: bigint; readonly onEvent: (event: DeviceEvent) => void }>();
  let nextId = 0;
  return {
    run: (work, onEvent) => {
      if (pending.size >= MOST_PENDING) throw new Overloaded("the queue is full");
      const id = nextId++;
      pending.set(id, { submittedNs: process.hrtime.bigint(), onEvent });
      accelerator().submit({ id, ...work });
      return {
        cancel: () => {
          if (pending.delete(id)) accelerator().cancel(id);
        },
      };
    },
    queueDepth: () => Math.max(0, pending.size - accelerator().counters().active),
    deliver: (events) => {
      for (const event of events) {
        const job = pending.get(event.id);
        if (job === undefined) continue;
        if (event.kind !== "word") {
          pending.delete(event.id);
          times.observe("queue", event.startedNs - job.submittedNs);
          times.observe("infer", process.hrtime.bigint() - event.startedNs);
        }
        job.onEvent(event);
      }
    },
  };
}

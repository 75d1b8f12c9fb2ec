import type { Accelerator, DeviceEvent } from "./accelerator.ts";
import type { Job } from "./batcher.ts";

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

export function openInference(accelerator: () => Accelerator): Inference {
  const pending = new Map<number, (event: DeviceEvent) => void>();
  let nextId = 0;
  return {
    run: (work, onEvent) => {
      if (pending.size >= MOST_PENDING) throw new Overloaded("the queue is full");
      const id = nextId++;
      pending.set(id, onEvent);
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
        const onEvent = pending.get(event.id);
        if (event.kind !== "word") pending.delete(event.id);
        onEvent?.(event);
      }
    },
  };
}

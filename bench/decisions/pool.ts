import { Worker } from "node:worker_threads";
import type { Cell } from "./cell.ts";
import type { Done, Task } from "./lab-worker.ts";
import type { Observation } from "./observation.ts";
import type { Sample } from "./variance/study.ts";

/** Replicates that a thread does in one go: small, so that no thread is left waiting at the end of a cell. */
const CHUNK = 4;

/** Everything done of one job, in order of the replicates. */
export type JobResult<T> = { readonly results: readonly T[]; readonly seconds: number };

/** Threads that work off replicates. What they return depends on cell, replicate and seed alone, not on who did it when. */
export type Pool = {
  readonly judge: (cell: Cell, seed: number) => Promise<JobResult<Observation>>;
  readonly study: (name: string, replicates: number, seed: number) => Promise<JobResult<Sample>>;
  readonly close: () => Promise<void>;
};

type Job = { readonly cell: Cell } | { readonly study: string };
type Pending = { readonly task: Task; readonly resolve: (done: Done) => void; readonly reject: (error: Error) => void };

export function openPool(threads: number): Pool {
  const queue: Pending[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Pending>();
  let nextId = 0;
  const feed = (): void => {
    while (idle.length > 0 && queue.length > 0) {
      const worker = idle.pop()!;
      const pending = queue.shift()!;
      busy.set(worker, pending);
      worker.postMessage(pending.task);
    }
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL("lab-worker.ts", import.meta.url));
    worker.on("message", (done: Done) => {
      busy.get(worker)?.resolve(done);
      busy.delete(worker);
      idle.push(worker);
      feed();
    });
    worker.on("error", (error: Error) => busy.get(worker)?.reject(error));
    idle.push(worker);
    return worker;
  });

  const work = async (job: Job, replicates: number, seed: number): Promise<JobResult<Observation | Sample>> => {
    const starts = Array.from({ length: Math.ceil(replicates / CHUNK) }, (_, i) => i * CHUNK);
    const parts = starts.map(
      (from) =>
        new Promise<Done>((resolve, reject) => {
          const task = { ...job, id: nextId++, seed, from, to: Math.min(from + CHUNK, replicates) };
          queue.push({ task, resolve, reject });
        }),
    );
    feed();
    const done = await Promise.all(parts);
    return {
      results: done.flatMap(({ results }): readonly (Observation | Sample)[] => results),
      seconds: done.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  };

  return {
    judge: (cell, seed) => work({ cell }, cell.replicates, seed) as Promise<JobResult<Observation>>,
    study: (name, replicates, seed) => work({ study: name }, replicates, seed) as Promise<JobResult<Sample>>,
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

import { parentPort } from "node:worker_threads";
import type { Cell } from "./cell.ts";
import type { Observation } from "./observation.ts";
import { observe } from "./replicate.ts";
import { type Sample, studyNamed } from "./variance/study.ts";

/** Replicates `from` to `to` (not included) of a cell, or of a study by name. */
export type Task = { readonly id: number; readonly seed: number; readonly from: number; readonly to: number } & (
  | { readonly cell: Cell }
  | { readonly study: string }
);

export type Done = {
  readonly id: number;
  readonly seconds: number;
  readonly results: readonly Observation[] | readonly Sample[];
};

parentPort?.on("message", (task: Task) => {
  const start = process.threadCpuUsage();
  const replicates = Array.from({ length: task.to - task.from }, (_, i) => task.from + i);
  const results =
    "cell" in task
      ? replicates.map((replicate) => observe(task.cell, replicate, task.seed))
      : replicates.map((replicate) => studyNamed(task.study).sample(replicate, task.seed));
  const { user, system } = process.threadCpuUsage(start);
  parentPort?.postMessage({ id: task.id, seconds: (user + system) / 1e6, results } satisfies Done);
});

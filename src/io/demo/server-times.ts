import type { PhaseName } from "../../core/metric.ts";

/** What this server tells of. A table of its own: the server starts in a process that loads nothing of the gate. */
export const PHASES = ["preprocess", "queue", "infer", "postprocess"] as const satisfies readonly PhaseName[];

/** How long the parts of the server's work took since it started: a sum and a count each, as a Prometheus summary has them. */
export type ServerTimes = {
  /** @param ns a duration; one below 0, which two threads may make of one moment, counts as 0. */
  readonly observe: (phase: PhaseName, ns: bigint) => void;
  readonly total: (phase: PhaseName) => { readonly seconds: number; readonly count: number };
};

export function openServerTimes(): ServerTimes {
  const totals = new Map(PHASES.map((phase) => [phase, { ns: 0n, count: 0 }]));
  return {
    observe: (phase, ns) => {
      const total = totals.get(phase)!;
      total.ns += ns > 0n ? ns : 0n;
      total.count++;
    },
    total: (phase) => {
      const { ns, count } = totals.get(phase)!;
      return { seconds: Number(ns) / 1e9, count };
    },
  };
}

import type { PhaseName } from "../metric.ts";

/** Every request carries a W3C `traceparent` of its own, by which it is found among the endpoint's traces. */
export type TracePolicy = {
  /** The flag that asks the endpoint to record the trace. */
  readonly sampled: boolean;
};

/** Where the endpoint tells of its own phases. */
export type PhasePolicy = {
  /** Names in `Server-Timing`, by phase: their durations are added. A phase without names has its usual ones. */
  readonly serverTiming: Readonly<Partial<Record<PhaseName, readonly string[]>>>;
  /** Headers that hold the duration of a phase as a number, lower case. `Server-Timing` outweighs them. */
  readonly headers: readonly { readonly phase: PhaseName; readonly name: string; readonly unit: PhaseUnit }[];
};

/** Milliseconds in each unit in which a header may tell a duration. */
export const PHASE_UNITS = { s: 1000, ms: 1, us: 0.001 } as const;
export type PhaseUnit = keyof typeof PHASE_UNITS;

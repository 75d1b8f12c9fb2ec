import type { Arrivals, ClosedLoad, OpenLoad, Stage } from "./suite.ts";

/** The same rate from beginning to end. */
export const steadyRate = (ratePerS: number, arrivals: Arrivals, durationS: number): OpenLoad => ({
  kind: "open",
  ratePerS,
  stages: [level(ratePerS, durationS)],
  arrivals,
  durationS,
});

/** The same number of users from beginning to end, without pauses. */
export const steadyUsers = (concurrency: number, durationS: number): ClosedLoad => ({
  kind: "closed",
  concurrency,
  stages: [level(concurrency, durationS)],
  thinkTime: undefined,
  pacingS: undefined,
  durationS,
});

const level = (value: number, durationS: number): Stage => ({ kind: "linear", durationS, from: value, to: value });

/** Arrivals in words: `poisson`, `gamma (cv 2)`, `constant with 20 % jitter`. */
export const arrivalsText = (arrivals: Arrivals): string =>
  typeof arrivals === "string"
    ? arrivals
    : "gamma" in arrivals
      ? `gamma (cv ${Number(arrivals.gamma.toPrecision(3))})`
      : `constant with ${Number((100 * arrivals.jitter).toPrecision(3))} % jitter`;

import { type Generator, uniform } from "../../../src/core/plan/random.ts";
import { normal } from "./normal.ts";

/** How one run of one scenario differs from other runs of the same build. */
export type RunEffect = {
  /** Added to the log latency of every request. */
  readonly level: number;
  /** How much readier it is to stall, in standard deviations of what decides it: the tail varies more than the body. */
  readonly stalls: number;
};

/** Share of the variance that all scenarios of a run have in common: they met the same machine. */
const COMMON = 0.7;
/** The readiness to stall varies this much more than the level: of 150 runs with τ = 3 % the p99 varied by 3.3 %, the median by 3.2 %. */
const STALLS = 1.5;
/** What a bad node adds to the log latency: 10 %. */
const BAD_NODE = Math.log(1.1);

/**
 * One effect per scenario: level N(0, τ²), stalls N(0, (1.5 τ)²), 70 % of either variance common to the run. A share of
 * the runs meets a bad node, which is 10 % slower throughout.
 */
export function drawRunEffects(next: Generator, scenarios: number, deviation: number, badNodes = 0): readonly RunEffect[] {
  const bad = uniform(next) < badNodes ? BAD_NODE : 0;
  const [level, stalls] = [normal(next), normal(next)];
  const mix = (common: number): number => Math.sqrt(COMMON) * common + Math.sqrt(1 - COMMON) * normal(next);
  return Array.from({ length: scenarios }, () => ({
    level: bad + deviation * mix(level),
    stalls: STALLS * deviation * mix(stalls),
  }));
}

export const addEffects = (a: RunEffect, b: RunEffect): RunEffect => ({ level: a.level + b.level, stalls: a.stalls + b.stalls });

export const NO_EFFECT: RunEffect = { level: 0, stalls: 0 };

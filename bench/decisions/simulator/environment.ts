import type { Generator } from "../../../src/core/plan/random.ts";
import { normal } from "./normal.ts";

/** What the host adds to the log latency now. Each call is one request's worth of time, whichever arm it belongs to. */
export type Environment = () => number;

/** Requests of time during which the environment stands still. */
const STEP = 250;

/** A host that drifts: per 250 requests, half of the variance AR(1) with 0.8, half with 0.985. */
export function openEnvironment(next: Generator, deviation: number): Environment {
  let [fast, slow] = [normal(next), normal(next)];
  let left = STEP;
  let level = (deviation * (fast + slow)) / Math.SQRT2;
  return () => {
    if (left-- === 0) {
      fast = 0.8 * fast + Math.sqrt(1 - 0.8 ** 2) * normal(next);
      slow = 0.985 * slow + Math.sqrt(1 - 0.985 ** 2) * normal(next);
      level = (deviation * (fast + slow)) / Math.SQRT2;
      left = STEP - 1;
    }
    return level;
  };
}

export const CALM: Environment = () => 0;

import { type Generator, stream } from "../../../src/core/plan/random.ts";
import { type Change, NO_CHANGE, TAIL_SHARE } from "./change.ts";
import { CALM, type Environment } from "./environment.ts";
import { openQueue, QUEUES, type QueueName } from "./queue.ts";
import { NO_EFFECT, type RunEffect } from "./run-effects.ts";
import { openService, SERVICES, type ServiceName } from "./service.ts";

/** One arm of one scenario while it is driven. */
export type Endpoint = {
  /** Latencies in seconds of the next block of requests, in order of time. */
  readonly serve: (requests: number, block: number) => Float64Array;
  /** The other arm has its turn, for as many requests. */
  readonly rest: (requests: number) => void;
};

/** Everything that makes one arm what it is in this run. */
export type Conditions = {
  readonly effect: RunEffect;
  readonly environment: Environment;
  readonly change: Change;
  /** Randomness of this arm alone. */
  readonly own: Generator;
  /** Randomness of the load of a block: arms that are given the same one replay the same arrivals and payloads. */
  readonly load: (block: number) => Generator;
};

export type ProcessName = ServiceName | QueueName;

export function openEndpoint(name: ProcessName, conditions: Conditions): Endpoint {
  return isQueue(name)
    ? openQueue(QUEUES[name], conditions, () => tailThreshold(name))
    : openService(SERVICES[name], conditions, () => tailThreshold(name));
}

const isQueue = (name: ProcessName): name is QueueName => Object.hasOwn(QUEUES, name);

const thresholds = new Map<ProcessName, number>();

/** The latency above which the slowest 2 % of an undisturbed run lie, s: from two million requests, once per process. */
export function tailThreshold(name: ProcessName): number {
  let known = thresholds.get(name);
  if (known === undefined) {
    const sorted = undisturbed(name, NO_CHANGE, 200).sort();
    known = sorted[Math.floor((1 - TAIL_SHARE) * sorted.length)]!;
    thresholds.set(name, known);
  }
  return known;
}

/** Latencies of a long run without effects of run or environment. Always the same for the same arguments. */
export function undisturbed(name: ProcessName, change: Change, thousandsOfRequests: number): Float64Array {
  const endpoint = openEndpoint(name, {
    effect: NO_EFFECT,
    environment: CALM,
    change,
    own: stream(1, "undisturbed", name),
    load: (block) => stream(1, "undisturbed", name, "load", block),
  });
  const all = new Float64Array(1000 * thousandsOfRequests);
  for (let block = 0; block < thousandsOfRequests; block++) all.set(endpoint.serve(1000, block), 1000 * block);
  return all;
}

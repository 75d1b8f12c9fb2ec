import { type Generator, uniform } from "../../../src/core/plan/random.ts";
import type { Conditions, Endpoint } from "./endpoint.ts";
import { exponential, normal } from "./normal.ts";

/**
 * A mechanism instead of a formula: one server with dynamic batching. Requests arrive at random (Poisson), wait for the
 * server, then up to `windowS` for company, and leave together after fixedS + perUnitS · (the batch's total length).
 * Lengths are those of three payload classes, times an output length that varies from answer to answer. Now and then the
 * server stalls. Latencies, bursts and dependence follow from that.
 */
export type Queue = {
  readonly ratePerS: number;
  readonly windowS: number;
  readonly maxBatch: number;
  readonly fixedS: number;
  readonly perUnitS: number;
  /** Log standard deviation of an answer's length around that of its class. */
  readonly lengthSpread: number;
  readonly stallsPerS: number;
  readonly stallMeanS: number;
};

export type QueueName = "queue" | "queue-busy" | "queue-idle";

const COMMON: Queue = {
  ratePerS: 120,
  windowS: 0.002,
  maxBatch: 8,
  fixedS: 0.003,
  perUnitS: 0.001,
  lengthSpread: 0.3,
  stallsPerS: 0.3,
  stallMeanS: 0.012,
};

export const QUEUES: Readonly<Record<QueueName, Queue>> = {
  queue: COMMON,
  "queue-busy": { ...COMMON, ratePerS: 220 },
  "queue-idle": { ...COMMON, ratePerS: 30 },
};

/** Payload classes: share of the requests, and length in units. */
export const CLASSES = [
  { share: 0.6, length: 1 },
  { share: 0.3, length: 3 },
  { share: 0.1, length: 8 },
] as const;

export function openQueue(
  queue: Queue,
  { effect, environment, change, own, load }: Conditions,
  threshold: () => number,
  observe?: (length: number, latencyS: number) => void,
  pickClasses: (next: Generator, requests: number) => Uint8Array = independentClasses,
): Endpoint {
  const tailFrom = change.tail === 1 ? Number.POSITIVE_INFINITY : threshold();
  return {
    rest() {
      // The queue is empty by the time the arm has its next turn.
    },
    serve(requests, block) {
      const next = load(block);
      const classes = pickClasses(next, requests);
      const arrivals = new Float64Array(requests);
      const lengths = new Float64Array(requests);
      for (let i = 0, now = 0; i < requests; i++) {
        now += exponential(next) / queue.ratePerS;
        arrivals[i] = now;
        // What the model answers is drawn anew by each arm: only the payload is common.
        lengths[i] = CLASSES[classes[i]!]!.length * Math.exp(queue.lengthSpread * normal(own));
      }
      const latencies = new Float64Array(requests);
      let free = 0;
      const stallsPerS = queue.stallsPerS * Math.exp(effect.stalls);
      let stallAt = exponential(own) / stallsPerS;
      for (let from = 0; from < requests; ) {
        const opens = Math.max(free, arrivals[from]!);
        let start = opens + queue.windowS;
        let to = from + 1;
        while (to < requests && to - from < queue.maxBatch && arrivals[to]! <= start) to++;
        if (to - from === queue.maxBatch) start = Math.max(opens, arrivals[to - 1]!);
        while (stallAt < start) {
          start += exponential(own) * queue.stallMeanS;
          stallAt += exponential(own) / stallsPerS;
        }
        let units = 0;
        let drift = 0;
        for (let i = from; i < to; i++) {
          units += lengths[i]!;
          drift = environment();
        }
        const speed = change.factor * Math.exp(effect.level + drift + 0.05 * normal(own));
        free = start + (queue.fixedS + queue.perUnitS * units) * speed;
        for (let i = from; i < to; i++) {
          const latency = free - arrivals[i]!;
          latencies[i] = latency * (latency > tailFrom ? change.tail : 1);
          observe?.(lengths[i]!, latencies[i]!);
        }
        from = to;
      }
      return latencies;
    },
  };
}

/** Each request draws its class for itself. */
export function independentClasses(next: Generator, requests: number): Uint8Array {
  const picks = new Uint8Array(requests);
  for (let i = 0; i < requests; i++) {
    const u = uniform(next);
    picks[i] = u < CLASSES[0].share ? 0 : u < CLASSES[0].share + CLASSES[1].share ? 1 : 2;
  }
  return picks;
}

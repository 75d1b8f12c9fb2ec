import { type Generator, stream, uniform } from "../../../src/core/plan/random.ts";

/**
 * Latencies as a served model makes them: a body with two modes, requests that depend on their neighbours, stalls, and
 * an environment that drifts. Log latency = N(0, 0.2) + AR(1) load (0.97 per request, sd 0.1) + a mode 50 % slower for a
 * fifth of the requests + a stall for 2 % (in bursts, a Pareto multiple with exponent 2.5) + environment per stretch of
 * 250 requests (half AR 0.8, half AR 0.985). Its p99 is about twice its median and carries a design effect of 2 to 6.
 */
export type Process = {
  /** Latencies in seconds of the next stretch of requests on one arm. */
  readonly next: (requests: number, effect: Effect) => Float64Array;
  /** Time passes while the other arm has its turn: as many requests as that. */
  readonly pause: (requests: number) => void;
};

export type Effect = {
  /** Every latency times this. */
  readonly factor?: number;
  /** The slowest `tailShare` of the requests times this on top. */
  readonly tailFactor?: number;
  readonly tailShare?: number;
};

export type ProcessOptions = {
  readonly seed: number;
  /** Names the stream, so that processes of one seed are independent. */
  readonly name: string;
  readonly medianS?: number;
  readonly stallShare?: number;
  /** Correlation of the stall's latent from request to request: how long bursts are. */
  readonly stallMemory?: number;
  /** Standard deviation of this run against other runs of the same build, in log units. */
  readonly runDeviation?: number;
};

/** Drift that both arms of a live run share, since they run in turn on one host. */
export function openEnvironment(seed: number, deviation: number): () => number {
  const next = stream(seed, "environment");
  let fast = normal(next);
  let slow = normal(next);
  return () => {
    fast = 0.8 * fast + Math.sqrt(1 - 0.8 ** 2) * normal(next);
    slow = 0.985 * slow + Math.sqrt(1 - 0.985 ** 2) * normal(next);
    return (deviation * (fast + slow)) / Math.SQRT2;
  };
}

export function openProcess(options: ProcessOptions, environment: () => number): Process {
  const { medianS = 0.03, stallShare = 0.02, stallMemory = 0.9, runDeviation = 0 } = options;
  const next = stream(options.seed, "process", options.name);
  const run = runDeviation * normal(next);
  const threshold = -probitOf(stallShare);
  let load = normal(next);
  let stall = normal(next);
  const advance = (latent: number, memory: number): number => memory * latent + Math.sqrt(1 - memory ** 2) * normal(next);
  return {
    pause(requests) {
      load = advance(load, 0.97 ** requests);
      stall = advance(stall, stallMemory ** requests);
    },
    next(requests, { factor = 1, tailFactor = 1, tailShare = 0.02 }) {
      const tailFrom = medianS * Math.exp(TAIL_LOG.get(tailShare) ?? Number.POSITIVE_INFINITY);
      const values = new Float64Array(requests);
      let drift = environment();
      for (let i = 0; i < requests; i++) {
        if (i > 0 && i % 250 === 0) drift = environment();
        load = advance(load, 0.97);
        stall = advance(stall, stallMemory);
        const mode = uniform(next) < 0.2 ? Math.log(1.5) : 0;
        const stalled = stall > threshold ? -Math.log(1 - uniform(next)) / 2.5 : 0;
        const own = 0.2 * normal(next) + 0.1 * load + mode + stalled;
        const value = medianS * Math.exp(own + drift + run);
        values[i] = value * factor * (medianS * Math.exp(own) > tailFrom ? tailFactor : 1);
      }
      return values;
    },
  };
}

/** Log of the quantile above which the slowest share of the process without drift lies, from 4 · 10⁶ draws. */
const TAIL_LOG: ReadonlyMap<number, number> = new Map([
  [0.01, 0.825],
  [0.02, 0.728],
  [0.05, 0.59],
]);

/** Marsaglia's polar method would keep a spare value; Box and Muller's cosine alone keeps the stream's order simple. */
const normal = (next: Generator): number => Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));

const probitOf = (share: number): number => {
  const known = new Map([
    [0.02, -2.0537489],
    [0.025, -1.959964],
    [0, Number.NEGATIVE_INFINITY],
  ]).get(share);
  if (known === undefined) throw new RangeError(`no quantile for a stall share of ${share}`);
  return known;
};

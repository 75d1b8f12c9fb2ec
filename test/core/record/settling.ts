import { exponential, type Generator, stream, uniform } from "../../../src/core/plan/random.ts";
import { type FailureKind, type Outcome } from "../../../src/core/record/outcome.ts";

/** An endpoint that settles: latency = 10 ms · (1 + excess · e^(−t/time constant)) · e^(noise), Poisson arrivals, AR(1) noise from request to request. */
export type Settling = {
  readonly seed: number;
  readonly ratePerS: number;
  /** Latency at the start beyond the settled one, as a multiple of it: 2 for an endpoint that starts three times as slow. */
  readonly excess?: number;
  readonly timeConstantS?: number;
  /** Standard deviation of log latency, its correlation from request to request, and the share of requests that take several times as long. */
  readonly deviation?: number;
  readonly correlation?: number;
  readonly spikes?: number;
  readonly medianS?: number;
};

/** Its answers within a time, in the order of their ends. */
export function answers(endpoint: Settling, withinS: number): readonly Outcome[] {
  const { seed, ratePerS, excess = 0, timeConstantS = 2, deviation = 0.05, correlation = 0, spikes = 0, medianS = 0.01 } = endpoint;
  const next = stream(seed, "settling");
  const outcomes: Outcome[] = [];
  let noise = normal(next);
  for (let atS = exponential(next) / ratePerS; atS < withinS; atS += exponential(next) / ratePerS) {
    noise = correlation * noise + Math.sqrt(1 - correlation ** 2) * normal(next);
    const spike = uniform(next) < spikes ? 1 + 4 * exponential(next) : 1;
    const latencyS = medianS * (1 + excess * Math.exp(-atS / timeConstantS)) * Math.exp(deviation * noise) * spike;
    outcomes.push(outcome(outcomes.length, atS, latencyS));
  }
  return outcomes.sort((a, b) => a.endNs - b.endNs);
}

/** One request, with nothing in it but its times and its end. */
export function outcome(index: number, atS: number, latencyS: number, why?: FailureKind): Outcome {
  const intendedNs = Math.round(atS * 1e9);
  return {
    index,
    intendedNs,
    dispatchedNs: intendedNs,
    attempts: 1,
    attemptNs: intendedNs,
    wireNs: intendedNs,
    firstByteNs: undefined,
    endNs: intendedNs + Math.round(latencyS * 1e9),
    connectNs: undefined,
    dnsNs: undefined,
    tlsNs: undefined,
    status: undefined,
    result: why === undefined ? { kind: "ok", stream: undefined } : { kind: "failed", why, detail: "as told" },
  };
}

const normal = (next: Generator): number => Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));

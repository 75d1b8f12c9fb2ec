import { uniform } from "../../../src/core/plan/random.ts";
import { normalQuantile } from "../../../src/core/stats/distributions.ts";
import type { Conditions, Endpoint } from "./endpoint.ts";
import { exponential, normal } from "./normal.ts";

/**
 * Latencies as a served model shows them, as a process of their own. Log latency = body N(0, body²) + AR(1) load + a
 * slower mode for a share of the requests + stalls, whose beginnings and ends an AR(1) latent decides and whose
 * multiple is Pareto + the host's drift + the run's effect.
 */
export type Service = {
  readonly medianS: number;
  readonly body: number;
  /** Standard deviation of the load latent, and its correlation from request to request. */
  readonly load: number;
  readonly loadMemory: number;
  readonly modeShare: number;
  readonly modeFactor: number;
  /** Standard deviation of the mode's share from run to run and arm to arm. */
  readonly modeJitter: number;
  readonly stallShare: number;
  /** Correlation of the stalls' latent from request to request: how long bursts last. */
  readonly stallMemory: number;
  /** Pareto exponent of a stall's multiple of the latency. */
  readonly stallExponent: number;
};

const COMMON: Service = {
  medianS: 0.03,
  body: 0.2,
  load: 0.1,
  loadMemory: 0.97,
  modeShare: 0.2,
  modeFactor: 1.5,
  modeJitter: 0,
  stallShare: 0.02,
  stallMemory: 0.9,
  stallExponent: 2.5,
};

export type ServiceName = "steady" | "bursty" | "bimodal" | "gap";

export const SERVICES: Readonly<Record<ServiceName, Service>> = {
  steady: COMMON,
  /** Stalls in bursts of some hundred requests. */
  bursty: { ...COMMON, stallShare: 0.025, stallMemory: 0.994, stallExponent: 3 },
  /** Two narrow modes 60 % apart, as cache hits and misses make them; the median lies inside the lower one. */
  bimodal: { ...COMMON, body: 0.1, load: 0.05, modeShare: 0.35, modeFactor: 1.6 },
  /** The same with the median in the gap between the modes, whose mixture differs by a point from run to run: a trap. */
  gap: { ...COMMON, body: 0.1, load: 0.05, modeShare: 0.5, modeFactor: 1.6, modeJitter: 0.01 },
};

export function openService(service: Service, { effect, environment, change, own }: Conditions, threshold: () => number): Endpoint {
  const { medianS, body, loadMemory, stallMemory, stallExponent } = service;
  const modeShare = service.modeShare + (service.modeJitter > 0 ? service.modeJitter * normal(own) : 0);
  const modeLog = Math.log(service.modeFactor);
  const stalledFrom = normalQuantile(1 - service.stallShare) - effect.stalls;
  const [loadStep, stallStep] = [Math.sqrt(1 - loadMemory ** 2), Math.sqrt(1 - stallMemory ** 2)];
  const tailFrom = change.tail === 1 ? Number.POSITIVE_INFINITY : threshold();
  let load = normal(own);
  let stall = normal(own);
  const after = (latent: number, memory: number): number => memory * latent + Math.sqrt(1 - memory ** 2) * normal(own);
  return {
    rest(requests) {
      load = after(load, loadMemory ** requests);
      stall = after(stall, stallMemory ** requests);
    },
    serve(requests) {
      const latencies = new Float64Array(requests);
      for (let i = 0; i < requests; i++) {
        load = loadMemory * load + loadStep * normal(own);
        stall = stallMemory * stall + stallStep * normal(own);
        const mode = uniform(own) < modeShare ? modeLog : 0;
        const stalled = stall > stalledFrom ? exponential(own) / stallExponent : 0;
        const undisturbed = medianS * Math.exp(body * normal(own) + service.load * load + mode + stalled);
        const value = undisturbed * Math.exp(environment() + effect.level);
        latencies[i] = value * change.factor * (undisturbed > tailFrom ? change.tail : 1);
      }
      return latencies;
    },
  };
}

import type { Triple } from "./observation.ts";
import { type Change, NO_CHANGE, TAIL_SHARE } from "./simulator/change.ts";
import { type ProcessName, undisturbed } from "./simulator/endpoint.ts";

const SHARES = [0.5, 0.95, 0.99] as const;
const NONE: Triple<number> = [0, 0, 0];
const known = new Map<string, Triple<number>>();

/**
 * The log ratios of p50, p95 and p99 that a change really makes. A factor on a service without a queue and a slower tail
 * are known exactly; what a factor does to a queue is measured on a million requests of either endpoint with the same
 * arrivals, payloads and answers.
 */
export function truthOf(process: ProcessName, change: Change): Triple<number> {
  if (change.factor === 1 && change.tail === 1) return NONE;
  if (change.factor === 1) return SHARES.map((p) => (1 - p < TAIL_SHARE ? Math.log(change.tail) : 0)) as unknown as Triple<number>;
  if (!process.startsWith("queue")) {
    const factor = Math.log(change.factor);
    return SHARES.map((p) => factor + (1 - p < TAIL_SHARE ? Math.log(change.tail) : 0)) as unknown as Triple<number>;
  }
  const key = JSON.stringify([process, change]);
  let truth = known.get(key);
  if (truth === undefined) {
    const [base, head] = [NO_CHANGE, change].map((each) => undisturbed(process, each, 1000).sort()) as [Float64Array, Float64Array];
    truth = SHARES.map((p) => {
      const rank = Math.floor(p * base.length);
      return Math.log(head[rank]! / base[rank]!);
    }) as unknown as Triple<number>;
    known.set(key, truth);
  }
  return truth;
}

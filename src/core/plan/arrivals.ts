import { exponential, type Generator } from "./random.ts";

/**
 * A load shape λ(t) over [0, durationS), as its cumulative rate Λ(t) = ∫₀ᵗ λ. Any shape whose Λ can be inverted fits:
 * arrivals are placed evenly or at random on the axis of expected events, and Λ⁻¹ brings them to seconds.
 */
export type LoadShape = {
  readonly durationS: number;
  /** Λ(durationS): the expected number of arrivals. */
  readonly expected: number;
  /** Λ⁻¹: the second at which `events` ∈ [0, expected] arrivals are expected. Ascending. */
  readonly secondOf: (events: number) => number;
};

/** λ(t) = ratePerS. */
export function constantRate(ratePerS: number, durationS: number): LoadShape {
  return { durationS, expected: ratePerS * durationS, secondOf: (events) => events / ratePerS };
}

/**
 * Intended starts in seconds, ascending, in [0, durationS): exactly round(expected) of them.
 *
 * - `constant`: evenly spaced on the event axis, at the middles of equal steps. With the first arrival half a step in,
 *   no arrival ever falls on the border of two blocks, where rounding would decide whose it is.
 * - `poisson`: a Poisson process *given its number of arrivals*: n + 1 exponential gaps, scaled to fill the shape. They
 *   are the order statistics of n uniform draws, so gaps and bursts are those of a Poisson process, but the count does
 *   not wander by ±√n: a suite that asks for 50/s for 10 s offers 500 requests in every block, and neither throughput
 *   nor utilization carries that noise.
 *
 * @returns an empty array where fewer than half an arrival is expected. O(n).
 *
 * Sources: Kingman (1993), Poisson Processes, §2.4 (conditioning); Devroye (1986), Non-Uniform Random Variate
 * Generation, §V.2.1 (uniform order statistics from exponential gaps); §VI.1.3 (inversion of the cumulative rate).
 */
export function arrivals(kind: "constant" | "poisson", shape: LoadShape, next: Generator): Float64Array {
  const count = Math.round(shape.expected);
  const events = kind === "constant" ? middles(count) : scaledGaps(count, next);
  // A gap of nothing or a rounding must not push the last arrival onto the end of the segment, where no block holds it.
  const latest = shape.durationS * (1 - Number.EPSILON);
  return events.map((share) => Math.min(shape.secondOf(share * shape.expected), latest));
}

/** (i + ½) / count: shares in (0, 1). */
const middles = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => (i + 0.5) / count);

/** Partial sums of exponential gaps as shares of the sum of count + 1 of them, ascending in [0, 1]. */
function scaledGaps(count: number, next: Generator): Float64Array {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += exponential(next);
    sums[i] = sum;
  }
  const total = sum + exponential(next);
  return sums.map((partial) => partial / total);
}

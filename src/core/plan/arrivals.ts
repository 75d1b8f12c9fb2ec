import type { Arrivals } from "../suite/suite.ts";
import { gamma } from "./gamma.ts";
import { exponential, type Generator, uniform } from "./random.ts";

/**
 * A load shape λ(t) over [0, durationS), as its cumulative rate Λ(t) = ∫₀ᵗ λ. Any shape whose Λ can be inverted fits:
 * arrivals are placed evenly or at random on the axis of expected events, and Λ⁻¹ brings them to seconds.
 */
export type LoadShape = {
  readonly durationS: number;
  /** Λ(durationS): the expected number of arrivals. */
  readonly expected: number;
  /** The number of arrivals: `expected`, rounded in a way that adds up over neighbouring shapes. */
  readonly count: number;
  /** Λ⁻¹: the second at which `events` ∈ [0, expected] arrivals are expected. Ascending. */
  readonly secondOf: (events: number) => number;
};

/** λ(t) = ratePerS. Equal windows of a constant rate offer equal numbers, so each is rounded by itself. */
export function constantRate(ratePerS: number, durationS: number): LoadShape {
  const expected = ratePerS * durationS;
  return { durationS, expected, count: Math.round(expected), secondOf: (events) => events / ratePerS };
}

/**
 * Intended starts in seconds, ascending, in [0, durationS): exactly `shape.count` of them.
 *
 * - `constant`: evenly spaced on the event axis, at the middles of equal steps. With the first arrival half a step in,
 *   no arrival ever falls on the border of two blocks, where rounding would decide whose it is.
 * - `jitter`: the same, each moved by a uniform draw from ± that share of a step.
 * - `poisson`: a Poisson process *given its number of arrivals*: n + 1 exponential gaps, scaled to fill the shape. They
 *   are the order statistics of n uniform draws, so gaps and bursts are those of a Poisson process, but the count does
 *   not wander by ±√n: a suite that asks for 50/s for 10 s offers 500 requests in every block, and neither throughput
 *   nor utilization carries that noise.
 * - `gamma`: n + 1 gamma gaps of shape 1/cv², scaled likewise. For many arrivals their coefficient of variation is cv,
 *   and 1 is `poisson`; of n gaps that share a sum it is cv·√(n / (n + 1 + cv²)).
 *
 * @returns an empty array where fewer than half an arrival is expected. O(n).
 *
 * Sources: Kingman (1993), Poisson Processes, §2.4 (conditioning); Devroye (1986), Non-Uniform Random Variate
 * Generation, §V.2.1 (uniform order statistics from exponential gaps); §VI.1.3 (inversion of the cumulative rate).
 */
export function arrivals(kind: Arrivals, shape: LoadShape, next: Generator): Float64Array {
  const times = sharesOf(kind, shape.count, next);
  // A gap of nothing or a rounding must not push the last arrival onto the end of the segment, where no block holds it.
  const latest = shape.durationS * (1 - Number.EPSILON);
  let last = 0;
  for (let i = 0; i < times.length; i++) {
    // An inverse that is found by search may differ from its neighbour's in the last bit, the wrong way round.
    last = Math.max(last, Math.min(shape.secondOf(times[i]! * shape.expected), latest));
    times[i] = last;
  }
  return times;
}

/** Where on the axis of events the arrivals lie, as shares of the whole, ascending in [0, 1]. */
function sharesOf(kind: Arrivals, count: number, next: Generator): Float64Array {
  if (kind === "poisson") return scaledGaps(count, () => exponential(next));
  if (kind === "constant") return steps(count, () => 0.5);
  if ("jitter" in kind) return steps(count, () => 0.5 + kind.jitter * (2 * uniform(next) - 1));
  const shape = 1 / kind.gamma ** 2;
  return scaledGaps(count, () => gamma(shape, next));
}

/** One arrival in each of `count` equal steps, at a place in [0, 1) of it. */
function steps(count: number, place: () => number): Float64Array {
  const shares = new Float64Array(count);
  for (let i = 0; i < count; i++) shares[i] = (i + place()) / count;
  return shares;
}

/** Partial sums of gaps as shares of the sum of count + 1 of them. */
function scaledGaps(count: number, gap: () => number): Float64Array {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += gap();
    sums[i] = sum;
  }
  const total = sum + gap();
  for (let i = 0; i < count; i++) sums[i] = total > 0 ? sums[i]! / total : 0.5;
  return sums;
}

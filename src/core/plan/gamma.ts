import { type Generator, uniform } from "./random.ts";

/**
 * Draws from the gamma distribution with this shape and scale 1 (mean and variance: `shape`).
 *
 * Rejection from a transformed normal; for a shape below 1, a draw of shape + 1 times a power of a uniform. About 1.05
 * tries a draw.
 *
 * @param shape above 0. Of 1 it is the exponential distribution.
 * @returns ≥ 0; for a small shape often so small that it is 0.
 *
 * Source: Marsaglia & Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26(3).
 */
export function gamma(shape: number, next: Generator): number {
  if (shape < 1) return gamma(shape + 1, next) * (1 - uniform(next)) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = standardNormal(next);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    // In (0, 1], so that its logarithm exists.
    const u = 1 - uniform(next);
    if (Math.log(u) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** Box & Muller (1958); the second of the pair is not kept, so that a draw depends on nothing but its own words. */
export function standardNormal(next: Generator): number {
  const radius = Math.sqrt(-2 * Math.log1p(-uniform(next)));
  return radius * Math.cos(2 * Math.PI * uniform(next));
}

import { createHash } from "node:crypto";

/** A source of independent, uniform 32-bit words: each call gives an integer in [0, 2³²). Holds its own state. */
export type Generator = () => number;

/**
 * The generator of one purpose: the same seed and names give the same words on every machine, and any other seed or
 * name gives an unrelated sequence. Whoever draws more from one stream never moves another: a new payload class leaves
 * the arrivals where they were.
 *
 * The state is the first 128 bits of the SHA-256 of seed and names, written as JSON so that `("a", "bc")` and
 * `("ab", "c")` differ.
 */
export function stream(seed: number, ...names: readonly (string | number)[]): Generator {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, ...names]))
    .digest();
  return xoshiro128([digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12)]);
}

/**
 * xoshiro128**: 32-bit arithmetic only, period 2¹²⁸ − 1, passes BigCrush.
 *
 * @param state four words, not all zero (zero is the one fixed point).
 * @throws {RangeError} on the all-zero state.
 *
 * Source: Blackman & Vigna (2021), Scrambled Linear Pseudorandom Number Generators, ACM TOMS 47(4).
 */
export function xoshiro128(state: readonly [number, number, number, number]): Generator {
  let [a, b, c, d] = state;
  if ((a | b | c | d) === 0) throw new RangeError("xoshiro128** needs a state that is not all zero");
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result;
  };
}

/** Uniform in [0, 1), 53 random bits. */
export function uniform(next: Generator): number {
  return bits53(next) / 2 ** 53;
}

/** Exponential with mean 1, in [0, 36.8). By inversion. */
export function exponential(next: Generator): number {
  return -Math.log1p(-uniform(next));
}

/**
 * A uniform integer in [low, high], both included. Without modulo bias: draws beyond the last whole multiple of the
 * range are drawn again (on average less than once).
 *
 * @throws {RangeError} unless low ≤ high are safe integers less than 2⁵³ apart.
 */
export function integerBetween(next: Generator, low: number, high: number): number {
  const count = high - low + 1;
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || count < 1 || count > 2 ** 53) {
    throw new RangeError(`no integer between ${low} and ${high}`);
  }
  const limit = 2 ** 53 - (2 ** 53 % count);
  let drawn = bits53(next);
  while (drawn >= limit) drawn = bits53(next);
  return low + (drawn % count);
}

/** One of a million evenly spaced values in [low, high), written with six decimals if that stays inside. */
export function shortFloat(next: Generator, low: number, high: number): number {
  const exact = low + (high - low) * (Math.floor(uniform(next) * 1e6) / 1e6);
  const short = Math.round(exact * 1e6) / 1e6;
  if (short >= low && short < high) return short;
  return exact < high ? exact : low;
}

const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const bits53 = (next: Generator): number => (next() >>> 5) * 2 ** 26 + (next() >>> 6);

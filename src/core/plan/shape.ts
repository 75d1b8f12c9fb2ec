import type { Stage } from "../suite/suite.ts";
import type { LoadShape } from "./arrivals.ts";

/** A rate over time as its cumulative rate Λ(t) = ∫₀ᵗ λ, in closed form, with its inverse. */
export type Curve = {
  readonly durationS: number;
  /** Λ(durationS). */
  readonly expected: number;
  /** Λ(t), ascending; t is brought into [0, durationS]. */
  readonly eventsBy: (seconds: number) => number;
  /**
   * Λ⁻¹(x) for x ∈ [0, expected]. Where the rate is zero for a while Λ is flat: the answer is then the end of that
   * pause, and never lies within one.
   */
  readonly secondOf: (events: number) => number;
};

/** @param stages rates in 1/s, at least one above 0; durations above 0. */
export function curveOf(stages: readonly Stage[]): Curve {
  const pieces = stages.map(pieceOf);
  const startS = sums(pieces.map(({ durationS }) => durationS));
  const before = sums(pieces.map(({ expected }) => expected));
  const durationS = startS[pieces.length]!;
  const expected = before[pieces.length]!;
  return {
    durationS,
    expected,
    eventsBy(seconds) {
      if (seconds >= durationS) return expected;
      const i = lastAtMost(startS, Math.max(0, seconds));
      return Math.min(before[i]! + pieces[i]!.eventsBy(Math.max(0, seconds) - startS[i]!), before[i + 1]!);
    },
    secondOf(events) {
      // Below the total, so that what lies behind the last event, a pause too, is never chosen.
      const x = Math.max(0, Math.min(events, below(expected)));
      const i = lastAtMost(before, x);
      return Math.min(startS[i]! + pieces[i]!.secondOf(x - before[i]!), below(startS[i + 1]!));
    },
  };
}

/**
 * The part of a curve from `fromS` to `toS`, on a clock of its own. Its number of arrivals is round(Λ(toS)) − round(Λ(fromS)):
 * windows side by side hold together exactly as many arrivals as one window over all of them.
 *
 * @param durationS toS − fromS, as the caller's blocks have it to the last bit.
 */
export function windowOf(curve: Curve, fromS: number, toS: number, durationS: number): LoadShape {
  const [low, high] = [curve.eventsBy(fromS), curve.eventsBy(toS)];
  return {
    durationS,
    expected: high - low,
    count: Math.round(high) - Math.round(low),
    // Below Λ(toS), so that no arrival falls into a pause that begins within the window.
    secondOf: (events) => Math.max(0, curve.secondOf(Math.min(low + events, below(high))) - fromS),
  };
}

type Piece = { readonly durationS: number; readonly expected: number } & Pick<Curve, "eventsBy" | "secondOf">;

const pieceOf = (stage: Stage): Piece => (stage.kind === "linear" ? line(stage) : wave(stage));

/** λ(t) = from + slope·t, so Λ(t) = from·t + slope·t²/2. */
function line({ durationS, from, to }: Stage & { readonly kind: "linear" }): Piece {
  const slope = (to - from) / durationS;
  const eventsBy = (t: number) => t * (from + (slope * t) / 2);
  return {
    durationS,
    expected: ((from + to) / 2) * durationS,
    eventsBy,
    secondOf(x) {
      // From nothing: no product that a tiny x could bring below the smallest double.
      if (from === 0) return Math.sqrt((2 * x) / slope);
      // The root in the form that subtracts nothing: exact for a slope near 0.
      return (2 * x) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * x)));
    },
  };
}

/** λ(t) = mean + swing·sin(2πt/T), so Λ(t) = mean·t + swing·(T/π)·sin²(πt/T): no cosine is subtracted from 1. */
function wave({ durationS, low, high, periodS }: Stage & { readonly kind: "sine" }): Piece {
  const mean = (low + high) / 2;
  const swing = (high - low) / 2;
  const eventsBy = (t: number) => mean * t + ((swing * periodS) / Math.PI) * Math.sin((Math.PI * t) / periodS) ** 2;
  const rateAt = (t: number) => mean + swing * Math.sin((2 * Math.PI * t) / periodS);
  const perPeriod = mean * periodS;
  return {
    durationS,
    expected: eventsBy(durationS),
    eventsBy,
    secondOf(x) {
      const whole = Math.floor(x / perPeriod);
      return whole * periodS + invert(eventsBy, rateAt, x - whole * perPeriod, periodS);
    },
  };
}

/** More than enough: bisection alone halves the widest bracket to two neighbouring doubles in fewer. */
const MOST_STEPS = 200;

/**
 * The root of f(t) = x in [0, end] for an ascending f: Newton's steps, and a bisection wherever one would leave the
 * bracket, as at the foot of a wave that touches zero. To the last bits of a double.
 */
function invert(f: (t: number) => number, slope: (t: number) => number, x: number, end: number): number {
  let [low, high] = [0, end];
  let t = (x / f(end)) * end;
  for (let step = 0; step < MOST_STEPS; step++) {
    const excess = f(t) - x;
    if (excess === 0) return t;
    if (excess > 0) high = t;
    else low = t;
    const newton = t - excess / slope(t);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - t) <= Number.EPSILON * t || next === low || next === high) return next;
    t = next;
  }
  return t;
}

/** 0 and the partial sums. */
function sums(values: readonly number[]): Float64Array {
  const result = new Float64Array(values.length + 1);
  for (const [i, value] of values.entries()) result[i + 1] = result[i]! + value;
  return result;
}

/** The last i below the end with border[i] ≤ value: of equal borders (a pause) the one behind it. */
function lastAtMost(borders: Float64Array, value: number): number {
  let [low, high] = [0, borders.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (borders[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}

/** A number just below a positive one. */
const below = (value: number): number => value * (1 - Number.EPSILON);

import { mean, sum } from "simple-statistics";

/**
 * Whether a series moved little by little rather than at once: a level, then a straight slope, then a level fits it
 * better than one step between two levels does. The slope spans {@link LEAST_SPAN} positions at least, or it would be a
 * step; it may begin with the first value and end with the last. It has one parameter more than the step, for which it
 * has to pay (BIC of normal errors).
 *
 * @returns false for fewer than {@link LEAST_SPAN} + 1 values. Adding a constant, or turning the sign, changes nothing.
 */
export function movesGradually(values: readonly number[]): boolean {
  const n = values.length;
  if (n <= LEAST_SPAN) return false;
  const step = Math.min(...Array.from({ length: n - 1 }, (_, i) => squares(values.slice(0, i + 1)) + squares(values.slice(i + 1))));
  let ramp = Number.POSITIVE_INFINITY;
  for (let from = 0; from + LEAST_SPAN < n; from++) {
    for (let to = from + LEAST_SPAN; to < n; to++) ramp = Math.min(ramp, rampSquares(values, from, to));
  }
  return n ** (1 / n) * ramp < step;
}

/** Positions that a slope spans at least. */
export const LEAST_SPAN = 4;

/** Squared distances from the best level. */
function squares(values: readonly number[]): number {
  const level = mean([...values]);
  return sum(values.map((value) => (value - level) ** 2));
}

/** Squared distances from the best ramp between two positions: a regression on a shape that runs from 0 to 1 between them. */
function rampSquares(values: readonly number[], from: number, to: number): number {
  const shape = values.map((_, i) => Math.min(1, Math.max(0, (i - from) / (to - from))));
  const [x, y] = [mean(shape), mean([...values])];
  const power = sum(shape.map((each) => (each - x) ** 2));
  const slope = sum(shape.map((each, i) => (each - x) * (values[i]! - y))) / power;
  return sum(values.map((value, i) => (value - y - slope * (shape[i]! - x)) ** 2));
}

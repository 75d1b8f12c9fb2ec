import { gammaln } from "simple-statistics";
import { oncePerNumbers } from "./remember.ts";

/*
 * simple-statistics has a table of the normal distribution (two digits of z) and no t, beta or F; these are the four we
 * need, to about 1e-12. Oracle: test/oracle/distributions.json, made by SciPy.
 */

/**
 * P(Z ≤ z) of the standard normal distribution, with a small relative error in the tails as well.
 *
 * Sources: series Marsaglia (2004), J. Stat. Softw. 11(4); tail: continued fraction of Mills' ratio (Laplace, 1805).
 */
export function normalCdf(z: number): number {
  if (z > 0) return 1 - normalCdf(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < -4) {
    let fraction = -z;
    for (let k = 80; k >= 1; k--) fraction = -z + k / fraction;
    return density / fraction;
  }
  let sum = z;
  for (let term = z, k = 3; sum + term !== sum || k === 3; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 + density * sum;
}

/** z with P(Z ≤ z) = p; ±Infinity at p = 1 and 0. To the last digits of {@link normalCdf}. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  return lowerNormalQuantile(p);
}

const lowerNormalQuantile = oncePerNumbers((p: number) => crossing((z) => normalCdf(z) - p, -40, 0));

/** P(T ≤ t) of Student's t with `df` > 0 degrees of freedom, not necessarily whole. */
export function studentCdf(t: number, df: number): number {
  const tail = studentTail(t, df);
  return t < 0 ? tail : 1 - tail;
}

/** t with P(T ≤ t) = p for 0 < p < 1 and df > 0; ±Infinity at p = 1 and 0. */
export function studentQuantile(p: number, df: number): number {
  if (p < 0.5) return -studentQuantile(1 - p, df);
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p === 0.5) return 0;
  return upperStudentQuantile(p, df);
}

/** The metrics of a comparison ask for the same few, again and again. */
const upperStudentQuantile = oncePerNumbers((p: number, df: number) => {
  let high = 1;
  while (studentTail(high, df) > 1 - p) high *= 2;
  return crossing((t) => 1 - p - studentTail(t, df), high > 1 ? high / 2 : 0, high);
});

/** P(T > |t|). */
const studentTail = (t: number, df: number): number => betaCdf(df / (df + t * t), df / 2, 0.5) / 2;

/**
 * Regularised incomplete beta function I_x(a, b): P(X ≤ x) of the beta distribution with a, b > 0. With it,
 * P(at least k of n) at a chance x each is I_x(k, n − k + 1).
 *
 * Source: continued fraction of DLMF 8.17.22, evaluated by Lentz's method.
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return Math.min(1, front * fraction);
}

/** x with I_x(a, b) = p, for 0 ≤ p ≤ 1. */
export const betaQuantile = (p: number, a: number, b: number): number =>
  p <= 0 ? 0 : p >= 1 ? 1 : crossing((x) => betaCdf(x, a, b) - p, 0, 1);

/**
 * Where a function that is negative at `low` and not at `high` reaches 0, to the last digit or two: bisection that goes
 * by inverse quadratic interpolation where the function is smooth enough for it. Of several such points, any.
 *
 * @param within a distance from the crossing that is near enough.
 * @returns `low` where the function is not negative even there, `high` where it still is.
 *
 * Source: Chandrupatla (1997), Adv. Eng. Softw. 28(3).
 */
export function crossing(f: (x: number) => number, low: number, high: number, within = 0): number {
  // The crossing lies between points 1, the newest, and 2; point 3 is the one that was given up last.
  let [x1, x2, x3] = [high, low, high];
  let [f1, f2, f3] = [f(high), f(low), 0];
  if (!(f2 < 0)) return low;
  if (f1 < 0) return high;
  // A root at 0 has no last digit: there the range that was given sets the scale.
  const smallest = Number.EPSILON * (high - low);
  for (let share = 0.5; ; ) {
    const x = x1 + share * (x2 - x1);
    const value = f(x);
    if (value < 0 === f1 < 0) [x3, f3] = [x1, f1];
    else [x3, f3, x2, f2] = [x2, f2, x1, f1];
    [x1, f1] = [x, value];
    const best = Math.abs(f1) < Math.abs(f2) ? x1 : x2;
    const least = Math.max(within, Number.EPSILON * Math.max(Math.abs(best), smallest)) / Math.abs(x2 - x1);
    if (value === 0 || !(least < 0.5)) return best;
    const chi = (x1 - x2) / (x3 - x2);
    const phi = (f1 - f2) / (f3 - f2);
    const isSmooth = phi ** 2 < chi && (1 - phi) ** 2 < 1 - chi;
    const step = (f1 / (f2 - f1)) * (f3 / (f2 - f3)) + ((x3 - x1) / (x2 - x1)) * (f1 / (f3 - f1)) * (f2 / (f3 - f2));
    share = isSmooth ? Math.min(1 - least, Math.max(least, step)) : 0.5;
  }
}

const guard = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);

const logBeta = (a: number, b: number): number => gammaln(a) + gammaln(b) - gammaln(a + b);

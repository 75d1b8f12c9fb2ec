import { crossing, normalCdf, normalQuantile } from "./distributions.ts";

/**
 * One planned look at growing evidence. `information` is in any unit, as long as 1/variance of the estimate is
 * proportional to it; `spent` is the share of the level that may be used up to and with this look, in (0, 1]. Both
 * ascend from look to look.
 */
export type Look = { readonly information: number; readonly spent: number };

/**
 * One-sided level at which the last of several looks may reject, so that all of them together reject a true hypothesis
 * with probability `alpha` × `spent` of that look, and no more. With one look that spends everything it is `alpha`.
 *
 * Exact for estimates with independent increments: the boundaries are solved one after the other by integrating the
 * density of what has not been rejected yet (Armitage, McPherson & Rowe 1969, J. R. Stat. Soc. A 132; alpha spending:
 * Lan & DeMets 1983, Biometrika 70). Looks need not be planned in number or time, only their spending must not depend
 * on what was seen.
 *
 * @param looks at least one. A look that brings no information rejects where the one before did.
 * @param alpha in (0, 0.5).
 */
export function nominalLevel(looks: readonly Look[], alpha: number): number {
  const [first, ...later] = looks;
  if (first === undefined) throw new RangeError("a test needs a look");
  let level = alpha * first.spent;
  let boundary = -normalQuantile(level);
  let open: Density = standardNormal;
  let before = first;
  for (const look of later) {
    const correlation = Math.sqrt(before.information / look.information);
    const spread = Math.sqrt(1 - correlation ** 2);
    if (!(spread > LEAST_SPREAD)) continue;
    const points = weigh(open, boundary, spread);
    const may = alpha * (look.spent - before.spent);
    const passing = (z: number) => integrate(points, (x) => normalCdf((correlation * x - z) / spread));
    boundary = crossing((z) => may - passing(z), 0, HIGHEST);
    level = normalCdf(-boundary);
    open = (z) => integrate(points, (x) => standardNormal((z - correlation * x) / spread) / spread);
    before = look;
  }
  return level;
}

/**
 * Share of the level that may be spent when a share `t` of the largest possible information has been seen: its root (the
 * power family of Kim & DeMets 1987, Biometrika 74, with exponent 1/2). It spends early, for tests that often end long
 * before the largest information, and still leaves something for every later look. 0 at 0, 1 at 1.
 */
export const rootSpending = (t: number): number => Math.sqrt(Math.min(1, Math.max(0, t)));

/** The density, over z, of the runs that no look has ended yet. */
type Density = (z: number) => number;
/** A density as masses at points. */
type Points = { readonly z: Float64Array; readonly mass: Float64Array };

const LOWEST = -8.5;
const HIGHEST = 40;
/** Evidence that grew by less than a millionth tells nothing new. */
const LEAST_SPREAD = 1e-3;

/** Points of a Gauss–Legendre quadrature below the boundary, dense enough for a kernel as narrow as `spread`. */
function weigh(density: Density, boundary: number, spread: number): Points {
  const to = Math.min(boundary, -LOWEST);
  const half = (to - LOWEST) / 2;
  const { nodes, weights } = gaussLegendre(Math.ceil(Math.max(64, (8 * half) / spread)));
  const z = nodes.map((node) => LOWEST + half * (1 + node));
  return { z, mass: weights.map((weight, i) => half * weight * density(z[i]!)) };
}

function integrate({ z, mass }: Points, value: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += mass[i]! * value(z[i]!);
  return sum;
}

/** Nodes in [−1, 1] and weights, by Newton's method on the Legendre polynomial (Abramowitz & Stegun 1964, 25.4.29). */
function gaussLegendre(count: number): { readonly nodes: Float64Array; readonly weights: Float64Array } {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 1; Math.abs(step) > 1e-15; x -= step) {
      let [previous, value] = [1, x];
      for (let k = 2; k <= count; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
      slope = (count * (x * value - previous)) / (x * x - 1);
      step = value / slope;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

const standardNormal = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

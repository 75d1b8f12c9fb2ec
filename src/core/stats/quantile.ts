import type { Bins } from "./bins.ts";

/**
 * The value below which a share p of a distribution lies: the smallest x with F(x) ≥ p, where F rises log-linearly
 * inside a bin (so that quantiles of a scaled distribution scale with it).
 *
 * @param p any number; 0 and less gives the lower edge of the lowest bin, 1 and more the upper edge of the highest.
 * @returns a value > 0 in the unit of the bins, or undefined for an empty distribution. O(bins).
 */
export function quantileOf(bins: Bins, p: number): number | undefined {
  const log = logQuantile(bins, p);
  return log === undefined ? undefined : Math.exp(log);
}

/** Natural logarithm of {@link quantileOf}: differences of it are log ratios. */
export function logQuantile(bins: Bins, p: number): number | undefined {
  const last = bins.low.length - 1;
  if (last < 0) return undefined;
  const rank = Math.min(Math.max(p, 0), 1) * bins.total;
  let below = 0;
  for (let i = 0; i <= last; i++) {
    const count = bins.count[i]!;
    // The last bin takes what rounding leaves over.
    if (below + count >= rank || i === last) {
      const [low, high] = logEdges(bins, i);
      return low + (high - low) * Math.min(Math.max((rank - below) / count, 0), 1);
    }
    below += count;
  }
  return undefined;
}

/**
 * Share of the distribution above `value`, by the same interpolation as {@link quantileOf}.
 *
 * @param logValue natural logarithm of the value; −Infinity is allowed.
 * @returns a share in [0, 1]; 0 for an empty distribution. O(bins).
 */
export function exceedance(bins: Bins, logValue: number): number {
  let above = 0;
  for (let i = bins.low.length - 1; i >= 0; i--) {
    const [low, high] = logEdges(bins, i);
    if (logValue >= high) break;
    above += bins.count[i]! * (logValue <= low ? 1 : (high - logValue) / (high - low));
  }
  return bins.total === 0 ? 0 : above / bins.total;
}

/** A bin that starts at 0 has no logarithm there; it is read as its upper half, so a value under 1 µs counts as 0.5 to 1 µs. */
function logEdges(bins: Bins, i: number): readonly [number, number] {
  const high = bins.high[i]!;
  return [Math.log(bins.low[i]! > 0 ? bins.low[i]! : high / 2), Math.log(high)];
}

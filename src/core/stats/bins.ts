/**
 * A distribution as counts in disjoint, ascending bins: what a histogram keeps and what all our statistics read.
 * Values are in the metric's base unit (seconds). Every bin holds at least one value, 0 ≤ low[i] < high[i] ≤ low[i + 1].
 * Distributions recorded with the same settings share one grid: equal values fall into bins with equal bounds.
 */
export type Bins = {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly count: Float64Array;
  /** Sum of `count`; 0 for an empty distribution. */
  readonly total: number;
};

export const EMPTY_BINS: Bins = { low: new Float64Array(), high: new Float64Array(), count: new Float64Array(), total: 0 };

/**
 * Adds distributions that share one grid. Cost: O(total number of bins × log of it).
 *
 * @returns empty bins for no input; the order of the parts does not matter.
 */
export function mergeBins(parts: readonly Bins[]): Bins {
  const filled = parts.filter((part) => part.total > 0);
  if (filled.length <= 1) return filled[0] ?? EMPTY_BINS;
  const byLow = new Map<number, { high: number; count: number }>();
  for (const part of filled) {
    for (let i = 0; i < part.low.length; i++) {
      const bin = byLow.get(part.low[i]!);
      if (bin === undefined) byLow.set(part.low[i]!, { high: part.high[i]!, count: part.count[i]! });
      else bin.count += part.count[i]!;
    }
  }
  const lows = Float64Array.from(byLow.keys()).sort();
  const high = new Float64Array(lows.length);
  const count = new Float64Array(lows.length);
  let total = 0;
  lows.forEach((low, i) => {
    const bin = byLow.get(low)!;
    high[i] = bin.high;
    count[i] = bin.count;
    total += bin.count;
  });
  return { low: lows, high, count, total };
}

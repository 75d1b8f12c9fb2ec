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
 * Adds distributions that share one grid. Cost: O(total number of bins × log of the number of parts).
 *
 * @returns empty bins for no input; the order of the parts does not matter.
 */
export function mergeBins(parts: readonly Bins[]): Bins {
  let layer = parts.filter((part) => part.total > 0);
  while (layer.length > 1) {
    layer = layer.flatMap((part, i) => (i % 2 === 1 ? [] : i + 1 < layer.length ? [mergeTwo(part, layer[i + 1]!)] : [part]));
  }
  return layer[0] ?? EMPTY_BINS;
}

function mergeTwo(a: Bins, b: Bins): Bins {
  const most = a.low.length + b.low.length;
  const low = new Float64Array(most);
  const high = new Float64Array(most);
  const count = new Float64Array(most);
  let size = 0;
  for (let i = 0, k = 0; i < a.low.length || k < b.low.length; size++) {
    const fromA = k >= b.low.length || (i < a.low.length && a.low[i]! <= b.low[k]!);
    const fromB = i >= a.low.length || (k < b.low.length && b.low[k]! <= a.low[i]!);
    low[size] = fromA ? a.low[i]! : b.low[k]!;
    high[size] = fromA ? a.high[i]! : b.high[k]!;
    count[size] = (fromA ? a.count[i]! : 0) + (fromB ? b.count[k]! : 0);
    if (fromA) i++;
    if (fromB) k++;
  }
  return { low: low.subarray(0, size), high: high.subarray(0, size), count: count.subarray(0, size), total: a.total + b.total };
}

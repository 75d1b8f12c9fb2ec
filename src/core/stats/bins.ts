import { cellFrom, EDGES_S } from "./grid.ts";
import { oncePerList } from "./remember.ts";

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
 * Adds distributions that share one grid. Cost: O(total number of bins) on the grid that tailgate records on, times the
 * log of the number of parts on any other; nothing for parts that were added before.
 *
 * @returns empty bins for no input; the order of the parts does not matter.
 */
export function mergeBins(parts: readonly Bins[]): Bins {
  const filled = parts.filter((part) => part.total > 0);
  return filled.length < 2 ? (filled[0] ?? EMPTY_BINS) : mergeFilled(filled);
}

const mergeFilled = oncePerList((parts: readonly Bins[]): Bins => {
  const cells = parts.map(cellsOf);
  if (cells.every((own) => own !== undefined)) return mergeOnGrid(parts, cells);
  let layer = parts;
  while (layer.length > 1) {
    layer = layer.flatMap((part, i) => (i % 2 === 1 ? [] : i + 1 < layer.length ? [mergeTwo(part, layer[i + 1]!)] : [part]));
  }
  return layer[0]!;
});

/**
 * How many values lie in the bins before each: `before[i]` is the sum of `count[0 … i − 1]`, `before[bins]` the total.
 * Kept with the bins.
 */
export function cumulativeCounts(bins: Bins): Float64Array {
  const known = CUMULATIVE.get(bins);
  if (known !== undefined) return known;
  const before = new Float64Array(bins.count.length + 1);
  for (let i = 0; i < bins.count.length; i++) before[i + 1] = before[i]! + bins.count[i]!;
  CUMULATIVE.set(bins, before);
  return before;
}

const CUMULATIVE = new WeakMap<Bins, Float64Array>();

/**
 * Bins on the grid of `grid.ts`.
 *
 * @param cells ascending numbers of cells, `count` how many values each of them holds, > 0.
 */
export function binsOfCells(cells: Uint16Array, count: Float64Array): Bins {
  const low = new Float64Array(cells.length);
  const high = new Float64Array(cells.length);
  let total = 0;
  for (let i = 0; i < cells.length; i++) {
    low[i] = EDGES_S[cells[i]!]!;
    high[i] = EDGES_S[cells[i]! + 1]!;
    total += count[i]!;
  }
  const bins: Bins = { low, high, count, total };
  CELLS.set(bins, cells);
  return bins;
}

/** The cell of each bin; undefined where some bin is none. */
function cellsOf(bins: Bins): Uint16Array | undefined {
  const known = CELLS.get(bins);
  if (known !== undefined) return known;
  const cells = new Uint16Array(bins.low.length);
  for (let i = 0; i < cells.length; i++) {
    const cell = cellFrom(bins.low[i]!, bins.high[i]!);
    if (cell === undefined) return undefined;
    cells[i] = cell;
  }
  CELLS.set(bins, cells);
  return cells;
}

const CELLS = new WeakMap<Bins, Uint16Array>();

function mergeOnGrid(parts: readonly Bins[], cells: readonly Uint16Array[]): Bins {
  if (parts.length === 2) return mergeTwoOnGrid(parts as Two<Bins>, cells as Two<Uint16Array>);
  const first = cells.reduce((least, own) => Math.min(least, own[0]!), Number.POSITIVE_INFINITY);
  const last = cells.reduce((most, own) => Math.max(most, own.at(-1)!), 0);
  const counts = new Float64Array(last - first + 1);
  parts.forEach(({ count }, part) => {
    const own = cells[part]!;
    for (let i = 0; i < own.length; i++) counts[own[i]! - first]! += count[i]!;
  });
  let size = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) size++;
  const filled = new Uint16Array(size);
  const count = new Float64Array(size);
  for (let i = 0, bin = 0; bin < size; i++) {
    if (counts[i] === 0) continue;
    filled[bin] = first + i;
    count[bin++] = counts[i]!;
  }
  return binsOfCells(filled, count);
}

type Two<T> = readonly [T, T];

/** Two short histograms lie on thousands of cells, most of them empty: they are merged as lists. */
function mergeTwoOnGrid([a, b]: Two<Bins>, [cellsA, cellsB]: Two<Uint16Array>): Bins {
  const cells = new Uint16Array(cellsA.length + cellsB.length);
  const count = new Float64Array(cells.length);
  let size = 0;
  for (let i = 0, k = 0; i < cellsA.length || k < cellsB.length; size++) {
    const ofA = i < cellsA.length ? cellsA[i]! : Number.POSITIVE_INFINITY;
    const ofB = k < cellsB.length ? cellsB[k]! : Number.POSITIVE_INFINITY;
    cells[size] = Math.min(ofA, ofB);
    count[size] = (ofA <= ofB ? a.count[i++]! : 0) + (ofB <= ofA ? b.count[k++]! : 0);
  }
  return binsOfCells(cells.slice(0, size), count.slice(0, size));
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
  return { low: low.slice(0, size), high: high.slice(0, size), count: count.slice(0, size), total: a.total + b.total };
}

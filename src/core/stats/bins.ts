import { CELLS, cellFrom, EDGES_S } from "./grid.ts";
import { oncePerList } from "./remember.ts";

/**
 * A distribution as counts in disjoint, ascending bins: what a histogram keeps and what all our statistics read.
 * Values are in the metric's base unit (seconds). Every bin holds at least one value, 0 ≤ low[i] < high[i] ≤ low[i + 1].
 * Distributions recorded with the same settings share one grid: equal values fall into bins with equal bounds.
 */
export type Bins = {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly count: Counts;
  /** Sum of `count`; 0 for an empty distribution. */
  readonly total: number;
};

/** Whole numbers below 2³² need half the space, and nearly every histogram holds no others. */
export type Counts = Uint32Array | Float64Array;

/** Whole numbers ≥ 0 as counts, copied. */
export const countsOf = (numbers: ArrayLike<number>, total: number): Counts =>
  total < 2 ** 32 ? new Uint32Array(numbers) : new Float64Array(numbers);

/** Room for counts that are made of others and add up to `total`. */
const countsFrom = (parts: readonly Counts[], length: number, total: number): Counts =>
  total < 2 ** 32 && parts.every((part) => part instanceof Uint32Array) ? new Uint32Array(length) : new Float64Array(length);

export const EMPTY_BINS: Bins = { low: new Float64Array(), high: new Float64Array(), count: new Uint32Array(), total: 0 };

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
  const scaled = commonScaling(parts);
  if (scaled !== undefined) return scaleBins(mergeBins(scaled.from), scaled.factor);
  const cells = parts.map(cellsOf);
  if (cells.every((own) => own !== undefined)) return mergeOnGrid(parts, cells);
  let layer = parts;
  while (layer.length > 1) {
    layer = layer.flatMap((part, i) => (i % 2 === 1 ? [] : i + 1 < layer.length ? [mergeTwo(part, layer[i + 1]!)] : [part]));
  }
  return layer[0]!;
});

/** Every value times a factor > 0. The result is on a grid of its own; it costs nothing until somebody asks for its edges. */
export function scaleBins(bins: Bins, factor: number): Bins {
  if (bins.total === 0) return EMPTY_BINS;
  const known = SCALED_TO.get(bins);
  if (known?.factor === factor) return known.bins;
  const times = (edges: Float64Array): Float64Array => {
    const values = new Float64Array(edges.length);
    for (let i = 0; i < edges.length; i++) values[i] = edges[i]! * factor;
    return values;
  };
  const scaled = withEdges(bins.count, bins.total, (side) => times(bins[side]));
  const cells = onGrid(bins);
  if (cells !== undefined) PLACES.set(scaled, { cells, factor });
  SCALED_TO.set(bins, { bins: scaled, factor });
  SCALED_FROM.set(scaled, { bins, factor });
  return scaled;
}

/** What all of these were scaled from by one factor; undefined where they were not. */
export function commonScaling(parts: readonly Bins[]): { readonly from: readonly Bins[]; readonly factor: number } | undefined {
  const scalings = parts.map((part) => SCALED_FROM.get(part));
  const factor = scalings[0]?.factor;
  return factor !== undefined && scalings.every((scaling) => scaling?.factor === factor)
    ? { from: scalings.map((scaling) => scaling!.bins), factor }
    : undefined;
}

type Scaling = { readonly bins: Bins; readonly factor: number };
const SCALED_TO = new WeakMap<Bins, Scaling>();
const SCALED_FROM = new WeakMap<Bins, Scaling>();

/** Bins whose edges are worked out when they are first read: those of a block that is only merged never are. */
function withEdges(count: Counts, total: number, edges: (side: "low" | "high") => Float64Array): Bins {
  let low: Float64Array | undefined;
  let high: Float64Array | undefined;
  return {
    get low() {
      return (low ??= edges("low"));
    },
    get high() {
      return (high ??= edges("high"));
    },
    count,
    total,
  };
}

/**
 * How many values lie in the bins before each: `before[i]` is the sum of `count[0 … i − 1]`, `before[bins]` the total.
 * Kept with the counts, which scaled bins share.
 */
export function cumulativeCounts({ count, total }: Bins): Counts {
  const known = CUMULATIVE.get(count);
  if (known !== undefined) return known;
  const before = countsFrom([count], count.length + 1, total);
  for (let i = 0, sum = 0; i < count.length; i++) before[i + 1] = sum += count[i]!;
  CUMULATIVE.set(count, before);
  return before;
}

/** The bins that begin at a value or above it. O(log bins), and what they hold. */
export function binsAbove(bins: Bins, value: number): Bins {
  const size = bins.count.length;
  const from = firstEdge(bins, "low", (edge) => edge >= value);
  if (from === 0) return bins;
  if (from === size) return EMPTY_BINS;
  const count = bins.count.slice(from);
  const cells = onGrid(bins);
  if (cells !== undefined) return binsOfCells(cells.slice(from), count);
  return { low: bins.low.slice(from), high: bins.high.slice(from), count, total: sumOf(count) };
}

/**
 * The first bin whose lower or upper edge fulfils a condition that holds for all later ones as well; the number of bins
 * where none does. Like {@link edgesOf} it works out no other edges.
 */
export function firstEdge(bins: Bins, side: "low" | "high", holds: (edge: number) => boolean): number {
  const place = PLACES.get(bins);
  if (place === undefined) {
    const edges = bins[side];
    return firstWhere(edges.length, (i) => holds(edges[i]!));
  }
  const { cells, factor } = place;
  const offset = side === "low" ? 0 : 1;
  return firstWhere(cells.length, (i) => holds(EDGES_S[cells[i]! + offset]! * factor));
}

/** The edges of one bin: the numbers of `low[i]` and `high[i]`. */
export function edgesOf(bins: Bins, i: number): readonly [low: number, high: number] {
  const place = PLACES.get(bins);
  if (place === undefined) return [bins.low[i]!, bins.high[i]!];
  const { cells, factor } = place;
  return [EDGES_S[cells[i]!]! * factor, EDGES_S[cells[i]! + 1]! * factor];
}

/** The least whole number in [0, end] from which on a condition holds, taking for granted that it does at `end`. */
export function firstWhere(end: number, holds: (i: number) => boolean): number {
  let [from, to] = [0, end];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

const CUMULATIVE = new WeakMap<Counts, Counts>();

/**
 * Bins on the grid of `grid.ts`.
 *
 * @param cells ascending numbers of cells, `count` how many values each of them holds, > 0.
 */
export function binsOfCells(cells: Uint16Array, count: Counts): Bins {
  const edges = (offset: 0 | 1): Float64Array => {
    const values = new Float64Array(cells.length);
    for (let i = 0; i < cells.length; i++) values[i] = EDGES_S[cells[i]! + offset]!;
    return values;
  };
  const bins = withEdges(count, sumOf(count), (side) => edges(side === "low" ? 0 : 1));
  PLACES.set(bins, { cells, factor: 1 });
  return bins;
}

function sumOf(count: Counts): number {
  let sum = 0;
  for (let i = 0; i < count.length; i++) sum += count[i]!;
  return sum;
}

/** The cell of each bin; undefined where some bin is none. */
export function cellsOf(bins: Bins): Uint16Array | undefined {
  const known = onGrid(bins);
  if (known !== undefined) return known;
  const { low, high } = bins;
  const cells = new Uint16Array(low.length);
  for (let i = 0; i < cells.length; i++) {
    const cell = cellFrom(low[i]!, high[i]!);
    if (cell === undefined) return undefined;
    cells[i] = cell;
  }
  PLACES.set(bins, { cells, factor: 1 });
  return cells;
}

/** The cells of bins that are known to lie on the grid. */
function onGrid(bins: Bins): Uint16Array | undefined {
  const place = PLACES.get(bins);
  return place?.factor === 1 ? place.cells : undefined;
}

/** Where bins are that lie on the grid, or did before all their values were multiplied by `factor`. */
export type Place = { readonly cells: Uint16Array; readonly factor: number };

/** Undefined for bins of any other kind. */
export const placeOf = (bins: Bins): Place | undefined => PLACES.get(bins);

const PLACES = new WeakMap<Bins, Place>();

function mergeOnGrid(parts: readonly Bins[], cells: readonly Uint16Array[]): Bins {
  const first = cells.reduce((least, own) => Math.min(least, own[0]!), Number.POSITIVE_INFINITY);
  const last = cells.reduce((most, own) => Math.max(most, own.at(-1)!), 0);
  // Two short histograms lie on thousands of cells, most of them empty.
  const isSparse = parts.length === 2 && cells[0]!.length + cells[1]!.length < (last - first) / 4;
  if (isSparse) return mergeTwoOnGrid(parts as Two<Bins>, cells as Two<Uint16Array>);
  let size = 0;
  parts.forEach(({ count }, part) => {
    const own = cells[part]!;
    for (let i = 0; i < own.length; i++) {
      const cell = own[i]!;
      if (SUMS[cell] === 0) size++;
      SUMS[cell]! += count[i]!;
    }
  });
  const filled = new Uint16Array(size);
  const count = countsOfAll(parts, size);
  for (let cell = first, bin = 0; bin < size; cell++) {
    if (SUMS[cell] === 0) continue;
    filled[bin] = cell;
    count[bin++] = SUMS[cell]!;
    SUMS[cell] = 0;
  }
  return binsOfCells(filled, count);
}

const countsOfAll = (parts: readonly Bins[], length: number): Counts =>
  countsFrom(
    parts.map(({ count }) => count),
    length,
    parts.reduce((sum, { total }) => sum + total, 0),
  );

/** One place to add in, since thousands of lists are merged in a comparison; zero between two of them. */
const SUMS = new Float64Array(CELLS);

type Two<T> = readonly [T, T];

function mergeTwoOnGrid([a, b]: Two<Bins>, [cellsA, cellsB]: Two<Uint16Array>): Bins {
  const cells = new Uint16Array(cellsA.length + cellsB.length);
  const count = countsOfAll([a, b], cells.length);
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
  const [lowA, lowB] = [a.low, b.low];
  const most = lowA.length + lowB.length;
  const low = new Float64Array(most);
  const high = new Float64Array(most);
  const count = new Float64Array(most);
  let size = 0;
  for (let i = 0, k = 0; i < lowA.length || k < lowB.length; size++) {
    const fromA = k >= lowB.length || (i < lowA.length && lowA[i]! <= lowB[k]!);
    const fromB = i >= lowA.length || (k < lowB.length && lowB[k]! <= lowA[i]!);
    low[size] = fromA ? lowA[i]! : lowB[k]!;
    high[size] = fromA ? a.high[i]! : b.high[k]!;
    count[size] = (fromA ? a.count[i]! : 0) + (fromB ? b.count[k]! : 0);
    if (fromA) i++;
    if (fromB) k++;
  }
  return { low: low.slice(0, size), high: high.slice(0, size), count: count.slice(0, size), total: a.total + b.total };
}

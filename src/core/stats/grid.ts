/** Below 2^FINE_BITS µs a cell is 1 µs wide; every doubling above it has half as many cells. */
const FINE_BITS = 11;
const HALF = 2 ** (FINE_BITS - 1);
/** How many cells there are. */
export const CELLS = (32 - FINE_BITS + 2) * HALF;

/**
 * The grid of an HdrHistogram of microseconds with three significant digits: cells 1 µs wide up to 2.048 ms, from there
 * on 1024 cells to each doubling, up to 2³² µs. Cell i reaches from `EDGES_S[i]` to `EDGES_S[i + 1]`, in seconds; bins that
 * were recorded on it hold these very numbers, so that equal edges are equal bits.
 */
export const EDGES_S: Float64Array = edgesS();

/** Natural logarithms of {@link EDGES_S}; −Infinity at the first. */
export const LOG_EDGES: Float64Array = EDGES_S.map(Math.log);

/** The cell that begins at `lowS` seconds and ends at `highS`; undefined where the grid has none such. */
export function cellFrom(lowS: number, highS: number): number | undefined {
  const us = Math.round(lowS * 1e6);
  const doubling = Math.max(0, 32 - FINE_BITS - Math.clz32(us));
  const cell = doubling * HALF + Math.floor(us / 2 ** doubling);
  return EDGES_S[cell] === lowS && EDGES_S[cell + 1] === highS ? cell : undefined;
}

function edgesS(): Float64Array {
  const edges = new Float64Array(CELLS + 1);
  for (let i = 0; i <= CELLS; i++) {
    const doubling = Math.max(0, Math.floor(i / HALF) - 1);
    edges[i] = ((i - doubling * HALF) * 2 ** doubling) / 1e6;
  }
  return edges;
}

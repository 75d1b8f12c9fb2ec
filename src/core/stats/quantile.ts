import { type Bins, cumulativeCounts, edgesOf, firstEdge, firstWhere, type Place, placeOf } from "./bins.ts";
import { LOG_EDGES } from "./grid.ts";

/**
 * The value below which a share p of a distribution lies: the smallest x with F(x) ≥ p, where F rises log-linearly
 * inside a bin (so that quantiles of a scaled distribution scale with it).
 *
 * @param p any number; 0 and less gives the lower edge of the lowest bin, 1 and more the upper edge of the highest.
 * @returns a value > 0 in the unit of the bins, or undefined for an empty distribution. O(log bins) from the second on.
 */
export function quantileOf(bins: Bins, p: number): number | undefined {
  const log = logQuantile(bins, p);
  return log === undefined ? undefined : Math.exp(log);
}

/** Natural logarithm of {@link quantileOf}: differences of it are log ratios. */
export function logQuantile(bins: Bins, p: number): number | undefined {
  const last = bins.count.length - 1;
  if (last < 0) return undefined;
  const rank = Math.min(Math.max(p, 0), 1) * bins.total;
  const before = cumulativeCounts(bins);
  // The last bin takes what rounding leaves over.
  const bin = firstWhere(last, (i) => before[i + 1]! >= rank);
  const [low, high] = logEdges(bins, placeOf(bins), bin);
  return low + (high - low) * Math.min(Math.max((rank - before[bin]!) / bins.count[bin]!, 0), 1);
}

/**
 * Share of the distribution above `value`, by the same interpolation as {@link quantileOf}.
 *
 * @param logValue natural logarithm of the value; −Infinity is allowed.
 * @returns a share in [0, 1]; 0 for an empty distribution. O(log bins) from the second on.
 */
export const exceedance = (bins: Bins, logValue: number): number => exceedanceOf(bins)(logValue);

/** {@link exceedance} of one distribution at many values: a comparison asks some hundred thousand times. */
export function exceedanceOf(bins: Bins): (logValue: number) => number {
  const place = placeOf(bins);
  const before = cumulativeCounts(bins);
  const { count, total } = bins;
  return (logValue) => {
    const bin = firstAbove(bins, place, logValue);
    if (bin === count.length) return 0;
    const [low, high] = logEdges(bins, place, bin);
    const above = total - before[bin + 1]! + count[bin]! * (logValue <= low ? 1 : (high - logValue) / (high - low));
    return above / total;
  };
}

/** The first bin whose upper edge lies above a value, by the logarithms of both; the number of bins where there is none. */
export const firstBinAbove = (bins: Bins, logValue: number): number => firstAbove(bins, placeOf(bins), logValue);

function firstAbove(bins: Bins, place: Place | undefined, logValue: number): number {
  const size = bins.count.length;
  let bin: number;
  if (place === undefined) {
    const value = Math.exp(logValue);
    bin = firstEdge(bins, "high", (edge) => edge > value);
  } else {
    const { cells, factor } = place;
    const onCells = factor === 1 ? logValue : logValue - Math.log(factor);
    bin = firstWhere(size, (i) => LOG_EDGES[cells[i]! + 1]! > onCells);
    if (factor === 1) return bin;
  }
  // Sums, exponentials and logarithms may disagree in the last digit, and a value at an edge is where it matters.
  while (bin > 0 && Math.log(edgesOf(bins, bin - 1)[1]) > logValue) bin--;
  while (bin < size && Math.log(edgesOf(bins, bin)[1]) <= logValue) bin++;
  return bin;
}

/** A bin that starts at 0 has no logarithm there; it is read as its upper half, so a value under 1 µs counts as 0.5 to 1 µs. */
function logEdges(bins: Bins, place: Place | undefined, i: number): readonly [number, number] {
  if (place?.factor === 1 && place.cells[i]! > 0) return [LOG_EDGES[place.cells[i]!]!, LOG_EDGES[place.cells[i]! + 1]!];
  const [low, high] = edgesOf(bins, i);
  return [Math.log(low > 0 ? low : high / 2), Math.log(high)];
}

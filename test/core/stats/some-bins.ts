import fc from "fast-check";
import { Distribution } from "../../../src/core/record/distribution.ts";
import type { Bins } from "../../../src/core/stats/bins.ts";

/** Bins of values in seconds, through the product's own histogram. */
export function binsOf(valuesS: Iterable<number>): Bins {
  const distribution = new Distribution();
  for (const value of valuesS) distribution.recordNs(value * 1e9);
  return distribution.bins();
}

/** Counts on a grid of bins [1, 2), [2, 3), …: empty bins are left out, as everywhere. */
export function gridBins(counts: readonly number[]): Bins {
  const filled = counts.flatMap((count, i) => (count > 0 ? [{ low: i + 1, count }] : []));
  return {
    low: Float64Array.from(filled, ({ low }) => low),
    high: Float64Array.from(filled, ({ low }) => low + 1),
    count: Float64Array.from(filled, ({ count }) => count),
    total: filled.reduce((sum, { count }) => sum + count, 0),
  };
}

/** Latencies between 1 ms and 10 s. */
export const latencies = (least = 1) => fc.array(fc.double({ min: 0.001, max: 10, noNaN: true }), { minLength: least, maxLength: 60 });

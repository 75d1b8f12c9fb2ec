import fc from "fast-check";
import { expect, test } from "vitest";
import { Distribution, decodeBins } from "../../../src/core/record/distribution.ts";
import { binsAbove, cumulativeCounts, EMPTY_BINS, edgesOf, firstEdge, mergeBins, scaleBins } from "../../../src/core/stats/bins.ts";
import { exceedance } from "../../../src/core/stats/quantile.ts";
import { binsOf, latencies } from "./some-bins.ts";

test("merging is the same as having recorded everything together", () => {
  fc.assert(
    fc.property(fc.array(latencies(), { maxLength: 7 }), (parts) => {
      const merged = mergeBins(parts.map(binsOf));
      const together = binsOf(parts.flat());
      expect([merged.total, [...merged.low], [...merged.high], [...merged.count]]).toEqual([
        together.total,
        [...together.low],
        [...together.high],
        [...together.count],
      ]);
    }),
  );
});

test("nothing merged is empty, and empty parts add nothing", () => {
  const bins = binsOf([0.01, 0.02]);
  expect(mergeBins([])).toBe(EMPTY_BINS);
  expect(mergeBins([EMPTY_BINS, bins, EMPTY_BINS])).toBe(bins);
});

test("more values than 32 bits count are counted, in one histogram and in the sum of several", () => {
  const histogram = (times: number) => {
    const distribution = new Distribution();
    distribution.recordNs(10e6, times);
    distribution.recordNs(20e6, times);
    return decodeBins(distribution.encode());
  };
  for (const parts of [[5e9], [1e9, 1.5e9], [1e9, 1.5e9, 2e9], [2e9, 5e9]]) {
    const each = parts.reduce((sum, times) => sum + times, 0);
    const bins = mergeBins(parts.map(histogram));
    expect([...bins.count, bins.total]).toEqual([each, each, 2 * each]);
    expect([...cumulativeCounts(bins)]).toEqual([0, each, 2 * each]);
    expect(exceedance(bins, Math.log(0.015))).toBe(0.5);
  }
});

test("one edge is the number that all of them hold, on the grid, scaled and on any other", () => {
  fc.assert(
    fc.property(latencies(), fc.double({ min: 0.5, max: 2, noNaN: true }), (values, factor) => {
      const onGrid = mergeBins([binsOf(values), binsOf(values)]);
      for (const bins of [onGrid, scaleBins(onGrid, factor), scaleBins(scaleBins(onGrid, factor), factor)]) {
        const before = Array.from(bins.count, (_, i) => edgesOf(bins, i));
        expect(before).toEqual(Array.from(bins.low, (low, i) => [low, bins.high[i]]));
        for (const value of [0, ...bins.low, ...bins.high]) {
          expect(firstEdge(bins, "low", (edge) => edge >= value)).toBe(firstIndex(bins.low, (edge) => edge >= value));
          expect(firstEdge(bins, "high", (edge) => edge > value)).toBe(firstIndex(bins.high, (edge) => edge > value));
        }
      }
    }),
  );
});

test("the bins above a value are those that begin there or later, with all that they hold", () => {
  fc.assert(
    fc.property(latencies(), fc.nat(), (values, at) => {
      for (const bins of [binsOf(values), mergeBins([binsOf(values), binsOf([1])]), scaleBins(binsOf(values), 3)]) {
        const value = bins.low[at % bins.low.length]!;
        const from = firstIndex(bins.low, (edge) => edge >= value);
        const above = binsAbove(bins, value);
        expect([[...above.low], [...above.high], [...above.count]]).toEqual(
          [bins.low, bins.high, bins.count].map((all) => Array.from(all.slice(from))),
        );
        expect(above.total).toBe([...above.count].reduce((sum, n) => sum + n, 0));
      }
      expect(binsAbove(binsOf(values), 1e9)).toBe(EMPTY_BINS);
    }),
  );
});

const firstIndex = (edges: Float64Array, holds: (edge: number) => boolean): number => {
  const found = edges.findIndex(holds);
  return found < 0 ? edges.length : found;
};

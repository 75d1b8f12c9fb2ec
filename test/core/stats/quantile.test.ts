import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bins, EMPTY_BINS, mergeBins, scaleBins } from "../../../src/core/stats/bins.ts";
import { exceedance, firstBinAbove, logQuantile, quantileOf } from "../../../src/core/stats/quantile.ts";
import { binsOf, gridBins, latencies } from "./some-bins.ts";

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

test("a quantile lies within a bin's width of the same value sorted by hand", () => {
  fc.assert(
    fc.property(latencies(), share, (values, p) => {
      const sorted = values.toSorted((a, b) => a - b);
      const expected = sorted[Math.max(0, Math.ceil(p * sorted.length - 1e-9) - 1)]!;
      expect(Math.abs(quantileOf(binsOf(values), p)! / expected - 1)).toBeLessThan(0.002);
    }),
  );
});

test("inside a bin the quantile rises log-linearly", () => {
  const bins = gridBins([0, 0, 0, 4]);
  expect(quantileOf(bins, 0.5)).toBeCloseTo(Math.sqrt(4 * 5), 12);
  expect([quantileOf(bins, 0), quantileOf(bins, 1)]).toEqual([4, 5].map((edge) => expect.closeTo(edge, 12)));
});

test("the share above a quantile is what the quantile was asked for", () => {
  fc.assert(
    fc.property(latencies(), share, (values, p) => {
      const bins = binsOf(values);
      expect(exceedance(bins, logQuantile(bins, p)!)).toBeCloseTo(1 - p, 9);
    }),
  );
});

test("a quantile never falls as p grows", () => {
  fc.assert(
    fc.property(latencies(), share, share, (values, p, q) => {
      const bins = binsOf(values);
      expect(quantileOf(bins, Math.max(p, q))!).toBeGreaterThanOrEqual(quantileOf(bins, Math.min(p, q))!);
    }),
  );
});

test("the order in which parts are merged does not matter", () => {
  fc.assert(
    fc.property(fc.array(latencies(), { minLength: 1, maxLength: 5 }), share, (parts, p) => {
      const bins = parts.map(binsOf);
      expect(quantileOf(mergeBins(bins.toReversed()), p)).toBe(quantileOf(mergeBins(bins), p));
    }),
  );
});

test("values under a microsecond read as half a microsecond to a microsecond", () => {
  const bins = binsOf([0, 0, 0, 0]);
  expect(quantileOf(bins, 0)).toBeCloseTo(0.5e-6, 12);
  expect(quantileOf(bins, 1)).toBeCloseTo(1e-6, 12);
  expect(exceedance(bins, Number.NEGATIVE_INFINITY)).toBe(1);
});

test("an empty distribution has no quantile and exceeds nothing", () => {
  expect(quantileOf(EMPTY_BINS, 0.5)).toBeUndefined();
  expect(exceedance(EMPTY_BINS, 0)).toBe(0);
});

test("bins whose values were all multiplied answer as if they had been made so", () => {
  fc.assert(
    fc.property(latencies(), fc.double({ min: 0.5, max: 3, noNaN: true }), share, (values, factor, p) => {
      const scaled = scaleBins(binsOf(values), factor);
      const { low, high, count, total } = scaled;
      const made = { low, high, count, total };
      expect(logQuantile(scaled, p)).toBe(logQuantile(made, p));
      // Edges are where an ulp decides.
      for (const log of [...low, ...high, 0.5, 20].map(Math.log)) {
        expect(firstBinAbove(scaled, log)).toBe(firstBinAbove(made, log));
        expect(exceedance(scaled, log)).toBe(exceedance(made, log));
      }
    }),
  );
});

test.each([0.7, 1.1, 1.3])("every edge of bins that were multiplied by %d is found where it lies, to the last digit", (factor) => {
  // Merging places them on the grid, as the blocks of a record are.
  const [even, odd] = [0, 1].map((from) => binsOf(Array.from({ length: 1000 }, (_, i) => 0.003 * 1.004 ** (2 * i + from))));
  const scaled = scaleBins(mergeBins([even!, odd!]), factor);
  const { low, high, count, total } = scaled;
  const found = (bins: Bins) => [...high].map((edge) => firstBinAbove(bins, Math.log(edge)));
  expect(found(scaled)).toEqual(found({ low, high, count, total }));
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { type BinsPair, pairedQuantiles } from "../../../src/core/stats/paired-quantiles.ts";
import { binsOf, latencies } from "./some-bins.ts";

const units = fc
  .array(fc.tuple(latencies(20), latencies(20)), { minLength: 3, maxLength: 8 })
  .map((pairs): readonly BinsPair[] => pairs.map(([base, head]) => ({ base: binsOf(base), head: binsOf(head) })));
const median = (pairs: readonly BinsPair[]) => pairedQuantiles(pairs, 0.5)!;

test("swapping the arms mirrors the estimate and its bounds", () => {
  fc.assert(
    fc.property(units, (pairs) => {
      const there = median(pairs);
      const back = median(pairs.map(({ base, head }) => ({ base: head, head: base })));
      expect(back.estimate).toBeCloseTo(-there.estimate, 12);
      if (Number.isFinite(there.spread!.above(1.8)) && Number.isFinite(back.spread!.above(1.8))) {
        expect(back.spread!.below(1.8)).toBeCloseTo(there.spread!.above(1.8), 9);
        expect(back.spread!.above(1.8)).toBeCloseTo(there.spread!.below(1.8), 9);
      }
    }),
  );
});

test("scaling the head by a factor moves the estimate by its logarithm", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(latencies(20), latencies(20)), { minLength: 2, maxLength: 5 }),
      fc.double({ min: 0.5, max: 3, noNaN: true }),
      (pairs, factor) => {
        const scaled = (by: number) =>
          median(pairs.map(([base, head]) => ({ base: binsOf(base), head: binsOf(head.map((value) => value * by)) })));
        // Three significant digits: a value may move by a bin.
        expect(scaled(factor).estimate - scaled(1).estimate).toBeCloseTo(Math.log(factor), 2);
      },
    ),
  );
});

test("equal arms differ by nothing, with an interval around it", () => {
  fc.assert(
    fc.property(fc.array(latencies(20), { minLength: 2, maxLength: 6 }), (blocks) => {
      const { estimate, spread } = median(blocks.map((values) => ({ base: binsOf(values), head: binsOf(values) })));
      expect(estimate).toBe(0);
      expect(spread!.below(2)).toBeGreaterThan(0);
    }),
  );
});

test("bounds move outwards as more certainty is asked for", () => {
  fc.assert(
    fc.property(units, fc.double({ min: 0.1, max: 6, noNaN: true }), fc.double({ min: 0.1, max: 6, noNaN: true }), (pairs, s, t) => {
      const { spread } = median(pairs);
      // The last bits of a product and a quotient are no law.
      expect(spread!.below(Math.max(s, t)) * (1 + 1e-12)).toBeGreaterThanOrEqual(spread!.below(Math.min(s, t)));
    }),
  );
});

test("the order of the units does not matter", () => {
  fc.assert(
    fc.property(units, (pairs) => {
      const [there, back] = [median(pairs), median(pairs.toReversed())];
      expect(back.estimate).toBe(there.estimate);
      expect(back.spread!.below(2)).toBeCloseTo(there.spread!.below(2), 12);
    }),
  );
});

test("blocks of unequal size weigh as much as they hold", () => {
  const block = (n: number, scale: number) => binsOf(Array.from({ length: n }, (_, i) => scale * (0.01 + 0.0001 * i)));
  const { estimate } = median([
    { base: block(500, 1), head: block(500, 1) },
    { base: block(500, 1), head: block(5, 100) },
  ]);
  expect(estimate).toBeLessThan(0.05);
});

test("one unit has an estimate and no spread, none has nothing", () => {
  const pair = { base: binsOf([0.01, 0.02]), head: binsOf([0.02, 0.04]) };
  expect(pairedQuantiles([pair], 0.5)).toMatchObject({ estimate: expect.closeTo(Math.log(2), 2), spread: undefined });
  expect(pairedQuantiles([], 0.5)).toBeUndefined();
});

test("a tail of too few requests has no upper bound", () => {
  const block = (seed: number) => binsOf(Array.from({ length: 30 }, (_, i) => 0.01 * (1 + ((i * 7 + seed * 13) % 30))));
  const pairs = Array.from({ length: 4 }, (_, i) => ({ base: block(i), head: block(i + 9) }));
  expect(pairedQuantiles(pairs, 0.999)!.spread!.above(2)).toBe(Number.POSITIVE_INFINITY);
  expect(pairedQuantiles(pairs, 0.5)!.spread!.above(2)).toBeLessThan(1);
});

test("a percentile beyond which one arm has nothing left sets no lower bound", () => {
  // Ten of a thousand requests of the head are slow, and none of the base: at p99 no more than that can be seen.
  const quick = Array.from({ length: 250 }, (_, i) => 0.01 * (1 + i / 250));
  const pairs = Array.from({ length: 4 }, () => ({ base: binsOf(quick), head: binsOf([...quick.slice(0, 245), 1, 1, 1, 1, 1]) }));
  const { estimate, spread } = pairedQuantiles(pairs, 0.99)!;
  expect(estimate).toBeGreaterThan(3);
  expect(spread!.below(2)).toBeLessThan(estimate);
  expect(spread!.below(20)).toBe(Number.POSITIVE_INFINITY);
});

test.each([1, 2, 3, 5])("slow requests in %i of twenty blocks are worth a t of its root, however slow they are", (full) => {
  const block = (scale: number) => binsOf(Array.from({ length: 200 }, (_, i) => scale * (0.01 + 0.00001 * i)));
  const pairs = Array.from({ length: 20 }, (_, i) => ({ base: block(1), head: block(i < full ? 50 : 1) }));
  const { estimate, spread } = pairedQuantiles(pairs, 0.99)!;
  const noChange = (t: number): boolean => spread!.below(t) >= estimate;
  expect(estimate).toBeGreaterThan(3);
  // The share of slow requests is the same in all of these blocks: Student's t of k ones among 20 is √(19 k / (20 − k)).
  const t = Math.sqrt((19 * full) / (20 - full));
  expect(noChange(1.03 * t)).toBe(true);
  expect(noChange(0.97 * t)).toBe(false);
});

test("where the test falls silent again further out, the further bound counts", () => {
  // One request in eighty is slow in every block of the head alone: so far all blocks agree. Beyond that a single block, slower as a whole, holds all.
  const block = (head: boolean, scale: number) =>
    binsOf(Array.from({ length: 480 }, (_, i) => (head && i % 80 === 0 ? 1 : scale * (0.01 + 0.000001 * i))));
  const pairs = Array.from({ length: 20 }, (_, i) => ({ base: block(false, 1), head: block(true, i === 7 ? 1.5 : 1) }));
  const { spread } = pairedQuantiles(pairs, 0.99)!;
  expect(spread!.below(1)).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(spread!.below(5)).toBe(Number.POSITIVE_INFINITY);
});

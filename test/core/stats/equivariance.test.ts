import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bins, mergeBins, scaleBins } from "../../../src/core/stats/bins.ts";
import { clusteredMannWhitney, mannWhitney } from "../../../src/core/stats/mann-whitney.ts";
import { type BinsPair, pairedQuantiles } from "../../../src/core/stats/paired-quantiles.ts";
import { exceedance, logQuantile } from "../../../src/core/stats/quantile.ts";
import { pairedRatioError, ratioError, ratioOf } from "../../../src/core/stats/ratio-of-sums.ts";
import { armQuantile, quantileBounds } from "../../../src/core/stats/woodruff.ts";
import { binsOf, latencies } from "./some-bins.ts";

const units = fc
  .array(fc.tuple(latencies(20), latencies(20)), { minLength: 3, maxLength: 8 })
  .map((pairs): readonly BinsPair[] => pairs.map(([base, head]) => ({ base: binsOf(base), head: binsOf(head) })));
const factor = fc.double({ min: 0.2, max: 5, noNaN: true });
const share = fc.constantFrom(0.5, 0.75, 0.9);

const scaled = (pairs: readonly BinsPair[], base: number, head: number): readonly BinsPair[] =>
  pairs.map((pair) => ({ base: scaleBins(pair.base, base), head: scaleBins(pair.head, head) }));
/** Without anything that is remembered about it. */
const copyOf = ({ low, high, count, total }: Bins): Bins => ({ low: low.slice(), high: high.slice(), count: count.slice(), total });
const close = (found: number, known: number) =>
  expect(Math.abs(found - known), `${found}, ${known}`).toBeLessThan(1e-9 * (1 + Math.abs(known)));

/** Finite bounds agree to 1e-9; a bound that the data does not set is set for neither. */
function closeOrNone(found: number | undefined, known: number | undefined): void {
  if (found === undefined || known === undefined || !Number.isFinite(known)) expect(found).toBe(known);
  else close(found, known);
}

describe("the shift of a percentile", () => {
  test("does not see a factor on both arms", () => {
    fc.assert(
      fc.property(units, factor, share, (pairs, c, p) => {
        const [plain, both] = [pairedQuantiles(pairs, p)!, pairedQuantiles(scaled(pairs, c, c), p)!];
        close(both.estimate, plain.estimate);
        for (const t of [0.5, 2, 4]) {
          closeOrNone(both.spread!.below(t), plain.spread!.below(t));
          closeOrNone(both.spread!.above(t), plain.spread!.above(t));
        }
      }),
    );
  });

  test("grows by the logarithm of a factor on the head, and so do its bounds, unless they stop at no change", () => {
    fc.assert(
      fc.property(units, fc.double({ min: 1, max: 5, noNaN: true }), share, (pairs, c, p) => {
        const [plain, worse] = [pairedQuantiles(pairs, p)!, pairedQuantiles(scaled(pairs, 1, c), p)!];
        close(worse.estimate, plain.estimate + Math.log(c));
        for (const t of [0.5, 2, 4]) {
          const [low, high] = [plain, worse].map(({ estimate, spread }) => [estimate - spread!.below(t), estimate + spread!.above(t)]);
          // A bound at no change was put there by the score test: what it would have been is not known.
          for (const side of [0, 1]) if (low![side] !== 0 && high![side] !== 0) closeOrNone(high![side], low![side]! + Math.log(c));
        }
      }),
    );
  });
});

test("the bounds of one arm move with its values", () => {
  fc.assert(
    fc.property(fc.array(latencies(30), { minLength: 2, maxLength: 12 }), factor, share, (parts, c, p) => {
      const blocks = parts.map(binsOf);
      const levels = { low: 0.05, high: 0.05 };
      const plain = quantileBounds(blocks, p, levels);
      // As numbers without a history, so that nothing of the plain ones can be taken over.
      const moved = quantileBounds(
        blocks.map((block) => copyOf(scaleBins(block, c))),
        p,
        levels,
      );
      const remembered = quantileBounds(
        blocks.map((block) => scaleBins(block, c)),
        p,
        levels,
      );
      for (const side of ["low", "high"] as const) {
        closeOrNone(moved[side], plain[side] === undefined ? undefined : plain[side] + Math.log(c));
        closeOrNone(remembered[side], moved[side]);
      }
      const moving = armQuantile(
        blocks.map((block) => scaleBins(block, c)),
        p,
      )!;
      close(moving.log, armQuantile(blocks, p)!.log + Math.log(c));
    }),
  );
});

describe("how values are stored does not matter", () => {
  const parts = fc.array(latencies(), { minLength: 1, maxLength: 9 });

  test("merged at once, in any order, in groups, or on no grid", () => {
    fc.assert(
      fc.property(parts, fc.nat(8), share, (values, cut, p) => {
        const bins = values.map(binsOf);
        const known = mergeBins(bins);
        const grouped = mergeBins([mergeBins(bins.slice(0, cut)), mergeBins(bins.slice(cut))]);
        // Edges that lie a trifle beside the grid: the way that other histograms take.
        const beside = mergeBins(bins.map((part) => copyOf(scaleBins(part, 1 + 1e-9))));
        for (const merged of [mergeBins(bins.toReversed()), grouped]) expect(copyOf(merged)).toEqual(copyOf(known));
        expect([beside.total, [...beside.count]]).toEqual([known.total, [...known.count]]);
        close(logQuantile(beside, p)!, logQuantile(known, p)! + Math.log(1 + 1e-9));
      }),
    );
  });

  test("a block's histogram split in two gives the same shift and the same rank test", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(latencies(20), latencies(20)), { minLength: 3, maxLength: 6 }), fc.nat(20), (pairs, cut) => {
        const whole = pairs.map(([base, head]) => ({ base: binsOf(base), head: binsOf(head) }));
        const inTwo = (values: readonly number[]) => mergeBins([binsOf(values.slice(0, cut)), binsOf(values.slice(cut))]);
        const split = pairs.map(([base, head]) => ({ base: inTwo(base), head: inTwo(head) }));
        const [a, b] = [pairedQuantiles(whole, 0.5)!, pairedQuantiles(split, 0.5)!];
        expect([b.estimate, b.spread!.below(2)]).toEqual([a.estimate, a.spread!.below(2)]);
        expect(clusteredMannWhitney(split)).toEqual(clusteredMannWhitney(whole));
      }),
    );
  });

  test("what is remembered of a list is what a fresh copy of it gives", () => {
    fc.assert(
      fc.property(units, factor, share, (pairs, c, p) => {
        for (const of of [pairs, scaled(pairs, 1, c), scaled(pairs, c, 1), pairs]) {
          const fresh = of.map(({ base, head }) => ({ base: copyOf(base), head: copyOf(head) }));
          expect(clusteredMannWhitney(of)).toEqual(clusteredMannWhitney(fresh));
          const [known, again] = [pairedQuantiles(of, p)!, pairedQuantiles(fresh, p)!];
          expect([again.estimate, again.spread!.below(2)]).toEqual([known.estimate, known.spread!.below(2)]);
        }
      }),
    );
  });
});

describe("the Mann–Whitney test", () => {
  test("sees the order of values only: not their unit", () => {
    fc.assert(
      fc.property(units, factor, (pairs, c) => {
        const [plain, both] = [clusteredMannWhitney(pairs)!, clusteredMannWhitney(scaled(pairs, c, c))!];
        close(both.p, plain.p);
        close(both.cliffsDelta, plain.cliffsDelta);
      }),
    );
  });

  test("never finds a head smaller that was made larger", () => {
    fc.assert(
      fc.property(latencies(5), latencies(5), fc.double({ min: 1, max: 5, noNaN: true }), (base, head, c) => {
        const superiority = (by: number) => mannWhitney(binsOf(base), binsOf(head.map((value) => value * by)))!.superiority;
        expect(superiority(c)).toBeGreaterThanOrEqual(superiority(1) - 1e-12);
      }),
    );
  });
});

describe("a rate", () => {
  const clusters = fc.array(
    fc.record({ part: fc.double({ min: 1, max: 100, noNaN: true }), whole: fc.double({ min: 1, max: 100, noNaN: true }) }),
    { minLength: 3, maxLength: 10 },
  );
  const times = (shares: readonly { part: number; whole: number }[], c: number) =>
    shares.map(({ part, whole }) => ({ part: part * c, whole }));

  test("moves with its unit, and its relative error does not", () => {
    fc.assert(
      fc.property(clusters, factor, (shares, c) => {
        close(ratioOf(times(shares, c)), c * ratioOf(shares));
        close(ratioError(times(shares, c), "log")!, ratioError(shares, "log")!);
        close(ratioError(times(shares, c), "linear")! / c, ratioError(shares, "linear")!);
      }),
    );
  });

  test("differs from another by as much as that one from it, in any order of the units", () => {
    fc.assert(
      fc.property(clusters, clusters, (a, b) => {
        const pairs = a.slice(0, b.length).map((base, i) => ({ base, head: b[i]! }));
        const swapped = pairs.map(({ base, head }) => ({ base: head, head: base }));
        for (const scale of ["log", "linear"] as const) {
          close(pairedRatioError(swapped, scale)!, pairedRatioError(pairs, scale)!);
          close(pairedRatioError(pairs.toReversed(), scale)!, pairedRatioError(pairs, scale)!);
        }
      }),
    );
  });
});

test("the share beyond a value falls as the value grows, and reaches both ends", () => {
  fc.assert(
    fc.property(latencies(), fc.double({ min: -8, max: 4, noNaN: true }), fc.double({ min: -8, max: 4, noNaN: true }), (values, a, b) => {
      const bins = binsOf(values);
      expect(exceedance(bins, Math.min(a, b))).toBeGreaterThanOrEqual(exceedance(bins, Math.max(a, b)));
      expect([exceedance(bins, -20), exceedance(bins, 20)]).toEqual([1, 0]);
    }),
  );
});

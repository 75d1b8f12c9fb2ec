import fc from "fast-check";
import { expect, test } from "vitest";
import { EMPTY_BINS, scaleBins } from "../../../src/core/stats/bins.ts";
import { clusteredMannWhitney, mannWhitney, runsMannWhitney } from "../../../src/core/stats/mann-whitney.ts";
import oracle from "../../oracle/mann-whitney.json" with { type: "json" };
import { binsOf, gridBins, latencies } from "./some-bins.ts";

test("U and p from histograms agree with SciPy to 1e-9", () => {
  expect(oracle.cases.length).toBeGreaterThan(5);
  for (const { base, head, u, pGreater } of oracle.cases) {
    const found = mannWhitney(gridBins(base), gridBins(head))!;
    expect(found.u).toBeCloseTo(u, 6);
    expect(Math.abs(found.p - pGreater)).toBeLessThan(1e-9);
  }
});

test("the published example of five tied bins comes out", () => {
  const { u, superiority, p } = mannWhitney(gridBins([1, 3, 4, 2, 1]), gridBins([0, 2, 3, 5, 1]))!;
  expect([u, superiority, p]).toEqual([78.5, expect.closeTo(0.64876, 6), expect.closeTo(0.116067, 6)]);
});

test("U of both directions adds up to the number of pairs", () => {
  fc.assert(
    fc.property(latencies(), latencies(), (a, b) => {
      const [one, other] = [mannWhitney(binsOf(a), binsOf(b))!, mannWhitney(binsOf(b), binsOf(a))!];
      expect(one.u + other.u).toBeCloseTo(a.length * b.length, 6);
    }),
  );
});

test("all values equal is no evidence", () => {
  expect(mannWhitney(binsOf([0.01, 0.01]), binsOf([0.01, 0.01, 0.01]))).toEqual({ u: 3, superiority: 0.5, p: 1 });
  const pair = { base: binsOf([0.01, 0.01]), head: binsOf([0.01, 0.01]) };
  expect(clusteredMannWhitney([pair, pair, pair])).toEqual({ p: 1, cliffsDelta: 0 });
});

test("disjoint histograms are the largest shift there is", () => {
  const pair = (shift: number) => ({ base: binsOf([0.01, 0.011 + shift]), head: binsOf([1, 1.1 + shift]) });
  const found = clusteredMannWhitney([pair(0), pair(0.001), pair(0.002)])!;
  expect(found.cliffsDelta).toBe(1);
  expect(found.p).toBeLessThan(0.01);
});

test("swapping the arms turns the shift around", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(latencies(2), latencies(2)), { minLength: 2, maxLength: 5 }), (pairs) => {
      const there = clusteredMannWhitney(pairs.map(([base, head]) => ({ base: binsOf(base), head: binsOf(head) })))!;
      const back = clusteredMannWhitney(pairs.map(([base, head]) => ({ base: binsOf(head), head: binsOf(base) })))!;
      expect(back.cliffsDelta).toBeCloseTo(-there.cliffsDelta, 9);
      if (Math.abs(there.cliffsDelta) > 1e-9 && there.p > 1e-6 && there.p < 1 - 1e-6) expect(back.p).toBeCloseTo(1 - there.p, 6);
    }),
  );
});

test("one cluster, no values and too few runs give no answer", () => {
  const values = binsOf([0.01, 0.02]);
  expect(clusteredMannWhitney([{ base: values, head: values }])).toBeUndefined();
  expect(mannWhitney(EMPTY_BINS, values)).toBeUndefined();
  expect(runsMannWhitney([values, values], [values])).toBeUndefined();
  expect(runsMannWhitney([values, values, EMPTY_BINS], [values])).toBeUndefined();
});

test("a head like the stored runs is no surprise, one far above all of them is", () => {
  const run = (scale: number) => binsOf(Array.from({ length: 50 }, (_, i) => scale * (0.01 + 0.001 * i)));
  const bases = [run(1), run(1.02), run(0.99), run(1.01)];
  expect(runsMannWhitney(bases, [run(1.005)])!.p).toBeGreaterThan(0.2);
  expect(runsMannWhitney(bases, [run(2)])!.p).toBeLessThan(0.001);
  expect(runsMannWhitney(bases, [run(0.5)])!.p).toBeGreaterThan(0.99);
});

test("says the same of bins on the grid as of the same bins anywhere else", () => {
  fc.assert(
    fc.property(latencies(), latencies(), (a, b) => {
      const [base, head] = [binsOf(a), binsOf(b)];
      // Twice the value is the same order, on a grid of its own.
      const elsewhere = mannWhitney(scaleBins(base, 2), scaleBins(head, 2))!;
      expect(mannWhitney(base, head)!.superiority).toBeCloseTo(elsewhere.superiority, 14);
    }),
  );
});

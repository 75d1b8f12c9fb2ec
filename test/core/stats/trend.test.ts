import fc from "fast-check";
import { expect, test } from "vitest";
import { theilSenSlope, trendOf } from "../../../src/core/stats/trend.ts";
import oracle from "../../oracle/trend.json" with { type: "json" };

test("S, its variance, p and slope agree with SciPy and pymannkendall to 1e-9", () => {
  expect(oracle.cases.length).toBeGreaterThan(20);
  for (const { at, values, s, variance, p, slope, ...corrected } of oracle.cases) {
    const found = trendOf(at, values)!;
    expect(found.s).toBe(s);
    expect(found.slope).toBeCloseTo(slope, 9);
    // The oracle's correction takes ranks around the trend over the number of a value, ours over its position.
    const evenly = trendOf([...values.keys()], values)!;
    expect(evenly.variance).toBeCloseTo(Math.max(variance, corrected.correctedVariance), 6);
    expect(evenly.p).toBeCloseTo(Math.max(p, corrected.correctedP), 9);
  }
});

test("some of the oracle's series depend on their neighbours, some do not, some have ties", () => {
  const factors = oracle.cases.map(({ variance, correctedVariance }) => correctedVariance / variance);
  expect(factors.some((factor) => factor > 1.1)).toBe(true);
  expect(factors.some((factor) => factor === 1)).toBe(true);
  expect(oracle.cases.some(({ values }) => new Set(values).size < values.length)).toBe(true);
});

const series = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 40 });
const positions = (values: readonly number[]) => [...values.keys()];

test("the reversed series has the opposite trend", () => {
  fc.assert(
    fc.property(series, (values) => {
      const [there, back] = [trendOf(positions(values), values)!, trendOf(positions(values), values.toReversed())!];
      expect(back.s).toBe(there.s === 0 ? 0 : -there.s);
      expect(back.slope).toBeCloseTo(-there.slope, 9);
      expect(back.p).toBeCloseTo(there.p, 9);
    }),
  );
});

test("shift and scale leave the test alone and scale the slope", () => {
  fc.assert(
    fc.property(series, fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 9 }), (values, shift, scale) => {
      const one = trendOf(positions(values), values)!;
      const other = trendOf(
        positions(values),
        values.map((value) => shift + scale * value),
      )!;
      expect(other.s).toBe(one.s);
      expect(other.slope).toBeCloseTo(scale * one.slope, 6);
    }),
  );
});

test("a straight line has its slope and no doubt, equal values no trend", () => {
  const line = trendOf([0, 1, 3, 7, 8, 9, 12, 20], [5, 7, 11, 19, 21, 23, 29, 45])!;
  expect(line.slope).toBe(2);
  expect(line.s).toBe(28);
  expect(line.p).toBeLessThan(0.001);
  expect(trendOf([0, 1, 2, 3], [5, 5, 5, 5])).toEqual({ s: 0, variance: 0, p: 1, slope: 0 });
});

test("a quarter of the values may be anything", () => {
  const values = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 1e6 * (i % 3) : 3 * i));
  expect(theilSenSlope(positions(values), values)).toBeCloseTo(3, 0);
});

test("fewer than four values show nothing", () => {
  expect(trendOf([0, 1, 2], [1, 2, 3])).toBeUndefined();
});

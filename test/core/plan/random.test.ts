import fc from "fast-check";
import { expect, test } from "vitest";
import { exponential, type Generator, integerBetween, stream, uniform, xoshiro128 } from "../../../src/core/plan/random.ts";

const take = <T>(n: number, draw: () => T): T[] => Array.from({ length: n }, draw);

test("xoshiro128** gives the numbers of its authors' C code", () => {
  // Printed by xoshiro128starstar.c (Blackman & Vigna, 2018) with the state set to these words.
  expect(take(10, xoshiro128([1, 2, 3, 4]))).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
  expect(take(10, xoshiro128([0xdeadbeef, 0xffffffff, 0x80000001, 7]))).toEqual([
    4294962679, 3132620587, 3132385003, 805201337, 4083257498, 4122874618, 802716120, 3600153257, 355047149, 3490636815,
  ]);
});

test("the state that never moves is refused", () => {
  expect(() => xoshiro128([0, 0, 0, 0])).toThrow(RangeError);
});

test("a stream never changes between versions: stored baselines replay it", () => {
  expect(take(4, stream(42, "arrivals", "steady"))).toMatchInlineSnapshot(`
    [
      3094337930,
      4226314011,
      818857224,
      2310936925,
    ]
  `);
});

test("streams of other seeds or names are unrelated, and a name's borders count", () => {
  const first = (next: Generator): string => take(4, next).join();
  const streams = [
    stream(1, "a", "bc"),
    stream(1, "ab", "c"),
    stream(1, "abc"),
    stream(2, "a", "bc"),
    stream(1, "a", "bc", 0),
    stream(-1, "abc"),
    stream(1.5, "abc"),
  ];
  expect(new Set(streams.map(first)).size).toBe(streams.length);
});

test("the same seed and names give the same words", () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.string()), (seed, names) => {
      expect(take(8, stream(seed, ...names))).toEqual(take(8, stream(seed, ...names)));
    }),
  );
});

test("uniform stays in [0, 1) and fills it evenly", () => {
  const next = stream(7, "uniform");
  const bins = Array.from({ length: 20 }, () => 0);
  for (let i = 0; i < 100_000; i++) bins[Math.floor(uniform(next) * 20)]!++;
  const chi2 = bins.reduce((sum, n) => sum + (n - 5000) ** 2 / 5000, 0);
  expect(bins).toHaveLength(20);
  // The 99.99 % point of chi-squared with 19 degrees of freedom; the seed is fixed.
  expect(chi2).toBeLessThan(50.8);
});

test("uniform uses all 53 bits: the extreme words give 0 and the largest double below 1", () => {
  expect(uniform(() => 0)).toBe(0);
  expect(uniform(() => 0xffffffff)).toBe(1 - 2 ** -53);
});

test("exponential has mean 1 and variance 1, and is finite for every word", () => {
  const next = stream(7, "exponential");
  const values = take(100_000, () => exponential(next));
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  expect(mean).toBeCloseTo(1, 1);
  expect(variance).toBeCloseTo(1, 1);
  expect(exponential(() => 0)).toBe(0);
  expect(exponential(() => 0xffffffff)).toBeCloseTo(53 * Math.LN2, 10);
});

test("integers stay between their bounds, both reachable", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 0, max: 6 }), (seed, low, more) => {
      const next = stream(seed, "integers");
      const seen = new Set(take(200, () => integerBetween(next, low, low + more)));
      expect([...seen].toSorted((a, b) => a - b)).toEqual(Array.from({ length: more + 1 }, (_, i) => low + i));
    }),
  );
});

test("integers carry no modulo bias: words beyond the last whole multiple are drawn again", () => {
  // Three fit 2⁵³ − 2 times exactly; the two largest values of 53 bits must be thrown away.
  const words = [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff << 6, 0, 64];
  expect(integerBetween(() => words.shift()! >>> 0, 0, 2)).toBe(1);
  expect(words).toEqual([]);
});

test("a range without whole numbers is refused", () => {
  const next = stream(1);
  for (const [low, high] of [
    [1, 0],
    [0.5, 2],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ] as const) {
    expect(() => integerBetween(next, low, high)).toThrow(RangeError);
  }
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { arrivals, constantRate, type LoadShape } from "../../../src/core/plan/arrivals.ts";
import { stream } from "../../../src/core/plan/random.ts";

const rates = fc.double({ min: 0.1, max: 2000, noNaN: true });
const durations = fc.double({ min: 0.5, max: 5, noNaN: true });
const kinds = fc.constantFrom("constant", "poisson" as const);

test("both kinds offer exactly round(rate × duration) arrivals, ascending, inside the segment", () => {
  fc.assert(
    fc.property(kinds, rates, durations, fc.integer(), (kind, rate, duration, seed) => {
      const times = arrivals(kind, constantRate(rate, duration), stream(seed));
      expect(times).toHaveLength(Math.round(rate * duration));
      expect(times.every((t, i) => t >= 0 && t < duration && (i === 0 || t >= times[i - 1]!))).toBe(true);
    }),
  );
});

test("constant arrivals are evenly spaced, half a step from both ends", () => {
  expect([...arrivals("constant", constantRate(4, 1), stream(1))]).toEqual([0.125, 0.375, 0.625, 0.875]);
});

test("a count that had to be rounded still fills the segment evenly", () => {
  expect([...arrivals("constant", constantRate(2.5, 1), stream(1))].map((t) => t.toFixed(6))).toEqual(["0.166667", "0.500000", "0.833333"]);
});

test("less than half an expected arrival is none", () => {
  expect(arrivals("poisson", constantRate(0.4, 1), stream(1))).toHaveLength(0);
});

test("the last arrival stays inside even if every gap is nothing", () => {
  // Words of zero make all gaps zero but the last two, so that the last arrival takes the whole length.
  const words = [0, 0, 0, 0, 0xffffffff, 0xffffffff, 0, 0];
  const times = arrivals("poisson", constantRate(3, 1), () => words.shift()!);
  expect([...times].every((t) => t < 1)).toBe(true);
});

test("Poisson gaps are exponential: Kolmogorov's distance stays below its 0.1 % bound", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const rate = 200;
    const times = arrivals("poisson", constantRate(rate, 100), stream(seed, "ks"));
    const gaps = Float64Array.from(times, (t, i) => t - (i === 0 ? 0 : times[i - 1]!)).sort();
    const distance = gaps.reduce((worst, gap, i) => {
      const expected = 1 - Math.exp(-gap * rate);
      return Math.max(worst, Math.abs(expected - i / gaps.length), Math.abs((i + 1) / gaps.length - expected));
    }, 0);
    expect(distance).toBeLessThan(1.95 / Math.sqrt(gaps.length));
  }
});

test("Poisson arrivals cluster: counts per window vary as Poisson counts do", () => {
  const times = arrivals("poisson", constantRate(100, 1000), stream(11));
  const counts = new Float64Array(10_000);
  for (const t of times) counts[Math.floor(t / 0.1)]!++;
  const variance = counts.reduce((sum, n) => sum + (n - 10) ** 2, 0) / counts.length;
  expect(variance / 10).toBeGreaterThan(0.93);
  expect(variance / 10).toBeLessThan(1.07);
});

test("any shape with an inverse gives arrivals at its own rate", () => {
  // A ramp from 0 to 100/s over 10 s: Λ(t) = 5 t².
  const ramp: LoadShape = { durationS: 10, expected: 500, count: 500, secondOf: (events) => Math.sqrt(events / 5) };
  for (const kind of ["constant", "poisson"] as const) {
    const times = arrivals(kind, ramp, stream(3));
    const early = times.filter((t) => t < 5).length;
    expect(times).toHaveLength(500);
    expect(Math.abs(early - 125)).toBeLessThan(kind === "constant" ? 2 : 40);
  }
});

test("the time left after the last Poisson arrival is a gap like any other", () => {
  const left = Array.from({ length: 2000 }, (_, seed) => 1 - arrivals("poisson", constantRate(9, 1), stream(seed)).at(-1)!);
  // Ten gaps share one second: their mean is 0.1 s, and its standard error over 2000 runs 0.002 s.
  expect(Math.abs(left.reduce((sum, gap) => sum + gap) / left.length - 0.1)).toBeLessThan(0.01);
});

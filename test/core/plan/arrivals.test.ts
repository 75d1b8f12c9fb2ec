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

/** Mean and coefficient of variation. */
function momentsOf(given: Iterable<number>): { readonly mean: number; readonly cv: number } {
  const values = Float64Array.from(given);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, cv: Math.sqrt(variance) / mean };
}
const gapsOf = (times: Float64Array) => times.map((t, i) => t - (i === 0 ? 0 : times[i - 1]!));

test("gamma gaps have the mean of the rate and the coefficient of variation asked for", () => {
  const rate = 100;
  for (const cv of [0.2, 0.5, 1, 2, 4]) {
    const seeds = [1, 2, 3, 4];
    const moments = seeds.map((seed) => momentsOf(gapsOf(arrivals({ gamma: cv }, constantRate(rate, 1000), stream(seed, "gamma", cv)))));
    const [mean, seen] = [momentsOf(moments.map((each) => each.mean)).mean, momentsOf(moments.map((each) => each.cv)).mean];
    expect(Math.abs(mean * rate - 1)).toBeLessThan(0.001);
    // The estimate of a cv from 100,000 gaps varies by about cv·√(½ + cv²)/316; four of them, at five standard errors.
    expect(Math.abs(seen - cv), `cv ${cv}`).toBeLessThan((5 * cv * Math.sqrt(0.5 + cv ** 2)) / 632);
  }
});

test("a coefficient of variation of 1 is a Poisson process", () => {
  const rate = 200;
  const gaps = gapsOf(arrivals({ gamma: 1 }, constantRate(rate, 100), stream(7, "gamma"))).sort();
  const distance = gaps.reduce((worst, gap, i) => {
    const expected = 1 - Math.exp(-gap * rate);
    return Math.max(worst, Math.abs(expected - i / gaps.length), Math.abs((i + 1) / gaps.length - expected));
  }, 0);
  expect(distance).toBeLessThan(1.95 / Math.sqrt(gaps.length));
});

test("jittered arrivals stay near their even places, and use all of the room", () => {
  const even = arrivals("constant", constantRate(50, 20), stream(1));
  for (const jitter of [0.05, 0.2, 0.5]) {
    const times = arrivals({ jitter }, constantRate(50, 20), stream(3, jitter));
    const shifts = times.map((t, i) => (t - even[i]!) * 50);
    expect(Math.max(...shifts.map(Math.abs))).toBeLessThanOrEqual(jitter + 1e-9);
    // Uniform in ± jitter: the standard deviation is jitter / √3.
    const deviation = Math.sqrt(shifts.reduce((sum, shift) => sum + shift ** 2, 0) / shifts.length);
    expect(deviation / (jitter / Math.sqrt(3))).toBeGreaterThan(0.93);
    expect(deviation / (jitter / Math.sqrt(3))).toBeLessThan(1.07);
  }
});

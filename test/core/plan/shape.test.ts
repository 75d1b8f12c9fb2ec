import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrivals } from "../../../src/core/plan/arrivals.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { curveOf, windowOf } from "../../../src/core/plan/shape.ts";
import { areaOf } from "../../../src/core/suite/stages.ts";
import type { Arrivals, Stage } from "../../../src/core/suite/suite.ts";

const seconds = fc.double({ min: 0.01, max: 100, noNaN: true });
const rates = fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 2000, noNaN: true }));
const line = fc.record({ kind: fc.constant("linear" as const), durationS: seconds, from: rates, to: rates });
const wave = fc
  .record({ durationS: seconds, low: rates, swing: fc.double({ min: 0.1, max: 1000, noNaN: true }), periodS: seconds })
  .map(({ durationS, low, swing, periodS }) => ({ kind: "sine" as const, durationS, low, high: low + swing, periodS }));
/** With levels, ramps from and to nothing, pauses and waves, and never all of it a pause. */
const shapes = fc.array(fc.oneof(line, wave), { minLength: 1, maxLength: 6 }).filter((stages) => areaOf(stages) > 0.01);
const kinds: fc.Arbitrary<Arrivals> = fc.oneof(
  fc.constantFrom("constant", "poisson" as const),
  fc.record({ gamma: fc.double({ min: 0.05, max: 10, noNaN: true }) }),
  fc.record({ jitter: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
);
const share = fc.double({ min: 0, max: 1, noNaN: true });

const rateAt = (stages: readonly Stage[], t: number): number => {
  let startS = 0;
  for (const stage of stages) {
    const within = t - startS;
    if (within < stage.durationS) {
      if (stage.kind === "linear") return stage.from + ((stage.to - stage.from) * within) / stage.durationS;
      return (stage.low + stage.high) / 2 + ((stage.high - stage.low) / 2) * Math.sin((2 * Math.PI * within) / stage.periodS);
    }
    startS += stage.durationS;
  }
  return 0;
};

/** The integral by Simpson's rule: knows nothing of the closed form. */
function integral(stages: readonly Stage[], until: number): number {
  let [sum, startS] = [0, 0];
  for (const stage of stages) {
    const length = Math.min(stage.durationS, until - startS);
    if (length <= 0) break;
    const steps = 2 * Math.ceil(1 + (stage.kind === "sine" ? (40 * length) / stage.periodS : 0));
    const alone = (t: number) => rateAt([{ ...stage, durationS: Number.POSITIVE_INFINITY }], t);
    const at = stage.kind === "linear" ? (t: number) => rateAt([stage], Math.min(t, stage.durationS * (1 - 1e-15))) : alone;
    for (let i = 0; i <= steps; i++)
      sum += (((i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * length) / steps / 3) * at((i * length) / steps);
    startS += stage.durationS;
  }
  return sum;
}

describe("a shape's cumulative rate", () => {
  test("is the integral of its rate", () => {
    fc.assert(
      fc.property(shapes, share, (stages, part) => {
        const curve = curveOf(stages);
        const t = part * curve.durationS;
        const expected = integral(stages, t);
        expect(Math.abs(curve.eventsBy(t) - expected)).toBeLessThan(1e-4 * (1 + expected));
        expect(Math.abs(curve.expected - areaOf(stages))).toBeLessThan(1e-9 * curve.expected);
      }),
    );
  });

  test("and its inverse undo one another", () => {
    fc.assert(
      fc.property(shapes, share, (stages, part) => {
        const curve = curveOf(stages);
        const x = part * curve.expected;
        const t = curve.secondOf(x);
        // An error of one bit of the time is an error of the rate times that.
        const bit = Number.EPSILON * (curve.durationS * rateAt(stages, t) + curve.expected);
        expect(Math.abs(curve.eventsBy(t) - x)).toBeLessThanOrEqual(16 * bit);
      }),
      { numRuns: 2000 },
    );
  });

  test("has an ascending inverse within the shape", () => {
    fc.assert(
      fc.property(shapes, fc.array(share, { minLength: 2, maxLength: 50 }), (stages, parts) => {
        const curve = curveOf(stages);
        const times = parts.sort((a, b) => a - b).map((part) => curve.secondOf(part * curve.expected));
        for (const [i, t] of times.entries()) {
          expect(t).toBeGreaterThanOrEqual(Math.max(0, (times[i - 1] ?? 0) - 4 * Number.EPSILON * curve.durationS));
          expect(t).toBeLessThan(curve.durationS);
        }
      }),
    );
  });

  test("is exact where a textbook's formula cancels: slopes of next to nothing, and ramps from nothing", () => {
    const flat = curveOf([{ kind: "linear", durationS: 100, from: 50, to: 50 + 1e-12 }]);
    expect(flat.secondOf(2500)).toBeCloseTo(50, 12);
    const up = curveOf([{ kind: "linear", durationS: 10, from: 0, to: 100 }]);
    expect(up.secondOf(5e-12)).toBeCloseTo(1e-6, 18);
    const down = curveOf([{ kind: "linear", durationS: 10, from: 100, to: 0 }]);
    expect(10 - down.secondOf(500 - 5e-4)).toBeCloseTo(0.01, 8);
  });
});

describe("arrivals of a shape", () => {
  const draw = (stages: readonly Stage[], kind: Arrivals, seed: number, [fromS, toS] = [0, curveOf(stages).durationS]) =>
    arrivals(kind, windowOf(curveOf(stages), fromS, toS, toS - fromS), stream(seed));

  test("are as many as expected, ascending, inside the shape", () => {
    fc.assert(
      fc.property(
        shapes.filter((stages) => areaOf(stages) < 20_000),
        kinds,
        fc.integer(),
        (stages, kind, seed) => {
          const times = draw(stages, kind, seed);
          const { durationS, expected } = curveOf(stages);
          expect(times).toHaveLength(Math.round(expected));
          expect(times.every((t, i) => t >= 0 && t < durationS && (i === 0 || t >= times[i - 1]!))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("never fall into a pause", () => {
    const paused = fc.tuple(fc.double({ min: 0.1, max: 300, noNaN: true }), fc.double({ min: 0.1, max: 300, noNaN: true }), share, share);
    fc.assert(
      fc.property(paused, kinds, fc.integer(), ([before, after, a, b], kind, seed) => {
        const stages: readonly Stage[] = [
          { kind: "linear", durationS: 2, from: before, to: before },
          { kind: "linear", durationS: 3, from: 0, to: 0 },
          { kind: "linear", durationS: 2, from: after, to: 0 },
          { kind: "linear", durationS: 1, from: 0, to: 0 },
        ];
        const [fromS, toS] = [Math.min(a, b) * 8, Math.max(a, b) * 8];
        fc.pre(toS > fromS);
        const times = draw(stages, kind, seed, [fromS, toS]).map((t) => t + fromS);
        // Where a window's own clock was added again, the last bit of a border may be gone.
        expect(times.filter((t) => (t > 2 + 1e-12 && t < 5 - 1e-12) || t > 7 + 1e-12)).toEqual(new Float64Array());
      }),
      { numRuns: 500 },
    );
    const even: readonly Stage[] = [
      { kind: "linear", durationS: 1, from: 1, to: 1 },
      { kind: "linear", durationS: 1, from: 0, to: 0 },
      { kind: "linear", durationS: 2, from: 1, to: 1 },
    ];
    // Of three even arrivals the first half step ends at 0.5, 1.5 and 2.5 events; of one in the middle of 2 it is the border itself.
    expect([...draw(even, "constant", 1)]).toEqual([0.5, 2.5, 3.5]);
    expect([...draw(even, "constant", 1, [0, 3])]).toEqual([0.5, 2.5]);
  });

  test("stay before a pause also where the last gap is nothing", () => {
    const curve = curveOf([
      { kind: "linear", durationS: 1, from: 10, to: 10 },
      { kind: "linear", durationS: 2, from: 0, to: 0 },
      { kind: "linear", durationS: 1, from: 10, to: 10 },
      { kind: "linear", durationS: 2, from: 0, to: 0 },
    ]);
    const cut = windowOf(curve, 0, 2, 2);
    expect([cut.count, cut.secondOf(cut.expected) < 1, curve.secondOf(curve.expected) < 4]).toEqual([10, true, true]);
    // And a first gap of nothing behind a pause.
    expect(windowOf(curve, 2, 6, 4).secondOf(0)).toBe(1);
  });

  test("of windows side by side are as many as those of the whole, wherever it is cut", () => {
    fc.assert(
      fc.property(
        shapes.filter((stages) => areaOf(stages) < 20_000),
        kinds,
        fc.integer({ min: 1, max: 60 }),
        (stages, kind, count) => {
          const { durationS, expected } = curveOf(stages);
          const border = (k: number) => (k * durationS) / count;
          const counts = Array.from({ length: count }, (_, k) => draw(stages, kind, k, [border(k), border(k + 1)]).length);
          expect(counts.reduce((sum, n) => sum + n, 0)).toBe(Math.round(expected));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("of a window stay inside it", () => {
    fc.assert(
      fc.property(
        shapes.filter((stages) => areaOf(stages) < 20_000),
        kinds,
        share,
        share,
        (stages, kind, a, b) => {
          const { durationS } = curveOf(stages);
          const [fromS, toS] = [Math.min(a, b) * durationS, Math.max(a, b) * durationS];
          fc.pre(toS > fromS);
          const times = draw(stages, kind, 7, [fromS, toS]);
          expect(times.every((t, i) => t >= 0 && t < toS - fromS && (i === 0 || t >= times[i - 1]!))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("follow a ramp: a quarter of it in its first half", () => {
    const times = draw([{ kind: "linear", durationS: 10, from: 0, to: 100 }], "constant", 1);
    expect(times.filter((t) => t < 5)).toHaveLength(125);
  });

  test("of a Poisson process under a sine are one of rate 1 once time is counted in expected events", () => {
    // The time-rescaling theorem: Λ(t) of the arrivals has exponential gaps of mean 1. Kolmogorov's distance, 0.1 % bound.
    const stages: readonly Stage[] = [{ kind: "sine", durationS: 130, low: 0, high: 200, periodS: 20 }];
    const curve = curveOf(stages);
    for (const seed of [1, 2, 3]) {
      const times = draw(stages, "poisson", seed);
      const gaps = times.map((t, i) => curve.eventsBy(t) - (i === 0 ? 0 : curve.eventsBy(times[i - 1]!))).sort();
      const distance = gaps.reduce((worst, gap, i) => {
        const expected = 1 - Math.exp(-gap);
        return Math.max(worst, Math.abs(expected - i / gaps.length), Math.abs((i + 1) / gaps.length - expected));
      }, 0);
      expect(gaps.length).toBeGreaterThan(13_000);
      expect(distance).toBeLessThan(1.95 / Math.sqrt(gaps.length));
    }
  });
});

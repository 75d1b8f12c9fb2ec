import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counterIncrease } from "../../../src/core/telemetry/energy.ts";

const S = 1_000_000_000n;
const readings = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([atS, value]) => ({ atNs: BigInt(Math.round(atS * 1e9)), value }));
const increase = (pairs: readonly (readonly [number, number])[], startS: number, endS: number) =>
  counterIncrease(readings(...pairs), BigInt(Math.round(startS * 1e9)), BigInt(Math.round(endS * 1e9)), 3n * S);

describe("the increase of a counter", () => {
  test("is interpolated at both edges", () => {
    expect(
      increase(
        [
          [0, 0],
          [1, 100],
          [2, 300],
        ],
        0.5,
        1.5,
      ),
    ).toBe(150);
  });
  test("inside one gap between readings is its share of the step", () => {
    expect(
      increase(
        [
          [0, 0],
          [2, 100],
        ],
        0.5,
        1,
      ),
    ).toBe(25);
  });
  test("goes on from zero after a restart", () => {
    expect(
      increase(
        [
          [0, 1000],
          [1, 1100],
          [2, 50],
          [3, 150],
        ],
        0,
        3,
      ),
    ).toBe(250);
  });
  test("is unknown when the readings do not reach over an edge", () => {
    expect(
      increase(
        [
          [1, 0],
          [2, 100],
        ],
        0.5,
        2,
      ),
    ).toBeUndefined();
    expect(
      increase(
        [
          [1, 0],
          [2, 100],
        ],
        1,
        2.5,
      ),
    ).toBeUndefined();
    expect(increase([[1, 5]], 1, 1)).toBeUndefined();
    expect(increase([], 0, 1)).toBeUndefined();
  });
  test("is unknown across a gap that is too large, and known beside it", () => {
    const gap = [
      [0, 0],
      [1, 10],
      [5, 50],
      [6, 60],
    ] as const;
    expect(increase(gap, 0.5, 5.5)).toBeUndefined();
    expect(increase(gap, 0.2, 0.8)).toBeCloseTo(6);
    expect(increase(gap, 5.2, 5.8)).toBeCloseTo(6);
  });
});

describe("laws", () => {
  const rising = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 1000 })), { minLength: 2, maxLength: 20 })
    .map((steps) => {
      let atMs = 0;
      let value = 0;
      return steps.map(([ms, rise]) => ({ atNs: BigInt((atMs += ms)) * 1_000_000n, value: (value += rise) }));
    });

  test("a stretch is the sum of its parts", () => {
    fc.assert(
      fc.property(rising, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const [start, end] = [list[0]!.atNs, list.at(-1)!.atNs];
        const middle = start + BigInt(Math.floor(Number(end - start) * share));
        const whole = counterIncrease(list, start, end, 3n * S)!;
        const parts = counterIncrease(list, start, middle, 3n * S)! + counterIncrease(list, middle, end, 3n * S)!;
        expect(whole).toBeCloseTo(list.at(-1)!.value - list[0]!.value, 6);
        expect(parts).toBeCloseTo(whole, 6);
      }),
    );
  });

  test("it is never negative, whatever the counter does", () => {
    const any = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(any, fc.nat(5000), fc.nat(5000), (values, a, b) => {
        const list = values.map((value, second) => ({ atNs: BigInt(second) * S, value }));
        const [start, end] = [Math.min(a, b), Math.max(a, b)].map((ms) => BigInt(ms) * 1_000_000n);
        expect(counterIncrease(list, start!, end!, 3n * S) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

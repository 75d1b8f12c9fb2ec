import fc from "fast-check";
import { expect, test } from "vitest";
import { crossing } from "../../../src/core/stats/distributions.ts";

/** A crossing, and how often the function was asked. */
function ask(f: (x: number) => number, low: number, high: number, within?: number): { readonly at: number; readonly asked: number } {
  let asked = 0;
  const at = crossing(
    (x) => {
      asked++;
      return f(x);
    },
    low,
    high,
    within,
  );
  return { at, asked };
}

const root = fc.oneof(fc.constant(0), fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1e-12, max: 1e-12, noNaN: true }));
const SHAPES: Readonly<Record<string, (distance: number) => number>> = {
  line: (distance) => distance,
  cube: (distance) => distance ** 3,
  "steep root": (distance) => Math.sign(distance) * Math.abs(distance) ** 0.1,
  step: (distance) => (distance < 0 ? -1e-18 : 1e3),
  curve: (distance) => Math.expm1(5 * distance),
};

test.each(Object.entries(SHAPES))("a %s is found to the last digits in a bounded number of steps, at 0 too", (_, shape) => {
  fc.assert(
    fc.property(root, (c) => {
      const { at, asked } = ask((x) => shape(x - c), -2, 3);
      // Where a cube is so flat that it underflows, every point is a root.
      expect(shape(at - c) === 0 || Math.abs(at - c) <= 1e-15 * Math.abs(c) + 1e-30).toBe(true);
      expect(asked).toBeLessThan(150);
    }),
  );
});

test("a smooth function takes a tenth of the steps that halving takes", () => {
  expect(ask((x) => Math.exp(x) - 2, 0, 3).asked).toBeLessThan(14);
});

test("a function that is not negative at the low end, or is still at the high end, crosses there", () => {
  expect(crossing((x) => x + 1, 0, 1)).toBe(0);
  expect(crossing((x) => x - 2, 0, 1)).toBe(1);
});

test("where a little way off is near enough, fewer steps are taken, and the crossing lies within it", () => {
  fc.assert(
    fc.property(root, fc.constantFrom(1e-3, 1e-6, 1e-12), (c, within) => {
      const { at, asked } = ask((x) => Math.expm1(5 * (x - c)), -2, 3, within);
      expect(Math.abs(at - c)).toBeLessThanOrEqual(within + 1e-15);
      expect(asked).toBeLessThanOrEqual(ask((x) => Math.expm1(5 * (x - c)), -2, 3).asked);
    }),
  );
  expect(ask((x) => x ** 3 - 2, 0, 3).asked).toBeGreaterThan(ask((x) => x ** 3 - 2, 0, 3, 1e-3).asked);
});

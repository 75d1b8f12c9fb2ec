import { expect, test } from "vitest";
import { concludeShift } from "../../../src/core/compare/conclude.ts";
import type { Shift } from "../../../src/core/compare/shift.ts";

const arm = (value: number) => ({ value, low: undefined, high: undefined, n: 1000 });
const LEVELS = { fail: 0.001, pass: 0.05 };
const gate = { metric: "latency.p99", regression: 0.1, floor: undefined, limit: undefined } as const;
const noBound = () => Number.POSITIVE_INFINITY;
const near = (t: number) => 0.01 * t;

function conclude(below: (t: number) => number, above: (t: number) => number) {
  const shift: Shift = {
    scale: "log",
    base: arm(0.1),
    head: arm(0.102),
    estimate: Math.log(1.02),
    spread: { df: 20, below, above },
    lastingError: 0,
    obstacles: [],
  };
  return concludeShift("latency.p99", shift, gate, LEVELS);
}

test("a side on which the data sets no bound has none, in percent or in the unit, and not the least that there is", () => {
  const { delta, worseLow, worseHigh, resolvableMargin } = conclude(noBound, near);
  expect(delta).toMatchObject({ low: undefined, absoluteLow: undefined, high: expect.any(Number), absoluteHigh: expect.any(Number) });
  expect([worseLow, resolvableMargin]).toEqual([undefined, undefined]);
  expect(worseHigh).toBeLessThan(0.1);
});

test("with bounds on both sides it has both", () => {
  const { delta, worseLow, resolvableMargin } = conclude(near, near);
  expect([delta!.low, delta!.high, worseLow, resolvableMargin].every(Number.isFinite)).toBe(true);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { betaCdf, betaQuantile, normalCdf, normalQuantile, studentCdf, studentQuantile } from "../../../src/core/stats/distributions.ts";
import oracle from "../../oracle/distributions.json" with { type: "json" };

/** Absolute below 1, relative above. */
const agrees = (actual: number, expected: number): void => {
  expect(Math.abs(actual - expected) / Math.max(1, Math.abs(expected)), `${actual} instead of ${expected}`).toBeLessThan(1e-9);
};

test("the distribution functions agree with SciPy to 1e-9", () => {
  expect(oracle.normalCdf.length + oracle.studentCdf.length + oracle.betaCdf.length).toBeGreaterThan(150);
  for (const { z, p } of oracle.normalCdf) agrees(normalCdf(z), p);
  for (const { t, df, p } of oracle.studentCdf) agrees(studentCdf(t, df), p);
  for (const { x, a, b, p } of oracle.betaCdf) agrees(betaCdf(x, a, b), p);
});

test("the quantile functions agree with SciPy to 1e-9", () => {
  for (const { p, z } of oracle.normalQuantile) agrees(normalQuantile(p), z);
  for (const { p, df, t } of oracle.studentQuantile) agrees(studentQuantile(p, df), t);
  for (const { p, a, b, x } of oracle.betaQuantile) agrees(betaQuantile(p, a, b), x);
});

test("the normal tail keeps its digits where 1 − p would have lost them", () => {
  for (const { z, p } of oracle.normalCdf.filter((row) => row.z < -3)) expect(Math.abs(normalCdf(z) / p - 1)).toBeLessThan(1e-9);
});

test("a quantile is the inverse of its distribution function", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 200 }), (p, df) => {
      expect(studentCdf(studentQuantile(p, df), df)).toBeCloseTo(p, 9);
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 9);
      expect(betaCdf(betaQuantile(p, df, df + 3), df, df + 3)).toBeCloseTo(p, 9);
    }),
  );
});

test("the ends of the scale are infinite, not NaN", () => {
  expect([normalQuantile(0), normalQuantile(1), studentQuantile(1, 3), studentQuantile(0, 3)]).toEqual([
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
  // So much of its mass lies at 0 that no number is small enough.
  expect(betaQuantile(0.1, 1e-4, 1)).toBe(0);
  expect([betaCdf(0, 2, 3), betaCdf(1, 2, 3), betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1, 0, 1]);
});

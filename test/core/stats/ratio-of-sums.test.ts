import fc from "fast-check";
import { expect, test } from "vitest";
import { groupAdjacent, pairedRatioError, ratioError, ratioOf } from "../../../src/core/stats/ratio-of-sums.ts";

const shares = fc.array(
  fc.record({ part: fc.double({ min: 1, max: 100, noNaN: true }), whole: fc.double({ min: 1, max: 100, noNaN: true }) }),
  { minLength: 2, maxLength: 12 },
);

test("the error on the log scale is the linear one over the ratio", () => {
  fc.assert(
    fc.property(shares, (clusters) => {
      expect(ratioError(clusters, "log")!).toBeCloseTo(ratioError(clusters, "linear")! / ratioOf(clusters), 9);
    }),
  );
});

test("with equal wholes it is the standard error of the mean", () => {
  const clusters = [3, 5, 10].map((part) => ({ part, whole: 1 }));
  expect(ratioError(clusters, "linear")).toBeCloseTo(Math.sqrt(13 / 3), 12);
});

test("what both arms share in every unit cancels", () => {
  const drift = [1, 1.3, 0.7, 1.1];
  const units = drift.map((factor) => ({ base: { part: 100 * factor, whole: 10 }, head: { part: 80 * factor, whole: 10 } }));
  expect(pairedRatioError(units, "log")).toBeCloseTo(0, 12);
});

test("one cluster shows no spread", () => {
  expect(ratioError([{ part: 1, whole: 2 }], "linear")).toBeUndefined();
  expect(pairedRatioError([], "log")).toBeUndefined();
});

test("adjacent items stay together, in order and complete", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (items, most) => {
      const groups = groupAdjacent(items, most);
      expect(groups.flat()).toEqual(items);
      expect(groups.length).toBe(Math.min(most, items.length));
      const sizes = groups.map((group) => group.length);
      if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { mserTruncation } from "../../../src/core/stats/mser.ts";
import oracle from "../../oracle/mser.json" with { type: "json" };

test("the truncation is that of White's formula, with and without batches and noise", () => {
  const cases = oracle.cases.flatMap(({ values, found }) => found.map((each) => ({ values, ...each })));
  expect(cases.filter(({ truncation }) => truncation === null).length).toBeGreaterThan(5);
  expect(cases.filter(({ truncation }) => truncation !== null && truncation > 0).length).toBeGreaterThan(20);
  for (const { values, truncation, ...options } of cases) expect(mserTruncation(values, options)).toBe(truncation ?? undefined);
});

/** Whole numbers, so that shifting and scaling by whole numbers is exact and no minimum moves by rounding. */
const series = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 10, maxLength: 60 });

test("shift and scale move nothing", () => {
  fc.assert(
    fc.property(series, fc.integer({ min: -500, max: 500 }), fc.constantFrom(2, 8, 0.5), (values, shift, scale) => {
      const moved = values.map((value) => value * scale);
      expect(mserTruncation(moved, { batch: 1 })).toBe(mserTruncation(values, { batch: 1 }));
      const found = [values, values.map((value) => value + shift)].map((each) => mserTruncation(each, { batch: 1 }));
      // A tie may fall to either side by the last bit.
      if (new Set(values).size === values.length) expect(found[1]).toBe(found[0]);
    }),
  );
});

test("a transient before a constant is dropped whole, and a longer constant tail moves nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 11, max: 1000 }), { maxLength: 30 }), fc.integer({ min: 0, max: 50 }), (transient, more) => {
      const tail = Array.from({ length: transient.length + 10 + more }, () => 10);
      expect(mserTruncation([...transient, ...tail], { batch: 1 })).toBe(transient.length);
    }),
  );
});

test("too few values, and a series that still moves, are not enough data", () => {
  expect(mserTruncation([], { batch: 1 })).toBeUndefined();
  expect(
    mserTruncation(
      Array.from({ length: 9 }, () => 1),
      { batch: 1 },
    ),
  ).toBeUndefined();
  expect(mserTruncation(Array.from({ length: 49 }, () => 1))).toBeUndefined();
  expect(mserTruncation(Array.from({ length: 50 }, () => 1))).toBe(0);
  expect(
    mserTruncation(
      Array.from({ length: 100 }, (_, i) => 1 / (1 + i)),
      { batch: 1 },
    ),
  ).toBeUndefined();
  const late = Array.from({ length: 100 }, (_, i) => (i < 60 ? 5 : 1));
  expect(mserTruncation(late, { batch: 1 })).toBeUndefined();
});

test("a bias that is small against the noise to expect is not worth dropping values for", () => {
  const values = Array.from({ length: 40 }, (_, i) => (i < 15 ? 10.1 : 10));
  expect(mserTruncation(values, { batch: 1 })).toBe(15);
  expect(mserTruncation(values, { batch: 1, leastDeviation: 0.5 })).toBe(0);
});

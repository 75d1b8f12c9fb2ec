import { expect, test } from "vitest";
import { normalQuantile } from "../../../src/core/stats/distributions.ts";
import { type Look, nominalLevel, rootSpending } from "../../../src/core/stats/sequential.ts";
import oracle from "../../oracle/sequential.json" with { type: "json" };

/** Pocock's boundaries as a spending function, which Lan and DeMets published boundaries for. */
const pocockSpending = (t: number): number => Math.log1p((Math.E - 1) * t);

const looksOf = (information: readonly number[], spent: readonly number[]): readonly Look[] =>
  information.map((value, i) => ({ information: value, spent: spent[i]! }));

test("the level of every look is the one that SciPy's quadrature finds", () => {
  for (const { information, spent, alpha, z } of oracle.cases) {
    z.forEach((boundary, k) => {
      const looks = looksOf(information, spent).slice(0, k + 1);
      expect(-normalQuantile(nominalLevel(looks, alpha)), JSON.stringify({ information, alpha, k })).toBeCloseTo(boundary, 9);
    });
  }
});

test("one look that spends everything is a test at its level, and five Pocock looks are those of Lan and DeMets (1983)", () => {
  expect(nominalLevel([{ information: 7, spent: 1 }], 0.05)).toBe(0.05);
  const shares = [0.2, 0.4, 0.6, 0.8, 1];
  const found = shares.map((_, k) => -normalQuantile(nominalLevel(looksOf(shares, shares.map(pocockSpending)).slice(0, k + 1), 0.025)));
  // Published to three digits, from an integration of 1983.
  for (const [k, z] of [2.438, 2.427, 2.41, 2.397, 2.386].entries()) expect(Math.abs(found[k]! - z)).toBeLessThan(0.001);
});

test("a look without new evidence changes nothing", () => {
  const first = { information: 4, spent: 0.5 };
  expect(nominalLevel([first, { information: 4, spent: 0.9 }], 0.01)).toBe(nominalLevel([first], 0.01));
});

test("spending starts at nothing and ends at everything", () => {
  expect([-1, 0, 0.25, 1, 2].map(rootSpending)).toEqual([0, 0, 0.5, 1, 1]);
});

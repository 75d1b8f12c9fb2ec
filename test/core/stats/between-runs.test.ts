import fc from "fast-check";
import { expect, test } from "vitest";
import { compareWithRuns } from "../../../src/core/stats/between-runs.ts";
import oracle from "../../oracle/between-levels.json" with { type: "json" };

const run = (value: number, standardError = 0) => ({ value, standardError });

test("with one stored run the prior stands alone, and the error is that of a prediction", () => {
  const { estimate, standardError, df } = compareWithRuns([run(1)], [run(1.2)], 0.03);
  expect([estimate, standardError, df]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(0.03 * Math.SQRT2, 12), 6]);
});

test("many stored runs outweigh the prior", () => {
  const bases = Array.from({ length: 200 }, (_, i) => run(i % 2 === 0 ? 0.1 : -0.1));
  expect(compareWithRuns(bases, [run(0)], 0.001).standardError).toBeCloseTo(0.1, 2);
});

test("three lucky runs do not make a narrow interval", () => {
  const lucky = compareWithRuns([run(1), run(1), run(1)], [run(1)], 0.03);
  expect(lucky.standardError).toBeGreaterThan(0.02);
});

test("confirmation runs narrow the interval, and a coarser head widens it", () => {
  const bases = [run(1), run(1.01), run(0.99)];
  const one = compareWithRuns(bases, [run(1.1)], 0.03).standardError;
  expect(compareWithRuns(bases, [run(1.1), run(1.1), run(1.1)], 0.03).standardError).toBeLessThan(one);
  expect(compareWithRuns(bases, [run(1.1, 0.1)], 0.03).standardError).toBeGreaterThan(one + 0.05);
});

test("the order of the stored runs does not matter", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (values) => {
      const bases = values.map((value) => run(value, 0.01));
      const [there, back] = [compareWithRuns(bases, [run(0)], 0.03), compareWithRuns(bases.toReversed(), [run(0)], 0.03)];
      expect(back.estimate).toBeCloseTo(there.estimate, 12);
      expect(back.standardError).toBeCloseTo(there.standardError, 12);
    }),
  );
});

test("runs of other levels tell how much runs differ and not where the bases lie, as NumPy has it", () => {
  for (const { bases, earlier, heads, prior, df, standardError } of oracle.cases) {
    const found = compareWithRuns(bases, heads, prior, earlier);
    expect(found.df).toBe(df);
    expect(found.standardError).toBeCloseTo(standardError, 12);
    expect(found.estimate).toBeCloseTo(compareWithRuns(bases, heads, prior).estimate, 12);
  }
});

test("where an earlier level lies makes no difference", () => {
  const earlier = [run(0, 0.01), run(0.02, 0.01), run(0.05, 0.01)];
  const far = earlier.map(({ value, standardError }) => run(value + 9, standardError));
  const [near, away] = [earlier, far].map((level) => compareWithRuns([run(1, 0.01)], [run(1.1, 0.01)], 0.03, [level]));
  expect(away!.standardError).toBeCloseTo(near!.standardError, 12);
});

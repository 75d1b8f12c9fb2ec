import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CutRules, cutIntoLevels, levelOf, noiseBetweenNeighbours } from "../../../src/core/stats/change-points.ts";
import { LEAST_SPAN, movesGradually } from "../../../src/core/stats/ramp.ts";
import oracle from "../../oracle/change-points.json" with { type: "json" };

const RULES: CutRules = { noise: 1, cap: 3.5, penalty: () => 14, mayBeSingle: () => false };

describe("against all possible cuts", () => {
  test.each(oracle.cases.map((known, i) => [i, known] as const))("case %i", (_, known) => {
    const { values, noise, cap, penalty, announced, weak } = known;
    const starts = cutIntoLevels(values, {
      noise,
      cap,
      penalty: (position) => (position === announced ? weak : penalty),
      mayBeSingle: (position) => position === announced,
    });
    expect(starts).toEqual(known.starts);
    const { level, cost } = levelOf(values, noise, cap);
    expect(level).toBeCloseTo(known.level, 9);
    expect(cost).toBeCloseTo(known.cost, 9);
    expect(noiseBetweenNeighbours(values)).toBeCloseTo(known.neighbours, 9);
  });

  test("some are cut, some are not, and some levels leave a stray value out", () => {
    const cut = oracle.cases.filter(({ starts }) => starts.length > 1).length;
    expect(cut).toBeGreaterThan(8);
    expect(cut).toBeLessThan(oracle.cases.length - 8);
    expect(oracle.cases.some(({ cost, cap }) => cost > cap ** 2)).toBe(true);
  });
});

describe("levels", () => {
  const series = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 14 }).map((list) => list.map((x) => x / 100));

  test("a constant moves no cut, and moves the level with it", () => {
    fc.assert(
      fc.property(series, fc.integer({ min: -50, max: 50 }), (values, constant) => {
        const moved = values.map((value) => value + constant);
        expect(cutIntoLevels(moved, RULES)).toEqual(cutIntoLevels(values, RULES));
        expect(levelOf(moved, 1, 3.5).level).toBeCloseTo(levelOf(values, 1, 3.5).level + constant, 9);
      }),
    );
  });

  test("a stray value alone never makes a level, however far off, wherever it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 11 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (at, far) => {
        const values = Array.from({ length: 12 }, (_, i) => (i === at ? far : (i % 3) / 10));
        expect(cutIntoLevels(values, RULES)).toEqual([0]);
      }),
    );
  });

  test("two stray values that do not agree make none either, two that do make one", () => {
    const flat = Array.from({ length: 10 }, (_, i) => (i % 3) / 10);
    expect(cutIntoLevels([...flat, 20, 40], RULES)).toEqual([0]);
    expect(cutIntoLevels([...flat, 20, 20.2], RULES)).toEqual([0, 10]);
    expect(cutIntoLevels([20, 20.2, ...flat], RULES)).toEqual([0, 2]);
  });

  test("of several levels each is found", () => {
    const values = [0, 0.2, 0.1, 8, 8.1, 7.9, 8, 3, 3.1, 3.2, 2.9];
    expect(cutIntoLevels(values, RULES)).toEqual([0, 3, 7]);
  });

  test("nothing is cut out of nothing or one value", () => {
    expect(cutIntoLevels([], RULES)).toEqual([]);
    expect(cutIntoLevels([5], RULES)).toEqual([0]);
    expect(noiseBetweenNeighbours([5])).toBeUndefined();
  });

  test("neither a step nor a stray value is noise", () => {
    const steady = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2];
    const noise = noiseBetweenNeighbours(steady)!;
    expect(noiseBetweenNeighbours([...steady.slice(0, 5), ...steady.slice(5).map((x) => x + 50)])).toBeCloseTo(noise, 9);
    expect(noiseBetweenNeighbours(steady.map((x, i) => (i === 4 ? 90 : x)))).toBeCloseTo(noise, 9);
  });
});

describe("ramps and steps", () => {
  test("agree with least squares of all ramps and steps", () => {
    expect(oracle.ramps.some(({ gradual }) => gradual)).toBe(true);
    expect(oracle.ramps.some(({ gradual }) => !gradual)).toBe(true);
    for (const { values, gradual } of oracle.ramps) expect(movesGradually(values)).toBe(gradual);
  });

  test("a sign and a constant change nothing", () => {
    for (const { values, gradual } of oracle.ramps) expect(movesGradually(values.map((value) => 7 - value))).toBe(gradual);
  });

  test("fewer values than a slope spans are no ramp", () => {
    expect(movesGradually(Array.from({ length: LEAST_SPAN }, (_, i) => i))).toBe(false);
  });
});

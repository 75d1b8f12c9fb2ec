import { describe, expect, test } from "vitest";
import { stream, uniform } from "../../../src/core/plan/random.ts";
import { jointOfPairs, jointOfRuns, type PartOfTotal, pOfGrowth, shareOfChange } from "../../../src/core/stats/share-of-change.ts";

const next = stream(7, "shares");
const normal = () => Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));

/** Units whose part changed by 8 and whose rest changed by 2, both with noise. */
const unit = (noise: number): PartOfTotal => {
  const part = 8 + noise * normal();
  return { part, total: part + 2 + noise * normal() };
};

describe("the share of a change", () => {
  test("is the quotient of the means, with bounds around it", () => {
    const share = shareOfChange(jointOfPairs(Array.from({ length: 20 }, () => unit(0.5)))!, 0.9)!;
    expect(share.value).toBeCloseTo(0.8, 1);
    expect(share.low).toBeLessThan(share.value);
    expect(share.high).toBeGreaterThan(share.value);
  });

  test("lies inside its 90 % interval nine times of ten, with wide noise too, where an interval exists", () => {
    for (const noise of [0.5, 4, 10]) {
      let [covered, known] = [0, 0];
      for (let i = 0; i < 2000; i++) {
        const share = shareOfChange(jointOfPairs(Array.from({ length: 10 }, () => unit(noise)))!, 0.9);
        if (share === undefined) continue;
        known++;
        if (share.low <= 0.8 && 0.8 <= share.high) covered++;
      }
      expect(known).toBeGreaterThan(1000);
      expect(covered / known).toBeGreaterThan(0.875);
      expect(covered / known).toBeLessThan(0.925);
    }
  });

  test("of a change that may be none is unknown", () => {
    const units = Array.from({ length: 10 }, (): PartOfTotal => ({ part: normal(), total: normal() }));
    expect(shareOfChange(jointOfPairs(units)!, 0.9999)).toBeUndefined();
  });

  test("is all of it where there is nothing else, and more than all where the rest shrank", () => {
    const whole = Array.from({ length: 8 }, () => 5 + normal());
    const all = shareOfChange(jointOfPairs(whole.map((part) => ({ part, total: part })))!, 0.9)!;
    expect([all.low, all.value, all.high].map((x) => Number(x.toFixed(6)))).toEqual([1, 1, 1]);
    expect(shareOfChange(jointOfPairs(whole.map((part) => ({ part, total: part - 1 })))!, 0.9)!.value).toBeGreaterThan(1);
  });

  test("between runs is as wide as runs differ, and needs three of them", () => {
    const bases = Array.from({ length: 6 }, () => ({ part: 10 + normal(), total: 20 + normal() }));
    const head = { part: 30, total: 42 };
    const share = shareOfChange(jointOfRuns(bases, [head])!, 0.9)!;
    expect(share.value).toBeCloseTo(20 / 22, 1);
    expect(share.high - share.low).toBeGreaterThan(0.05);
    expect(jointOfRuns(bases.slice(0, 2), [head])).toBeUndefined();
    expect(jointOfRuns(bases, [])).toBeUndefined();
    expect(jointOfPairs([unit(1), unit(1)])).toBeUndefined();
  });

  test("growth is no growth where the part shrank, and sure where nothing varies", () => {
    expect(pOfGrowth({ part: -1, partVariance: 1, df: 5 })).toBe(1);
    expect(pOfGrowth({ part: 0, partVariance: 0, df: 5 })).toBe(1);
    expect(pOfGrowth({ part: 1, partVariance: 0, df: 5 })).toBe(0);
    // Student's t with five degrees of freedom: P(T > 2.015) = 0.05.
    expect(pOfGrowth({ part: 2.015, partVariance: 1, df: 5 })).toBeCloseTo(0.05, 4);
  });
});

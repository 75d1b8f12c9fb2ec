import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openLevels } from "../../../src/core/compare/levels.ts";
import type { Against } from "../../../src/core/compare/scenario-data.ts";
import type { LooksRecord } from "../../../src/core/record/run-record.ts";
import { makeSuite } from "./records.ts";

const PAIRS = { kind: "pairs", pairs: [], unpaired: 0, sameHost: true } as const;
const runs = (count: number): Against => ({ kind: "runs", bases: Array.from({ length: count }, () => []), stored: [] });
const looked = (...passes: number[]): LooksRecord => ({ passes, most: 4 });
const FIXED: LooksRecord = { passes: [1], most: 1 };

const levels = (attempts: readonly LooksRecord[], against: Against = PAIRS, tests = 12) =>
  openLevels(makeSuite().decision, tests)({ attempts, against });

describe("how sure a look must be", () => {
  test("a run of fixed length spends nine tenths of its error rates, and leaves a tenth for those who run it again", () => {
    const { fail, pass } = levels([FIXED]);
    expect(fail).toBeCloseTo((0.9 * 0.01) / 12, 12);
    expect(pass).toBeCloseTo(0.9 * 0.05, 12);
  });

  test("a run that may go on spends a part at its first look", () => {
    // The root of a quarter is a half.
    expect(levels([looked(1)]).pass).toBeCloseTo((0.9 * 0.05) / 2, 12);
    expect(levels([looked(1, 2, 4)]).pass).toBeLessThan(0.9 * 0.05);
    // Looking three times costs less than three tests would.
    expect(levels([looked(1, 2, 4)]).pass).toBeGreaterThan((0.9 * 0.05) / 3);
  });

  test("are those that the guide prints", () => {
    const guide = readFileSync("docs/deciding.md", "utf8");
    const rows = [...guide.matchAll(/^\| (\d+) of (\d+)[^|]*\| (\d+) % \| ([\d.]+) % \| ([\d.]+) % \|$/gm)].map((row) =>
      row.slice(1).map(Number),
    );
    expect(rows).toHaveLength(10);
    for (const [pass, most, spent, fail, falsePass] of rows as [number, number, number, number, number][]) {
      // They double, and the last one is the last there may be.
      const passes = [...new Set([1, 2, 4, 8].filter((one) => one < pass)).add(pass)];
      const found = levels([{ passes, most }], PAIRS, 1);
      const printed = [90 * Math.sqrt(pass / most), 100 * found.fail, 100 * found.pass];
      expect([spent, fail, falsePass], `${pass} of ${most}`).toEqual([
        Math.round(printed[0]!),
        ...printed.slice(1).map((share) => Number(share.toFixed(2))),
      ]);
    }
  });

  test("however often it is run again, the hurdle stays, and grows slowly", () => {
    const pass = [1, 2, 3, 4].map((count) => levels(Array.from({ length: count }, () => FIXED)).pass);
    for (const [i, level] of pass.entries()) if (i > 0) expect(level).toBeLessThan(pass[i - 1]!);
    expect(pass[3]).toBeGreaterThan(1e-5);
  });

  test("of stored runs, the second head run brings less news the fewer runs are stored", () => {
    const second = [1, 3, 20].map((count) => levels([FIXED, FIXED], runs(count)).fail);
    // The less new evidence, the more both looks say the same, and the smaller the price of the second one.
    expect(second[0]).toBeGreaterThan(second[1]!);
    expect(second[1]).toBeGreaterThan(second[2]!);
  });

  test("a stranger's record that claims many looks makes the gate stricter only", () => {
    expect(levels([{ passes: [1], most: 1000 }]).fail).toBeLessThan(levels([FIXED]).fail);
  });
});

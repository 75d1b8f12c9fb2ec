import { describe, expect, test } from "vitest";
import { numbers, SERVED } from "../../../bench/decisions/histories/endpoint.ts";
import { HISTORIES, type History, storedRuns } from "../../../bench/decisions/histories/history.ts";
import { judgeOurs, judgePooled, suiteFor } from "../../../bench/decisions/histories/judge.ts";
import type { PoolFinding } from "../../../src/core/compare/comparison.ts";
import type { VerdictWord } from "../../../src/core/decide/verdict.ts";

const ENDPOINT = numbers("normal, 3 %");
const SUITE = suiteFor(ENDPOINT);

/** Judges the first head run of many pull requests with this history. */
function judgeMany(history: History, count: number, endpoint = ENDPOINT) {
  return Array.from({ length: count }, (_, seed): { ours: VerdictWord; pooled: VerdictWord; pool: PoolFinding | undefined } => {
    const records = endpoint.runs([...history.factors, history.head], seed);
    const stored = storedRuns(history, records.slice(0, -1), endpoint.metric);
    const { verdict, scenarios } = judgeOurs(SUITE, stored, records.slice(-1));
    return {
      ours: verdict,
      pooled: judgePooled(SUITE, stored, records.slice(-1)),
      pool: scenarios[0]!.metrics[0]!.comparison.pool,
    };
  });
}
const shareOf = <Each>(all: readonly Each[], is: (each: Each) => boolean): number => all.filter(is).length / all.length;
const named = (name: string, isRegression: boolean): History =>
  HISTORIES.find((each) => each.name === name && each.isRegression === isRegression)!;

describe("20 stored runs that differ by 3 %", () => {
  test("of one level are seldom cut and never creep, whatever the shape of the noise", () => {
    for (const noise of ["normal, 3 %", "Student t with 3 df, 3 %", "3 %, one run of twenty +30 to +60 %"] as const) {
      const judged = judgeMany(named("nothing moved", false), 300, numbers(noise));
      expect(shareOf(judged, ({ pool }) => pool?.moved !== undefined)).toBeLessThanOrEqual(0.01);
      expect(shareOf(judged, ({ pool }) => pool?.creep !== undefined)).toBeLessThanOrEqual(0.004);
      expect(shareOf(judged, ({ ours }) => ours === "fail")).toBeLessThanOrEqual(0.01);
    }
  });

  test("that crept by ten times 3 % are seen to have", () => {
    const judged = judgeMany(named("ten merges of +3 %", false), 100);
    expect(shareOf(judged, ({ pool }) => pool?.creep !== undefined)).toBeGreaterThan(0.95);
    expect(shareOf(judged, ({ ours }) => ours === "fail")).toBeLessThan(0.1);
  });

  test("with an accepted regression blame no later head, which their mean does, and catch the next regression", () => {
    const after = judgeMany(named("+20 % accepted, 1 run ago", false), 100);
    expect(shareOf(after, ({ ours }) => ours === "fail")).toBeLessThanOrEqual(0.02);
    expect(shareOf(after, ({ pooled }) => pooled === "fail")).toBeGreaterThan(0.5);
    expect(shareOf(judgeMany(named("+20 % accepted, 3 runs ago", true), 100), ({ ours }) => ours === "fail")).toBeGreaterThan(0.9);
  });

  test("with an improvement see it given back, which their mean does not", () => {
    const judged = judgeMany(named("20 % faster for 8 runs", true), 100);
    expect(shareOf(judged, ({ ours }) => ours === "fail")).toBeGreaterThan(0.9);
    expect(shareOf(judged, ({ pooled }) => pooled === "fail")).toBeLessThan(0.3);
  });

  test("one of them far off hides no regression for good", () => {
    const judged = judgeMany(named("one run +62 %, 8 runs ago", true), 50);
    expect(shareOf(judged, ({ ours }) => ours === "pass")).toBe(0);
    expect(shareOf(judged, ({ pool }) => pool?.outlying.length === 1)).toBeGreaterThan(0.95);
  });
});

test("the same study of whole runs with requests gives the same records for the same seed", () => {
  const factors = [1, 1.2];
  expect(SERVED.runs(factors, 3)).toEqual(SERVED.runs(factors, 3));
});

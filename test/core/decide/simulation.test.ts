import { expect, test } from "vitest";
import { judge, storedRuns } from "../compare/judge.ts";
import { makeRecord, makeSuite, type RecordOptions } from "../compare/records.ts";

/*
 * The whole path from simulated requests to a verdict, a few dozen times with fixed seeds: small versions of the tables
 * that bench/decisions prints. A failure here is a change of the procedure, not bad luck.
 */

const LIVE_RUN = { blocks: 24, requestsPerBlock: 400 } as const;
const tally = (runs: number, options: RecordOptions): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (let seed = 1; seed <= runs; seed++) {
    const { verdict } = judge({ heads: [makeRecord({ ...LIVE_RUN, ...options, seed })] });
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
};

test("live: equal arms never fail in 15 runs, and nearly always pass or stay undecided for lack of data", () => {
  const { fail = 0, pass = 0 } = tally(15, {});
  expect(fail).toBe(0);
  expect(pass).toBeGreaterThan(5);
});

test("live: 20 % slower fails every time", () => {
  expect(tally(5, { head: { factor: 1.2 } })).toEqual({ fail: 5 });
});

test("live: the slowest 2 % half as slow again fails every time, though the body did not move", () => {
  expect(tally(5, { head: { tailFactor: 1.5 } })).toEqual({ fail: 5 });
});

test("live: the 90 % interval holds the truth about nine times in ten", () => {
  let held = 0;
  const runs = 40;
  for (let seed = 1; seed <= runs; seed++) {
    const { delta } = judge({ heads: [makeRecord({ blocks: 12, requestsPerBlock: 250, seed: 500 + seed })] }).of("latency.p95");
    if ((delta!.low ?? -1) <= 0 && 0 <= (delta!.high ?? Number.POSITIVE_INFINITY)) held++;
  }
  expect(held / runs).toBeGreaterThan(0.8);
  expect(held / runs).toBeLessThan(0.99);
});

test("stored: runs that differ by 3 % do not fail one another, and 40 % slower fails", () => {
  const suite = makeSuite({ gates: [{ metric: "latency.p99", regression: 0.1, floor: undefined, limit: undefined }] });
  const single = { blocks: 10, requestsPerBlock: 400, design: "single" } as const;
  const baseline = storedRuns(8, single);
  const words = (factor: number) =>
    Array.from(
      { length: 10 },
      (_, i) => judge({ heads: [makeRecord({ ...single, seed: i + 1, runDeviation: 0.03, head: { factor } })], suite, baseline }).verdict,
    );
  expect(words(1)).not.toContain("fail");
  expect(new Set(words(1.4))).toEqual(new Set(["fail"]));
});

import { describe, expect, test } from "vitest";
import type { Result } from "../../../../bench/decisions/recorded/result.ts";
import { shareBetween, summarise } from "../../../../bench/decisions/recorded/summary.ts";

const result = (part: Partial<Result>): Result => ({
  id: "demo-aa-1",
  server: "demo",
  kind: "A/A",
  change: "nothing",
  first: "base",
  seed: 1,
  budget: 1,
  evidence: "live",
  verdict: "pass",
  reasons: [],
  failed: [],
  requests: 3600,
  passes: 1,
  durationS: 32,
  delta: {},
  resolvableMargin: {},
  loadAverage: 1,
  ...part,
});

describe("shareBetween", () => {
  // SciPy 1.17: binomtest(part, whole).proportion_ci(0.95, "exact")
  test.each([
    [0, 64, 0, 0.05600908938663658],
    [20, 24, 0.6261582865113247, 0.9526463733927428],
    [3, 3, 0.2924017738212867, 1],
  ])("%d of %d as SciPy bounds it", (part, whole, low, high) => {
    const bounds = shareBetween(part, whole);
    expect(bounds.low).toBeCloseTo(low, 9);
    expect(bounds.high).toBeCloseTo(high, 9);
  });

  test("no trial says nothing", () => {
    expect(shareBetween(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe("summarise", () => {
  test("counts by evidence and kind; what is invalid is no judgement and is not forgotten", () => {
    const [live, changed, stored, ...others] = summarise([
      result({}),
      result({ verdict: "inconclusive" }),
      result({ verdict: "invalid", evidence: "none" }),
      result({ verdict: "invalid", evidence: "live" }),
      result({ kind: "A/B", verdict: "fail" }),
      result({ kind: "A/B", verdict: "pass" }),
      result({ verdict: "fail", evidence: "stored", dependent: true }),
    ]);
    expect(live).toMatchObject({ evidence: "live", kind: "A/A", judged: 2, fail: 0, pass: 1, inconclusive: 1, invalid: 2 });
    expect(changed).toMatchObject({ evidence: "live", kind: "A/B", judged: 2, fail: 1, pass: 1, inconclusive: 0, invalid: 0 });
    expect(stored).toMatchObject({ evidence: "stored", kind: "A/A", judged: 1, fail: 1 });
    expect(others).toEqual([]);
  });

  test("counts what others say of the runs that were judged, each over the runs it saw", () => {
    const [counts] = summarise([
      result({ rivals: { "p99 +5 %": "fail", "p99 +10 %": "pass" } }),
      result({ rivals: { "p99 +5 %": "pass" } }),
      result({ verdict: "invalid", rivals: { "p99 +5 %": "fail" } }),
    ]);
    expect(counts?.rivals).toEqual({ "p99 +5 %": { judged: 2, fail: 1 }, "p99 +10 %": { judged: 1, fail: 0 } });
  });

  test("what might go on is counted apart from what had a fixed length", () => {
    const counts = summarise([result({ budget: 4, verdict: "fail" }), result({})]);
    expect(counts.map(({ budget, judged, fail }) => [budget, judged, fail])).toEqual([
      [1, 1, 0],
      [4, 1, 1],
    ]);
  });

  test("nothing compared is no row of zeros", () => {
    expect(summarise([])).toEqual([]);
  });
});

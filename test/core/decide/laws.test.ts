import fc from "fast-check";
import { expect, test } from "vitest";
import { VERDICTS } from "../../../src/core/decide/verdict.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { findNotFinite, judge, NONE, storedRuns } from "../compare/judge.ts";
import { makeBlock, makeRecord, makeSuite } from "../compare/records.ts";

const GATES = (["latency.p50", "latency.p90", "latency.p95", "latency.p99", "throughput", "errors.ratio"] as const).map((metric) => ({
  metric,
  regression: metric === "errors.ratio" ? 0.005 : 0.1,
  floor: undefined,
  limit: undefined,
}));
const suite = makeSuite({ gates: GATES });
const WORD_RUNS = { numRuns: 25 };

/** Any blocks at all: empty ones, single values, equal values, ones of very different size and scale. */
const anyRecord = fc
  .array(
    fc.record({
      base: fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 30 }),
      head: fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 30 }),
      errorRatio: fc.constantFrom(0, 0, 0.1, 1),
      power: fc.constantFrom(0, 120, Number.NaN, Number.POSITIVE_INFINITY, -1),
    }),
    { maxLength: 8 },
  )
  .map((pairs): RunRecord => {
    const blank = makeRecord({ scenarios: [] });
    const blocks = (arm: "base" | "head") =>
      pairs.map((pair, i) =>
        makeBlock(
          pair[arm],
          { index: 2 * i + (arm === "head" ? 1 : 0), pair: i, startS: 0, durationS: 1 },
          { errorRatio: arm === "head" ? pair.errorRatio : 0, gauges: { "gpu.power": pair.power } },
        ),
      );
    const arm = (list: ReturnType<typeof blocks>) => ({
      warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined },
      blocks: list,
      examples: {},
    });
    const load = { kind: "open", ratePerS: 10, arrivals: "poisson", durationS: 10 } as const;
    return { ...blank, scenarios: [{ name: "steady", load, arms: { base: arm(blocks("base")), head: arm(blocks("head")) } }] };
  });

test("whatever the records hold, numbers are finite, words are known and reasons are given", () => {
  const bases = storedRuns(3, { blocks: 3, requestsPerBlock: 40 });
  fc.assert(
    fc.property(anyRecord, fc.constantFrom("live", "stored", "none"), (record, kind) => {
      const baseline = kind === "stored" ? bases : kind === "none" ? NONE : undefined;
      const verdict = judge({ heads: [record], suite, ...(baseline === undefined ? {} : { baseline }) });
      expect(findNotFinite(verdict.comparisons)).toEqual([]);
      expect(VERDICTS).toContain(verdict.verdict);
      if (verdict.verdict !== "pass") expect(verdict.reasons.length).toBeGreaterThan(0);
      for (const reason of verdict.reasons) expect(reason).not.toMatch(/NaN|undefined|Infinity|n\/a/);
      for (const { reason } of verdict.scenarios[0]!.metrics) expect(reason).not.toMatch(/NaN|undefined|Infinity|n\/a/);
    }),
    { numRuns: 60 },
  );
});

test("equal arms never fail", () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const [scenario] = record.scenarios;
      const { head } = scenario!.arms;
      const same = { ...record, scenarios: [{ ...scenario!, arms: { base: head!, head: head! } }] };
      expect(judge({ heads: [same], suite }).verdict).not.toBe("fail");
    }),
    { numRuns: 60 },
  );
});

test("making the head slower never turns a fail into a pass", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.double({ min: 1, max: 1.5, noNaN: true }),
      fc.double({ min: 1, max: 1.5, noNaN: true }),
      (seed, a, b) => {
        const word = (factor: number) =>
          judge({ heads: [makeRecord({ seed, blocks: 12, requestsPerBlock: 60, head: { factor } })], suite }).verdict;
        if (word(Math.min(a, b)) === "fail") expect(word(Math.max(a, b))).not.toBe("pass");
      },
    ),
    WORD_RUNS,
  );
});

test("a wider margin never turns a pass into a fail", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.double({ min: 0.02, max: 0.5, noNaN: true }),
      fc.double({ min: 0.02, max: 0.5, noNaN: true }),
      (seed, a, b) => {
        const record = makeRecord({ seed, blocks: 12, requestsPerBlock: 60, head: { factor: 1.15 } });
        const word = (regression: number) =>
          judge({ heads: [record], suite: makeSuite({ gates: [{ ...GATES[0]!, regression }] }) }).verdict;
        if (word(Math.min(a, b)) === "pass") expect(word(Math.max(a, b))).toBe("pass");
        if (word(Math.max(a, b)) === "fail") expect(word(Math.min(a, b))).toBe("fail");
      },
    ),
    WORD_RUNS,
  );
});

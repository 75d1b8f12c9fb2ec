import { expect, test } from "vitest";
import type { Slot } from "../../../../bench/decisions/recorded/agenda.ts";
import { compareStored, judgeAgain } from "../../../../bench/decisions/recorded/judge.ts";
import type { Result } from "../../../../bench/decisions/recorded/result.ts";
import { rivalVerdicts } from "../../../../bench/decisions/recorded/rivals.ts";
import { makeRecord, makeSuite } from "../../../core/compare/records.ts";

const suite = makeSuite();
const slot = (id: string, part: Partial<Slot> = {}): Slot => ({
  id,
  server: "demo",
  kind: "A/A",
  change: undefined,
  first: "base",
  seed: 1,
  budget: 1,
  ...part,
});
const startedAt = (i: number) => `2026-11-26T12:${String(i).padStart(2, "0")}:00.000Z`;
const equal = Array.from({ length: 5 }, (_, i) => ({
  slot: slot(`demo-aa-${i + 1}`),
  record: makeRecord({ seed: i + 1, overrides: { startedAt: startedAt(i) } }),
}));
const slower = {
  slot: slot("demo-ab-1", { kind: "A/B", change: "slower" }),
  record: makeRecord({ seed: 9, head: { factor: 1.5 }, overrides: { startedAt: startedAt(9) } }),
};

test("every arm of equal builds is compared with eight runs of other comparisons, and a slower head fails against them", () => {
  const results = compareStored([...equal, slower], suite);
  expect(results).toHaveLength(2 * 5 + 1);
  for (const { evidence, dependent } of results) expect({ evidence, dependent }).toEqual({ evidence: "stored", dependent: true });
  expect(results.filter(({ kind, verdict }) => kind === "A/A" && verdict === "fail")).toEqual([]);
  const changed = results.find(({ kind }) => kind === "A/B");
  expect(changed).toMatchObject({ id: "demo-ab-1-stored-head", change: "slower", verdict: "fail", requests: 12 * 250 });
});

test("eight runs that a seed does not have are not made up of other seeds", () => {
  const other = { suite: { name: "simulated", digest: "1".repeat(64), seed: 2 } };
  const mixed = equal.map(({ slot, record }, i) => ({ slot, record: i < 4 ? record : { ...record, ...other } }));
  expect(compareStored(mixed, suite)).toEqual([]);
});

test("a record that is judged otherwise now keeps the word it had", () => {
  const then: Result = {
    ...slower.slot,
    change: "slower",
    evidence: "live",
    verdict: "pass",
    reasons: [],
    failed: [],
    requests: 6000,
    passes: 1,
    durationS: 32,
    delta: {},
    resolvableMargin: {},
    loadAverage: 1,
  };
  const now = judgeAgain(then, slower.record, suite);
  expect(now).toMatchObject({ id: "demo-ab-1", verdict: "fail", verdictThen: "pass", requests: 6000 });
  expect(now.delta["latency.p50"]?.relative).toBeCloseTo(0.5, 1);
  expect(judgeAgain(now, slower.record, suite)).not.toHaveProperty("verdictThen");
});

test("the other rules see what is plain to see, and say nothing of an arm without requests", () => {
  expect(new Set(Object.values(rivalVerdicts(slower.record)))).toEqual(new Set(["fail"]));
  const faster = makeRecord({ seed: 9, head: { factor: 0.5 } });
  expect(new Set(Object.values(rivalVerdicts(faster)))).toEqual(new Set(["pass"]));
  expect(rivalVerdicts(makeRecord({ design: "single" }))).toEqual({});
});

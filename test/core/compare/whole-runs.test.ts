import { expect, test } from "vitest";
import { admitBaselines } from "../../../src/core/compare/admit.ts";
import { wholeRuns } from "../../../src/core/compare/whole-runs.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { makeRecord } from "./records.ts";

const part = (index: number, overrides: Partial<RunRecord> = {}): RunRecord =>
  makeRecord({
    design: "single",
    blocks: 2,
    requestsPerBlock: 50,
    seed: index,
    overrides: { shard: { index, of: 2, endpoints: "e" }, provenance: { runId: "812", runAttempt: "1" }, ...overrides },
  });
const whole = makeRecord({ design: "single", blocks: 2, requestsPerBlock: 50 });
const at = (origin: string, record: RunRecord) => ({ origin, record });

test("the shards of a load become one run, from all of their places, in the order of the shards", () => {
  const runs = wholeRuns([at("b.json", part(2)), at("whole.json", whole), at("a.json", part(1))]);
  expect(runs.map(({ origin }) => origin)).toEqual(["a.json + b.json", "whole.json"]);
  const [folded] = runs;
  expect(folded!.record).toMatchObject({ status: "complete", problems: [] });
  expect(folded!.record.scenarios[0]!.arms.head!.blocks.map(({ offered }) => offered)).toEqual([100, 100]);
  expect(runs[1]!.record).toBe(whole);
});

test("shards of another attempt, or with another start, are another load", () => {
  const second = { runId: "812", runAttempt: "2" };
  expect(wholeRuns([at("a", part(1)), at("b", part(2, { provenance: second }))]).map(({ record }) => record.problems[0]?.code)).toEqual([
    "shard-missing",
    "shard-missing",
  ]);
  const late = { index: 2, of: 2, endpoints: "e", startAt: "2026-11-22T10:00:00.000Z" };
  expect(wholeRuns([at("a", part(1)), at("b", part(2, { shard: late }))])).toHaveLength(2);
});

test("a shard by itself is no baseline", () => {
  expect(admitBaselines(whole, [at("a", part(1))]).refused).toEqual([{ origin: "a", reason: "it is shard 1 of 2, a part of a load" }]);
});

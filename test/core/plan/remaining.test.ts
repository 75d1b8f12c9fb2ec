import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import type { Arm, Plan, Segment } from "../../../src/core/plan/plan.ts";
import { remainingPlan } from "../../../src/core/plan/remaining.ts";
import type { BlockRecord, RequestRecord, RunRecord, ScenarioRecord } from "../../../src/core/record/run-record.ts";
import { steadyRate, steadyUsers } from "../../../src/core/suite/load.ts";
import { someRecord } from "../record/some-record.ts";
import { scenario, suite } from "./fixtures.ts";

const planOf = (design: Plan["design"], scenarios = [scenario()]): Plan =>
  makePlan({ suite: suite({ scenarios }), digest: "d", files: new Map(), design });

const measured = (plan: Plan, index = 0): readonly Segment[] => plan.scenarios[index]!.segments.filter(({ phase }) => phase === "measure");
const slotsOf = (plan: Plan, index = 0) => measured(plan, index).flatMap(({ arm, blocks }) => blocks.map((slot) => ({ arm, ...slot })));

/** A record in which the named blocks of each scenario are complete. */
function recordWith(plan: Plan, done: readonly (readonly number[])[]): RunRecord {
  const template = someRecord().scenarios[0]!;
  const { warmUp, blocks } = template.arms.head!;
  const scenarios = plan.scenarios.flatMap(({ scenario: { name } }, i): ScenarioRecord[] => {
    const arms: { [A in Arm]?: { warmUp: typeof warmUp; blocks: BlockRecord[]; examples: object } } = {};
    for (const { arm, index, pair } of slotsOf(plan, i)) {
      if (done[i]!.includes(index)) (arms[arm] ??= { warmUp, blocks: [], examples: {} }).blocks.push({ ...blocks[0]!, index, pair });
    }
    return Object.keys(arms).length === 0 ? [] : [{ name, load: template.load, arms }];
  });
  return someRecord({ status: "aborted", scenarios });
}
const keptIndices = (kept: readonly ScenarioRecord[]) =>
  kept.flatMap(({ arms }) => Object.values(arms).flatMap(({ blocks }) => blocks.map(({ index }) => index))).toSorted((a, b) => a - b);
const arrivals = (segment: Segment): Float64Array => (segment.load.kind === "open" ? segment.load.arrivalsS : new Float64Array());

describe("a run on one arm", () => {
  test("goes on with the very arrivals and picks that were never sent", () => {
    const plan = planOf("single", [scenario({ load: steadyRate(20, "poisson", 60) })]);
    const [whole] = measured(plan);
    const { plan: rest, kept } = remainingPlan(plan, recordWith(plan, [[0, 1]]));
    expect(keptIndices(kept)).toEqual([0, 1]);
    const [left] = measured(rest);
    expect(left!.blocks.map(({ index, startS, durationS }) => [index, startS, durationS])).toEqual([
      [2, 0, 10],
      [3, 10, 10],
      [4, 20, 10],
      [5, 30, 10],
    ]);
    expect(left!.durationS).toBe(40);
    const expected = [...arrivals(whole!)].filter((atS) => atS >= 20);
    expect([...arrivals(left!)].map((atS) => atS + 20)).toEqual(expected.map((atS) => expect.closeTo(atS, 9)));
    expect(left!.picks).toEqual(whole!.picks.slice(-expected.length));
    expect(rest.scenarios[0]!.segments[0]!.phase).toBe("warm-up");
  });

  test("keeps the slowest and the failed requests of the blocks that stand, and no others", () => {
    const plan = planOf("single", [scenario({ load: steadyRate(20, "poisson", 60) })]);
    const record = recordWith(plan, [[0, 1, 3]]);
    const request = (block: number): RequestRecord => ({ block, index: 7, atS: 12, payloadClass: "short", result: "ok", latencyS: 1 });
    const withRequests = (slowest: readonly RequestRecord[], failed: readonly RequestRecord[]): RunRecord => ({
      ...record,
      scenarios: record.scenarios.map((each) => ({ ...each, arms: { head: { ...each.arms.head!, slowest, failed } } })),
    });
    const kept = (slowest: readonly number[], failed: readonly number[]) =>
      remainingPlan(plan, withRequests(slowest.map(request), failed.map(request))).kept[0]!.arms.head!;
    expect(kept([3, 1, 0], [3, 0])).toMatchObject({ slowest: [{ block: 1 }, { block: 0 }], failed: [{ block: 0 }] });
    expect(kept([3], [3])).not.toHaveProperty("slowest");
  });

  test("does not trust a block behind one that is missing", () => {
    const plan = planOf("single");
    const { plan: rest, kept } = remainingPlan(plan, recordWith(plan, [[0, 2, 3]]));
    expect(keptIndices(kept)).toEqual([0]);
    expect(slotsOf(rest)[0]!.index).toBe(1);
  });

  test("keeps the users of a closed loop where they were", () => {
    const plan = planOf("single", [scenario({ load: steadyUsers(8, 60) })]);
    const stepped: Plan = {
      ...plan,
      scenarios: plan.scenarios.map((each) => ({
        ...each,
        segments: each.segments.map((segment) => ({
          ...segment,
          load: {
            kind: "closed",
            steps: [
              { atS: 0, users: 2 },
              { atS: 15, users: 5 },
              { atS: 40, users: 1 },
            ],
            thinkS: new Float64Array(),
            pacingS: undefined,
          },
        })),
      })),
    };
    const [left] = measured(remainingPlan(stepped, recordWith(stepped, [[0, 1]])).plan);
    expect(left!.load).toMatchObject({
      steps: [
        { atS: 0, users: 5 },
        { atS: 20, users: 1 },
      ],
    });
  });
});

describe("a live run", () => {
  test("measures every pair again that is not whole, and nothing else", () => {
    const plan = planOf("live");
    fc.assert(
      fc.property(fc.subarray(slotsOf(plan).map(({ index }) => index)), (done) => {
        const { plan: rest, kept } = remainingPlan(plan, recordWith(plan, [done]));
        const left = slotsOf(rest);
        const stands = keptIndices(kept);
        expect([...stands, ...left.map(({ index }) => index)].toSorted((a, b) => a - b)).toEqual(slotsOf(plan).map(({ index }) => index));
        for (const { pair } of left)
          expect(
            left
              .filter((slot) => slot.pair === pair)
              .map(({ arm }) => arm)
              .sort(),
          ).toEqual(["base", "head"]);
        for (const index of stands) expect(done).toContain(index);
        const warm = rest.scenarios[0]!.segments.filter(({ phase }) => phase === "warm-up");
        expect(warm).toHaveLength(left.length === 0 ? 0 : 2);
      }),
      { numRuns: 50 },
    );
  });
});

test("a scenario that was never begun is left whole, one that is complete is not driven again", () => {
  const plan = planOf("single", [scenario({ name: "a" }), scenario({ name: "b" })]);
  const all = slotsOf(plan, 0).map(({ index }) => index);
  const { plan: rest, kept } = remainingPlan(plan, recordWith(plan, [all, []]));
  expect(rest.scenarios.map(({ segments }) => segments.length)).toEqual([0, plan.scenarios[1]!.segments.length]);
  expect(kept.map(({ name }) => name)).toEqual(["a"]);
});

test("scenarios that run together stand or fall together, and keep the same number of segments", () => {
  const plan = planOf("live", [scenario({ name: "a", together: "x" }), scenario({ name: "b", together: "x" })]);
  const { plan: rest, kept } = remainingPlan(
    plan,
    recordWith(plan, [
      [0, 1, 2, 3],
      [0, 1],
    ]),
  );
  expect(kept.map(({ name, arms }) => [name, arms.base!.blocks.length, arms.head!.blocks.length])).toEqual([
    ["a", 1, 1],
    ["b", 1, 1],
  ]);
  const [a, b] = rest.scenarios.map(({ segments }) => segments.length);
  expect(a).toBe(b);
  expect(a).toBe(plan.scenarios[0]!.segments.length - 2);
});

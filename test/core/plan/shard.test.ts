import { describe, expect, test } from "vitest";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import { readShard, shardOf, shareOf } from "../../../src/core/plan/shard.ts";
import { steadyRate, steadyUsers } from "../../../src/core/suite/load.ts";
import { scenario, suite } from "./fixtures.ts";

const planOf = (load: Parameters<typeof scenario>[0], design: "single" | "live" = "single") =>
  makePlan({ suite: suite({ scenarios: [scenario(load)] }), digest: "d", files: new Map(), design });

describe("a shard", () => {
  test.each([
    ["1/1", 0, 1],
    ["2/3", 1, 3],
    [" 3 / 3 ", 2, 3],
  ])("is read from %j", (text, index, of) => {
    expect(readShard(text, undefined)).toEqual({ stripe: { index, of }, startAtMs: undefined });
  });

  test.each(["", "2", "0/3", "4/3", "2/0", "1.5/3", "-1/3", "1/101", "2/3/4"])("is not read from %j", (text) => {
    expect(() => readShard(text, undefined)).toThrow(/names no shard/);
  });

  test.each([
    ["1795000000", 1_795_000_000_000],
    ["1795000000.25", 1_795_000_000_250],
    ["2026-11-22T09:00:00Z", Date.UTC(2026, 10, 22, 9)],
    ["2026-11-22T10:00:00.5+01:00", Date.UTC(2026, 10, 22, 9) + 500],
    ["", undefined],
  ])("begins at %j", (text, startAtMs) => {
    expect(readShard("1/2", text).startAtMs).toBe(startAtMs);
  });

  test.each(["soon", "-5", "0", "1795000000000", "2026-13-01T00:00:00Z"])("does not begin at %j", (text) => {
    expect(() => readShard("1/2", text)).toThrow(/start-at: .* is no time/);
  });

  test("has the segments and blocks of the whole plan, with its part of the requests in each, and a warm-up of fixed length", () => {
    for (const design of ["single", "live"] as const) {
      const whole = planOf({ load: steadyRate(50, "poisson", 60) }, design);
      const parts = [0, 1, 2].map((index) => shardOf(whole, { index, of: 3 }));
      whole.scenarios[0]!.segments.forEach((segment, i) => {
        const same = parts.map((part) => part.scenarios[0]!.segments[i]!);
        for (const part of same) expect(part).toMatchObject({ durationS: segment.durationS, blocks: segment.blocks, untilSteady: false });
        const count = (one: typeof segment) => (one.load.kind === "open" ? one.load.arrivalsS.length : 0);
        expect(same.reduce((sum, part) => sum + count(part), 0)).toBe(count(segment));
      });
      expect(whole.scenarios[0]!.segments.some(({ untilSteady }) => untilSteady)).toBe(true);
    }
  });

  test("that would send nothing is a mistake", () => {
    expect(() => shardOf(planOf({ load: steadyUsers(2, 10) }), { index: 2, of: 3 })).toThrow(
      'scenario "steady" is too small for 3 shards: shard 3 of 3 would send nothing',
    );
  });

  test("has an equal share of what all have together", () => {
    expect([0, 1, 2].map((index) => shareOf(1000, { index, of: 3 }))).toEqual([334, 333, 333]);
    expect([0, 1, 2].map((index) => shareOf(1, { index, of: 3 }))).toEqual([1, 1, 1]);
  });
});

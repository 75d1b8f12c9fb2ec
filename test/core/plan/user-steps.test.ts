import fc from "fast-check";
import { expect, test } from "vitest";
import { stepsWithin, userSteps } from "../../../src/core/plan/user-steps.ts";
import type { Stage } from "../../../src/core/suite/suite.ts";

const line = (durationS: number, from: number, to: number = from): Stage => ({ kind: "linear", durationS, from, to });
const users = fc.integer({ min: 0, max: 40 });
const seconds = fc.double({ min: 0.1, max: 100, noNaN: true });
const stage: fc.Arbitrary<Stage> = fc.oneof(
  fc.tuple(seconds, users, users).map(([durationS, from, to]) => line(durationS, from, to)),
  fc
    .tuple(seconds, users, fc.integer({ min: 1, max: 20 }), seconds)
    .map(([durationS, low, swing, periodS]): Stage => ({ kind: "sine", durationS, low, high: low + swing, periodS })),
);
const shapes = fc.array(stage, { minLength: 1, maxLength: 5 });

/** The value that is written for a moment. */
function writtenAt(stages: readonly Stage[], t: number): number {
  let startS = 0;
  for (const each of stages) {
    const within = t - startS;
    if (within < each.durationS) {
      if (each.kind === "linear") return each.from + ((each.to - each.from) * within) / each.durationS;
      return (each.low + each.high) / 2 + ((each.high - each.low) / 2) * Math.sin((2 * Math.PI * within) / each.periodS);
    }
    startS += each.durationS;
  }
  throw new RangeError("beyond the shape");
}

test("a ramp is a level for each whole number, all of one length", () => {
  const steps = userSteps([line(60, 1, 16)]);
  expect(steps).toHaveLength(16);
  expect(steps.map(({ users }) => users)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  for (const [i, { atS }] of steps.entries()) expect(atS).toBeCloseTo(i * 3.75, 12);
  expect(userSteps([line(4, 3, 0)])).toEqual([0, 1, 2, 3].map((i) => ({ atS: i, users: 3 - i })));
});

test("levels stand where they are written, and equal neighbours are one", () => {
  expect(userSteps([line(10, 4), line(5, 0), line(5, 4), line(3, 4, 5)])).toEqual([
    { atS: 0, users: 4 },
    { atS: 10, users: 0 },
    { atS: 15, users: 4 },
    { atS: 21.5, users: 5 },
  ]);
});

test("steps are never further from what is written than a whole number has to be", () => {
  fc.assert(
    fc.property(shapes, fc.double({ min: 0, max: 0.999_999, noNaN: true }), (stages, part) => {
      const steps = userSteps(stages);
      const t = part * stages.reduce((sum, { durationS }) => sum + durationS, 0);
      const now = steps.findLast(({ atS }) => atS <= t)!;
      // A ramp spends as long on its ends as on any other level, and is up to one off; a wave is rounded.
      expect(Math.abs(now.users - writtenAt(stages, t))).toBeLessThanOrEqual(1 + 1e-6);
      expect(steps[0]!.atS).toBe(0);
      expect(steps.every(({ atS, users }, i) => i === 0 || (atS > steps[i - 1]!.atS && users !== steps[i - 1]!.users))).toBe(true);
    }),
  );
});

test("a wave takes the nearest whole number", () => {
  const wave: Stage = { kind: "sine", durationS: 60, low: 2, high: 9, periodS: 20 };
  const steps = userSteps([wave]);
  for (let t = 0.013; t < 60; t += 0.1) {
    expect(steps.findLast(({ atS }) => atS <= t)!.users, `at ${t}`).toBe(Math.round(writtenAt([wave], t)));
  }
  expect(new Set(steps.map(({ users }) => users))).toEqual(new Set([2, 3, 4, 5, 6, 7, 8, 9]));
});

test("windows side by side hold the same users at every moment as the whole", () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 30 }), fc.double({ min: 0, max: 0.999_999, noNaN: true }), (stages, count, part) => {
      const steps = userSteps(stages);
      const durationS = stages.reduce((sum, stage) => sum + stage.durationS, 0);
      const t = part * durationS;
      const k = Math.min(count - 1, Math.floor((t / durationS) * count));
      const [fromS, toS] = [(k * durationS) / count, ((k + 1) * durationS) / count];
      const window = stepsWithin(steps, fromS, toS);
      expect(window[0]!.atS).toBe(0);
      // Except within the last bits of a change.
      fc.pre(steps.every(({ atS }) => Math.abs(atS - t) > 1e-9));
      expect(window.findLast(({ atS }) => atS <= t - fromS)!.users).toBe(steps.findLast(({ atS }) => atS <= t)!.users);
    }),
  );
});

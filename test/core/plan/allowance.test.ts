import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowanceOf, shareAmong } from "../../../src/core/plan/allowance.ts";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";

const planOf = (scenarios: string) =>
  makePlan({
    suite: parseSuite(`name: t\ntarget: { protocol: raw }\nscenarios:\n${scenarios}`, "suite.yaml").suite,
    digest: "0",
    files: new Map(),
    design: "live",
  });
const scenario = (name: string, durationS: number, more = "") =>
  `  - { name: ${name}, load: { rate: 100/s, duration: ${durationS}s }, gates: { latency.p99: { regression: 10% } }${more} }\n`;

describe("what a budget allows", () => {
  test("is so many times the whole plan, of which a scenario may have twice its share if the others leave it", () => {
    const plan = planOf(scenario("a", 24) + scenario("b", 24) + scenario("c", 48));
    expect(allowanceOf({ passes: 4 }, plan)).toEqual({
      plans: 4,
      totalS: 4 * 192,
      parts: [
        { names: ["a"], passS: 48, most: 8 },
        { names: ["b"], passS: 48, most: 8 },
        // The others leave three passes of 48 s each.
        { names: ["c"], passS: 96, most: 7 },
      ],
    });
  });

  test("nothing but its own share where there is no other scenario, or all run at once", () => {
    expect(allowanceOf({ passes: 4 }, planOf(scenario("a", 24))).parts).toEqual([{ names: ["a"], passS: 48, most: 4 }]);
    const together = planOf(scenario("a", 24, ", together: x") + scenario("b", 24, ", together: x"));
    expect(allowanceOf({ passes: 4 }, together)).toEqual({ plans: 4, totalS: 192, parts: [{ names: ["a", "b"], passS: 48, most: 4 }] });
  });

  test("a time is used to its end, and one that is shorter than a pass is stretched to it", () => {
    const plan = planOf(scenario("a", 24));
    expect(allowanceOf({ durationS: 250 }, plan)).toEqual({ plans: 5, totalS: 250, parts: [{ names: ["a"], passS: 48, most: 5 }] });
    expect(allowanceOf({ durationS: 10 }, plan)).toMatchObject({ plans: 1, totalS: 48, parts: [{ most: 1 }] });
  });

  test("a run of fixed length stays one, whatever time is left", () => {
    const plan = planOf(scenario("a", 24) + scenario("b", 24));
    expect(allowanceOf({ passes: 1 }, plan).parts.map(({ most }) => most)).toEqual([1, 1]);
    expect(allowanceOf({ durationS: 180 }, plan)).toMatchObject({ plans: 1, parts: [{ most: 1 }, { most: 1 }] });
  });

  test("what a scenario may have fits into the whole beside one pass of each other", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 9 }),
        (plans, times) => {
          const onceS = times.reduce((sum, time) => sum + time / 10, 0);
          const { parts, totalS } = shareAmong(
            plans,
            plans * onceS,
            times.map((time, i) => ({ names: [`${i}`], passS: time / 10 })),
          );
          for (const { passS, most } of parts) {
            expect(most).toBeGreaterThanOrEqual(plans);
            expect(most).toBeLessThanOrEqual(2 * plans);
            expect(most * passS + (onceS - passS)).toBeLessThanOrEqual(totalS * (1 + 1e-9));
          }
        },
      ),
    );
  });
});

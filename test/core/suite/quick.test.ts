import { expect, test } from "vitest";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import { plannedTime } from "../../../src/core/plan/planned-time.ts";
import { suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { quickSuite } from "../../../src/core/suite/quick.ts";
import type { Suite } from "../../../src/core/suite/suite.ts";

const suiteOf = (scenarios: string): Suite =>
  parseSuite(`name: a\ntarget: { protocol: raw }\nscenarios:\n${scenarios}`, "suite.yaml").suite;
const digestOf = (suite: Suite) => suiteDigest(suite, new Map());
const planOf = (suite: Suite, design: "single" | "live", scenarios: readonly string[] = []) =>
  makePlan({ suite, digest: digestOf(suite), files: new Map(), design, scenarios });

const STEADY = "  - { name: steady, load: { rate: 30/s, duration: 4m } }";
const SHAPES = `  - name: ramp
    load: { shape: [{ ramp: [10/s, 100/s], duration: 1m }, { rate: 100/s, duration: 2m }, { sine: [10/s, 50/s], period: 30s, duration: 2m }] }
  - { name: users, load: { concurrency: 8, duration: 5m } }`;

test("takes a quarter of a minute of load, on one endpoint and on two, with the same rates", () => {
  const suite = suiteOf(STEADY);
  for (const [arms, design] of [
    [1, "single"],
    [2, "live"],
  ] as const) {
    const quick = quickSuite(suite, arms);
    expect(plannedTime(planOf(quick, design)).wholeS).toBeCloseTo(15, 6);
    expect(quick.scenarios[0]!.load).toMatchObject({ ratePerS: 30, arrivals: "poisson" });
    expect(quick.decision.budget).toEqual({ passes: 1 });
  }
});

test("is another workload than the suite, so that no stored run of one is compared with the other", () => {
  const suite = suiteOf(STEADY);
  expect(digestOf(quickSuite(suite, 1))).not.toBe(digestOf(suite));
});

test("scenarios share the time, those that are left out take none of it, and those that run together are one", () => {
  const four = suiteOf(["a", "b", "c", "d"].map((name) => `  - { name: ${name}, load: { rate: 30/s, duration: 1m } }`).join("\n"));
  expect(plannedTime(planOf(quickSuite(four, 1), "single")).wholeS).toBeCloseTo(16, 6);
  expect(plannedTime(planOf(quickSuite(four, 1, ["b"]), "single", ["b"])).wholeS).toBeCloseTo(15, 6);
  const pair = suiteOf(["a", "b"].map((name) => `  - { name: ${name}, together: x, load: { rate: 30/s, duration: 1m } }`).join("\n"));
  expect(plannedTime(planOf(quickSuite(pair, 1), "single")).wholeS).toBeCloseTo(15, 6);
});

test("a load that changes over time is pressed together: it reaches the same rates in the same order", () => {
  const suite = suiteOf(SHAPES);
  const [ramp, users] = quickSuite(suite, 1).scenarios.map(({ load }) => load);
  expect(ramp).toMatchObject({
    kind: "open",
    stages: [
      { from: 10, to: 100 },
      { from: 100, to: 100 },
      { low: 10, high: 50 },
    ],
  });
  const [first, second, third] = ramp!.kind === "open" ? ramp!.stages : [];
  expect(second!.durationS / first!.durationS).toBeCloseTo(2, 9);
  expect(third!.kind === "sine" && third!.durationS / third!.periodS).toBeCloseTo(4, 9);
  expect(users).toMatchObject({ kind: "closed", concurrency: 8 });
  expect(() => planOf(quickSuite(suite, 2), "live")).not.toThrow();
});

test("a load that is slower than that still sends ten requests", () => {
  const { load } = quickSuite(suiteOf("  - { name: slow, load: { rate: 0.2/s, duration: 10m } }"), 2).scenarios[0]!;
  expect(load.durationS).toBe(50);
});

test("a suite that is as short already stays what it is, digest included", () => {
  const short = suiteOf("  - { name: steady, load: { rate: 30/s, duration: 5s } }");
  expect(digestOf(quickSuite(short, 1))).toBe(digestOf(short));
});

import { expect, test } from "vitest";
import { admitBaselines, MUST_MATCH } from "../../../src/core/compare/admit.ts";
import { makeRecord } from "./records.ts";

const head = makeRecord({ design: "single", blocks: 2, requestsPerBlock: 20 });
const reasons = (overrides: object): readonly string[] => {
  const { runs, refused } = admitBaselines(head, [{ origin: "run 7", record: { ...head, ...overrides } }]);
  expect(runs.length + refused.length).toBe(1);
  return refused.map(({ origin, reason }) => `${origin}: ${reason}`);
};

test("a run of the same suite in the same environment is accepted", () => {
  expect(reasons({})).toEqual([]);
});

test.each([
  [
    "another workload",
    { suite: { ...head.suite, digest: `abcdef${"0".repeat(58)}` } },
    "it was measured with another workload (suite digest abcdef000000, the head's is 000000000000)",
  ],
  ["another schema", { schema: 9 }, "it is stored in schema 9, this tailgate compares schema 1: record it again"],
  ["an incomplete run", { status: "cancelled" }, "the run is not complete (cancelled)"],
  [
    "an invalid run",
    { problems: [{ severity: "invalid", code: "gpu-throttled", message: "GPU 0 was throttled in 40 % of the samples" }] },
    "the run is invalid: GPU 0 was throttled in 40 % of the samples",
  ],
  [
    "another GPU",
    { environment: { ...head.environment, "gpu.models": "1 × NVIDIA H100" } },
    "it was measured in another environment (gpu.models is 1 × NVIDIA H100, the head's is 1 × NVIDIA L4)",
  ],
  [
    "other scenarios",
    { scenarios: head.scenarios.map((scenario) => ({ ...scenario, name: "other" })) },
    "it has no scenario in common with the head",
  ],
  ["no blocks", { scenarios: head.scenarios.map((scenario) => ({ ...scenario, arms: {} })) }, "it has no scenario in common with the head"],
])("%s is refused with its reason", (_, overrides, reason) => {
  expect(reasons(overrides)).toEqual([`run 7: ${reason}`]);
});

test.each(MUST_MATCH)("a different %s is refused by name", (key) => {
  const here = { ...head, environment: { ...head.environment, [key]: "here" } };
  const there = { ...head, environment: { ...head.environment, [key]: "there" } };
  expect(admitBaselines(here, [{ origin: "run 7", record: there }]).refused[0]?.reason).toContain(`${key} is there, the head's is here`);
});

test("a warning and a fact that only one record knows do not stand in the way", () => {
  expect(reasons({ problems: [{ severity: "warning", code: "telemetry-gap", message: "3 s without samples" }] })).toEqual([]);
  expect(reasons({ environment: {} })).toEqual([]);
  expect(reasons({ environment: { ...head.environment, "client.node": "24.22.0" } })).toEqual([]);
});

test("the accepted keep their order beside the refused", () => {
  const candidates = ["a", "b", "c"].map((origin) => ({
    origin,
    record: origin === "b" ? ({ ...head, status: "aborted" } as const) : head,
  }));
  const { runs, refused } = admitBaselines(head, candidates);
  expect([runs.map(({ origin }) => origin), refused.map(({ origin }) => origin)]).toEqual([["a", "c"], ["b"]]);
});

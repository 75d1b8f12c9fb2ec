import { describe, expect, test } from "vitest";
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

test.each([
  ["the number of GPUs", "gpu.models", "2 × NVIDIA L4"],
  ["the GPU's model", "gpu.models", "1 × NVIDIA H100"],
  ["the version of undici", "client.http", "undici 8.13.0 http/1.1"],
  ["the class of the endpoint", "endpoint.class", "http loopback"],
  ["the class of the runner", "client.runner", "self-hosted"],
])("%s must be the same", (_, key, there) => {
  const known = { "gpu.models": "1 × NVIDIA L4", "client.http": "undici 8.12.4 http/1.1", "endpoint.class": "https public" };
  const here = { ...head, environment: { ...known, "client.runner": "github-hosted" } };
  const base = { ...here, environment: { ...here.environment, [key]: there } };
  const [refusal] = admitBaselines(here, [{ origin: "run 7", record: base }]).refused;
  expect(refusal?.reason).toBe(
    `it was measured in another environment (${key} is ${there}, the head's is ${here.environment[key as keyof typeof known]})`,
  );
});

test("all differences are named, not the first one alone", () => {
  const environment = { ...head.environment, "gpu.models": "1 × NVIDIA H100", "target.protocol": "raw" };
  expect(reasons({ environment })).toEqual([
    "run 7: it was measured in another environment (target.protocol is raw, the head's is kserve-v2; gpu.models is 1 × NVIDIA H100, the head's is 1 × NVIDIA L4)",
  ]);
});

test("a warning and a fact that need not match do not stand in the way", () => {
  expect(reasons({ problems: [{ severity: "warning", code: "telemetry-gap", message: "3 s without samples" }] })).toEqual([]);
  expect(reasons({ environment: { ...head.environment, "client.node": "24.22.0" } })).toEqual([]);
});

describe("a key that only one side has refuses nothing, and is reported as unknown:", () => {
  const unknownOf = (here: Readonly<Record<string, string>>, ...there: readonly Readonly<Record<string, string>>[]) => {
    const candidates = there.map((environment, i) => ({ origin: `run ${i}`, record: { ...head, environment } }));
    const { runs, unknown } = admitBaselines({ ...head, environment: here }, candidates);
    expect(runs).toHaveLength(there.length);
    return unknown;
  };

  test("of some runs", () => {
    const driver = { "gpu.driver": "550" };
    expect(unknownOf(driver, {}, driver, {})).toEqual([{ key: "gpu.driver", head: "550", bases: ["550"], runs: 2 }]);
  });

  test("of the head", () => {
    expect(unknownOf({}, { "gpu.driver": "550" }, { "gpu.driver": "560" }, {})).toEqual([
      { key: "gpu.driver", head: undefined, bases: ["550", "560"], runs: 2 },
    ]);
  });

  test("not if neither side has it, nor of runs that are refused", () => {
    expect(unknownOf({}, {})).toEqual([]);
    const refused = { ...head, environment: {}, status: "aborted" } as const;
    expect(admitBaselines(head, [{ origin: "run 7", record: refused }]).unknown).toEqual([]);
  });
});

test("the accepted keep their order beside the refused", () => {
  const candidates = ["a", "b", "c"].map((origin) => ({
    origin,
    record: origin === "b" ? ({ ...head, status: "aborted" } as const) : head,
  }));
  const { runs, refused } = admitBaselines(head, candidates);
  expect([runs.map(({ origin }) => origin), refused.map(({ origin }) => origin)]).toEqual([["a", "c"], ["b"]]);
});

describe("a run of a suite that differs in some scenarios", () => {
  const scenario = (name: string, digest: string | undefined) => ({
    ...head.scenarios[0]!,
    name,
    ...(digest === undefined ? {} : { digest }),
  });
  const of = (suite: string, ...scenarios: readonly ReturnType<typeof scenario>[]) => ({
    ...head,
    suite: { ...head.suite, digest: suite.repeat(64) },
    scenarios,
  });
  const here = of("1", scenario("burst", "b2"), scenario("steady", "s1"), scenario("soak", "k1"));
  const admitted = (...records: readonly (typeof head)[]) =>
    admitBaselines(
      here,
      records.map((record, i) => ({ origin: `run ${i}`, record })),
    );
  const measured = (record: typeof head | undefined) =>
    record?.scenarios.map(({ name, arms }) => `${name} ${(arms.head?.blocks.length ?? 0) > 0 ? "measured" : "left out"}`);

  test("is accepted with those that send the same, at their places, and the others are named", () => {
    const { runs, refused, unshared } = admitted(of("0", scenario("burst", "b1"), scenario("steady", "s1")));
    expect(refused).toEqual([]);
    expect(measured(runs[0]?.record)).toEqual(["burst left out", "steady measured"]);
    expect(unshared).toEqual([
      { name: "burst", how: "changed" },
      { name: "soak", how: "new" },
    ]);
  });

  test("names no scenario that at least one accepted run has measured", () => {
    const { runs, unshared } = admitted(of("0", scenario("burst", "b1"), scenario("steady", "s1"), scenario("soak", "k1")), here);
    expect(runs).toHaveLength(2);
    expect(unshared).toEqual([]);
  });

  test.each([
    ["it shares none", of("0", scenario("burst", "b1"), scenario("steady", "s0"))],
    ["the same digest is under another name", of("0", scenario("calm", "s1"))],
    ["it does not say what each scenario sent", of("0", scenario("steady", undefined))],
  ])("is refused where %s", (_, record) => {
    const { runs, refused, unshared } = admitted(record);
    expect(runs).toEqual([]);
    expect(refused[0]?.reason).toMatch(/^it was measured with another workload/);
    expect(unshared).toEqual([]);
  });

  test("is refused where only the head does not say what it sent", () => {
    const old = of("1", scenario("steady", undefined));
    expect(admitBaselines(old, [{ origin: "run 7", record: of("0", scenario("steady", "s1")) }]).runs).toEqual([]);
  });

  test("is still refused for every other reason", () => {
    const base = { ...of("0", scenario("steady", "s1")), status: "cancelled" as const };
    expect(admitted(base).refused[0]?.reason).toBe("the run is not complete (cancelled)");
    const empty = of("0", { ...scenario("steady", "s1"), arms: {} });
    expect(admitted(empty).refused[0]?.reason).toBe("it has no scenario in common with the head");
  });
});

import { expect, test } from "vitest";
import { InputError, InputErrors } from "../../../src/core/errors.ts";
import { makePlan, type PlanInput } from "../../../src/core/plan/make-plan.ts";
import type { ScenarioPlan, Segment } from "../../../src/core/plan/plan.ts";
import { steadyRate, steadyUsers } from "../../../src/core/suite/load.ts";
import { payloadClass, scenario, suite, target } from "./fixtures.ts";

const input = (change: Partial<PlanInput> = {}): PlanInput => ({
  suite: suite(),
  digest: "sha256:1",
  files: new Map(),
  design: "single",
  ...change,
});
const only = (change: Partial<PlanInput> = {}): ScenarioPlan => makePlan(input(change)).scenarios[0]!;
const arrivalsOf = ({ load }: Segment): readonly number[] => (load.kind === "open" ? [...load.arrivalsS] : []);

function errorOf(change: Partial<PlanInput>): InputError {
  try {
    makePlan(input(change));
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("the same suite gives the same plan, to the last bit", () => {
  expect(makePlan(input({ design: "live" }))).toEqual(makePlan(input({ design: "live" })));
});

test("a plan carries the suite's name, digest, seed and design", () => {
  expect(makePlan(input())).toMatchObject({ suiteName: "sentiment", suiteDigest: "sha256:1", seed: 42, design: "single" });
});

test("a single run warms the head up, then measures it in one segment cut into blocks", () => {
  const { segments } = only();
  expect(segments.map(({ arm, phase, untilSteady, durationS, blocks }) => [arm, phase, untilSteady, durationS, blocks.length])).toEqual([
    ["head", "warm-up", true, 60, 0],
    ["head", "measure", false, 120, 12],
  ]);
  expect(segments.map((segment) => arrivalsOf(segment).length)).toEqual([3000, 6000]);
});

test("a live run warms both arms up alike, then measures in pairs", () => {
  const { segments } = only({ design: "live" });
  const measured = segments.filter(({ phase }) => phase === "measure");
  expect(segments.slice(0, 2).map(({ arm, phase }) => [arm, phase])).toEqual([
    ["base", "warm-up"],
    ["head", "warm-up"],
  ]);
  expect(arrivalsOf(segments[0]!)).toEqual(arrivalsOf(segments[1]!));
  expect(measured).toHaveLength(24);
  expect(measured.flatMap(({ blocks }) => blocks)).toEqual(
    measured.map((_, index) => ({ index, pair: Math.floor(index / 2), startS: 0, durationS: 10 })),
  );
  for (const arm of ["base", "head"]) {
    const seconds = measured.filter((segment) => segment.arm === arm).reduce((sum, { durationS }) => sum + durationS, 0);
    expect(seconds).toBe(120);
  }
});

test("the two blocks of a pair replay the same arrivals and picks, and no other pair does", () => {
  const measured = only({ design: "live" }).segments.slice(2);
  const seen = new Set<string>();
  for (let i = 0; i < measured.length; i += 2) {
    const [first, second] = [measured[i]!, measured[i + 1]!];
    expect(new Set([first.arm, second.arm])).toEqual(new Set(["base", "head"]));
    expect(arrivalsOf(second)).toEqual(arrivalsOf(first));
    expect(second.picks).toEqual(first.picks);
    expect(arrivalsOf(first)).toHaveLength(500);
    seen.add(arrivalsOf(first).join());
  }
  expect(seen.size).toBe(12);
});

test("every segment has one pick per arrival, all inside the list of requests", () => {
  for (const design of ["single", "live"] as const) {
    const { segments, requests } = only({ design });
    for (const segment of segments) {
      expect(segment.picks).toHaveLength(arrivalsOf(segment).length);
      expect(segment.picks.every((pick) => pick < requests.length)).toBe(true);
    }
  }
});

test("another payload class leaves the arrivals and the other bodies where they were", () => {
  const more = suite({ payloads: [...suite().payloads, payloadClass("long", { kind: "text", words: [50, 60] })] });
  const [before, after] = [only(), only({ suite: more })];
  expect(after.segments.map(arrivalsOf)).toEqual(before.segments.map(arrivalsOf));
  expect(after.requests.slice(0, 64)).toEqual(before.requests);
});

test("another seed moves everything", () => {
  const [before, after] = [only(), only({ suite: suite({ seed: 43 }) })];
  expect(arrivalsOf(after.segments[1]!)).not.toEqual(arrivalsOf(before.segments[1]!));
  expect(after.segments[1]!.picks).not.toEqual(before.segments[1]!.picks);
  expect(after.requests).not.toEqual(before.requests);
});

test("a closed loop has its concurrency and a long cycle of picks", () => {
  const load = steadyUsers(8, 60);
  const [, measured] = only({ suite: suite({ scenarios: [scenario({ load })] }) }).segments;
  expect(measured!.load).toEqual({ kind: "closed", steps: [{ atS: 0, users: 8 }], thinkS: new Float64Array(), pacingS: undefined });
  expect(measured!.picks).toHaveLength(4096);
});

test("without a warm-up the first segment measures", () => {
  const scenarios = [scenario({ warmUp: "none" })];
  expect(only({ suite: suite({ scenarios }) }).segments.map(({ phase }) => phase)).toEqual(["measure"]);
});

test("a scenario's mix replaces the weights, and classes it does not name send nothing", () => {
  const payloads = [
    payloadClass("a", { kind: "json", value: 1 }),
    payloadClass("b", { kind: "json", value: 2 }),
    payloadClass("c", { kind: "json", value: 3 }),
  ];
  const { requests, segments } = only({ suite: suite({ payloads, scenarios: [scenario({ mix: { a: 1, c: 3 } })] }) });
  expect(requests.map((request) => request.payloadClass)).toEqual(["a", "c"]);
  const share = segments[1]!.picks.filter((pick) => pick === 1).length / segments[1]!.picks.length;
  expect(Math.abs(share - 0.75)).toBeLessThan(0.03);
});

test("requests carry the protocol's method, path, type and body", () => {
  const payloads = [payloadClass("one", { kind: "json", value: { a: 1 } })];
  const { requests } = only({ suite: suite({ target: target({ path: "/predict" }), payloads }) });
  expect(requests).toEqual([
    {
      payloadClass: "one",
      method: "POST",
      path: "/predict",
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode('{"a":1}'),
    },
  ]);
});

test("no secret of the target is in a plan", () => {
  const secret = target({ headers: { authorization: "Bearer geheim" } });
  const plan = makePlan(input({ suite: suite({ target: secret }) }));
  expect(JSON.stringify(plan.scenarios.map(({ requests, segments }) => ({ requests, segments })))).not.toContain("geheim");
});

test("scenarios can be chosen by name, in the suite's order; an empty choice is all", () => {
  const scenarios = ["a", "b", "c"].map((name) => scenario({ name }));
  const names = (chosen: readonly string[]) =>
    makePlan(input({ suite: suite({ scenarios }), scenarios: chosen })).scenarios.map((plan) => plan.scenario.name);
  expect(names(["c", "a"])).toEqual(["a", "c"]);
  expect(names([])).toEqual(["a", "b", "c"]);
});

test("scenarios draw from their own streams", () => {
  const plan = makePlan(input({ suite: suite({ scenarios: [scenario({ name: "a" }), scenario({ name: "b" })] }) }));
  const [a, b] = plan.scenarios.map(({ segments }) => arrivalsOf(segments[1]!));
  expect(a).not.toEqual(b);
});

test("unknown scenarios are told all at once, with what was meant", () => {
  const error = errorOf({ scenarios: ["stedy", "steady", "xyz"] });
  expect(error).toBeInstanceOf(InputErrors);
  expect(error.sentence.split("\n")).toEqual([
    'no scenario is called "stedy"; did you mean "steady"?',
    'no scenario is called "xyz"; known are steady',
  ]);
});

test("a load that would send nothing is refused in either design", () => {
  const load = steadyRate(0.1, "constant", 4);
  for (const design of ["single", "live"] as const) {
    expect(errorOf({ suite: suite({ scenarios: [scenario({ load })] }), design }).sentence).toContain('scenario "steady" sends no request');
  }
});

test("a suite without a scenario, and a mix without weight, are refused", () => {
  expect(errorOf({ suite: suite({ scenarios: [] }) }).sentence).toContain("the suite has no scenario");
  expect(errorOf({ suite: suite({ scenarios: [scenario({ mix: {} })] }) }).sentence).toContain(
    "no payload with a weight above 0; give a weight to one of short",
  );
});

test("scenarios share the bodies of a class instead of building them again", () => {
  const plan = makePlan(input({ suite: suite({ scenarios: [scenario({ name: "a" }), scenario({ name: "b" })] }) }));
  expect(plan.scenarios[0]!.requests[0]).toBe(plan.scenarios[1]!.requests[0]);
});

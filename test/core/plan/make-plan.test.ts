import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { InputError, InputErrors } from "../../../src/core/errors.ts";
import { makePlan, type PlanInput } from "../../../src/core/plan/make-plan.ts";
import type { ScenarioPlan, Segment } from "../../../src/core/plan/plan.ts";
import { steadyRate, steadyUsers } from "../../../src/core/suite/load.ts";
import { areaOf, lengthOf } from "../../../src/core/suite/stages.ts";
import type { Load, Scenario, Stage } from "../../../src/core/suite/suite.ts";
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

describe("a shape", () => {
  const level = (ratePerS: number, durationS: number): Stage => ({ kind: "linear", durationS, from: ratePerS, to: ratePerS });
  const shaped = (stages: readonly Stage[], change: Partial<Scenario> = {}) => {
    const durationS = lengthOf(stages);
    const load: Load = { kind: "open", ratePerS: areaOf(stages) / durationS, stages, arrivals: "poisson", durationS };
    return suite({ scenarios: [scenario({ load, ...change })] });
  };
  const measuredOf = (plan: ScenarioPlan) => plan.segments.filter(({ phase }) => phase === "measure");

  test("is replayed by a live run in windows, alike on both arms, that hold the whole of it together", () => {
    const ramp: Stage = { kind: "linear", durationS: 120, from: 0, to: 100 };
    const live = measuredOf(only({ suite: shaped([ramp]), design: "live" }));
    const base = live.filter(({ arm }) => arm === "base");
    const head = live.filter(({ arm }) => arm === "head");
    expect(base.map(arrivalsOf)).toEqual(head.map(arrivalsOf));
    expect(base.map((segment) => arrivalsOf(segment).length)).toEqual([42, 125, 208, 292, 375, 458, 542, 625, 708, 792, 875, 958]);
    const [single] = measuredOf(only({ suite: shaped([ramp]) }));
    expect(arrivalsOf(single!)).toHaveLength(6000);
  });

  test("has a pause that is played and is no block", () => {
    const stages = [level(50, 60), level(0, 30), level(50, 30)];
    const live = measuredOf(only({ suite: shaped(stages), design: "live" }));
    const blocks = live.flatMap((segment) => segment.blocks);
    expect(live.map(({ durationS }) => durationS).reduce((sum, each) => sum + each)).toBeCloseTo(240, 9);
    expect(new Set(blocks.map(({ pair }) => pair))).toEqual(new Set([0, 1, 2, 3, 4, 5, 9, 10, 11]));
    expect(blocks.map(({ index }) => index)).toEqual(live.flatMap((segment, index) => (arrivalsOf(segment).length > 0 ? [index] : [])));
    const [single] = measuredOf(only({ suite: shaped(stages) }));
    expect(single!.blocks).toHaveLength(12);
    expect(arrivalsOf(single!).filter((t) => t >= 60 && t < 90)).toEqual([]);
  });

  test("is warmed up for at the level with which it begins", () => {
    const warmUpOf = (stages: readonly Stage[]) => {
      const [warmUp] = only({ suite: shaped(stages, { warmUp: 10 }) }).segments;
      return arrivalsOf(warmUp!).length;
    };
    expect(warmUpOf([{ kind: "linear", durationS: 60, from: 20, to: 100 }])).toBe(200);
    expect(warmUpOf([{ kind: "linear", durationS: 60, from: 0, to: 100 }])).toBe(500);
    expect(warmUpOf([level(0, 30), level(40, 30)])).toBe(400);
    expect(warmUpOf([{ kind: "sine", durationS: 60, low: 10, high: 50, periodS: 20 }])).toBe(300);
  });

  test("that is one level is the steady load of that rate, and the steady load has not moved", () => {
    expect(only({ suite: shaped([level(50, 120)]), design: "live" })).toEqual(only({ design: "live" }));
    // Made before loads had shapes. If this changes, stored baselines are compared with other requests than they saw.
    const hash = createHash("sha256");
    for (const { phase, load, picks } of only({ design: "live" }).segments) {
      // Warm-ups are not compared.
      if (phase === "warm-up") continue;
      if (load.kind === "open") hash.update(new Uint8Array(load.arrivalsS.buffer));
      hash.update(new Uint8Array(picks.buffer));
    }
    expect(hash.digest("hex")).toMatchInlineSnapshot(`"c4d129fa0ce36383834e6fc840bdd0ede5645c150cccf6cd708c70cafb6d50a3"`);
  });

  test("of users is a window of steps for each block", () => {
    const load: Load = {
      kind: "closed",
      concurrency: 12,
      stages: [{ kind: "linear", durationS: 120, from: 1, to: 12 }],
      thinkTime: { kind: "exponential", meanS: 0.5 },
      pacingS: 2,
      durationS: 120,
    };
    const plan = only({ suite: suite({ scenarios: [scenario({ load })] }), design: "live" });
    const live = measuredOf(plan);
    const users = live.filter(({ arm }) => arm === "head").map((segment) => (segment.load.kind === "closed" ? segment.load.steps : []));
    expect(users).toEqual(Array.from({ length: 12 }, (_, i) => [{ atS: 0, users: i + 1 }]));
    const [first, second, third] = live.map((segment) => (segment.load.kind === "closed" ? segment.load : undefined));
    expect(first!.pacingS).toBe(2);
    expect(first!.thinkS).toHaveLength(4096);
    expect(second!.thinkS).toEqual(first!.thinkS);
    expect(third!.thinkS).not.toEqual(first!.thinkS);
    const mean = first!.thinkS.reduce((sum, pause) => sum + pause, 0) / 4096;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.04);
    expect(plan.segments[0]!.load).toMatchObject({ steps: [{ atS: 0, users: 1 }] });
  });

  test("of a whole day at 50/s can be planned", () => {
    const [single] = measuredOf(only({ suite: suite({ scenarios: [scenario({ load: steadyRate(50, "poisson", 86_400) })] }) }));
    expect(single!.load.kind === "open" && single!.load.arrivalsS.length).toBe(4_320_000);
    expect(single!.blocks).toHaveLength(240);
  });
});

describe("a trace", () => {
  const trace = `at_ms\n${Array.from({ length: 600 }, (_, i) => (i < 300 ? i * 50 : 45_000 + (i - 300) * 50)).join("\n")}\n`;
  const files = new Map([["t.csv", new TextEncoder().encode(trace)]]);
  const load: Load = { kind: "trace", file: "t.csv", time: undefined, unit: undefined, fromS: 0, speed: 1, sample: 1, durationS: 60 };
  const traced = (change: Partial<typeof load> = {}) => suite({ scenarios: [scenario({ load: { ...load, ...change } })] });

  test("is replayed with its own gaps, and a stretch without arrivals is no block", () => {
    const [warmUp, single] = only({ suite: traced(), files }).segments;
    expect(arrivalsOf(single!).slice(0, 3)).toEqual([0, 0.05, 0.1]);
    expect(arrivalsOf(single!)).toHaveLength(600);
    expect(warmUp!.durationS).toBe(30);
    expect(arrivalsOf(warmUp!)).toHaveLength(300);
    const live = only({ suite: traced(), files, design: "live" }).segments.slice(2);
    const head = live.filter(({ arm }) => arm === "head");
    expect(head.map((segment) => arrivalsOf(segment).length)).toEqual([200, 100, 0, 0, 100, 200]);
    expect(head.map(({ blocks }) => blocks.length)).toEqual([1, 1, 0, 0, 1, 1]);
  });

  test("tells the record its mean rate", () => {
    expect(only({ suite: traced({ sample: 0.5 }), files }).load).toMatchObject({
      kind: "open",
      arrivals: "trace",
      shape: "the trace t.csv, 50% of it, for 1m",
    });
    expect(only({ suite: traced(), files }).load).toMatchObject({ ratePerS: 10 });
  });

  test("that is not there, or ends too early, is told with the other mistakes", () => {
    expect(errorOf({ suite: traced() }).sentence).toContain('scenario "steady" replays a file that is not there: t.csv');
    const both = suite({ scenarios: [scenario({ name: "a", load }), scenario({ name: "b", load: { ...load, durationS: 600 } })] });
    expect(errorOf({ suite: both, files }).sentence).toMatch(/^t\.csv:601:1: this trace ends before 10m are over/);
  });
});

describe("scenarios that run together", () => {
  const pair = [
    scenario({ name: "chat", together: "mixed", load: steadyRate(50, "poisson", 120) }),
    scenario({ name: "batch", together: "mixed", load: steadyRate(5, "constant", 120) }),
    scenario({ name: "alone", load: steadyRate(50, "poisson", 120) }),
  ];

  test("have segments that match one by one, each with its own arrivals", () => {
    for (const design of ["single", "live"] as const) {
      const [chat, batch, alone] = makePlan(input({ suite: suite({ scenarios: pair }), design })).scenarios;
      const frame = ({ arm, phase, durationS, blocks }: Segment) => ({ arm, phase, durationS, blocks });
      expect(batch!.segments.map(frame)).toEqual(chat!.segments.map(frame));
      expect(batch!.segments.map(arrivalsOf)).not.toEqual(chat!.segments.map(arrivalsOf));
      // Blocks of 20 s, because the slower of the two needs so long for a hundred requests.
      expect(chat!.segments.at(-1)!.blocks[0]!.durationS).toBe(20);
      expect(alone!.segments.at(-1)!.blocks[0]!.durationS).toBe(10);
      expect(chat!.scenario.together).toBe("mixed");
    }
  });

  test("are chosen all or none", () => {
    expect(errorOf({ suite: suite({ scenarios: pair }), scenarios: ["chat", "alone"] }).sentence).toBe(
      'scenario "chat" runs together with "batch", and alone it would be another load; choose all of "mixed"',
    );
    expect(makePlan(input({ suite: suite({ scenarios: pair }), scenarios: ["batch", "chat"] })).scenarios).toHaveLength(2);
  });
});

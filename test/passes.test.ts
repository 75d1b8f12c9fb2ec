import { describe, expect, test } from "vitest";
import type { Verdict } from "../src/core/decide/verdict.ts";
import { makePlan } from "../src/core/plan/make-plan.ts";
import type { Segment } from "../src/core/plan/plan.ts";
import type { RunRecord } from "../src/core/record/run-record.ts";
import { parseSuite } from "../src/core/suite/parse.ts";
import { openPasses } from "../src/passes.ts";
import { judge } from "./core/compare/judge.ts";
import { makeRecord } from "./core/compare/records.ts";

const text = ({ budget = "4", more = "", gates = "latency.p99: { regression: 10% }" } = {}) => `name: small
target: { protocol: raw }
decision: { budget: ${budget} }
scenarios:
  - { name: steady, load: { rate: 100/s, duration: 24s }, gates: { ${gates} }${more} }
  - { name: burst, load: { rate: 100/s, duration: 24s }, gates: { ${gates} }${more} }
`;

function opened(suiteText: string, words: (soFar: RunRecord) => Verdict, design: "live" | "single" = "live", resume?: RunRecord) {
  const { suite } = parseSuite(suiteText, "suite.yaml");
  const planOf = (pass: number, scenarios: readonly string[]) =>
    makePlan({ suite, digest: "0", files: new Map(), design, pass, scenarios });
  const plan = planOf(1, []);
  return { plan, look: openPasses({ suite, plan, planOf, judge: words, resume }) };
}

/** The real verdict over simulated records; scenarios named here are given noise that nobody can decide. */
const verdictOf = (soFar: RunRecord): Verdict => judge({ heads: [soFar], suite: parseSuite(text(), "suite.yaml").suite });
const measured = (noisy: readonly string[], blocks: number): RunRecord => {
  const calm = makeRecord({ scenarios: ["steady", "burst"], blocks: 60 });
  const unsure = makeRecord({ scenarios: ["steady", "burst"], blocks, requestsPerBlock: 100, head: { factor: 1.06 }, seed: 5 });
  return { ...calm, scenarios: calm.scenarios.map((scenario, i) => (noisy.includes(scenario.name) ? unsure.scenarios[i]! : scenario)) };
};

describe("a run that goes on", () => {
  test("plays only what is undecided, twice as long each time, until the time is used up", () => {
    const { look } = opened(text(), verdictOf);
    const first = look!(measured(["burst"], 12));
    // Four passes over both are eight of one: what the other leaves, beyond its first, may go to this one.
    expect(first.looks.get("steady")).toEqual({ passes: [1], most: 7, stopped: "decided" });
    expect(first.looks.get("burst")).toEqual({ passes: [1], most: 7 });
    expect(first.plans.map(({ plan }) => plan.scenarios.map(({ scenario }) => scenario.name))).toEqual([["burst"]]);
    expect(first.text).toBe("undecided after 1 pass, 1m36s of at most 6m24s: measuring burst for 1 pass more");
    const second = look!(measured(["burst"], 12));
    expect(second.looks.get("burst")).toEqual({ passes: [1, 2], most: 7 });
    expect(second.plans).toHaveLength(2);
    expect(look!(measured(["burst"], 12)).plans).toHaveLength(3);
    const last = look!(measured(["burst"], 12));
    expect(last.looks.get("burst")).toEqual({ passes: [1, 2, 4, 7], most: 7, stopped: "budget" });
    expect(last.plans).toEqual([]);
    expect(last.text).toBe("stopped after 7 passes, 6m24s of at most 6m24s: the time of decision.budget was used up");
  });

  test("each has its own share when none leaves anything, and the run is no longer than the budget", () => {
    const { look } = opened(text(), verdictOf);
    const both = () => look!(measured(["steady", "burst"], 12));
    expect([both(), both()].map(({ plans }) => plans.length)).toEqual([1, 2]);
    const last = both();
    expect([...last.looks.values()]).toEqual([1, 2].map(() => ({ passes: [1, 2, 4], most: 7, stopped: "budget" })));
    expect(last.text).toBe("stopped after 4 passes, 6m24s of at most 6m24s: the time of decision.budget was used up");
  });

  test("plays what looks like a regression alone up to its share, and then what waited for it, from where that stood", () => {
    const { look } = opened(text(), verdictOf);
    const noisy = { scenarios: ["steady", "burst"], blocks: 12, requestsPerBlock: 250, seed: 6 };
    const [unsure, slower] = [makeRecord(noisy), makeRecord({ ...noisy, head: { factor: 1.12 } })];
    const soFar: RunRecord = { ...unsure, scenarios: [unsure.scenarios[0]!, slower.scenarios[1]!] };
    const steps = Array.from({ length: 5 }, () => look!(soFar));
    const played = steps.map(({ plans }) => plans.map(({ plan }) => plan.scenarios.map(({ scenario }) => scenario.name).join()));
    expect(played).toEqual([["burst"], ["burst", "burst"], ["steady"], ["steady", "steady"], []]);
    expect(steps[0]!.text).toBe("undecided after 1 pass, 1m36s of at most 6m24s: measuring burst first for 1 pass more");
    expect(steps[2]!.text).toBe("undecided after 1 pass, 4m of at most 6m24s: measuring steady first for 1 pass more");
    expect(steps.map(({ looks }) => [...looks.values()].map(({ passes }) => passes.join(" ")))).toEqual([
      ["1", "1"],
      ["1", "1 2"],
      ["1", "1 2 4"],
      ["1 2", "1 2 4"],
      ["1 2 4", "1 2 4"],
    ]);
    // What waited is sent its own second pass, not a fifth.
    const pairs = steps[2]!.plans[0]!.plan.scenarios[0]!.segments.flatMap(({ blocks }) => blocks.map(({ pair }) => pair!));
    expect(Math.min(...pairs)).toBe(12);
    expect(steps[4]!.text).toBe("stopped after 4 passes, 6m24s of at most 6m24s: the time of decision.budget was used up");
  });

  test("is judged at the level of the look it takes", () => {
    const seen: unknown[] = [];
    const { look } = opened(text(), (soFar) => {
      seen.push(soFar.scenarios.map(({ looks }) => looks));
      return verdictOf(soFar);
    });
    look!(measured(["burst"], 12));
    look!(measured(["burst"], 12));
    expect(seen).toEqual([
      [
        { passes: [1], most: 7 },
        { passes: [1], most: 7 },
      ],
      [
        { passes: [1], most: 7, stopped: "decided" },
        { passes: [1, 2], most: 7 },
      ],
    ]);
  });

  test("goes on with all that run at once when one of them is undecided", () => {
    const { look } = opened(text({ more: ", together: both" }), verdictOf);
    const step = look!(measured(["burst"], 12));
    expect(step.plans[0]!.plan.scenarios).toHaveLength(2);
    expect(step.looks.get("steady")).toEqual({ passes: [1], most: 4 });
  });

  test("counts blocks and pairs on, sends new requests, and warms nothing up again", () => {
    const { plan, look } = opened(text(), verdictOf);
    const before = plan.scenarios[1]!.segments.filter(({ phase }) => phase === "measure");
    const step = look!(measured(["burst"], 12));
    const [later] = step.plans[0]!.plan.scenarios;
    expect(later!.segments.map(({ phase }) => phase)).not.toContain("warm-up");
    const pairs = (segments: readonly Segment[]) => segments.flatMap(({ blocks }) => blocks.map(({ pair }) => pair));
    expect(Math.min(...pairs(later!.segments).map(Number))).toBe(Math.max(...pairs(before).map(Number)) + 1);
    expect(later!.segments.map(({ blocks }) => blocks[0]!.index)).toEqual(later!.segments.map((_, i) => before.length + i));
    expect(later!.segments[0]!.load).not.toEqual(before[0]!.load);
  });

  test("takes over what an earlier process measured of a later pass", () => {
    const { look: plain } = opened(text(), verdictOf);
    const [step] = plain!(measured(["burst"], 12)).plans;
    const segments = step!.plan.scenarios[0]!.segments;
    const done = segments.slice(0, 2).flatMap(({ arm, blocks }) => blocks.map((slot) => ({ arm, slot })));
    const blockOf = (arm: "base" | "head") =>
      done
        .filter((block) => block.arm === arm)
        .map(({ slot }) => ({ ...makeRecord({ blocks: 1 }).scenarios[0]!.arms[arm]!.blocks[0]!, ...slot }));
    const whole = measured(["burst"], 12);
    const resume: RunRecord = {
      ...whole,
      status: "aborted",
      scenarios: whole.scenarios.map((scenario) =>
        scenario.name !== "burst"
          ? scenario
          : {
              ...scenario,
              arms: {
                base: { ...scenario.arms.base!, blocks: blockOf("base") },
                head: { ...scenario.arms.head!, blocks: blockOf("head") },
              },
            },
      ),
    };
    const { look } = opened(text(), verdictOf, "live", resume);
    const [resumed] = look!(whole).plans;
    expect(resumed!.kept.flatMap(({ arms }) => [...arms.base!.blocks, ...arms.head!.blocks])).toHaveLength(2);
    expect(resumed!.plan.scenarios[0]!.segments).toHaveLength(segments.length - 2);
  });
});

describe("a run of fixed length", () => {
  test("is one with a budget of one pass, or of less time than two", () => {
    expect(opened(text({ budget: "1" }), verdictOf).look).toBeUndefined();
    expect(opened(text({ budget: "3m" }), verdictOf).look).toBeUndefined();
    expect(opened(text({ budget: "4m" }), verdictOf).look).toBeDefined();
  });

  test("is one on a single arm, whose regressions more time would not decide; limits gain", () => {
    expect(opened(text(), verdictOf, "single").look).toBeUndefined();
    expect(opened(text({ gates: "errors.ratio: { limit: 1% }" }), verdictOf, "single").look).toBeDefined();
  });
});

import { describe, expect, test } from "vitest";
import { nextLooks } from "../../../src/core/decide/extend.ts";
import { lookText } from "../../../src/core/decide/look-text.ts";
import type { Allowance } from "../../../src/core/plan/allowance.ts";
import type { LooksRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import type { Gate } from "../../../src/core/suite/suite.ts";
import { judge, NONE } from "../compare/judge.ts";
import { makeRecord, makeSuite, type RecordOptions } from "../compare/records.ts";

const p99 = (regression: number): readonly Gate[] => [{ metric: "latency.p99", regression, floor: undefined, limit: undefined }];

function next(
  passes: readonly number[],
  options: RecordOptions,
  gates: readonly Gate[],
  baseline?: typeof NONE,
  problems: RunRecord["problems"] = [],
  more: Partial<LooksRecord> = {},
) {
  const looks: LooksRecord = { passes, most: 4, ...more };
  const record = makeRecord(options);
  const scenarios = record.scenarios.map((scenario) => ({ ...scenario, looks }));
  const suite = makeSuite({ gates, scenarios: scenarios.map(({ name }) => name) });
  const verdict = judge({ heads: [{ ...record, scenarios }], suite, problems, ...(baseline === undefined ? {} : { baseline }) });
  const names = scenarios.map(({ name }) => name);
  // Time for four passes over each, and no more for any.
  const allowance: Allowance = { plans: 4, totalS: 4 * names.length, parts: names.map((name) => ({ names: [name], passS: 1, most: 4 })) };
  return nextLooks(verdict, new Map(names.map((name) => [name, looks])), allowance);
}

const SHORT = { blocks: 12, requestsPerBlock: 250 } as const;
/** By chance nearly as much slower as the gate allows. */
const UNSURE = { ...SHORT, seed: 6 } as const;

describe("whether a run goes on", () => {
  test("what is undecided goes on to twice the passes, and not beyond the budget", () => {
    expect(next([1], UNSURE, p99(0.18)).get("steady")).toEqual({ passes: 2 });
    expect(next([1, 2], UNSURE, p99(0.18)).get("steady")).toEqual({ passes: 4 });
    expect(next([1, 2, 4], UNSURE, p99(0.18)).get("steady")).toEqual({ stopped: "budget" });
  });

  test("what is decided stops", () => {
    expect(next([1], { blocks: 40 }, p99(0.3)).get("steady")).toEqual({ stopped: "decided" });
  });

  test("a failed gate ends all scenarios, decided or not", () => {
    const scenarios = ["steady", "burst"];
    const found = next([1], { ...SHORT, scenarios, head: { factor: 1.5 } }, p99(0.1));
    expect(found).toEqual(new Map(scenarios.map((name) => [name, { stopped: "failed" }])));
  });

  test("what looks like a regression that its budget can confirm goes on alone, and everything else waits for it", () => {
    const scenarios = ["steady", "burst"];
    const calm = makeRecord({ ...UNSURE, scenarios });
    const slower = makeRecord({ ...UNSURE, scenarios, head: { factor: 1.12 } });
    const noisier = makeRecord({ ...SHORT, seed: 2, scenarios, head: { factor: 1.08 } });
    const looks: LooksRecord = { passes: [1], most: 4 };
    const words = (margin: number, slower: RunRecord) => {
      const heads = [{ ...calm, scenarios: [calm.scenarios[0]!, slower.scenarios[1]!].map((scenario) => ({ ...scenario, looks })) }];
      const verdict = judge({ heads, suite: makeSuite({ gates: p99(margin), scenarios }) });
      expect(verdict.scenarios.map((scenario) => scenario.verdict)).toEqual(["inconclusive", "inconclusive"]);
      const allowance: Allowance = { plans: 4, totalS: 8, parts: scenarios.map((name) => ({ names: [name], passS: 1, most: 4 })) };
      return Object.fromEntries(nextLooks(verdict, new Map(scenarios.map((name) => [name, looks])), allowance));
    };
    expect(words(0.12, slower)).toEqual({ steady: { waits: true }, burst: { passes: 2 } });
    // Neither is worse by as much as this.
    expect(words(0.16, slower)).toEqual({ steady: { passes: 2 }, burst: { passes: 2 } });
    // This one is, and four passes would hardly show it.
    expect(words(0.12, noisier)).toEqual({ steady: { passes: 2 }, burst: { passes: 2 } });
  });

  test("what the budget could not decide is not begun", () => {
    expect(next([1], SHORT, p99(0.01)).get("steady")).toEqual({ stopped: "futile" });
  });

  test("what has stopped stays stopped, whatever its numbers say now", () => {
    expect(next([1], UNSURE, p99(0.18), undefined, [], { stopped: "budget" }).get("steady")).toEqual({ stopped: "budget" });
  });

  test("a spoiled run does not go on", () => {
    const problem = { severity: "invalid", code: "gpu-throttled", message: "the GPU was throttled" } as const;
    expect(next([1], UNSURE, p99(0.18), undefined, [problem]).get("steady")).toEqual({ stopped: "spoiled" });
  });

  test("a limit in doubt needs more time, with a baseline and without", () => {
    const limit: readonly Gate[] = [{ metric: "errors.ratio", regression: undefined, floor: undefined, limit: 0.0005 }];
    expect(next([1], { ...SHORT, design: "single" }, limit, NONE).get("steady")).toEqual({ passes: 2 });
  });

  test("a single pair shows no spread: the next one will", () => {
    expect(next([1], { blocks: 1, requestsPerBlock: 2000 }, p99(0.1)).get("steady")).toEqual({ passes: 2 });
  });
});

test("whoever waits reads why the run goes on or ends", () => {
  const passes = { done: 1, more: 1, measuredS: 48, totalS: 192 };
  expect(
    lookText(
      new Map([
        ["steady", { waits: true }],
        ["burst", { passes: 2 }],
      ]),
      passes,
    ),
  ).toMatchInlineSnapshot(`"undecided after 1 pass, 48s of at most 3m12s: measuring burst first for 1 pass more"`);
  expect(
    lookText(
      new Map([
        ["steady", { passes: 2 }],
        ["burst", { stopped: "decided" }],
      ]),
      passes,
    ),
  ).toMatchInlineSnapshot(`"undecided after 1 pass, 48s of at most 3m12s: measuring steady for 1 pass more"`);
  expect(
    lookText(
      new Map([
        ["steady", { stopped: "failed" }],
        ["burst", { stopped: "decided" }],
      ]),
      passes,
    ),
  ).toMatchInlineSnapshot(`"stopped after 1 pass, 48s of at most 3m12s: a gate had failed"`);
  expect(
    lookText(
      new Map([
        ["steady", { stopped: "futile" }],
        ["burst", { stopped: "budget" }],
      ]),
      passes,
    ),
  ).toMatchInlineSnapshot(`"stopped after 1 pass, 48s of at most 3m12s: what was left of decision.budget would not have decided it"`);
});

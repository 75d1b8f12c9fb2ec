import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/core/decide/diagnosis.ts";
import { type ExaminationInput, examine, type GateFinding } from "../../../src/core/doctor/examination.ts";
import { isCaught } from "../../../src/core/doctor/self-test.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import { shareAmong } from "../../../src/core/plan/allowance.ts";
import { scaleEncoded } from "../../../src/core/record/distribution.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { doctorJson } from "../../../src/core/report/doctor-json.ts";
import { doctorMarkdown } from "../../../src/core/report/doctor-markdown.ts";
import { doctorText } from "../../../src/core/report/doctor-text.ts";
import type { Gate } from "../../../src/core/suite/suite.ts";
import { findNotFinite } from "../compare/judge.ts";
import { makeRecord, makeSuite, USUAL_GATES } from "../compare/records.ts";

const gate = (metric: MetricName, regression: number): Gate => ({ metric, regression, floor: undefined, limit: undefined });
const STEADY = { blocks: 24, requestsPerBlock: 400, stallShare: 0 } as const;

const examination = (records: readonly RunRecord[], more: Partial<ExaminationInput> = {}) =>
  examine({
    suite: makeSuite(),
    tool: "tailgate test",
    records,
    stored: [],
    apart: false,
    plannedS: 480,
    allowance: shareAmong(4, 4, [{ names: ["steady"], passS: 1 }]),
    comparisons: 40,
    cancelled: false,
    ...more,
  });

const findingOf = (found: ReturnType<typeof examine>, metric: MetricName): GateFinding => {
  const finding = found.gates.find((one) => one.metric === metric)?.finding;
  if (finding === undefined) throw new Error(`${metric} was not examined`);
  return finding;
};

/** A run in which whatever comes second in a pair takes that much longer. */
const slowerSecond = (record: RunRecord, factor: number): RunRecord => ({
  ...record,
  scenarios: record.scenarios.map((scenario) => ({
    ...scenario,
    arms: Object.fromEntries(
      Object.entries(scenario.arms).map(([arm, of]) => [
        arm,
        {
          ...of,
          blocks: of.blocks.map((block) =>
            block.index % 2 === 0 ? block : { ...block, histograms: { latency: scaleEncoded(block.histograms.latency!, factor) } },
          ),
        },
      ]),
    ),
  })),
});

describe("a steady endpoint against itself", () => {
  const found = examination([makeRecord(STEADY)]);

  test("is not blocked, and its gates are held", () => {
    expect(found.hindrance).toBeUndefined();
    expect(found.trials?.all?.fail).toMatchObject({ count: 0, of: 40 });
    expect(found.trials!.all!.fail.high).toBeCloseTo(1 - 0.05 ** (1 / 40), 9);
    for (const { finding } of found.gates) expect(finding?.suggestion.kind).not.toBe("widen");
    expect(diagnose(found).headline).toMatch(/^This set-up .*latency\.p\d\d.*; 0 of 40 \(at most 7\.2 %\) A\/A comparisons failed$/);
  });

  test("intervals hold zero about as often as they say, and their errors are about right", () => {
    for (const metric of ["latency.p50", "latency.p99"] as const) {
      const { coverage } = findingOf(found, metric);
      expect(coverage!.coverage.count / coverage!.coverage.of).toBeGreaterThan(0.7);
      expect(coverage!.errorRatio).toBeGreaterThan(0.7);
      expect(coverage!.errorRatio).toBeLessThan(1.4);
    }
  });

  test("the self-test catches what is held, and blocks no improvement", () => {
    for (const { finding } of found.gates) {
      const { margin, improvement, caughtFrom } = finding!.selfTest!;
      if (finding!.suggestion.kind === "keep") expect(isCaught(margin)).toBe(true);
      if (!isCaught(margin)) expect(caughtFrom).toBeGreaterThan(margin.size);
      expect(improvement?.word).not.toBe("fail");
    }
  });

  test("more requests, more time and a live base lower what can be held", () => {
    const { levers, noise } = findingOf(found, "latency.p99");
    const holds = (kind: string) => levers.find((lever) => lever.kind === kind)!.reach.holds!;
    expect(holds("time-4")).toBeLessThan(holds("now"));
    expect(holds("rate-2")).toBeLessThanOrEqual(holds("now"));
    expect(holds("stored-8")).toBeGreaterThan(holds("now"));
    expect(holds("stored-3")).toBeGreaterThan(holds("stored-8"));
    expect(holds("other-host")).toBeGreaterThan(holds("now"));
    expect(noise.run).toEqual({ deviation: 0.045, assumed: 0.045, seen: 0 });
    expect(noise.deployment.seen).toBe(0);
  });

  test("same records, same bytes, and every number finite", () => {
    const json = (one: typeof found) => doctorJson(one, diagnose(one), []);
    expect(json(examination([makeRecord(STEADY)]))).toBe(json(found));
    expect(findNotFinite(JSON.parse(json(found)))).toEqual([]);
  });

  test("is told without a word that was not computed", () => {
    const diagnosis = diagnose(found);
    const text = doctorText(diagnosis, { color: false });
    expect(text).toContain("What it can hold");
    const markdown = doctorMarkdown(diagnosis, "simulated");
    for (const title of ["What it can hold", "The build against itself", "Where the noise comes from", "What would lower it", "Self-test"])
      expect(markdown).toContain(title);
    expect(text + markdown).not.toMatch(/NaN|undefined|Infinity|n\/a/);
  });
});

describe("what is planted is not hidden", () => {
  test("an endpoint that depends on the order of the arms", () => {
    const found = examination([slowerSecond(makeRecord(STEADY), 1.15)]);
    const { order, arms } = findingOf(found, "latency.p50").hidden;
    expect(order?.isReal).toBe(true);
    expect(order!.change).toBeCloseTo(Math.log(1.15), 1);
    expect(arms.isReal).toBe(false);
    expect(diagnose(found).headline).toMatch(
      /^Do not trust this set-up yet: latency\.p\d\d depends on the order of the arms: the second block/,
    );
  });

  test("arms that differ although they are one build", () => {
    const found = examination([makeRecord({ ...STEADY, head: { factor: 1.2 } })]);
    const { arms } = findingOf(found, "latency.p50").hidden;
    expect(arms).toMatchObject({ isReal: true });
    expect(Math.expm1(arms.change)).toBeCloseTo(0.2, 1);
    expect(found.trials!.driven!.fail.count).toBe(1);
    expect(diagnose(found)).toMatchObject({ state: "poor", headline: expect.stringMatching(/^Do not trust/) as string });
  });

  test("an endpoint too noisy for its gates", () => {
    const suite = makeSuite({ gates: [gate("latency.p99", 0.05)] });
    const found = examination([makeRecord({ blocks: 6, requestsPerBlock: 200 })], { suite });
    expect(findingOf(found, "latency.p99").suggestion.kind).toBe("widen");
    expect(diagnose(found).headline).toMatch(/^This set-up cannot hold latency\.p99 at \+5 %: it can hold /);
  });
});

test("a metric of which more is better is made worse by less, and better by more", () => {
  const suite = makeSuite({ gates: [gate("throughput", 0.1)] });
  const found = examination([makeRecord(STEADY)], { suite });
  const { selfTest } = findingOf(found, "throughput");
  expect(selfTest).toMatchObject({ margin: { size: 0.1, word: "fail", verdict: "fail" }, caughtFrom: undefined });
  expect(selfTest!.improvement!.word).not.toBe("fail");
});

test("a share of failures is judged by how it would vary if it rose", () => {
  const suite = makeSuite({ gates: [gate("errors.ratio", 0.01)] });
  const { reach, selfTest } = findingOf(examination([makeRecord(STEADY)], { suite }), "errors.ratio");
  expect(reach[0]!.holds).toBeGreaterThan(reach[2]!.holds!);
  expect(isCaught(selfTest!.margin)).toBe(reach[0]!.holds! <= 0.01);
  expect(selfTest!.improvement).toBeUndefined();
});

test("repeated runs show what runs differ by, and two deployments what those differ by", () => {
  const records = [1, 2, 3].map((seed) => makeRecord({ ...STEADY, blocks: 12, seed }));
  const several = findingOf(examination(records), "latency.p50");
  expect(several.noise.run.seen).toBe(3);
  expect(several.runErrorRatio).toBeGreaterThan(0);
  expect(several.driven).toHaveLength(3);
  const apart = findingOf(examination([makeRecord({ ...STEADY, head: { factor: 1.1 } })], { apart: true }), "latency.p50");
  expect(apart.noise.deployment.seen).toBe(1);
  expect(apart.noise.deployment.deviation).toBeGreaterThan(apart.noise.deployment.assumed);
});

describe("what cannot be judged has a name", () => {
  const invalid = { severity: "invalid", code: "endpoint-not-ready", message: "the head endpoint never became ready" } as const;
  const code = (found: ReturnType<typeof examine>) => {
    expect(diagnose(found)).toMatchObject({
      state: "unknown",
      headline: expect.stringMatching(/^Could not judge this set-up: .{20}/) as string,
    });
    return found.hindrance?.code;
  };
  test("nothing gated, nothing driven, a cancel, a spoiled run, too few pairs, failing requests", () => {
    expect(code(examination([], { suite: makeSuite({ gates: [] }) }))).toBe("nothing-gated");
    expect(code(examination([]))).toBe("cancelled");
    expect(code(examination([makeRecord({ blocks: 4 })], { cancelled: true }))).toBe("cancelled");
    expect(code(examination([makeRecord({ overrides: { problems: [invalid] } })]))).toBe("spoiled");
    expect(code(examination([makeRecord({ blocks: 2 })]))).toBe("too-few-pairs");
    const gates = [...USUAL_GATES, { ...gate("errors.ratio", 0.01), limit: 0.05 }];
    const failing = makeRecord({ blocks: 4, base: { errorRatio: 0.3 }, head: { errorRatio: 0.3 } });
    expect(code(examination([failing], { suite: makeSuite({ gates }) }))).toBe("errors");
  });
  test("a metric that no arm measures", () => {
    const found = examination([makeRecord({ blocks: 4 })], { suite: makeSuite({ gates: [gate("ttft.p50", 0.1)] }) });
    expect(code(found)).toBe("not-measured");
  });
});

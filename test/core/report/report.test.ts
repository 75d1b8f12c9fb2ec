import { expect, test } from "vitest";
import { formatDuration } from "../../../src/core/decide/duration.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import { recordedLoad } from "../../../src/core/plan/recorded-load.ts";
import type { RecordedLoad } from "../../../src/core/record/run-record.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import { steadyRate, steadyUsers } from "../../../src/core/suite/load.ts";
import type { Load } from "../../../src/core/suite/suite.ts";
import {
  ARTIFACTS,
  CASES,
  gateOf,
  judge,
  LIVE,
  makeComparison,
  makeRecord,
  makeScenario,
  makeSuite,
  makeVerdict,
  storedBaseline,
} from "./fixtures.ts";

const headline = (metric: ReturnType<typeof judge>) =>
  buildReport({
    suite: makeSuite(),
    verdict: makeVerdict(metric.verdict, [makeScenario("steady", metric)], ["because"]),
    heads: [],
    baseline: LIVE,
  }).headline;

test("a headline names the metric, the scenario, the size and how sure it is", () => {
  expect(buildReport(CASES["fail"]!()).headline).toBe("latency.p99 in steady got worse by 23 % (90 % interval +20 … +26 %)");
});

test("a broken limit is named as such, not as a regression", () => {
  const over = makeComparison("steady", "latency.p99", { base: 0.61, head: 0.62, spread: 0.03 }, gateOf("latency.p99"));
  expect(headline(judge(over, "fail", "over"))).toBe("latency.p99 in steady is 620 ms (at least 601 ms), over its limit of 500 ms");
});

test("a broken limit is named as such also where the head is surely slower, but less than the margin", () => {
  const over = makeComparison("steady", "latency.p99", { base: 0.61, head: 0.635, spread: 0.005 }, gateOf("latency.p99"));
  expect(headline(judge(over, "fail", "over"))).toBe("latency.p99 in steady is 635 ms (at least 616 ms), over its limit of 500 ms");
});

test("a kept limit is not said to be a comparison that never took place", () => {
  const kept = { ...gateOf("latency.p99"), regression: undefined, floor: undefined };
  const inside = makeComparison("steady", "latency.p99", { base: 0.31, head: 0.31, spread: 0.03 }, kept);
  const compared = makeComparison("steady", "latency.p99", { base: 0.31, head: 0.31, spread: 0.03 }, gateOf("latency.p99"));
  const alone = (metric: ReturnType<typeof judge>) =>
    buildReport({
      suite: makeSuite(),
      verdict: makeVerdict("pass", [{ name: "steady", verdict: "pass", metrics: [metric] }], []),
      heads: [],
      baseline: LIVE,
    }).headline;
  expect(alone(judge(inside, "pass", "inside"))).toBe("the gated metric keeps its limit");
  expect(alone(judge(compared, "pass", "inside"))).toBe("the gated metric did not get worse beyond its gate");
});

test("a pass by limits alone says how near the nearest of them is", () => {
  const limits = (metric: MetricName, limit: number) => ({ metric, regression: undefined, floor: undefined, limit });
  const kept = [
    judge(makeComparison("steady", "latency.p99", { base: 0.3, head: 0.31, spread: 0.03 }, limits("latency.p99", 0.5)), "pass", "inside"),
    judge(makeComparison("steady", "throughput", { base: 50, head: 50, spread: 0.01 }, limits("throughput", 40)), "pass", "inside"),
  ];
  const verdict = makeVerdict("pass", [{ name: "steady", verdict: "pass", metrics: kept }], []);
  const report = buildReport({ suite: makeSuite(), verdict, heads: [], baseline: LIVE });
  expect(report.headline).toBe("all 2 gated metrics keep their limits");
  expect(report.reasons).toEqual(["nearest to its limit: throughput in steady, 50/s (at least 48.5/s); the limit is 40/s"]);
});

test("a drop in throughput is a change for the worse without a minus sign", () => {
  const slow = makeComparison("steady", "throughput", { base: 50, head: 40, spread: 0.01 }, gateOf("throughput"));
  expect(headline(judge(slow, "fail", "less"))).toBe("throughput in steady got worse by 20 % (90 % interval −21 … −19 %)");
});

test("the worst scenario and its worst metric come first", () => {
  const report = buildReport(CASES["scenarios"]!());
  expect(report.scenarios.map(({ name }) => name)).toEqual(["burst", "long-prompts", "steady"]);
  expect(report.scenarios[0]!.rows.map(({ metric }) => metric).slice(0, 2)).toEqual(["latency.p99", "throughput"]);
});

test("what could not be decided blocks unless the policy says otherwise", () => {
  const policy = { onNoBaseline: "fail" } as const;
  expect(buildReport({ ...CASES["no-baseline"]!(), policy })).toMatchObject({
    blocks: true,
    consequence: "Not decided, and that blocks the merge (on-no-baseline: fail).",
  });
  expect(buildReport(CASES["first-run"]!())).toMatchObject({
    blocks: false,
    consequence: "Not decided; does not block the merge (on-no-baseline: warn).",
  });
});

test("a policy that nobody chose is not named: the exit code says it", () => {
  for (const name of ["no-baseline", "invalid", "few-blocks"]) {
    expect(buildReport(CASES[name]!())).toMatchObject({ blocks: true, consequence: "Not decided (exit code 3)." });
  }
});

test("ungated metrics that got worse are warnings, once, and no reasons", () => {
  const { reasons, problems } = buildReport(CASES["few-blocks"]!());
  expect(reasons).toEqual([expect.stringMatching(/^steady: latency\.p99/)]);
  expect(problems).toEqual([{ severity: "warning", text: "steady · ttft.p50 (+29 %) got worse and is not gated" }]);
});

test("a change without an interval says why, and one with half of it which half", () => {
  const rows = new Map(buildReport(CASES["few-blocks"]!()).scenarios[0]!.rows.map((row) => [row.metric, row.interval]));
  expect(rows.get("latency.p99")).toBe("no interval: too few blocks");
  expect(rows.get("ttft.p99")).toBe("−2 % … unbounded");
});

test("what a change would have to be is said only where a change can block", () => {
  const input = CASES["pass"]!();
  const [steady] = input.verdict.scenarios;
  // Whatever was measured has a smallest change that could be told from noise, gated or not.
  const metrics = steady!.metrics.map((metric) => ({ ...metric, comparison: { ...metric.comparison, resolvableMargin: 0.1 } }));
  const report = buildReport({ ...input, verdict: { ...input.verdict, scenarios: [{ ...steady!, metrics }] } });
  const rows = new Map(report.scenarios[0]!.rows.map((row) => [row.metric, row.detects]));
  expect([rows.get("latency.p99"), rows.get("errors.ratio"), rows.get("latency.p50")]).toEqual(["+10 %", "–", "–"]);
});

test("while runs are gathered, a run that is stored says so", () => {
  const input = CASES["inconclusive"]!();
  const verdict = makeVerdict("inconclusive", input.verdict.scenarios, ["learning"], "single");
  const reasons = (over: Partial<typeof input>) =>
    buildReport({ ...input, verdict, baseline: storedBaseline(["steady"], 2), artifacts: { ...ARTIFACTS, extendsBaseline: true }, ...over })
      .reasons;
  expect(reasons({})).toEqual(["learning", "this run is stored as well: the next one is compared with 3 runs"]);
  expect(reasons({ artifacts: ARTIFACTS })).toEqual(["learning"]);
  expect(reasons({ heads: [makeRecord(["steady"], { head: { failures: { status: 500 } } })] })).toEqual(["learning"]);
});

test("a failed gate blocks under every policy", () => {
  const policy = { onInconclusive: "pass", onNoBaseline: "pass", onInvalid: "pass" } as const;
  expect(buildReport({ ...CASES["fail"]!(), policy }).blocks).toBe(true);
});

test("what would decide it is a duration that can be written into the suite", () => {
  expect(buildReport(CASES["inconclusive"]!()).steps).toEqual([
    "steady: duration: 5m20s instead of 2m would decide latency.p99 in four runs of five, if the change stays what it is now; a wider regression needs less",
  ]);
});

test("more of a shape is the same pieces again, and more of a trace is more of it: neither is stretched", () => {
  const steps = (load: Load) => {
    const input = CASES["inconclusive"]!();
    const scenarios = input.suite.scenarios.map((scenario) => ({ ...scenario, load }));
    return buildReport({ ...input, suite: { ...input.suite, scenarios } }).steps[0];
  };
  const ramp = { kind: "linear", durationS: 120, from: 0, to: 100 } as const;
  const decide = "would decide latency.p99 in four runs of five, if the change stays what it is now; a wider regression needs less";
  expect(steps({ ...steadyRate(50, "poisson", 120), stages: [ramp] })).toBe(
    `steady: the pieces of its shape written 3 times, 6m instead of 2m, ${decide}`,
  );
  const trace = { kind: "trace", file: "t.csv", time: undefined, unit: undefined, fromS: 0, speed: 1, sample: 1, durationS: 120 } as const;
  expect(steps(trace)).toBe(`steady: duration: 5m20s of the trace instead of 2m ${decide}`);
  expect(steps({ ...trace, sample: 0.5 })).toBe(
    `steady: duration: 5m20s of the trace instead of 2m, or more of it than a sample of 50%, ${decide}`,
  );
});

test("a load that changes over time is told piece by piece, and a trace by the run that replayed it", () => {
  const line = (load: Load, recorded: RecordedLoad) => {
    const input = CASES["fail"]!();
    const scenarios = input.suite.scenarios.map((scenario) => ({ ...scenario, load }));
    const heads = input.heads.map((head) => ({ ...head, scenarios: head.scenarios.map((scenario) => ({ ...scenario, load: recorded })) }));
    return buildReport({ ...input, heads, suite: { ...input.suite, scenarios } }).scenarios[0]!.load.split(" · ")[0];
  };
  const ramp = { kind: "linear", durationS: 120, from: 0, to: 100 } as const;
  const open: Load = { ...steadyRate(50, { gamma: 2 }, 120), stages: [ramp] };
  expect(line(open, recordedLoad(open, 0))).toBe("0/s → 100/s over 2m, gamma (cv 2), 50/s on average");
  const users: Load = { ...steadyUsers(8, 120), thinkTime: { kind: "fixed", seconds: 0.5 } };
  expect(line(users, recordedLoad(users, 0))).toBe("8 at a time for 2m, think time 500ms");
  const trace: Load = { kind: "trace", file: "t.csv", time: undefined, unit: undefined, fromS: 0, speed: 1, sample: 1, durationS: 120 };
  expect(line(trace, recordedLoad(trace, 12.25))).toBe("the trace t.csv for 2m, 12.3/s on average");
});

test("a refused baseline is named with its reason", () => {
  expect(buildReport(CASES["inconclusive"]!()).provenance).toContainEqual({
    label: "Refused baseline",
    value: "run 790 · artifact 99: expired on 2026-11-01",
  });
});

test("requests of several runs are counted together, and the runs are counted", () => {
  const input = CASES["inconclusive"]!();
  const heads = [...input.heads, makeRecord(["steady"], { head: {} })];
  expect(buildReport({ ...input, heads }).scenarios[0]!.load).toContain("head 12,000 requests in 24 blocks of 2 runs");
});

test("failures are counted by kind, with their share and the endpoint's own words", () => {
  expect(buildReport(CASES["scenarios"]!()).failures[0]).toEqual({
    scenario: "steady",
    kind: "status",
    base: "0 of 6,000 (0 %)",
    head: "36 of 6,000 (0.6 %)",
    example: '503 {"error":"queue full"}',
  });
});

test("a pass says how near the nearest gate was", () => {
  expect(buildReport(CASES["pass"]!()).reasons).toEqual([
    expect.stringMatching(/^nearest to its gate: gpu\.memory\.peak in steady, \+0\.45 %/),
  ]);
});

test("a pass that could not have seen a change of the margin's size does not claim more than it saw", () => {
  const coarse = makeComparison("steady", "latency.p99", { base: 0.05, head: 0.051, spread: 0.1 }, gateOf("latency.p99"));
  const p99 = judge(
    coarse,
    "pass",
    "latency.p99 is 2 % slower; no change beyond +19 %, the least this data can show; the gate blocks at +10 %",
  );
  const report = buildReport({
    suite: makeSuite(),
    verdict: makeVerdict("pass", [makeScenario("steady", p99)], []),
    heads: [],
    baseline: LIVE,
  });
  expect(report.headline).toBe("none of 4 gated metrics got worse by more than this run can show");
  expect(report.reasons).toEqual([`steady: ${p99.reason}`]);
});

test("a duration is written as a suite writes it", () => {
  expect([0, 0.25, 59.6, 60, 90, 3600, 7265, Number.NaN].map(formatDuration)).toEqual([
    "0s",
    "250ms",
    "1m",
    "1m",
    "1m30s",
    "1h",
    "2h1m5s",
    "n/a",
  ]);
});

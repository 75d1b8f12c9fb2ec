import { describe, expect, test } from "vitest";
import { assessAcceptance } from "../../../src/core/accept/assess.ts";
import { readCommands } from "../../../src/core/accept/command.ts";
import { promisesOf } from "../../../src/core/compare/compare.ts";
import { diagnose } from "../../../src/core/decide/diagnosis.ts";
import { nextLooks } from "../../../src/core/decide/extend.ts";
import { examine } from "../../../src/core/doctor/examination.ts";
import { suiteEdits } from "../../../src/core/doctor/suite-edits.ts";
import { doctoredSuite } from "../../../src/core/doctor/suite-text.ts";
import { shareAmong } from "../../../src/core/plan/allowance.ts";
import { readRunRecord, writeRunRecord } from "../../../src/core/record/read.ts";
import type { LooksRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { drawCharts } from "../../../src/core/report/charts/draw-charts.ts";
import { junitXml } from "../../../src/core/report/junit.ts";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { judge } from "../../../src/gate.ts";
import { codes, judge as judged, stored } from "../compare/judge.ts";
import { classedRecord, classedSuite, suiteText } from "./classed-record.ts";

const ALONE = shareAmong(4, 4, [{ names: ["steady"], passS: 1 }]);

const CALM = { blocks: 40, stallShare: 0 } as const;
const SLOWER = classedRecord({ short: CALM, long: { ...CALM, head: { factor: 1.3 } } });
const found = { candidates: [], refused: [], absence: "nothing is stored" };
const reported = (heads: readonly RunRecord[], suite = classedSuite()) =>
  judge({ suite, suitePath: "suite.yaml", heads, found, policy: {} });

describe("a class with gates", () => {
  test("fails by itself where one request in ten got slower and the whole does not show it", () => {
    const verdict = judged({ heads: [SLOWER], suite: classedSuite() });
    expect(verdict.scenarios.map(({ name, verdict: word }) => [name, word])).toEqual([
      ["steady", "pass"],
      ["steady / long", "fail"],
    ]);
    expect(verdict.of("latency.p50", "steady / long").delta!.relative).toBeGreaterThan(0.15);
    expect(verdict.verdict).toBe("fail");
  });

  test("is compared with stored runs that kept its figures, and has no baseline in those that did not", () => {
    const run = (seed: number, factor = 1) =>
      classedRecord({ short: { ...CALM, design: "single", seed }, long: { ...CALM, design: "single", seed, medianS: 0.3 * factor } });
    const bases = [1, 2, 3, 4].map((seed) => run(seed));
    const withBase = (baseline: readonly RunRecord[]) =>
      judged({ heads: [run(9, 1.6)], suite: classedSuite(), baseline: stored(baseline) });
    expect(withBase(bases).of("latency.p50", "steady / long").worse).toBeGreaterThan(0.4);
    expect(withBase(bases).scenarios[1]).toMatchObject({ name: "steady / long", verdict: "fail" });
    const older = bases.map(
      (record) => JSON.parse(JSON.stringify(record, (key, value: unknown) => (key === "classes" ? undefined : value))) as RunRecord,
    );
    const against = withBase(older);
    expect(codes(against.of("latency.p50", "steady / long"))).toContain("base-not-measured");
    expect(against.scenarios.map(({ verdict: word }) => word)).toEqual(["pass", "no-baseline"]);
  });

  test("of which nothing was kept has not passed", () => {
    const lost: RunRecord = JSON.parse(JSON.stringify(SLOWER, (key, value: unknown) => (key === "classes" ? undefined : value)));
    const verdict = judged({ heads: [lost], suite: classedSuite() });
    expect(codes(verdict.of("latency.p50", "steady / long"))).toEqual(["not-measured"]);
    expect(verdict.verdict).toBe("inconclusive");
  });

  test("shares the chance of a false alarm with all others, and is guarded against failures", () => {
    expect(promisesOf(classedSuite())).toBe(4);
    expect(promisesOf(classedSuite({ long: "report: yes" }))).toBe(2);
    const failing = classedRecord({ short: CALM, long: { ...CALM, head: { errorRatio: 0.3 } } });
    const { scenarios } = judged({ heads: [failing], suite: classedSuite() });
    expect(scenarios[1]!.metrics.find(({ metric }) => metric === "errors.ratio")).toMatchObject({ gated: true, verdict: "fail" });
    // In the whole three requests of a hundred failed: fewer than its own limit.
    expect(scenarios[0]!.metrics.find(({ metric }) => metric === "errors.ratio")).toMatchObject({ verdict: "pass" });
  });

  test("is spoiled by what spoils its scenario", () => {
    const problem = { severity: "invalid", code: "generator-late", message: "the generator was late", scenario: "steady" } as const;
    const { scenarios } = judged({ heads: [SLOWER], suite: classedSuite(), problems: [problem] });
    expect(scenarios.map(({ verdict }) => verdict)).toEqual(["invalid", "invalid"]);
  });

  test("keeps its scenario going while it is undecided", () => {
    const looks: LooksRecord = { passes: [1], most: 4 };
    const unsure = classedRecord({ short: CALM, long: { blocks: 40, requestsPerBlock: 4, seed: 4 } });
    const known = { ...unsure, scenarios: unsure.scenarios.map((scenario) => ({ ...scenario, looks })) };
    const verdict = judged({ heads: [known], suite: classedSuite() });
    expect(verdict.scenarios.map(({ verdict: word }) => word)).toEqual(["pass", "inconclusive"]);
    expect(nextLooks(verdict, new Map([["steady", looks]]), ALONE)).toEqual(new Map([["steady", { passes: 2 }]]));
    // Its own look counts for the class: at a single look of a run of fixed length the level would be another one.
    const fixed = judged({ heads: [unsure], suite: classedSuite() });
    expect(verdict.of("latency.p50", "steady / long").worseHigh).not.toBe(fixed.of("latency.p50", "steady / long").worseHigh);
  });

  test("is accepted under its name", () => {
    const suite = classedSuite();
    const verdict = judged({ heads: [SLOWER], suite });
    const accepted = (body: string) => {
      const statement = { by: "mona", role: "write", mayAccept: true, isEdited: false, commands: readCommands(body) };
      const label = { name: "tailgate-accepted", isSet: true };
      return assessAcceptance(verdict, suite, { pull: 1, author: "mona", label, statements: [statement], today: "2026-11-26" });
    };
    expect(accepted("/tailgate accept steady / long/latency.p50 up to 40%: a larger context").remaining).toBe("pass");
    expect(accepted("/tailgate accept simulated/steady / long/latency.p50 up to 40%: a larger context").remaining).toBe("pass");
    expect(accepted("/tailgate accept steady/latency.p50 up to 40%: only the whole").remaining).toBe("fail");
  });
});

describe("a class that is reported only", () => {
  const suite = classedSuite({ long: "report: yes" });

  test("has figures, decides nothing, and nobody complains that it decides nothing", () => {
    const verdict = judged({ heads: [SLOWER], suite });
    expect(verdict.verdict).toBe("pass");
    expect(verdict.of("latency.p50", "steady / long").delta!.relative).toBeGreaterThan(0.15);
    expect(verdict.reasons.filter((reason) => reason.includes("nothing is gated"))).toEqual([]);
    expect(verdict.reasons.join()).toContain("warning: steady / long: latency.p50");
  });
});

describe("the report", () => {
  const { report, verdict, heads, baseline, reportInput } = reported([SLOWER]);

  test("has a section, a picture and a test suite of the class, and counts no request twice", () => {
    const comment = renderComment(report);
    expect(comment).toContain("steady / long");
    expect(report.scenarios[0]!.load).toBe(
      "payload class long of 30/s poisson for 2m · base 1,000 requests in 40 blocks · head 1,000 requests in 40 blocks",
    );
    expect(report.requests).toBe("10,000");
    expect(report.failures).toEqual([]);
    expect(junitXml(report)).toContain('<testsuite name="steady / long"');
    expect(drawCharts({ verdict, heads, baseline }).scenarios.get("steady / long")).toHaveLength(6);
    expect(reportInput.heads).toEqual([SLOWER]);
  });

  test("is the same for a record that was written and read", () => {
    const again = readRunRecord(writeRunRecord(SLOWER), "run.json");
    expect(renderComment(reported([again]).report)).toBe(renderComment(report));
  });
});

describe("the doctor", () => {
  const suite = classedSuite({ long: "gates: { latency.p50: { regression: 1% } }", gates: "latency.p50: { regression: 30% }" });
  const examinedWith = (most: number) =>
    examine({
      suite,
      tool: "t",
      records: [classedRecord({ short: { ...CALM, blocks: 24 }, long: { ...CALM, blocks: 24, requestsPerBlock: 40 } })],
      stored: [],
      apart: false,
      plannedS: 480,
      allowance: { ...ALONE, plans: 1, parts: [{ ...ALONE.parts[0]!, most }] },
      comparisons: 20,
      cancelled: false,
    });
  const examined = examinedWith(1);

  test("holds less at a look of a run whose scenario may go on", () => {
    const heldBy = (of: typeof examined) => of.gates.map(({ finding }) => finding!.reach[0]!.holds!);
    const [fixed, adaptive] = [heldBy(examined), heldBy(examinedWith(4))];
    expect(adaptive).toHaveLength(2);
    for (const [i, holds] of adaptive.entries()) expect(holds).toBeGreaterThan(fixed[i]!);
  });

  test("examines the gates of the class like those of a scenario", () => {
    expect(examined.gates.map(({ scenario, metric, hindrance }) => [scenario, metric, hindrance])).toEqual([
      ["steady", "latency.p50", undefined],
      ["steady / long", "latency.p50", undefined],
    ]);
    expect(examined.gates[1]!.finding!.selfTest).toBeDefined();
    expect(JSON.stringify(diagnose(examined))).toContain("latency.p50 in steady / long");
  });

  test("writes a wider gate where the class has it, once for all scenarios that send it", () => {
    expect(suiteEdits(examined, suite).map(({ path }) => path)).toContainEqual(["payloads", "long", "gates", "latency.p50", "regression"]);
    const text = suiteText({ long: "gates: { latency.p50: { regression: 1% } }", gates: "latency.p50: { regression: 30% }" });
    expect(doctoredSuite(text, "suite.yaml", examined)).toMatch(
      /long: \{ weight: 10, .*gates: \{ latency\.p50: \{ regression: (?!1%)[\d.]+% \} \} \}/,
    );
  });
});

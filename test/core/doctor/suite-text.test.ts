import { expect, test } from "vitest";
import type { Examination, GateExamination, GateFinding } from "../../../src/core/doctor/examination.ts";
import { roundUp, suggest } from "../../../src/core/doctor/suggestion.ts";
import { doctoredSuite } from "../../../src/core/doctor/suite-text.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import { lineDiff } from "../../../src/core/report/line-diff.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";

const KNOWN = { deviation: 0.03, assumed: 0.03, seen: 0 };

/** As much of an examination as decides what is written. */
const found = (scenario: string, metric: MetricName, suggestion: GateFinding["suggestion"], run: typeof KNOWN = KNOWN): GateExamination =>
  ({ scenario, metric, hindrance: undefined, finding: { suggestion, noise: { run, deployment: KNOWN } } }) as unknown as GateExamination;
const examination = (gates: readonly GateExamination[], most = 4) => ({ gates, budget: { most } }) as unknown as Examination;

const SUITE = `# ours
name: a # the name
target: { protocol: raw }
scenarios:
  - name: steady
    gates:
      latency.p99: { regression: 5%, floor: 2ms } # the tail
      latency.p50:
        regression: "5%" # the body

  - name: other
`;

test("only what is meant changes, and comments stay", () => {
  const wide = examination([
    found("steady", "latency.p99", { kind: "widen", margin: 0.07 }),
    found("steady", "latency.p50", { kind: "widen", margin: 0.06 }, { deviation: 0.041, assumed: 0.03, seen: 5 }),
  ]);
  expect(lineDiff(SUITE, doctoredSuite(SUITE, "s.yaml", wide))).toEqual([
    "@@ line 7",
    "-       latency.p99: { regression: 5%, floor: 2ms } # the tail",
    "+       latency.p99: { regression: 7%, floor: 2ms } # the tail",
    "@@ line 9",
    '-         regression: "5%" # the body',
    "+         regression: 6% # the body",
    "@@ line 12",
    "+ decision: { between-runs: 4.1% }",
  ]);
});

test("a scenario with the default gates gets all of them, one wider", () => {
  const text = doctoredSuite(SUITE, "s.yaml", examination([found("other", "latency.p99", { kind: "widen", margin: 0.15 })]));
  const [before, after] = [SUITE, text].map((one) => parseSuite(one, "s.yaml").suite.scenarios[1]!.gates);
  expect(after).toEqual(before!.map((gate) => (gate.metric === "latency.p99" ? { ...gate, regression: 0.15 } : gate)));
});

test("a longer budget is written where the present one is too short, and a file that needs nothing stays as it is", () => {
  const longer = [found("steady", "latency.p99", { kind: "longer", times: 4 })];
  expect(parseSuite(doctoredSuite(SUITE, "s.yaml", examination(longer, 1)), "s.yaml").suite.decision.budget).toEqual({ passes: 4 });
  expect(doctoredSuite(SUITE, "s.yaml", examination(longer))).toBe(SUITE);
});

test("gates that scenarios share by an alias are left to their owner", () => {
  const shared = SUITE.replace("gates:\n", "gates: &gates\n").replace("- name: other\n", "- name: other\n    gates: *gates\n");
  const wide = (name: string) => examination([found(name, "latency.p99", { kind: "widen", margin: 0.07 })]);
  expect(() => doctoredSuite(shared, "s.yaml", wide("other"))).toThrow(/shared by an alias/);
  expect(() => doctoredSuite(shared, "s.yaml", wide("steady"))).toThrow(/more than was meant/);
});

test("margins are rounded up to what a person would write", () => {
  expect([0.0061, 0.0621, 0.11, 0.33, 0.07].map((size) => roundUp("latency.p99", size))).toEqual([0.007, 0.07, 0.12, 0.35, 0.07]);
  expect(roundUp("gpu.temperature", 2.1)).toBe(2.5);
});

test("what is held is kept, what is held later takes longer, and what is not is wider", () => {
  const reach = (...holds: readonly (number | undefined)[]) => holds.map((hold, i) => ({ times: 2 ** i, holds: hold }));
  expect(suggest("latency.p99", 0.1, reach(0.098, 0.06, 0.04), 4)).toEqual({ kind: "keep", tightest: undefined });
  expect(suggest("latency.p99", 0.1, reach(0.031, 0.02, 0.01), 4)).toEqual({ kind: "keep", tightest: 0.035 });
  expect(suggest("latency.p99", 0.1, reach(0.12, 0.11, 0.09), 4)).toEqual({ kind: "longer", times: 4 });
  expect(suggest("latency.p99", 0.1, reach(0.3, 0.25, 0.12), 4)).toEqual({ kind: "widen", margin: 0.12 });
  expect(suggest("latency.p99", 0.1, reach(0.3, 0.25, 0.12), 1)).toEqual({ kind: "widen", margin: 0.3 });
  expect(suggest("latency.p99", 0.1, reach(undefined, undefined, undefined), 4)).toEqual({ kind: "none" });
  expect(suggest("throughput", 0.1, reach(1.2, 1.1, 1.0), 4)).toEqual({ kind: "none" });
});

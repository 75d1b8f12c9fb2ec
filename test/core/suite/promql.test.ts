import { describe, expect, test } from "vitest";
import { describeSuite } from "../../../src/core/suite/describe.ts";
import { suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { resolveEnvironment } from "../../../src/core/suite/secrets.ts";
import { complaints, MINIMAL, withScenario } from "./suites.ts";

const URL = "http://prometheus:9090";
const suite = (entry: string, around = MINIMAL): string => `${around}telemetry: [${entry}]\n`;
const parsed = (entry: string) => parseSuite(suite(entry), "suite.yaml");

describe("a Prometheus server in a suite", () => {
  test("is asked by labels, for each endpoint its own", () => {
    const { telemetry } = parsed(`{ promql: ${URL}, labels: { job: preview }, baseline-labels: { job: base } }`).suite;
    expect(telemetry).toEqual([
      {
        kind: "promql",
        url: URL,
        baselineUrl: URL,
        intervalS: 1,
        metrics: {},
        labels: { job: "preview" },
        baselineLabels: { job: "base" },
      },
    ]);
  });

  test("may be another for the baseline, or tell of both endpoints or one", () => {
    const of = (more: string) => parsed(`{ promql: ${URL}, labels: { job: a }${more} }`).suite.telemetry[0]!;
    expect(of(", baseline: http://b")).toMatchObject({ baselineUrl: "http://b" });
    expect(of("").baselineUrl).toBeUndefined();
    expect(of(", arm: base")).toMatchObject({ arm: "base", baselineUrl: undefined });
  });

  test("is told with its labels", () => {
    const entries = [
      `{ promql: ${URL}, labels: { job: preview }, baseline-labels: { job: base } }`,
      `{ promql: ${URL}, labels: { job: a }, baseline: http://b }`,
      `{ promql: ${URL}, labels: { job: a }, arm: head }`,
    ];
    expect(describeSuite(parsed(entries.join(", ")).suite)).toContain(
      `telemetry: promql ${URL} {job="preview"} (baseline {job="base"}), promql ${URL} {job="a"} (baseline http://b {job="a"}), promql ${URL} {job="a"} (head only)`,
    );
  });

  test("has labels with variables, which are no secrets, and an address whose password is one", () => {
    const text = `{ promql: "http://me:\${env:PASSWORD}@prometheus", labels: { pod: "preview-\${env:PR}" }, baseline-labels: { pod: "\${env:BASE}" } }`;
    const { suite: filled, secrets } = resolveEnvironment(parsed(text), { PASSWORD: "t0psecret", PR: "4711-abc", BASE: "main-0" });
    expect(filled.telemetry[0]).toMatchObject({
      url: "http://me:t0psecret@prometheus",
      baselineUrl: "http://me:t0psecret@prometheus",
      labels: { pod: "preview-4711-abc" },
      baselineLabels: { pod: "main-0" },
    });
    expect(secrets).toEqual(["t0psecret", "me"]);
  });

  test("is no part of the workload", () => {
    const digest = (text: string) => suiteDigest(parseSuite(text, "suite.yaml").suite, new Map());
    expect(digest(suite(`{ promql: ${URL}, labels: { job: a } }`))).toBe(digest(MINIMAL));
  });

  test("lets metrics be gated that it can tell: those of all kinds, or those that the suite names", () => {
    const gated = withScenario("gates: { queue.depth: { limit: 5 } }");
    const none = "no telemetry of this suite measures queue.depth";
    expect(complaints(suite(`{ promql: ${URL}, labels: { job: a } }`, gated))).toBe("no complaint");
    expect(complaints(suite(`{ promql: ${URL}, labels: { job: a }, queries: { queue.depth: "sum(q{$labels})" } }`, gated))).toBe(
      "no complaint",
    );
    expect(complaints(suite(`{ promql: ${URL}, labels: { job: a }, queries: { queue.time: "avg(q{$labels})" } }`, gated))).toContain(none);
    expect(complaints(suite(`{ promql: ${URL}, labels: { job: a }, metrics: { queue.time: q } }`, gated))).toContain(none);
  });

  test.each([
    [`{ promql: ${URL} }`, "promql: nothing says which of its series are the endpoint's; add labels: { job: preview }"],
    [`{ promql: ${URL}, labels: {} }`, "labels: no label is named; write for example { job: preview }"],
    [`{ promql: ${URL}, baseline-labels: { job: b } }`, "promql: nothing says which"],
    [`{ promql: ${URL}, labels: { job: a }, interval: 5s }`, "interval: Prometheus has its own interval"],
    [`{ promql: ${URL}, labels: { job: a }, baseline-labels: { job: b }, arm: head }`, "arm: with baseline-labels this entry tells"],
    [`{ prometheus: http://a/m, labels: { job: a }, metrics: { queue.depth: q } }`, "labels: labels is for promql"],
    [`{ promql: ${URL}, labels: { job: a }, metrics: { queue.depth: q_total } }`, "q_total is a counter by its name"],
    [
      `{ promql: ${URL}, labels: { job: a }, metrics: { queue.depth: q }, queries: { queue.time: q } }`,
      "one entry has both metrics and queries",
    ],
    [`{ promql: ${URL}, queries: { queue.depth: "sum(q{$labels})" } }`, "the query of queue.depth has $labels, and there are none"],
    [
      `{ promql: ${URL}, labels: { job: a }, baseline-labels: { job: b }, queries: { queue.depth: sum(q) } }`,
      "the query of queue.depth would ask the same for both endpoints",
    ],
    [`{ promql: ${URL}, labels: { job: a }, queries: { gpu.energy_per_request: q } }`, 'unknown key "gpu.energy_per_request"'],
    [`{ promql: ${URL}, labels: { job-name: a } }`, "telemetry.0.labels"],
  ])("%s is complained about", (entry, complaint) => {
    expect(complaints(suite(entry))).toContain(complaint);
  });
});

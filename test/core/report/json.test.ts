import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { verdictJson } from "../../../src/core/report/json.ts";
import { VERDICT_JSON, verdictSchemaText } from "../../../src/core/report/verdict-schema.ts";
import { CASES, gateOf, judge, makeComparison, makeVerdict } from "./fixtures.ts";

const stored = readFileSync(new URL("../../../schema/verdict.schema.json", import.meta.url), "utf8");
const validate = new Ajv2020({ strict: true }).compile(JSON.parse(stored) as object);
type Json = { scenarios: { metrics: Record<string, unknown>[] }[] };

test("the stored schema is the one that the code generates", () => {
  expect(stored, "renew with: node .github/scripts/generate-verdict-schema.ts").toBe(verdictSchemaText());
});

test.each(Object.keys(CASES))("the verdict of %s is valid against the schema", (name) => {
  const json: unknown = JSON.parse(verdictJson(CASES[name]!()));
  expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
});

test("the verdict has exactly the fields of the contract, and ours", () => {
  const { scenarios, ...run } = JSON.parse(verdictJson(CASES["fail"]!())) as Json & Record<string, unknown>;
  expect(run).toMatchObject({ schema: 1, verdict: "fail", evidence: "live" });
  expect(scenarios[0]!.metrics.find(({ metric }) => metric === "latency.p99")).toMatchInlineSnapshot(`
    {
      "accepted": [],
      "base": {
        "high": 0.05532479999999999,
        "low": 0.053475199999999994,
        "n": 6000,
        "value": 0.0544,
      },
      "better": "lower",
      "delta": {
        "absolute": 0.012500000000000004,
        "absolute_high": 0.014349600000000004,
        "absolute_low": 0.010650400000000004,
        "confidence": 0.9,
        "high": 0.2637794117647061,
        "low": 0.19577941176470606,
        "relative": 0.22977941176470607,
        "scale": "relative",
      },
      "gate": {
        "floor": 0.002,
        "limit": 0.5,
        "regression": 0.1,
      },
      "gated": true,
      "head": {
        "high": 0.0680373,
        "low": 0.0657627,
        "n": 6000,
        "value": 0.0669,
      },
      "mann_whitney": null,
      "mann_whitney_tail": {
        "cliffs_delta": 0.62,
        "p": 0.0004,
      },
      "margin": 0.1,
      "metric": "latency.p99",
      "more_data": null,
      "obstacles": [],
      "reason": "steady: latency.p99 is 23 % slower (54.4 ms → 66.9 ms, 90 % interval +20 % … +26 %); the gate blocks at +10 %",
      "resolvable_margin": 0.1,
      "self_test": {
        "caught": true,
        "planted": 0.1,
      },
      "unit": "s",
      "verdict": "fail",
    }
  `);
});

test("what is unknown is null, never left out", () => {
  const { scenarios } = JSON.parse(verdictJson(CASES["no-baseline"]!())) as Json;
  expect(scenarios[0]!.metrics[0]).toMatchObject({ base: null, delta: null, mann_whitney: null, resolvable_margin: null, more_data: null });
});

test("numbers that are not finite become null instead of an invalid file", () => {
  const wild = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1, undefined);
  fc.assert(
    fc.property(wild, wild, wild, (a, b, c) => {
      const comparison = makeComparison("steady", "latency.p99", { base: 0.05, head: 0.06, spread: 0.02 }, gateOf("latency.p99"), {
        resolvableMargin: a,
        moreData: b,
        head: { value: c ?? Number.NaN, low: a, high: b, n: 10 },
      });
      const scenario = { name: "steady", verdict: "inconclusive", metrics: [judge(comparison, "inconclusive", "because")] } as const;
      const json: unknown = JSON.parse(verdictJson({ verdict: makeVerdict("inconclusive", [scenario], ["because"]) }));
      expect(VERDICT_JSON.safeParse(json).success).toBe(true);
    }),
  );
});

test("the schema refuses a word that is no verdict, and accepts a field of a later version", () => {
  const json = JSON.parse(verdictJson(CASES["pass"]!())) as Record<string, unknown>;
  expect(validate({ ...json, verdict: "ok" })).toBe(false);
  expect(validate({ ...json, later: 1 })).toBe(true);
});

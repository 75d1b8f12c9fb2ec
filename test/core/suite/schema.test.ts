import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type JsonSchema, keysAt, suiteJsonSchema } from "../../../src/core/suite/json-schema.ts";
import { complaints, EXAMPLE, MINIMAL, withPayload, withScenario, withTarget } from "./suites.ts";

const validate = new Ajv({ strict: false, allErrors: true }).compile(suiteJsonSchema());
const isValid = (text: string): boolean => validate(parse(text));

test("schema/suite.schema.json is what the code generates (node .github/scripts/generate-schema.ts)", () => {
  const stored = readFileSync(new URL("../../../schema/suite.schema.json", import.meta.url), "utf8");
  expect(stored).toBe(`${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
});

test("every field has a description, so that an editor can show it", () => {
  const bare: string[] = [];
  const walk = (schema: JsonSchema, path: string): void => {
    for (const [key, child] of Object.entries(schema.properties ?? {})) {
      if (child["description"] === undefined) bare.push(`${path}${key}`);
      walk(child, `${path}${key}.`);
    }
    for (const inner of [schema.items, schema.additionalProperties, ...(schema.anyOf ?? [])].flat()) {
      if (typeof inner === "object") walk(inner, `${path}*.`);
    }
  };
  walk(suiteJsonSchema(), "");
  expect(bare.filter((path) => !path.startsWith("telemetry.*.metrics."))).toEqual([]);
});

describe("an editor and the parser agree about", () => {
  test.each([
    EXAMPLE,
    MINIMAL,
    withTarget("{ protocol: openai-chat, model: m, stream: false, timeout: 1m30s, check: { status: [200] } }"),
    withScenario("load: { concurrency: 3 }, warm-up: 5s, mix: { default: 1 }, gates: { errors.ratio: { regression: 1pp } }"),
    withPayload("{ tensors: [{ name: x, shape: [1, [2, 4]], datatype: FP32 }] }", "kserve-v2"),
  ])("a right suite (%#)", (text) => {
    expect(complaints(text)).toBe("no complaint");
    expect(isValid(text), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    `${MINIMAL}sed: 1\n`,
    MINIMAL.replace("raw", "rawr"),
    withTarget("{ protocol: raw, timeout: 10 }"),
    withTarget("{ protocol: raw, timeout: 10sec }"),
    withScenario("load: { rate: 50 }"),
    withScenario("gates: { latency.p98: { limit: 1s } }"),
    withScenario("gates: { latency.p99: {} }"),
    withScenario("gates: { latency.p99: { limit: 10% } }"),
    withPayload("{ weight: 0, body: x }"),
    withPayload("{ body: x, json: 1 }"),
    `${MINIMAL}telemetry: [{ interval: 1s }]\n`,
  ])("a wrong suite (%#)", (text) => {
    expect(complaints(text)).not.toBe("no complaint");
    expect(isValid(text)).toBe(false);
  });
});

test("every example in the schema is one that the schema accepts", () => {
  const ajv = new Ajv({ strict: false });
  let seen = 0;
  const walk = (schema: JsonSchema): void => {
    for (const example of schema.examples ?? []) {
      seen += 1;
      const { $id: _, ...anonymous } = schema;
      expect(ajv.validate(anonymous, example), `${JSON.stringify(example)} ${ajv.errorsText()}`).toBe(true);
    }
    for (const child of [
      ...Object.values(schema.properties ?? {}),
      schema.items,
      schema.additionalProperties,
      ...(schema.anyOf ?? []),
    ].flat()) {
      if (typeof child === "object") walk(child);
    }
  };
  walk(suiteJsonSchema());
  expect(seen).toBeGreaterThan(100);
});

test("the keys of a mapping are known by its path, through lists, names and alternatives", () => {
  expect(keysAt([])).toContain("scenarios");
  expect(keysAt(["scenarios", 3, "gates", "latency.p99"])).toEqual(["regression", "floor", "limit"]);
  expect(keysAt(["payloads", "anything", "text"])).toEqual(["words", "characters", "tokens", "edge"]);
  expect(keysAt(["telemetry", 0, "metrics", "queue.depth"])).toContain("series");
  expect(keysAt(["payloads"])).toBeUndefined();
  expect(keysAt(["seed"])).toBeUndefined();
});

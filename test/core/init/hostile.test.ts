import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseTarget, lacksModel } from "../../../src/core/init/choose-target.ts";
import type { Hearing } from "../../../src/core/init/endpoint.ts";
import { inspectRepository } from "../../../src/core/init/repository.ts";
import { chooseLoad, suiteText } from "../../../src/core/init/suite-text.ts";
import { makePlan } from "../../../src/core/plan/make-plan.ts";
import { suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { environmentNames } from "../../../src/core/suite/secrets.ts";
import type { Suite } from "../../../src/core/suite/suite.ts";

/** The suite that would be written, read again; undefined where the name of a model is asked for first. */
function written(heard: Hearing, files: Readonly<Record<string, string>> = {}): Suite | undefined {
  const target = chooseTarget({ protocol: undefined, model: undefined }, inspectRepository(new Map(Object.entries(files))), heard);
  if (lacksModel(target)) return undefined;
  const metricsUrls = target.metrics.map(() => "http://127.0.0.1:1/metrics");
  const text = suiteText({ name: "a", target, headers: {}, metricsUrls, load: { ...chooseLoad(10, target.protocol), durationMin: 2 } });
  const { suite } = parseSuite(text, "tailgate.yaml");
  makePlan({ suite, digest: suiteDigest(suite, new Map()), files: new Map(), design: "single" });
  return suite;
}

const secretsOf = (suite: Suite | undefined): readonly string[] => (suite === undefined ? [] : environmentNames(suite));

const answering =
  (answers: Readonly<Record<string, unknown>>): Hearing =>
  ({ path, port }) =>
    port === undefined && Object.hasOwn(answers, path) ? { status: 200, body: JSON.stringify(answers[path]) } : { status: 404, body: "" };

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    '"}',
    "a: b",
    "- x",
    "#",
    "${env:API_TOKEN}",
    "$${",
    "yes",
    "1e3",
    "\\",
    "'",
    "\u2028",
    "\ufeff",
    "\ud800",
    "__proto__",
    "{{ x }}",
    "*a",
    "&a",
    "!!js",
  ),
);

test("whatever a server calls its model and its inputs, what is written is a suite, asks for no secret, and names them as they are", () => {
  fc.assert(
    fc.property(
      text,
      fc.array(
        fc.record({
          name: text,
          datatype: fc.constantFrom("FP32", "BYTES", "INT64"),
          shape: fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 3 }),
        }),
        { maxLength: 3 },
      ),
      (model, inputs) => {
        const suite = written(
          answering({
            "/v2/health/ready": {},
            "/v1/models": { models: [model] },
            [`/v2/models/${encodeURIComponent(model.toWellFormed())}`]: { inputs },
          }),
        );
        expect(secretsOf(suite)).toEqual([]);
        if (suite?.target.protocol === "kserve-v2") expect(suite.target.model).toBe(model);
        const openai = written(answering({ "/v1/models": { data: [{ id: model }] } }));
        expect(secretsOf(openai)).toEqual([]);
      },
    ),
  );
});

test("whatever an OpenAPI document holds, what is written is a suite with the body that was chosen", () => {
  const leaf = fc.record({
    type: fc.constantFrom("string", "integer", "boolean", "array", "object", "odd"),
    example: fc.option(fc.jsonValue(), { nil: undefined }),
  });
  const schema = fc.record({
    type: fc.constant("object"),
    properties: fc.dictionary(text, leaf, { maxKeys: 4 }),
    required: fc.option(fc.array(text, { maxLength: 3 }), { nil: undefined }),
  });
  const path = fc.oneof(
    text.map((part) => `/${part}`),
    fc.constantFrom("/predict", "/a%zz", "//x", "/a?b"),
  );
  fc.assert(
    fc.property(path, fc.oneof(schema, fc.jsonValue()), (at, body) => {
      const document = { paths: { [at]: { post: { requestBody: { content: { "application/json": { schema: body } } } } } } };
      const suite = written(answering({ "/openapi.json": document }));
      expect(secretsOf(suite)).toEqual([]);
      expect(suite?.target.protocol).toBe("raw");
    }),
  );
});

test("whatever files hold, they are read", () => {
  const files = fc.dictionary(
    fc.constantFrom(
      "package.json",
      "requirements.txt",
      "Dockerfile",
      "m/config.pbtxt",
      "model-settings.json",
      "openapi.json",
      ".github/workflows/a.yml",
      "suite.yaml",
    ),
    fc.oneof(
      text,
      fc.json(),
      fc.constantFrom('name: "${env:X}" input [ { name: "a" data_type: TYPE_FP32 dims: [ 1 ] } ]', "jobs: [1]\non: [pull_request]"),
    ),
  );
  fc.assert(
    fc.property(files, (some) => {
      expect(secretsOf(written(() => undefined, some))).toEqual([]);
    }),
  );
});

test("a schema that would be a body without end is cut off", () => {
  const wide = { type: "array", minItems: 64, items: { $ref: "#/wide" } };
  const suite = written(
    answering({
      "/openapi.json": { wide, paths: { "/predict": { post: { requestBody: { content: { "application/json": { schema: wide } } } } } } },
    }),
  );
  expect(JSON.stringify(suite?.payloads).length).toBeLessThan(30_000);
});

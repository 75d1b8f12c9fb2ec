import { expect, test } from "vitest";
import { inferenceOperation, readyPath } from "../../../src/core/init/openapi.ts";

/** As FastAPI writes it. */
const FASTAPI = {
  openapi: "3.1.0",
  paths: {
    "/health": { get: {} },
    "/items/{id}": { post: { requestBody: { content: { "application/json": { schema: { type: "object" } } } } } },
    "/feedback": { post: { requestBody: { content: { "application/json": { schema: { type: "string" } } } } } },
    "/predict": { post: { requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Request" } } } } } },
  },
  components: {
    schemas: {
      Request: {
        type: "object",
        required: ["text", "top_k", "options"],
        properties: {
          text: { type: "string" },
          top_k: { type: "integer", exclusiveMinimum: 0 },
          options: { $ref: "#/components/schemas/Options" },
          note: { anyOf: [{ type: "string" }, { type: "null" }] },
        },
      },
      Options: {
        type: "object",
        properties: {
          mode: { enum: ["fast", "good"] },
          scores: { type: "array", items: { type: "number" }, minItems: 2 },
          again: { $ref: "#/components/schemas/Options" },
        },
      },
    },
  },
};

test("the operation whose path says that it infers, with a body that its schema allows", () => {
  const found = inferenceOperation(FASTAPI);
  expect(found).toMatchObject({ method: "POST", path: "/predict", body: { top_k: 1, options: { mode: "fast", scores: [0, 0] } } });
  expect(Object.keys(found!.body as object)).toEqual(["text", "top_k", "options"]);
  expect(readyPath(FASTAPI)).toBe("/health");
});

test("a schema that refers to itself ends", () => {
  expect(JSON.stringify(inferenceOperation(FASTAPI)!.body).length).toBeLessThan(2000);
  const loop = {
    paths: { "/a": { post: { requestBody: { content: { "application/json": { schema: { $ref: "#/x" } } } } } } },
    x: { $ref: "#/x" },
  };
  expect(inferenceOperation(loop)).toMatchObject({ path: "/a" });
});

test("an example of the document's own is taken as it is; without a POST, a GET", () => {
  const content = { "application/json": { schema: { type: "object" }, example: { text: "mine" } } };
  expect(inferenceOperation({ paths: { "/score": { post: { requestBody: { content } } } } })).toEqual({
    method: "POST",
    path: "/score",
    body: { text: "mine" },
  });
  expect(inferenceOperation({ paths: { "/health": { get: {} }, "/now": { get: {} } } })).toEqual({
    method: "GET",
    path: "/now",
    body: undefined,
  });
});

test.each([undefined, null, 7, {}, { paths: null }, { paths: { "/{a}": { get: {} } } }, { paths: { "/${env:X}": { get: {} } } }])(
  "%j describes nothing",
  (document) => {
    expect(inferenceOperation(document)).toBeUndefined();
  },
);

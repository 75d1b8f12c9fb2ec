import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkFailure, headersFailure, looksInside } from "../../../src/core/protocol/answer-checks.ts";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import type { JsonCheck, ResponseCheck } from "../../../src/core/suite/response-check.ts";
import { target } from "../plan/fixtures.ts";
import { respond } from "./drive.ts";

const check = (parts: Partial<ResponseCheck>): ResponseCheck => ({ status: undefined, contains: undefined, ...parts });
const ANSWER = { outputs: [{ name: "label", shape: [2], data: [0.25, 0.75] }], model: "bert-7" };
const judge = (parts: Partial<ResponseCheck>, answer: unknown = ANSWER, whole = true) =>
  checkFailure(check(parts), typeof answer === "string" ? answer : JSON.stringify(answer), whole)?.detail;
const json = (...of: readonly JsonCheck[]) => judge({ json: of });

test("nothing is looked for unless the suite asks", () => {
  expect(looksInside(check({ status: [200], headers: { a: "b" } }))).toBe(false);
  expect(judge({}, "anything")).toBeUndefined();
});

describe("the values that a path selects", () => {
  test.each<[JsonCheck, string | undefined]>([
    [{ path: "$.outputs[0].shape[0]", equals: 2 }, undefined],
    [{ path: "$.outputs[0].shape", equals: [2] }, undefined],
    [{ path: "$.outputs[0].shape[0]", equals: 3 }, "expected 3 at $.outputs[0].shape[0], got 2"],
    [{ path: "$.outputs[*].data[*]", between: [0, 1] }, undefined],
    [{ path: "$.outputs[*].data[*]", between: [0, 0.5] }, "expected a number from 0 to 0.5 at $.outputs[*].data[*], got 0.75"],
    [{ path: "$.outputs[0].data", equals: [0.2501, 0.7499], tolerance: 0.001 }, undefined],
    [
      { path: "$.outputs[0].data", equals: [0.2501, 0.7499], tolerance: 0.000_01 },
      "expected [0.2501,0.7499] at $.outputs[0].data, got [0.25,0.75]",
    ],
    [{ path: "$.model", matches: "^bert-\\d+$" }, undefined],
    [{ path: "$.model", matches: "^gpt" }, 'expected a text that matches "^gpt" at $.model, got "bert-7"'],
    [{ path: "$.outputs", matches: "x" }, "expected a text that matches"],
    [{ path: "$.outputs[*]", count: 1 }, undefined],
    [{ path: "$.outputs[*]", count: 2 }, "expected 2 values at $.outputs[*], got 1"],
    [{ path: "$.error", count: 0 }, undefined],
    [{ path: "$.missing" }, "expected $.missing in the answer, and it is not there"],
    [{ path: "$.missing", equals: null }, "and it is not there"],
  ])("%j", (one, expected) => {
    if (expected === undefined) expect(json(one)).toBeUndefined();
    else expect(json(one)).toContain(expected);
  });

  test("all checks have to hold", () => {
    expect(json({ path: "$.model" }, { path: "$.version" })).toContain("$.version");
  });

  test("equality is that of JSON: an answer equals itself, and nothing that was changed in one place", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify({ value })) as { value: unknown };
        expect(judge({ json: [{ path: "$.value", equals: plain.value }] }, plain)).toBeUndefined();
        expect(judge({ json: [{ path: "$.value", equals: { was: plain.value } }] }, plain)).toBeDefined();
      }),
    );
  });
});

test("a regular expression, a schema", () => {
  expect(judge({ matches: '"name":\\s*"label"' })).toBeUndefined();
  expect(judge({ matches: "^nothing$" })).toMatch(/^expected "\^nothing\$" in the answer, got "\{/);
  const schema = { type: "object", required: ["outputs"], properties: { outputs: { type: "array", minItems: 1 } } };
  expect(judge({ schema })).toBeUndefined();
  expect(judge({ schema }, { outputs: [] })).toBe("the answer does not fit target.check.schema: outputs must NOT have fewer than 1 items");
  expect(judge({ schema }, [])).toBe("the answer does not fit target.check.schema: the answer must be object");
});

test("what is not JSON, or not there whole, is never passed over", () => {
  expect(judge({ json: [{ path: "$" }] }, "<html>")).toBe('expected JSON, got "<html>"');
  expect(judge({ json: [{ path: "$" }] }, "{", false)).toContain("too long to be parsed");
  expect(judge({ matches: "z" }, "a", false)).toContain("too long to be searched");
  expect(judge({ matches: "a" }, "a", false)).toBeUndefined();
});

test("headers hold what they must", () => {
  const headers = { headers: { "content-type": "application/json", "x-model": "v7" } };
  expect(headersFailure(check(headers), { "content-type": "application/json; charset=utf-8", "x-model": "v7" })).toBeUndefined();
  expect(headersFailure(check(headers), { "content-type": "text/html", "x-model": "v7" })?.detail).toContain("in the header content-type");
  expect(headersFailure(check(headers), { "content-type": "application/json" })?.detail).toBe(
    "expected the header x-model, and there is none",
  );
});

describe("in the protocols", () => {
  const parts = { json: [{ path: "$.label", equals: "positive" }], headers: { "x-model": "v7" } };
  const HEAD = { headers: { "x-model": "v7" } };
  const read = (protocol: "raw" | "openai-chat", stream: boolean, body: string, head = HEAD) =>
    respond(protocols[protocol].openResponse(target({ protocol, stream, check: check(parts) })), [[10, body]], head).result;

  test("raw looks at the body", () => {
    expect(read("raw", false, '{"label": "positive"}')).toMatchObject({ kind: "ok" });
    expect(read("raw", false, '{"label": "negative"}')).toMatchObject({ kind: "failed", why: "check" });
    expect(read("raw", false, '{"label": "positive"}', { headers: { "x-model": "v6" } })).toMatchObject({ kind: "failed", why: "check" });
  });

  test("a generating endpoint is judged by what it generated, streamed or not", () => {
    const pieces = ['{"label": ', '"positive"}'];
    const stream = `${pieces.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`).join("")}data: [DONE]\n\n`;
    expect(read("openai-chat", true, stream)).toMatchObject({ kind: "ok" });
    expect(read("openai-chat", true, stream.replace("positive", "negative"))).toMatchObject({ kind: "failed", why: "check" });
    expect(read("openai-chat", true, stream, { headers: { "x-model": "v6" } })).toMatchObject({ kind: "failed", why: "check" });
    const whole = JSON.stringify({ choices: [{ message: { content: pieces.join("") } }] });
    expect(read("openai-chat", false, whole)).toMatchObject({ kind: "ok" });
  });
});

describe("the answer to a labelled payload", () => {
  const right = (answer: ResponseCheck["answer"], body: string, label: unknown) => {
    const reader = protocols.raw.openResponse(target({ protocol: "raw", check: check({ answer }) }), label);
    return respond(reader, [[10, body]]).result;
  };
  const AT = { path: "$.outputs[*].data[*]", tolerance: 0 };

  test.each([
    [AT, '{"outputs": [{"data": ["positive"]}]}', "positive", true],
    [AT, '{"outputs": [{"data": ["negative"]}]}', "positive", false],
    [AT, '{"outputs": [{"data": [1, 2]}]}', [1, 2], true],
    [AT, '{"outputs": [{"data": [1, 2]}]}', [2, 1], false],
    [AT, '{"outputs": []}', "positive", false],
    [AT, "no JSON", "positive", false],
    [{ ...AT, tolerance: 0.1 }, '{"outputs": [{"data": [0.95]}]}', 1, true],
    [{ ...AT, tolerance: 0.01 }, '{"outputs": [{"data": [0.95]}]}', 1, false],
    [{ ...AT, tolerance: { relative: 0.06 } }, '{"outputs": [{"data": [0.95]}]}', 1, true],
    [{ ...AT, tolerance: { relative: 0.04 } }, '{"outputs": [{"data": [0.95]}]}', 1, false],
    // A vector is near element by element, each by its own size, and one of another length is another one.
    [{ ...AT, tolerance: { relative: 0.01 } }, '{"outputs": [{"data": [100.9, -1.009, 0]}]}', [100, -1, 0], true],
    [{ ...AT, tolerance: { relative: 0.01 } }, '{"outputs": [{"data": [100, -1.2, 0]}]}', [100, -1, 0], false],
    [{ ...AT, tolerance: { relative: 0.01 } }, '{"outputs": [{"data": [100, -1, 1e-9]}]}', [100, -1, 0], false],
    [{ ...AT, tolerance: 0.1 }, '{"outputs": [{"data": [100, -1]}]}', [100, -1, 0], false],
    [{ ...AT, tolerance: 0.1 }, '{"outputs": [{"data": [0.95]}]}', [1], true],
    [{ path: "$.outputs[0].data", tolerance: 0.1 }, '{"outputs": [{"data": [0.95]}]}', [1], true],
    [{ path: "$.outputs[0].data", tolerance: 0.1 }, '{"outputs": [{"data": [[0.95], [2]]}]}', [[1], [2.05]], true],
    [{ path: undefined, tolerance: 0 }, "The capital of France is Paris.", "Paris", true],
    [{ path: undefined, tolerance: 0 }, "I do not know.", "Paris", false],
    [{ path: undefined, tolerance: 0 }, "It is 42.", 42, true],
  ])("%j of %s is compared with %j", (answer, body, label, correct) => {
    expect(right(answer, body, label)).toEqual({ kind: "ok", stream: undefined, correct });
  });

  test("says nothing where no label is known", () => {
    expect(right(AT, '{"outputs": []}', undefined)).toEqual({ kind: "ok", stream: undefined });
  });

  test("that has failed is neither right nor wrong", () => {
    const reader = protocols.raw.openResponse(target({ protocol: "raw", check: check({ answer: AT, contains: "x" }) }), "positive");
    expect(respond(reader, [[10, '{"outputs": [{"data": ["positive"]}]}']]).result).toMatchObject({ kind: "failed", why: "check" });
  });
});

import { describe, expect, test } from "vitest";
import { malform } from "../../../src/core/plan/malformed.ts";
import { lazyBodies } from "../../../src/core/plan/mix-requests.ts";
import { MALFORMATIONS, type Malformation } from "../../../src/core/suite/input-content.ts";
import type { PayloadContent } from "../../../src/core/suite/suite.ts";
import { payloadClass, suite, target } from "./fixtures.ts";

const request = (body: string | Uint8Array) => ({
  method: "POST",
  path: "/",
  headers: { "content-type": "application/json" },
  body: typeof body === "string" ? new TextEncoder().encode(body) : body,
});
const GOOD = { model: "m", inputs: [{ name: "x", shape: [2, 3], datatype: "FP32", data: [1, 2, 3, 4, 5, 6] }] };
const bad = (how: Malformation, value: unknown = GOOD) => malform(request(JSON.stringify(value)), how, "x");
const textOf = (body: Uint8Array | undefined) => new TextDecoder().decode(body);
const parses = (body: Uint8Array | undefined) => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
};

describe("a good request is made bad:", () => {
  test("what is broken is no JSON any more", () => {
    for (const how of ["truncated", "empty", "not-json", "not-utf8"] as const) expect(parses(bad(how).body), how).toBeUndefined();
    expect(bad("truncated").body!.length).toBeLessThan(JSON.stringify(GOOD).length);
  });

  test("the main field is missing or of another type, and the rest is as it was", () => {
    expect(parses(bad("missing-field").body)).toEqual({ model: "m" });
    expect(parses(bad("wrong-type").body)).toEqual({ model: "m", inputs: 42 });
    expect(parses(bad("wrong-type", { threshold: 3 }).body)).toEqual({ threshold: { not: "this" } });
    expect(parses(bad("missing-field", { model: "m", prompt: "p", max_tokens: 3 }).body)).toEqual({ model: "m", max_tokens: 3 });
  });

  test("a tensor declares a row more than it has", () => {
    expect(parses(bad("wrong-shape").body)).toMatchObject({ inputs: [{ shape: [3, 3], data: [1, 2, 3, 4, 5, 6] }] });
  });

  test("the rest", () => {
    expect(parses(bad("nested").body)).toHaveLength(1);
    expect(bad("wrong-content-type").headers["content-type"]).toBe("application/x-tailgate-unknown");
    expect(textOf(bad("wrong-content-type").body)).toBe(JSON.stringify(GOOD));
  });

  test("every way makes another request than the good one", () => {
    for (const how of MALFORMATIONS) expect(bad(how), how).not.toEqual(request(JSON.stringify(GOOD)));
  });
});

test("a body that cannot be spoilt so is a mistake that says why", () => {
  expect(() => malform(request("plain"), "missing-field", "x")).toThrow('payload "x" cannot be missing-field: its body is no JSON object');
  expect(() => malform(request('{"a": 1}'), "wrong-shape", "x")).toThrow("declares no shape of a tensor");
  expect(() => malform({ ...request(""), body: undefined }, "truncated", "x")).toThrow("its request has no body");
});

test("the class's requests are spoilt after the protocol has built them, and carry what is expected", () => {
  const content: PayloadContent = { kind: "text", words: [3, 3] };
  const bodies = lazyBodies({ suite: suite({ target: target({ protocol: "openai-chat", stream: false }) }), files: new Map() });
  const [first] = bodies({ ...payloadClass("bad", content), malformed: "missing-field", expect: ["4xx"] });
  expect(parses(first!.body)).toEqual({ stream: false });
  expect(first).toMatchObject({ payloadClass: "bad", expect: ["4xx"], path: "/v1/chat/completions" });
});

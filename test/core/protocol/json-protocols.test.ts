import { describe, expect, test } from "vitest";
import type { Payload } from "../../../src/core/plan/payload.ts";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import type { ProtocolName, Target } from "../../../src/core/suite/suite.ts";
import { target } from "../plan/fixtures.ts";
import { bytes, respond } from "./drive.ts";

const build = (protocol: ProtocolName, payload: Payload, change: Partial<Target> = {}) =>
  protocols[protocol].buildRequest(target({ protocol, model: "m", path: undefined, ...change }), payload);
const sent = (...of: Parameters<typeof build>): unknown => JSON.parse(new TextDecoder().decode(build(...of).body));
const read = (protocol: ProtocolName, answer: unknown, { status = 200, ...change }: Partial<Target> & { status?: number } = {}) =>
  respond(
    protocols[protocol].openResponse(target({ protocol, ...change })),
    [[10, typeof answer === "string" ? answer : JSON.stringify(answer)]],
    { status },
  ).result;
const OK = { kind: "ok", stream: undefined };
const TENSORS: Payload = {
  kind: "tensors",
  tensors: [
    { name: "ids", shape: [2, 3], datatype: "INT64", data: [1, 2, 3, 4, 5, 6] },
    { name: "flag", shape: [1], datatype: "BOOL", data: [true] },
    { name: "cube", shape: [1, 2, 2], datatype: "FP32", data: [0.5, 1, 1.5, 2] },
  ],
};

describe("TensorFlow Serving", () => {
  test("takes tensors as named columns, nested as deep as their shapes", () => {
    expect(sent("tf-serving", TENSORS)).toEqual({
      inputs: {
        ids: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        flag: [true],
        cube: [
          [
            [0.5, 1],
            [1.5, 2],
          ],
        ],
      },
    });
  });

  test("takes a text as a row, and a request as it was written", () => {
    expect(sent("tf-serving", { kind: "text", text: "hi" })).toEqual({ instances: ["hi"] });
    expect(sent("tf-serving", { kind: "json", value: { prompt: "hi" } })).toEqual({ instances: ["hi"] });
    const source = '{"signature_name": "serving_default", "instances": [9007199254740993]}';
    expect(build("tf-serving", { kind: "json", value: JSON.parse(source), source }).body).toEqual(bytes(source));
    expect(sent("tf-serving", { kind: "empty" })).toMatchObject({ instances: [expect.any(String)] });
  });

  test("is asked below its model, or where the target says", () => {
    expect(build("tf-serving", TENSORS, { model: "a b" })).toMatchObject({ method: "POST", path: "/v1/models/a%20b:predict" });
    expect(build("tf-serving", TENSORS, { path: "/v1/models/m/versions/3:classify", model: undefined }).path).toBe(
      "/v1/models/m/versions/3:classify",
    );
    expect(() => build("tf-serving", TENSORS, { model: undefined })).toThrow("protocol tf-serving needs the name of the model");
  });

  test.each([{ predictions: [[0.1, 0.9]] }, { outputs: { label: ["a"] } }, { outputs: 0 }, { results: [[["a", 0.5]]] }, { result: [1] }])(
    "answers with %j",
    (answer) => {
      expect(read("tf-serving", answer)).toEqual(OK);
    },
  );

  test.each([
    [{ predictions: [] }, "body", "expected predictions or outputs"],
    [{}, "body", "expected predictions or outputs"],
    ["null", "body", "expected predictions or outputs"],
    ['{"predictions": [NaN]}', "body", "expected JSON"],
    [{ error: "Servable not found for request: Latest(m)" }, "in-band", "Servable not found"],
  ])("does not answer with %j", (answer, why, detail) => {
    expect(read("tf-serving", answer)).toMatchObject({ kind: "failed", why, detail: expect.stringContaining(detail) });
  });
});

describe("TorchServe", () => {
  test("gets the payload as the body, whatever it is", () => {
    const image = { kind: "body", bytes: bytes("\u0000\u0001"), contentType: "image/png" } as const;
    expect(build("torchserve", image)).toMatchObject({ method: "POST", path: "/predictions/m", headers: { "content-type": "image/png" } });
    expect(build("torchserve", image).body).toEqual(image.bytes);
    expect(sent("torchserve", { kind: "json", value: { data: 1 } })).toEqual({ data: 1 });
    expect(build("torchserve", { kind: "empty" }).body?.length).toBeGreaterThan(0);
    expect(() => build("torchserve", TENSORS)).toThrow("protocol torchserve cannot carry tensors");
  });

  test("answers with anything but nothing", () => {
    expect(read("torchserve", "0.93")).toEqual(OK);
    expect(read("torchserve", "")).toMatchObject({ kind: "failed", why: "body" });
    expect(read("torchserve", { code: 503, type: "ServiceUnavailableException", message: "no worker" }, { status: 503 })).toMatchObject({
      why: "status",
      detail: expect.stringContaining("no worker"),
    });
  });
});

describe("OpenAI completions", () => {
  test("ask with a prompt, and with what the target adds", () => {
    expect(sent("openai-completions", { kind: "text", text: "Once" }, { stream: true, maxTokens: 8 })).toEqual({
      model: "m",
      max_tokens: 8,
      prompt: "Once",
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(build("openai-completions", { kind: "empty" }).path).toBe("/v1/completions");
  });

  test("a payload that is a request keeps its own words", () => {
    const value = { prompt: ["a", "b"], model: "other", max_tokens: 2, stream: true };
    expect(sent("openai-completions", { kind: "json", value }, { stream: false, maxTokens: 8 })).toEqual({ ...value, stream: false });
  });

  test("a stream of texts has the times of its tokens", () => {
    const event = (text: string, finish: string | null = null) =>
      `data: ${JSON.stringify({ choices: [{ text, finish_reason: finish }] })}\n\n`;
    const usage = 'data: {"choices": [], "usage": {"completion_tokens": 5}}\n\n';
    const reader = protocols["openai-completions"].openResponse(target({ protocol: "openai-completions", stream: true }));
    expect(
      respond(reader, [
        [10, event("")],
        [20, event("Once")],
        [35, event(" upon", "length")],
        [36, usage],
        [37, "data: [DONE]\n\n"],
      ]),
    ).toEqual({
      result: { kind: "ok", stream: { firstTokenNs: 20, lastTokenNs: 35, tokens: 5, tokensFrom: "usage", gapsNs: [15] } },
      endNs: 35,
    });
  });

  test("a whole answer is one with a text", () => {
    const change = { stream: false } as const;
    expect(read("openai-completions", { choices: [{ text: "Once" }], usage: { completion_tokens: 3 } }, change)).toMatchObject({
      kind: "ok",
      usageTokens: 3,
    });
    expect(read("openai-completions", { choices: [{ text: "" }] }, change)).toMatchObject({ kind: "failed", why: "body" });
    expect(read("openai-completions", { object: "error", message: "no such model" }, change)).toMatchObject({ why: "in-band" });
  });

  test("messages belong to openai-chat", () => {
    expect(() => build("openai-completions", { kind: "messages", messages: [] })).toThrow("cannot carry messages");
  });
});

describe("OpenAI embeddings", () => {
  test("ask with an input of one text or several", () => {
    expect(sent("openai-embeddings", { kind: "text", text: "hi" })).toEqual({ model: "m", input: "hi" });
    expect(sent("openai-embeddings", { kind: "json", value: ["a", "b"] })).toEqual({ model: "m", input: ["a", "b"] });
    const value = { input: "hi", encoding_format: "base64", model: "other" };
    expect(sent("openai-embeddings", { kind: "json", value })).toEqual(value);
    expect(build("openai-embeddings", { kind: "empty" }).path).toBe("/v1/embeddings");
    expect(() => build("openai-embeddings", { kind: "json", value: 3 })).toThrow('openai-embeddings cannot carry "3"');
  });

  test.each([
    [{ data: [{ embedding: [0.1, -2] }, { embedding: "AACAPw==" }] }, OK],
    [{ data: [] }, { why: "body" }],
    [{ data: [{ embedding: [0.1] }, { embedding: [] }] }, { why: "body" }],
    [{ data: [{ embedding: [null] }] }, { why: "body" }],
    [{ data: "AACAPw==" }, { why: "body" }],
    [{ error: { message: "too long" } }, { why: "in-band" }],
  ])("%j is judged", (answer, judged) => {
    expect(read("openai-embeddings", answer)).toMatchObject(judged);
  });

  test("an answer that is too long to be parsed is judged by its beginning", () => {
    const vectors = Array.from({ length: 40 }, () => ({ embedding: Array.from({ length: 4096 }, () => 0.125_436_5) }));
    const long = JSON.stringify({ object: "list", data: vectors });
    expect(long.length).toBeGreaterThan(1024 * 1024);
    expect(read("openai-embeddings", long)).toEqual(OK);
    expect(read("openai-embeddings", long.replaceAll('"embedding"', '"nothing"'))).toMatchObject({ why: "body" });
  });
});

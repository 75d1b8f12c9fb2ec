import { describe, expect, test } from "vitest";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import type { ProtocolName, Target } from "../../../src/core/suite/suite.ts";
import { target } from "../plan/fixtures.ts";
import { type Arrival, bytes, respond } from "./drive.ts";

/** The digest of an answer as it comes over the wire; undefined where it has none. */
function digest(protocol: ProtocolName, body: string | readonly Arrival[], more: Partial<Target> = {}, headers = {}): string | undefined {
  const check = { status: undefined, contains: undefined, sameAnswers: "report" } as const;
  const reader = protocols[protocol].openResponse(target({ protocol, stream: false, check, ...more }));
  const { result } = respond(reader, typeof body === "string" ? [[10, body]] : body, { headers });
  if (result.kind === "failed") throw new Error(result.detail);
  return result.answer;
}

describe("two answers are the same", () => {
  test("if the same text was generated, streamed or not, whatever id and time it carries", () => {
    const chat = (id: string, content: string) => JSON.stringify({ id, created: Number(id), choices: [{ message: { content } }] });
    expect(digest("openai-chat", chat("1", "Bern"))).toBe(digest("openai-chat", chat("2", "Bern")));
    expect(digest("openai-chat", chat("1", "Bern"))).not.toBe(digest("openai-chat", chat("1", "Basel")));
    const event = (content: string) => `data: ${JSON.stringify({ id: content, choices: [{ delta: { content } }] })}\n\n`;
    const stream: readonly Arrival[] = [
      [1, event("Be")],
      [2, `${event("rn")}data: [DONE]\n\n`],
    ];
    expect(digest("openai-chat", stream, { stream: true })).toBe(digest("openai-chat", chat("1", "Bern")));
  });

  test("if the tensors are, whatever id, version and order of keys", () => {
    const outputs = (first: string, data: number) => `{${first}"outputs":[{"shape":[1],"name":"y","datatype":"FP32","data":[${data}]}]}`;
    const other = '{"outputs":[{"name":"y","datatype":"FP32","parameters":{},"shape":[1],"data":[0.5]}],"id":"b"}';
    expect(digest("kserve-v2", outputs('"id":"a",', 0.5))).toBe(digest("kserve-v2", other));
    expect(digest("kserve-v2", outputs("", 0.5))).not.toBe(digest("kserve-v2", outputs("", 0.25)));
  });

  test("if the bytes behind the JSON are, however they were cut", () => {
    const json = (id: string) =>
      `{"id":"${id}","outputs":[{"name":"y","datatype":"UINT8","shape":[4],"parameters":{"binary_data_size":4}}]}`;
    const binary = (id: string, data: readonly number[], at: number) => {
      const whole = Uint8Array.from([...bytes(json(id)), ...data]);
      const headers = { "inference-header-content-length": String(json(id).length) };
      return digest(
        "kserve-v2",
        [
          [1, whole.subarray(0, at)],
          [2, whole.subarray(at)],
        ],
        { tensorEncoding: "binary" },
        headers,
      );
    };
    expect(binary("a", [1, 2, 3, 255], 5)).toBe(binary("bb", [1, 2, 3, 255], json("bb").length + 2));
    // Bytes that are no UTF-8 would all look alike as text.
    expect(binary("a", [1, 2, 3, 255], 5)).not.toBe(binary("a", [1, 2, 3, 254], 5));
  });

  test("if predictions, vectors and plain bodies are", () => {
    expect(digest("tf-serving", '{"predictions":[[1,2]],"model":"v1"}')).toBe(digest("tf-serving", '{"predictions":[[1,2]]}'));
    expect(digest("tf-serving", '{"predictions":[[1,2]]}')).not.toBe(digest("tf-serving", '{"predictions":[[1,3]]}'));
    const vector = (usage: number, x: number) => JSON.stringify({ data: [{ embedding: [x, 2] }], usage: { total_tokens: usage } });
    expect(digest("openai-embeddings", vector(5, 1))).toBe(digest("openai-embeddings", vector(6, 1)));
    expect(digest("openai-embeddings", vector(5, 1))).not.toBe(digest("openai-embeddings", vector(5, 1.5)));
    expect(digest("raw", "a")).toMatch(/^[0-9a-f]{16}$/);
    expect(digest("raw", "a")).not.toBe(digest("raw", "b"));
  });
});

test("an answer that is not kept or not parsed has no digest, and nobody pays for one that is not asked for", () => {
  const long = `{"outputs":[{"name":"y","data":[${"1,".repeat(600_000)}1]}]}`;
  expect(digest("kserve-v2", long)).toBeUndefined();
  expect(digest("raw", "a".repeat(9 * 1024 * 1024))).toBeUndefined();
  const check = { status: undefined, contains: undefined };
  expect(digest("raw", "a", { check })).toBeUndefined();
});

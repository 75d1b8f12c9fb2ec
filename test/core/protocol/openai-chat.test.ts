import { expect, test } from "vitest";
import type { Payload } from "../../../src/core/plan/payload.ts";
import { openaiChat } from "../../../src/core/protocol/openai-chat.ts";
import type { Target } from "../../../src/core/suite/suite.ts";
import { target } from "../plan/fixtures.ts";
import { bytes, respond } from "./drive.ts";

const chat = (change: Partial<Target> = {}): Target => target({ protocol: "openai-chat", model: "llama", ...change });
const bodyOf = (payload: Payload, change: Partial<Target> = {}): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(openaiChat.buildRequest(chat(change), payload).body)) as Record<string, unknown>;
const messages = [{ role: "user", content: "hi" }];

test("a streamed request asks for the server's own token count", () => {
  expect(openaiChat.buildRequest(chat(), { kind: "messages", messages })).toMatchObject({
    method: "POST",
    path: "/v1/chat/completions",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
  });
  expect(bodyOf({ kind: "messages", messages }, { maxTokens: 64 })).toEqual({
    model: "llama",
    max_tokens: 64,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
});

test("a request that is not streamed has no stream options", () => {
  expect(bodyOf({ kind: "messages", messages }, { stream: false })).toEqual({ model: "llama", messages, stream: false });
  expect(openaiChat.buildRequest(chat({ stream: false }), { kind: "empty" }).headers["accept"]).toBe("application/json");
});

test("texts and lists of messages become messages, from whatever form they have", () => {
  for (const payload of [
    { kind: "text", text: "hi" },
    { kind: "json", value: "hi" },
    { kind: "json", value: { prompt: "hi" } },
    { kind: "json", value: { text: "hi" } },
    { kind: "json", value: messages },
    { kind: "json", value: { messages } },
  ] as const) {
    expect(bodyOf(payload)["messages"]).toEqual(messages);
  }
});

test("what a payload says itself wins over the target, but for the stream", () => {
  const value = {
    messages,
    model: "other",
    max_completion_tokens: 5,
    temperature: 0,
    stream: false,
    stream_options: { continuous_usage_stats: true },
  };
  expect(bodyOf({ kind: "json", value }, { maxTokens: 64 })).toEqual({
    messages,
    model: "other",
    max_completion_tokens: 5,
    temperature: 0,
    stream: true,
    stream_options: { continuous_usage_stats: true, include_usage: true },
  });
  expect(bodyOf({ kind: "json", value }, { stream: false })).not.toHaveProperty("stream_options");
});

test("stream options can be left out for a server that refuses them", () => {
  expect(bodyOf({ kind: "json", value: { messages, stream_options: null } })).toEqual({ model: "llama", messages, stream: true });
});

test("a suite without payloads or model still asks something", () => {
  const body = bodyOf({ kind: "empty" }, { model: undefined });
  expect(body).not.toHaveProperty("model");
  expect(body["messages"]).toHaveLength(1);
});

test("what cannot be carried is refused with what to give", () => {
  const build = (payload: Payload) => () => openaiChat.buildRequest(chat(), payload);
  expect(build({ kind: "json", value: { a: 1 } })).toThrow("protocol openai-chat cannot carry");
  expect(build({ kind: "tensors", tensors: [] })).toThrow("cannot carry tensors");
  expect(build({ kind: "body", bytes: bytes("x"), contentType: undefined })).toThrow("cannot carry a raw body");
});

test("the target decides how the answer is read", () => {
  const whole = '{"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}]}';
  expect(respond(openaiChat.openResponse(chat({ stream: false })), [[10, whole]]).result.kind).toBe("ok");
  expect(respond(openaiChat.openResponse(chat({ stream: true })), [[10, whole]]).result).toMatchObject({ why: "body" });
});

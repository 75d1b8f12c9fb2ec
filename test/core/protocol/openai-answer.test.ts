import { expect, test } from "vitest";
import { openAnswer } from "../../../src/core/protocol/openai-answer.ts";
import type { ResponseCheck } from "../../../src/core/suite/response-check.ts";
import { target } from "../plan/fixtures.ts";
import { respond } from "./drive.ts";

const answer = (body: unknown, check: Partial<ResponseCheck> = {}, status = 200) =>
  respond(
    openAnswer(target({ check: { status: undefined, contains: undefined, ...check } })),
    [[10, typeof body === "string" ? body : JSON.stringify(body)]],
    { status },
  );
const said = (message: object) => ({ choices: [{ index: 0, message, finish_reason: "stop" }] });

test("a whole answer has its end, its reported tokens and no time to first token", () => {
  expect(answer({ ...said({ content: "hi" }), usage: { completion_tokens: 17 } })).toEqual({
    result: { kind: "ok", stream: undefined, usageTokens: 17 },
    endNs: 1000,
  });
});

test("an answer that tells no usage has no token count", () => {
  expect(answer(said({ content: "hi" })).result).toEqual({ kind: "ok", stream: undefined });
  expect(answer({ ...said({ content: "hi" }), usage: { completion_tokens: 0 } }).result).toEqual({ kind: "ok", stream: undefined });
});

test("a whole answer may tell how much of its prompt a cache knew", () => {
  const prompt = (more: object) => {
    const { result } = answer({ ...said({ content: "hi" }), ...more });
    return result.kind === "ok" ? result.prompt : result;
  };
  const usage = (tokens: unknown, cached: unknown) => ({
    usage: { prompt_tokens: tokens, prompt_tokens_details: { cached_tokens: cached } },
  });
  expect(prompt(usage(100, 96))).toEqual({ tokens: 100, cached: 96 });
  expect(prompt(usage(100, 0))).toEqual({ tokens: 100, cached: 0 });
  // llama.cpp counts what it read and what it knew apart.
  expect(prompt({ usage: { prompt_tokens: 30 }, timings: { prompt_n: 5, cache_n: 25, prompt_ms: 1.5 } })).toEqual({
    tokens: 30,
    cached: 25,
  });
  expect(prompt(usage(10, 12))).toEqual({ tokens: 10, cached: 10 });
  for (const odd of [
    usage(0, 0),
    usage("10", 1),
    usage(10, null),
    usage(10.5, 1),
    usage(Number.MAX_SAFE_INTEGER, 1),
    { usage: { prompt_tokens: 10 } },
    { timings: { prompt_n: 3 } },
    {},
  ])
    expect(prompt(odd)).toBeUndefined();
});

test("reasoning, tool calls and refusals are answers", () => {
  for (const message of [
    { reasoning_content: "hm" },
    { reasoning: "hm" },
    { refusal: "no" },
    { content: null, tool_calls: [{ function: { name: "f" } }] },
  ]) {
    expect(answer(said(message)).result.kind).toBe("ok");
  }
});

test("an answer that says nothing is a failure of the body", () => {
  for (const body of [said({ content: "" }), said({}), { choices: [] }, {}, [], "null", "", "<html>", '{"choices": [']) {
    expect(answer(body).result).toMatchObject({ kind: "failed", why: "body" });
  }
});

test("an error in a 200 is a failed request", () => {
  expect(answer({ error: { message: "out of memory" } }).result).toMatchObject({ why: "in-band" });
});

test("an error status shows the server's words", () => {
  expect(answer('{"detail": "busy"}', {}, 429).result).toMatchObject({
    why: "status",
    detail: String.raw`status 429, expected 2xx: "{"detail": "busy"}"`,
  });
});

test("a check looks into what was said, not into its escapes, and not into the reasoning", () => {
  const body = JSON.stringify(said({ content: 'He said "Zürich".', reasoning: "maybe Bern" })).replace("ü", String.raw`\u00fc`);
  expect(answer(body, { contains: 'said "Zürich"' }).result.kind).toBe("ok");
  expect(answer(body, { contains: "Bern" }).result).toMatchObject({ why: "check" });
});

test("an answer beyond the cap is a failure, not a lot of memory", () => {
  expect(answer(said({ content: "a".repeat(9 * 1024 * 1024) })).result).toMatchObject({
    why: "body",
    detail: "the answer is longer than 8388608 bytes",
  });
});

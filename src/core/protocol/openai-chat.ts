import { InputError } from "../errors.ts";
import type { Payload } from "../plan/payload.ts";
import { excerpt } from "./failure.ts";
import { openAnswer } from "./openai-answer.ts";
import { generatingRequest } from "./openai-request.ts";
import { openTokenStream } from "./openai-stream.ts";
import type { Protocol } from "./protocol.ts";
import { textOf } from "./text-value.ts";

/** OpenAI chat completions, streamed or whole: vLLM, SGLang, TensorRT-LLM, TGI, llama.cpp, Ollama and gateways before them. */
export const openaiChat: Protocol = {
  name: "openai-chat",
  buildRequest: (target, payload) => generatingRequest(target, "/v1/chat/completions", chatRequest(payload)),
  openResponse: (target, label) => (target.stream ? openTokenStream(target, label) : openAnswer(target, label)),
};

function chatRequest(payload: Payload): Readonly<Record<string, unknown>> {
  switch (payload.kind) {
    case "messages":
      return { messages: payload.messages };
    case "text":
      return fromUser(payload.text);
    case "empty":
      return fromUser("Write one sentence about the sea.");
    case "json":
      return fromJson(payload.value);
    case "body":
    case "tensors":
      throw new InputError(`protocol openai-chat cannot carry ${payload.kind === "body" ? "a raw body" : "tensors"}`, {
        hint: "give `messages:`, `text:` or `json:`, or use another protocol",
      });
  }
}

/** A whole request, a list of messages, or a text. */
function fromJson(value: unknown): Readonly<Record<string, unknown>> {
  if (Array.isArray(value)) return { messages: value };
  if (typeof value === "object" && value !== null && "messages" in value) return { ...value };
  const text = textOf(value);
  if (text !== undefined) return fromUser(text);
  throw new InputError(`protocol openai-chat cannot carry ${excerpt(JSON.stringify(value))}`, {
    hint: 'give an object with `messages`, a list of messages, or a text as "…" or {"text": "…"}',
  });
}

const fromUser = (content: string): { readonly messages: readonly unknown[] } => ({ messages: [{ role: "user", content }] });

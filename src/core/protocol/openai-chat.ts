import type { Payload } from "../plan/payload.ts";
import { notCarried } from "./not-carried.ts";
import { openAnswer } from "./openai-answer.ts";
import { besideText, generatingRequest } from "./openai-request.ts";
import { openTokenStream } from "./openai-stream.ts";
import type { Protocol } from "./protocol.ts";
import { textOf } from "./text-value.ts";

/** OpenAI chat completions, streamed or whole: vLLM, SGLang, TensorRT-LLM, TGI, llama.cpp, Ollama and gateways before them. */
export const openaiChat: Protocol = {
  name: "openai-chat",
  buildRequest: (target, payload) => generatingRequest(target, "/v1/chat/completions", chatRequest(payload)),
  openResponse: (target, label) => (target.stream ? openTokenStream(target, label) : openAnswer(target, label)),
  openTurn: (target, said) => (target.stream ? openTokenStream(target, undefined, said) : openAnswer(target, undefined, said)),
};

function chatRequest(payload: Payload): Readonly<Record<string, unknown>> {
  switch (payload.kind) {
    case "messages":
      return { messages: payload.messages };
    case "text":
      return { ...fromUser(payload.text), ...besideText(payload) };
    case "empty":
      return fromUser("Write one sentence about the sea.");
    case "json":
      return fromJson(payload);
    case "body":
    case "tensors":
      throw notCarried("openai-chat", payload, "give `messages:`, `text:` or `json:`, or use another protocol");
  }
}

/** A whole request, a list of messages, or a text. */
function fromJson(payload: Extract<Payload, { kind: "json" }>): Readonly<Record<string, unknown>> {
  const { value } = payload;
  if (Array.isArray(value)) return { messages: value };
  if (typeof value === "object" && value !== null && "messages" in value) return { ...value };
  const text = textOf(value);
  if (text !== undefined) return fromUser(text);
  throw notCarried("openai-chat", payload, 'give an object with `messages`, a list of messages, or a text as "…" or {"text": "…"}');
}

const fromUser = (content: string): { readonly messages: readonly unknown[] } => ({ messages: [{ role: "user", content }] });

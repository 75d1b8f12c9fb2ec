import { base64 } from "../plan/base64.ts";
import type { Payload } from "../plan/payload.ts";
import { mediumOf } from "./medium.ts";
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
      return fromMedium(payload);
    case "tensors":
      throw notCarried("openai-chat", payload, "give `messages:`, `text:` or `json:`, or use another protocol");
  }
}

/** A text, then the image as a data URL, or the recording with its format. */
function fromMedium(payload: Extract<Payload, { kind: "body" }>): Readonly<Record<string, unknown>> {
  const medium = mediumOf(payload);
  const part =
    medium?.type === "image"
      ? { type: "image_url", image_url: { url: `data:${payload.contentType};base64,${base64(payload.bytes)}` } }
      : medium?.type === "audio" && medium.format !== undefined
        ? { type: "input_audio", input_audio: { data: base64(payload.bytes), format: medium.format } }
        : undefined;
  if (part === undefined)
    throw notCarried(
      "openai-chat",
      payload,
      "give `messages:`, `text:`, `image:`, `audio:` (wav or mp3) or `json:`, or use another protocol",
    );
  const text = payload.prompt ?? (medium?.type === "image" ? "Describe this image." : "Write down what is said.");
  return { messages: [{ role: "user", content: [{ type: "text", text }, part] }] };
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

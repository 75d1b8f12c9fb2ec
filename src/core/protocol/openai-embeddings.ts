import type { Payload } from "../plan/payload.ts";
import type { Target } from "../suite/suite.ts";
import { type Expected, openJsonAnswer } from "./json-answer.ts";
import { notCarried } from "./not-carried.ts";
import type { Protocol } from "./protocol.ts";
import { SAMPLE_TEXT } from "./sample.ts";
import { textOf } from "./text-value.ts";

/** OpenAI embeddings: vLLM, TEI, Infinity, llama.cpp and gateways before them. Every item must hold a vector. */
export const openaiEmbeddings: Protocol = {
  name: "openai-embeddings",
  buildRequest,
  openResponse: (target, label) => openJsonAnswer(target, label, EMBEDDINGS),
};

const EMBEDDINGS: Expected = {
  what: "a list of embeddings",
  holds: (answer) => {
    const { data } = Object(answer) as { readonly data?: unknown };
    return Array.isArray(data) && data.length > 0 && data.every((item) => isVector((Object(item) as { embedding?: unknown }).embedding));
  },
  looksRight: /"embedding"\s*:\s*["[]/,
};

/** Numbers, or with `encoding_format: base64` their bytes as text. */
const isVector = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every((item) => typeof item === "number") : typeof value === "string" && value !== "";

function buildRequest({ model, path }: Target, payload: Payload): ReturnType<Protocol["buildRequest"]> {
  const body = { ...(model === undefined ? {} : { model }), ...embeddingRequest(payload) };
  return {
    method: "POST",
    path: path ?? "/v1/embeddings",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

function embeddingRequest(payload: Payload): Readonly<Record<string, unknown>> {
  switch (payload.kind) {
    case "text":
      return { input: payload.text, ...payload.fields };
    case "empty":
      return { input: SAMPLE_TEXT };
    case "json": {
      const { value } = payload;
      if (Array.isArray(value)) return { input: value };
      if (typeof value === "object" && value !== null && "input" in value) return { ...value };
      const text = textOf(value);
      if (text !== undefined) return { input: text };
      throw notCarried("openai-embeddings", payload, 'give an object with `input`, a list of texts, or a text as "…" or {"text": "…"}');
    }
    case "body":
    case "tensors":
    case "messages":
      throw notCarried("openai-embeddings", payload, "give `text:` or `json:`, or use another protocol");
  }
}

import type { Payload } from "../plan/payload.ts";
import { notCarried } from "./not-carried.ts";
import { openAnswer } from "./openai-answer.ts";
import { besideText, generatingRequest } from "./openai-request.ts";
import { openTokenStream } from "./openai-stream.ts";
import type { Protocol } from "./protocol.ts";
import { SAMPLE_TEXT } from "./sample.ts";
import { textOf } from "./text-value.ts";

/** OpenAI text completions, streamed or whole: base models on vLLM, SGLang, TensorRT-LLM, llama.cpp and their like. */
export const openaiCompletions: Protocol = {
  name: "openai-completions",
  buildRequest: (target, payload) => generatingRequest(target, "/v1/completions", completionRequest(payload)),
  openResponse: (target, label) => (target.stream ? openTokenStream(target, label) : openAnswer(target, label)),
};

function completionRequest(payload: Payload): Readonly<Record<string, unknown>> {
  switch (payload.kind) {
    case "text":
      return { prompt: payload.text, ...besideText(payload) };
    case "empty":
      return { prompt: SAMPLE_TEXT };
    case "json": {
      const { value } = payload;
      // With more than a prompt it is a request: {"prompt": "…"} alone means the same either way.
      if (typeof value === "object" && value !== null && "prompt" in value) return { ...value };
      const text = textOf(value);
      if (text !== undefined) return { prompt: text };
      throw notCarried("openai-completions", payload, 'give an object with `prompt`, or a text as "…" or {"text": "…"}');
    }
    case "body":
    case "tensors":
    case "messages":
      throw notCarried(
        "openai-completions",
        payload,
        payload.kind === "messages" ? "use protocol openai-chat" : "give `text:` or `json:`, or use another protocol",
      );
  }
}

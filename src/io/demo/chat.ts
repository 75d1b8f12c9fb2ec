import type { IncomingMessage, ServerResponse } from "node:http";
import { Refusal, readObject, sendJson } from "./answer.ts";
import type { JobEvent } from "./batcher.ts";
import type { Inference } from "./inference.ts";
import { tokenize } from "./model.ts";

export const CHAT_MODEL = "tailgate-demo";
const DEFAULT_TOKENS = 32;
const MOST_TOKENS = 512;

type ChatRequest = {
  readonly tokens: readonly number[];
  readonly maxTokens: number;
  readonly ignoreEnd: boolean;
  readonly stream: boolean;
  readonly includeUsage: boolean;
};

/** `POST /v1/chat/completions` in the dialect of OpenAI, streamed or whole. `ignore_eos` is understood, as in vLLM. */
export async function completeChat(request: IncomingMessage, response: ServerResponse, inference: Inference): Promise<void> {
  const chat = chatRequest(await readObject(request));
  const words: string[] = [];
  const head = { id: "chatcmpl-demo", created: Math.floor(Date.now() / 1000), model: CHAT_MODEL };
  const usage = () => ({
    prompt_tokens: chat.tokens.length,
    completion_tokens: words.length,
    total_tokens: chat.tokens.length + words.length,
  });
  const chunk = (rest: object) => response.write(`data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...rest })}\n\n`);
  const choice = (delta: object, reason: string | null) => chunk({ choices: [{ index: 0, delta, finish_reason: reason }] });

  const reason = await new Promise<string>((resolve) => {
    const task = { kind: "generate", maxTokens: chat.maxTokens, ignoreEnd: chat.ignoreEnd } as const;
    const onEvent = (event: JobEvent) => {
      if (event.kind === "word") {
        words.push(event.word);
        if (chat.stream) choice({ content: words.length === 1 ? event.word : ` ${event.word}` }, null);
      } else if (event.kind === "generated") resolve(event.reason);
    };
    const job = inference.run({ tokens: chat.tokens, task }, onEvent);
    response.once("close", job.cancel);
    if (chat.stream) {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
      choice({ role: "assistant", content: "" }, null);
    }
  });
  if (!chat.stream) {
    const message = { role: "assistant", content: words.join(" ") };
    sendJson(response, 200, {
      ...head,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: reason }],
      usage: usage(),
    });
    return;
  }
  choice({}, reason);
  if (chat.includeUsage) chunk({ choices: [], usage: usage() });
  response.end("data: [DONE]\n\n");
}

function chatRequest(body: Readonly<Record<string, unknown>>): ChatRequest {
  const { model, messages, stream, stream_options: streamOptions, ignore_eos: ignoreEnd } = body;
  if (model !== undefined && model !== CHAT_MODEL)
    throw new Refusal(404, `the model ${JSON.stringify(model)} does not exist, ask for "${CHAT_MODEL}"`);
  if (!Array.isArray(messages) || messages.length === 0) throw new Refusal(400, "messages must be a list that is not empty");
  const contents = (messages as readonly unknown[]).map((message) => {
    const { content } = (typeof message === "object" && message !== null ? message : {}) as Readonly<Record<string, unknown>>;
    if (typeof content !== "string") throw new Refusal(400, "every message needs a content that is a string");
    return content;
  });
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? DEFAULT_TOKENS;
  if (typeof maxTokens !== "number" || !Number.isInteger(maxTokens) || maxTokens < 1)
    throw new Refusal(400, "max_tokens must be a whole number above 0");
  return {
    tokens: tokenize(contents.join("\n")),
    maxTokens: Math.min(maxTokens, MOST_TOKENS),
    ignoreEnd: ignoreEnd === true,
    stream: stream === true,
    includeUsage:
      typeof streamOptions === "object" &&
      streamOptions !== null &&
      "include_usage" in streamOptions &&
      streamOptions.include_usage === true,
  };
}

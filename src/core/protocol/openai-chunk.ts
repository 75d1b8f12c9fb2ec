import type { PromptTokens } from "../record/outcome.ts";

/** What tailgate reads of one chat completion object, whole or one chunk of a stream. */
export type ChatChunk = {
  /** Whether any channel of any choice carries a piece of the answer: text, reasoning, a tool call, a refusal. */
  readonly hasToken: boolean;
  /** The same of the channels that are no reasoning. */
  readonly hasOutput: boolean;
  /** The visible answer: content or text, refusal, arguments of tool calls; not the reasoning. */
  readonly text: string;
  /** Of it what the assistant says itself: the next turn of a conversation holds it. */
  readonly said: string;
  readonly callsTool: boolean;
  /** Some choice says why it stopped. */
  readonly finished: boolean;
  /** `usage.completion_tokens`, where it is told. */
  readonly usageTokens: number | undefined;
  /** Tokens of the prompt, where it is told how many of them a cache knew. */
  readonly prompt: PromptTokens | undefined;
};

/**
 * `usage.prompt_tokens_details.cached_tokens` of the OpenAI API (vLLM with `--enable-prompt-tokens-details`, SGLang with
 * `--enable-cache-report`), or llama.cpp's own `timings`, in which `prompt_n` counts only what no cache knew.
 */
function promptTokens(usage: Fields, timings: Fields): PromptTokens | undefined {
  const [tokens, cached] = [usage["prompt_tokens"], fields(usage["prompt_tokens_details"])["cached_tokens"]];
  if (isCount(tokens) && isCount(cached)) return tokens > 0 ? { tokens, cached: Math.min(tokens, cached) } : undefined;
  const [read, known] = [timings["prompt_n"], timings["cache_n"]];
  return isCount(read) && isCount(known) && read + known > 0 ? { tokens: read + known, cached: known } : undefined;
}

/** No prompt is longer, and the sum of all prompts of a run stays an exact number. */
const MOST_TOKENS = 1e8;

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MOST_TOKENS;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Role-only, empty and usage-only chunks have no token. Channels as in vLLM, SGLang and the OpenAI API: `text`,
 * `content`, `reasoning_content`, `reasoning`, `tool_calls`, `refusal`, under `delta` (stream) or `message` (whole).
 *
 * @param value any parsed JSON; what does not look like a completion has no token and no text.
 */
export function readChunk(value: unknown): ChatChunk {
  const { choices, usage, timings } = fields(value);
  let hasToken = false;
  let hasOutput = false;
  let finished = false;
  let text = "";
  let said = "";
  let callsTool = false;
  for (const item of Array.isArray(choices) ? choices : []) {
    const choice = fields(item);
    const message = fields(choice["delta"] ?? choice["message"]);
    const visible = string(choice["text"]) + string(message["content"]) + string(message["refusal"]);
    const calls = Array.isArray(message["tool_calls"]) ? message["tool_calls"] : [];
    const reasons = string(message["reasoning_content"]) !== "" || string(message["reasoning"]) !== "";
    hasOutput ||= visible !== "" || calls.length > 0;
    hasToken ||= hasOutput || reasons;
    finished ||= typeof choice["finish_reason"] === "string";
    text += visible;
    // Of several alternatives the conversation goes on with the first.
    if ((choice["index"] ?? 0) === 0) {
      said += visible;
      callsTool ||= calls.length > 0;
    }
    for (const call of calls) text += string(fields(fields(call)["function"])["arguments"]);
  }
  const tokens = fields(usage)["completion_tokens"];
  const usageTokens = typeof tokens === "number" && tokens >= 1 ? tokens : undefined;
  const prompt = (usage ?? timings) ? promptTokens(fields(usage), fields(timings)) : undefined;
  return { hasToken, hasOutput, text, said, callsTool, finished, usageTokens, prompt };
}

const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

const string = (value: unknown): string => (typeof value === "string" ? value : "");

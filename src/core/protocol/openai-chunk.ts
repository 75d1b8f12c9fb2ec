import type { PromptTokens } from "../record/outcome.ts";

/** What tailgate reads of one chat completion object, whole or one chunk of a stream. */
export type ChatChunk = {
  /** Whether any channel of any choice carries a piece of the answer: text, reasoning, a tool call, a refusal. */
  readonly hasToken: boolean;
  /** The visible answer: content or text, refusal, arguments of tool calls; not the reasoning. */
  readonly text: string;
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
  let finished = false;
  let text = "";
  for (const item of Array.isArray(choices) ? choices : []) {
    const choice = fields(item);
    const said = fields(choice["delta"] ?? choice["message"]);
    const visible = string(choice["text"]) + string(said["content"]) + string(said["refusal"]);
    const calls = Array.isArray(said["tool_calls"]) ? said["tool_calls"] : [];
    const reasons = string(said["reasoning_content"]) !== "" || string(said["reasoning"]) !== "";
    hasToken ||= visible !== "" || reasons || calls.length > 0;
    finished ||= typeof choice["finish_reason"] === "string";
    text += visible;
    for (const call of calls) text += string(fields(fields(call)["function"])["arguments"]);
  }
  const tokens = fields(usage)["completion_tokens"];
  const usageTokens = typeof tokens === "number" && tokens >= 1 ? tokens : undefined;
  return { hasToken, text, finished, usageTokens, prompt: (usage ?? timings) ? promptTokens(fields(usage), fields(timings)) : undefined };
}

const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

const string = (value: unknown): string => (typeof value === "string" ? value : "");

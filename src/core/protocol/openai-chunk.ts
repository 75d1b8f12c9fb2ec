/** What tailgate reads of one chat completion object, whole or one chunk of a stream. */
export type ChatChunk = {
  /** Whether any channel of any choice carries a piece of the answer: text, reasoning, a tool call, a refusal. */
  readonly hasToken: boolean;
  /** The visible answer: content or text, refusal, arguments of tool calls; not the reasoning. */
  readonly text: string;
  /** Of it what the assistant says itself: the next turn of a conversation holds it. */
  readonly said: string;
  readonly callsTool: boolean;
  /** Some choice says why it stopped. */
  readonly finished: boolean;
  /** `usage.completion_tokens`, where it is told. */
  readonly usageTokens: number | undefined;
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Role-only, empty and usage-only chunks have no token. Channels as in vLLM, SGLang and the OpenAI API: `text`,
 * `content`, `reasoning_content`, `reasoning`, `tool_calls`, `refusal`, under `delta` (stream) or `message` (whole).
 *
 * @param value any parsed JSON; what does not look like a completion has no token and no text.
 */
export function readChunk(value: unknown): ChatChunk {
  const { choices, usage } = fields(value);
  let hasToken = false;
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
    hasToken ||= visible !== "" || reasons || calls.length > 0;
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
  return { hasToken, text, said, callsTool, finished, usageTokens: typeof tokens === "number" && tokens >= 1 ? tokens : undefined };
}

const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

const string = (value: unknown): string => (typeof value === "string" ? value : "");

import type { Payload } from "../plan/payload.ts";
import type { PreparedRequest } from "../plan/plan.ts";
import type { Target } from "../suite/suite.ts";

/**
 * A request to a generating endpoint of the OpenAI API. What a payload says itself wins over the target's `model` and
 * `maxTokens`; only `stream` is always the target's, because the reader of the answer depends on it.
 *
 * @param asked the payload as a request, without what the target adds.
 */
export function generatingRequest(
  { model, maxTokens, stream, path }: Target,
  standardPath: string,
  asked: Readonly<Record<string, unknown>>,
): Omit<PreparedRequest, "payloadClass"> {
  const saysLength = "max_tokens" in asked || "max_completion_tokens" in asked;
  const { stream_options: options, ...rest } = asked;
  const body = {
    ...(model === undefined ? {} : { model }),
    ...(maxTokens === undefined || saysLength ? {} : { max_tokens: maxTokens }),
    ...rest,
    stream,
    // Only the server knows how many tokens it sent; without this it does not tell. `null` is for servers that refuse it.
    ...(stream && options !== null ? { stream_options: { ...(typeof options === "object" ? options : {}), include_usage: true } } : {}),
  };
  return {
    method: "POST",
    path: path ?? standardPath,
    headers: { "content-type": "application/json", accept: stream ? "text/event-stream" : "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

/** What a text says of its request besides itself. */
export function besideText({ outputTokens, fields = {} }: Extract<Payload, { kind: "text" }>): Readonly<Record<string, unknown>> {
  const saysLength = outputTokens === undefined || "max_completion_tokens" in fields;
  return saysLength ? fields : { max_tokens: outputTokens, ...fields };
}

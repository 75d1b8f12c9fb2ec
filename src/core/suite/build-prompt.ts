import type { SharedPrefix } from "./prompt.ts";
import type { WrittenPrefix } from "./prompt-schema.ts";
import type { WrittenSuite } from "./schema.ts";
import type { PayloadClass, PayloadContent } from "./suite.ts";

type WrittenPayload = NonNullable<WrittenSuite["payloads"]>[string];

/** How the prompts of a class begin; nothing of it where the suite says nothing, so that older digests stay. */
export function buildPrompt(payload: WrittenPayload): Pick<PayloadClass, "prefix" | "unique"> {
  // The shared blocks of a trace, sent again, would be found in every cache: hit ratios would be those of the repetition.
  const unique = payload.unique ?? (payload["from-trace"] === undefined ? "no" : "pass");
  return {
    ...(payload.prefix === undefined ? {} : { prefix: buildPrefix(payload.prefix) }),
    ...(unique === "no" ? {} : { unique: unique === "yes" ? "request" : "pass" }),
  };
}

export const buildFromTrace = ({ json }: NonNullable<WrittenPayload["from-trace"]>): PayloadContent => ({
  kind: "from-trace",
  ...(json === undefined ? {} : { json }),
});

const buildPrefix = ({ words, tokens, groups }: WrittenPrefix): SharedPrefix =>
  tokens === undefined ? { unit: "words", length: words ?? 1, groups } : { unit: "tokens", length: tokens, groups };

import type { Payload } from "../plan/payload.ts";

/** `format`: as OpenAI's audio input names it, `wav` or `mp3`; undefined for any other. */
export type Medium = { readonly type: "image" | "audio"; readonly format: "wav" | "mp3" | undefined };

/** What a body is by its content type; undefined for what is neither an image nor a recording. */
export function mediumOf({ contentType = "" }: Extract<Payload, { kind: "body" }>): Medium | undefined {
  const [, type, subtype = ""] = /^(image|audio)\/([\w.+-]+)/.exec(contentType) ?? [];
  if (type !== "image" && type !== "audio") return undefined;
  return { type, format: /^(?:x-)?wave?$/.test(subtype) ? "wav" : /^(?:mpeg|mp3)$/.test(subtype) ? "mp3" : undefined };
}

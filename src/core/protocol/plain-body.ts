import type { Payload } from "../plan/payload.ts";
import { notCarried } from "./not-carried.ts";

/** A payload as the body itself, and its content type; neither for an empty payload. @throws {InputError} for other kinds. */
export function plainBody(
  payload: Payload,
  protocol: string,
): { readonly bytes: Uint8Array | undefined; readonly contentType: string | undefined } {
  const encoder = new TextEncoder();
  switch (payload.kind) {
    case "empty":
      return { bytes: undefined, contentType: undefined };
    case "body":
      return payload;
    case "json":
      return { bytes: encoder.encode(payload.source ?? JSON.stringify(payload.value)), contentType: "application/json" };
    case "text":
      return { bytes: encoder.encode(payload.text), contentType: "text/plain; charset=utf-8" };
    case "tensors":
      throw notCarried(protocol, payload, "use protocol kserve-v2 or tf-serving, or write the body under `json:`");
    case "messages":
      throw notCarried(protocol, payload, "use protocol openai-chat, or write the body under `json:`");
  }
}

import { InputError } from "../errors.ts";
import type { Payload } from "../plan/payload.ts";
import type { Target } from "../suite/suite.ts";
import { QUOTE_CAP, READ_CAP } from "./body.ts";
import { checkFailure, failed } from "./failure.ts";
import type { Protocol, ResponseReader } from "./protocol.ts";
import { WholeAnswer } from "./whole-answer.ts";

/** Any HTTP endpoint: the payload is the body, and an accepted status with a body is an answer. */
export const raw: Protocol = { name: "raw", buildRequest, openResponse };

function buildRequest({ method, path = "/" }: Target, payload: Payload): ReturnType<Protocol["buildRequest"]> {
  const { bytes, contentType } = content(payload);
  return { method, path, headers: contentType === undefined ? {} : { "content-type": contentType }, body: bytes };
}

function content(payload: Payload): { readonly bytes: Uint8Array | undefined; readonly contentType: string | undefined } {
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
      throw new InputError("protocol raw cannot carry tensors", { hint: "use protocol kserve-v2, or write the body under `json:`" });
    case "messages":
      throw new InputError("protocol raw cannot carry messages", { hint: "use protocol openai-chat, or write the body under `json:`" });
  }
}

/**
 * An empty body is an answer only where HTTP has none (HEAD, 204, 205) or the suite names the status itself: an
 * endpoint that answers 200 with nothing is broken more often than fast.
 */
function openResponse({ check, method }: Target): ResponseReader {
  return new WholeAnswer(check, check.contains === undefined ? QUOTE_CAP : READ_CAP, (body, status) => {
    const mayBeEmpty = check.status !== undefined || method.toUpperCase() === "HEAD" || status === 204 || status === 205;
    if (body.length === 0 && !mayBeEmpty) {
      return failed("body", `status ${status} with an empty body; name the status under check.status if that is right`);
    }
    // Most answers are not searched, and decoding them costs as much as all the rest of reading them.
    if (check.contains === undefined) return ANSWERED;
    return checkFailure(check, body.text(), body.isWhole) ?? ANSWERED;
  });
}

const ANSWERED = { kind: "ok", stream: undefined } as const;

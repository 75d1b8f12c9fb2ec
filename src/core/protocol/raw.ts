import type { Payload } from "../plan/payload.ts";
import type { Target } from "../suite/suite.ts";
import { judged, looksInside } from "./answer-checks.ts";
import { QUOTE_CAP, READ_CAP } from "./body.ts";
import { failed } from "./failure.ts";
import { plainBody } from "./plain-body.ts";
import { openPlainStream } from "./plain-stream.ts";
import type { Protocol, ResponseReader } from "./protocol.ts";
import { WholeAnswer } from "./whole-answer.ts";

/** Any HTTP endpoint: the payload is the body, and an accepted status with a body is an answer. */
export const raw: Protocol = { name: "raw", buildRequest, openResponse: openPlainResponse };

function buildRequest({ method, path = "/" }: Target, payload: Payload): ReturnType<Protocol["buildRequest"]> {
  const { bytes, contentType } = plainBody(payload, "raw");
  return { method, path, headers: contentType === undefined ? {} : { "content-type": contentType }, body: bytes };
}

/** An answer of any kind, read piece by piece where the suite says that it is a stream. */
export function openPlainResponse(target: Target, label?: unknown): ResponseReader {
  return target.stream ? openPlainStream(target, label) : openPlainAnswer(target, label);
}

/**
 * Reads an answer of which nothing is known.
 *
 * An empty body is an answer only where HTTP has none (HEAD, 204, 205) or the suite names the status itself: an
 * endpoint that answers 200 with nothing is broken more often than fast.
 */
function openPlainAnswer({ check, method }: Target, label?: unknown): ResponseReader {
  return new WholeAnswer(check, looksInside(check) ? READ_CAP : QUOTE_CAP, (body, status) => {
    const mayBeEmpty = check.status !== undefined || method.toUpperCase() === "HEAD" || status === 204 || status === 205;
    if (body.length === 0 && !mayBeEmpty) {
      return failed("body", `status ${status} with an empty body; name the status under check.status if that is right`);
    }
    // Most answers are not searched, and decoding them costs as much as all the rest of reading them.
    if (!looksInside(check)) return ANSWERED;
    return judged(check, { text: body.text(), whole: body.isWhole, label }, ANSWERED);
  });
}

const ANSWERED = { kind: "ok", stream: undefined } as const;

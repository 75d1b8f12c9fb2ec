import type { Outcome } from "../record/outcome.ts";
import type { Target } from "../suite/suite.ts";
import { type Body, openBody, READ_CAP } from "./body.ts";
import { checkFailure, excerpt, failed, inBandError, statusAccepted, statusFailure } from "./failure.ts";
import { readChunk } from "./openai-chunk.ts";
import type { ResponseReader } from "./protocol.ts";

/** Reads a chat completion that comes whole. It has no time to first token: the end is not the first token. */
export function openAnswer({ check }: Target): ResponseReader {
  const body = openBody(READ_CAP);
  let status = 0;
  return {
    start: (responseStatus) => {
      status = responseStatus;
    },
    data: body.add,
    end: (endNs) => ({
      result: statusAccepted(check, status) ? judge(check, body) : statusFailure(check, status, body.text()),
      endNs,
    }),
  };
}

function judge(check: Target["check"], body: Body): Outcome["result"] {
  const source = body.text();
  if (!body.whole()) return failed("body", `the answer is longer than ${READ_CAP} bytes`);
  let answer: unknown;
  try {
    answer = JSON.parse(source);
  } catch {
    return failed("body", `expected a chat completion as JSON, got ${excerpt(source)}`);
  }
  const error = inBandError(answer);
  if (error !== undefined) return error;
  const { hasToken, text, usageTokens } = readChunk(answer);
  if (!hasToken) return failed("body", `expected a chat completion with an answer, got ${excerpt(source)}`);
  return checkFailure(check, text, true) ?? { kind: "ok", stream: undefined, ...(usageTokens === undefined ? {} : { usageTokens }) };
}

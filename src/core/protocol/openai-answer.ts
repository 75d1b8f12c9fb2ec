import type { Outcome } from "../record/outcome.ts";
import type { Target } from "../suite/suite.ts";
import { judged } from "./answer-checks.ts";
import { type Body, READ_CAP } from "./body.ts";
import { excerpt, failed, inBandError } from "./failure.ts";
import { readChunk } from "./openai-chunk.ts";
import type { ResponseReader } from "./protocol.ts";
import { WholeAnswer } from "./whole-answer.ts";

/** Reads a chat completion that comes whole. It has no time to first token: the end is not the first token. */
export const openAnswer = ({ check }: Target, label?: unknown): ResponseReader =>
  new WholeAnswer(check, READ_CAP, (body) => judge(check, body, label));

function judge(check: Target["check"], body: Body, label: unknown): Outcome["result"] {
  const source = body.text();
  if (!body.isWhole) return failed("body", `the answer is longer than ${READ_CAP} bytes`);
  let answer: unknown;
  try {
    answer = JSON.parse(source);
  } catch {
    return failed("body", `expected a chat completion as JSON, got ${excerpt(source)}`);
  }
  const error = inBandError(answer);
  if (error !== undefined) return error;
  const { hasToken, text, usageTokens, prompt } = readChunk(answer);
  if (!hasToken) return failed("body", `expected a chat completion with an answer, got ${excerpt(source)}`);
  const ok = {
    kind: "ok",
    stream: undefined,
    ...(usageTokens === undefined ? {} : { usageTokens }),
    ...(prompt === undefined ? {} : { prompt }),
  } as const;
  return judged(check, { text, whole: true, label }, ok);
}

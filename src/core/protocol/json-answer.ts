import type { Outcome } from "../record/outcome.ts";
import type { Target } from "../suite/suite.ts";
import { judged, looksInside } from "./answer-checks.ts";
import { type Body, READ_CAP } from "./body.ts";
import { excerpt, failed, inBandError } from "./failure.ts";
import type { ResponseReader } from "./protocol.ts";
import { WholeAnswer } from "./whole-answer.ts";

/** What a proper answer holds. */
export type Expected = {
  /** Completes "expected …": `a list of outputs`. */
  readonly what: string;
  readonly holds: (answer: unknown) => boolean;
  /** What of a proper answer makes it the same as another one: no id and no time. */
  readonly content: (answer: unknown) => unknown;
  /** How the beginning of a proper answer looks where it is too long to be parsed. */
  readonly looksRight: RegExp;
};

/** Parsing blocks the clock of all other requests (about 5 ms per MiB), so a longer answer is judged by how it looks. */
const PARSE_CAP = 1024 * 1024;

/** Reads an answer that is one JSON value, comes whole and says nothing about tokens. */
export const openJsonAnswer = ({ check }: Target, label: unknown, expected: Expected): ResponseReader =>
  new WholeAnswer(check, capOf(check), (body) => {
    const text = body.text();
    const content = () => (!isShort(body) ? undefined : [JSON.stringify(expected.content(JSON.parse(text)))]);
    const answer = { text, whole: body.isWhole, label, content };
    return jsonFailure(body, text, expected) ?? judged(check, answer, { kind: "ok", stream: undefined });
  });

/** Bytes that have to be kept of an answer, so that the suite's own check can search it. */
export const capOf = (check: Target["check"]): number => (looksInside(check) ? READ_CAP : PARSE_CAP);

/** Whether a body is short enough to be parsed while other requests wait. */
export const isShort = (body: Body): boolean => body.length <= PARSE_CAP;

/** What keeps a body from being the expected answer; undefined if it is one. */
export function jsonFailure(body: Body, text: string, expected: Expected): Outcome["result"] | undefined {
  if (!isShort(body)) {
    const looksRight = /^\s*\{(?!\s*"error")/.test(text) && expected.looksRight.test(text);
    return looksRight ? undefined : failed("body", `expected ${expected.what} in the first part of a long answer, got ${excerpt(text)}`);
  }
  return valueFailure(text, expected);
}

/** As {@link jsonFailure}, for a text that is all there is. */
export function valueFailure(text: string, { what, holds }: Expected): Outcome["result"] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return failed("body", `expected JSON, got ${excerpt(text)}`);
  }
  return inBandError(answer) ?? (holds(answer) ? undefined : failed("body", `expected ${what}, got ${excerpt(text)}`));
}

import type { FailureKind, Outcome } from "../record/outcome.ts";
import type { ResponseCheck } from "../suite/response-check.ts";

type Failed = Extract<Outcome["result"], { readonly kind: "failed" }>;

const LONGEST_DETAIL = 200;
const LONGEST_EXCERPT = 120;

/** A failed outcome with a detail of one line, at most 200 characters. */
export function failed(why: FailureKind, detail: string): Failed {
  const line = escapeControls(detail);
  const short = line.length <= LONGEST_DETAIL ? line : `${line.slice(0, LONGEST_DETAIL - 1)}…`;
  return { kind: "failed", why, detail: short.toWellFormed() };
}

/** The beginning of what came, quoted for a detail: `"…"`, or `an empty body`. */
export function excerpt(text: string): string {
  if (text === "") return "an empty body";
  const start = escapeControls(text.slice(0, LONGEST_EXCERPT).toWellFormed());
  return `"${start}${text.length > LONGEST_EXCERPT ? "…" : ""}"`;
}

/** Whether a status counts as an answer: the ones the suite names, or any 2xx. */
export const statusAccepted = ({ status: accepted }: ResponseCheck, status: number): boolean =>
  accepted === undefined ? status >= 200 && status < 300 : accepted.includes(status);

export function statusFailure({ status: accepted }: ResponseCheck, status: number, body: string): Failed {
  return failed("status", `status ${status}, expected ${accepted?.join(" or ") ?? "2xx"}: ${excerpt(body)}`);
}

/**
 * The error inside an answer that claims success: `{"error": …}` as OpenAI, vLLM, Triton and KServe write it, or vLLM's
 * older `{"object": "error", "message": …}`.
 */
export function inBandError(answer: unknown): Failed | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const { error, object, message } = answer as { readonly error?: unknown; readonly object?: unknown; readonly message?: unknown };
  const cause = error ?? (object === "error" ? (message ?? "no message") : undefined);
  // Some servers answer every request with an empty error field.
  if (cause === undefined || cause === null || cause === "" || cause === false) return undefined;
  return failed("in-band", `the answer holds an error: ${excerpt(typeof cause === "string" ? cause : JSON.stringify(cause))}`);
}

/** Control, format and private characters as escapes, so that a detail stays one line and shows what it holds. */
const escapeControls = (text: string): string =>
  text
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, escapeCharacter);

const escapeCharacter = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`;

import { stream, uniform } from "../../core/plan/random.ts";
import type { Outcome } from "../../core/record/outcome.ts";
import type { RetryPolicy } from "../../core/suite/suite.ts";

/**
 * How long to wait before a request is sent again, in seconds; undefined where its outcome stands: it succeeded, failed
 * for another cause, or was sent often enough.
 *
 * The backoff doubles with each attempt up to its most, and is drawn uniformly from its upper half, so that requests
 * which failed together do not come back together. The draw follows from the request's index and attempt alone.
 *
 * @param refusal headers of the answer that was no success.
 * @param nowMs wall clock, for a `Retry-After` with a date in an answer without a date of its own.
 */
export function waitBeforeRetryS(
  policy: RetryPolicy,
  { result, status, attempts, index }: Outcome,
  refusal: Readonly<Record<string, string>> | undefined,
  nowMs: number,
): number | undefined {
  if (result.kind === "ok" || attempts >= policy.attempts) return undefined;
  const { on } = policy;
  if (!on.some((cause) => (typeof cause === "number" ? cause === status : cause === result.why))) return undefined;
  const backoffS = Math.min(policy.backoffS * 2 ** (attempts - 1), policy.maxBackoffS);
  const drawnS = backoffS * (0.5 + 0.5 * uniform(stream(index, "retry", attempts)));
  if (policy.retryAfter === "ignore" || refusal === undefined) return drawnS;
  return Math.max(drawnS, retryAfterS(refusal, nowMs) ?? 0);
}

/**
 * `Retry-After` in seconds from now, ≥ 0 (RFC 9110 §10.2.3: whole seconds or a date). A date counts from the answer's
 * own `Date`, so that clocks which differ do not matter. Undefined where there is none or it cannot be read.
 */
export function retryAfterS(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const text = headers["retry-after"]?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const untilMs = dateMs(text);
  return untilMs === undefined ? undefined : Math.max(0, untilMs - (dateMs(headers["date"] ?? "") ?? nowMs)) / 1000;
}

/** An HTTP date begins with the name of a day; anything else that Date would guess at is not one. */
function dateMs(text: string): number | undefined {
  const ms = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Longest pause that is waited for; a rate limit that lasts longer is an answer, not a delay. */
const MAX_PAUSE_S = 60;
const MAX_RETRIES = 3;

export type FailedRequest = {
  readonly method: string;
  /** HTTP status; 500 without headers stands for a connection that broke. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
};

/**
 * How long to pause before a failed request is sent again.
 *
 * A rate limit (429, or 403 with its headers) did nothing, so that anything may be sent again after the time that
 * GitHub names. After a 5xx or a broken connection nobody knows whether a POST was carried out: sending it again could
 * write a second comment, so only the other methods are repeated, after 1, 2 and 4 seconds.
 *
 * @param retries how often this request was already repeated, ≥ 0.
 * @param nowS seconds since 1970, for the time at which a limit is lifted.
 * @returns seconds ≥ 0, or undefined: do not repeat.
 */
export function pauseBeforeRetryS(failed: FailedRequest, retries: number, nowS: number): number | undefined {
  if (retries >= MAX_RETRIES) return undefined;
  if (isRateLimit(failed)) {
    const pauseS = limitLiftedInS(failed, nowS) ?? 2 ** retries;
    return pauseS <= MAX_PAUSE_S ? pauseS : undefined;
  }
  return failed.status >= 500 && failed.method !== "POST" ? 2 ** retries : undefined;
}

/** The primary limit leaves no requests, the secondary says when to come back; both use 403 as well as 429. */
export const isRateLimit = ({ status, headers }: FailedRequest): boolean =>
  status === 429 || (status === 403 && (headers["retry-after"] !== undefined || String(headers["x-ratelimit-remaining"]) === "0"));

/** Seconds until a rate limit is lifted, ≥ 0; undefined if GitHub does not say. */
export function limitLiftedInS({ headers }: FailedRequest, nowS: number): number | undefined {
  const retryAfter = headers["retry-after"];
  if (retryAfter !== undefined) return nonNegative(Number(retryAfter));
  const reset = headers["x-ratelimit-reset"];
  return reset === undefined ? undefined : nonNegative(Number(reset) - nowS);
}

const nonNegative = (seconds: number): number | undefined => (Number.isFinite(seconds) ? Math.max(0, seconds) : undefined);

/** Longest pause that is waited for; a rate limit that lasts longer is an answer, not a delay. */
const MAX_PAUSE_S = 60;
const MAX_RETRIES = 3;
/** What GitHub asks for where a limit does not say when it is lifted, doubled each time: so it is waited for once. */
const UNTOLD_PAUSE_S = 60;

export type FailedRequest = {
  readonly method: string;
  /** HTTP status; 500 without headers stands for a connection that broke. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** What the answer says of itself; empty where there was none. */
  readonly message: string;
};

/**
 * How long to pause before a failed request is sent again.
 *
 * A request that met a rate limit (see {@link isRateLimit}) did nothing, so that anything may be sent again after the
 * time that GitHub names, or after a minute where it names none. After a 5xx or a broken connection nobody knows whether
 * a POST was carried out: sending it again could write a second comment, so only the other methods are repeated, after
 * 1, 2 and 4 seconds.
 *
 * @param retries how often this request was already repeated, ≥ 0.
 * @param nowS seconds since 1970, for the time at which a limit is lifted.
 * @returns seconds ≥ 0, or undefined: do not repeat.
 */
export function pauseBeforeRetryS(failed: FailedRequest, retries: number, nowS: number): number | undefined {
  if (retries >= MAX_RETRIES) return undefined;
  if (isRateLimit(failed)) {
    const pauseS = limitLiftedInS(failed, nowS) ?? UNTOLD_PAUSE_S * 2 ** retries;
    return pauseS <= MAX_PAUSE_S ? pauseS : undefined;
  }
  return failed.status >= 500 && failed.method !== "POST" ? 2 ** retries : undefined;
}

/**
 * The primary limit leaves no requests; the secondary says when to come back, or says what it is in its message alone.
 * Both use 403 as well as 429, and a 403 without any of these is a missing permission.
 *
 * Source: GitHub (2026), "Rate limits for the REST API", section "Exceeding the rate limit".
 */
export const isRateLimit = ({ status, headers, message }: FailedRequest): boolean =>
  status === 429 ||
  (status === 403 &&
    (headers["retry-after"] !== undefined || String(headers["x-ratelimit-remaining"]) === "0" || /\bsecondary rate\b/i.test(message)));

/** Seconds until a rate limit is lifted, ≥ 0; undefined if GitHub does not say, or its header is damaged. */
export function limitLiftedInS({ headers }: FailedRequest, nowS: number): number | undefined {
  const retryAfter = headers["retry-after"];
  if (retryAfter !== undefined) return nonNegative(Number(retryAfter));
  // Every answer carries the reset of the primary limit; it tells nothing of a limit that is not used up.
  const reset = String(headers["x-ratelimit-remaining"]) === "0" ? headers["x-ratelimit-reset"] : undefined;
  return reset === undefined ? undefined : nonNegative(Number(reset) - nowS);
}

const nonNegative = (seconds: number): number | undefined => (Number.isFinite(seconds) ? Math.max(0, seconds) : undefined);

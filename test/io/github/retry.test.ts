import { expect, test } from "vitest";
import { pauseBeforeRetryS } from "../../../src/io/github/retry.ts";

/** As GitHub words it. */
const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

test.each([
  ["a 502 of a GET after 1, 2 and 4 seconds", { method: "GET", status: 502, headers: {} }, [1, 2, 4, undefined]],
  ["a 502 of a POST never", { method: "POST", status: 502, headers: {} }, [undefined]],
  ["a 429 of a POST when GitHub says", { method: "POST", status: 429, headers: { "retry-after": "30" } }, [30, 30, 30, undefined]],
  ["a 403 with Retry-After when GitHub says", { method: "POST", status: 403, headers: { "retry-after": "30" } }, [30, 30, 30, undefined]],
  [
    "a 403 that only its message calls a secondary rate limit once, after a minute",
    { method: "POST", status: 403, headers: {}, message: SECONDARY },
    [60, undefined],
  ],
  [
    "a secondary rate limit by its own time, not by the reset of the primary one that every answer carries",
    { method: "GET", status: 403, headers: { "x-ratelimit-remaining": "4711", "x-ratelimit-reset": "1010" }, message: SECONDARY },
    [60, undefined],
  ],
  [
    "a used-up limit at its reset",
    { method: "GET", status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1010" } },
    [10],
  ],
  [
    "a limit whose reset is past at once",
    { method: "GET", status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" } },
    [0],
  ],
  ["a limit that lasts longer than a minute never", { method: "GET", status: 429, headers: { "retry-after": "61" } }, [undefined]],
  ["a limit without a time once, after a minute", { method: "GET", status: 429, headers: {} }, [60, undefined]],
  [
    "a limit whose header is damaged once, after a minute",
    { method: "GET", status: 429, headers: { "retry-after": "soon" } },
    [60, undefined],
  ],
  [
    "a 403 without a limit never",
    { method: "GET", status: 403, headers: { "x-ratelimit-remaining": "4711" }, message: "Resource not accessible by integration" },
    [undefined],
  ],
  ["a 404 never", { method: "GET", status: 404, headers: {}, message: SECONDARY }, [undefined]],
])("repeats %s", (_, failed, pauses) => {
  const full = { message: "", ...failed };
  expect(pauses.map((__, retries) => pauseBeforeRetryS(full, retries, 1000))).toEqual(pauses);
});

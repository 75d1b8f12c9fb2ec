import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../../src/core/record/outcome.ts";
import type { RetryPolicy } from "../../../src/core/suite/suite.ts";
import { retryAfterS, waitBeforeRetryS } from "../../../src/io/load/retry.ts";
import { closed, drive, kinds, one, open, steady } from "./drive.ts";
import { freePort, serve, serveBytes } from "./endpoint.ts";

const policy = (change: Partial<RetryPolicy> = {}): RetryPolicy => ({
  attempts: 3,
  on: [429, 503],
  backoffS: 0.05,
  maxBackoffS: 1,
  retryAfter: "respect",
  ...change,
});

/** Answers the n-th request (from 1) with the status that `statusOf` says. */
const answering = (statusOf: (n: number) => number, headers: (n: number) => Record<string, string> = () => ({})) => {
  const arrivedMs: number[] = [];
  const url = serve((_, response) => {
    const n = arrivedMs.push(performance.now());
    response.writeHead(statusOf(n), headers(n)).end("x");
  });
  return url.then((at) => ({ url: at, arrivedMs, gapsMs: () => arrivedMs.slice(1).map((ms, i) => ms - arrivedMs[i]!) }));
};

describe("without a policy", () => {
  test("nothing is sent twice", async () => {
    const { url, arrivedMs } = await answering(() => 503);
    const { outcomes } = await drive(open(url), steady(20, 0.3));
    expect(kinds(outcomes)).toEqual(Array(6).fill("status"));
    expect(arrivedMs.length).toBe(6);
    expect(outcomes.map(({ attempts }) => attempts)).toEqual(Array(6).fill(1));
  });
});

describe("a request that is sent again", () => {
  test("succeeds with the attempts counted, and its latency from the first intended start", async () => {
    const { url, arrivedMs, gapsMs } = await answering((n) => (n < 3 ? 503 : 200));
    const { outcomes } = await drive(open(url, { retry: policy() }), one);
    const [outcome] = outcomes;
    expect(outcomes.length).toBe(1);
    expect(outcome).toMatchObject({ attempts: 3, status: 200, result: { kind: "ok" } });
    expect(arrivedMs.length).toBe(3);
    const [first, second] = gapsMs();
    // Drawn from the upper halves of 50 ms and of 100 ms; timers round up.
    expect(first).toBeGreaterThan(24);
    expect(second).toBeGreaterThan(49);
    const { intendedNs, dispatchedNs, attemptNs, wireNs, endNs } = outcome!;
    expect(dispatchedNs - intendedNs).toBeLessThan(20e6);
    expect(attemptNs - dispatchedNs).toBeGreaterThan(74e6);
    expect(wireNs! - attemptNs).toBeLessThan(20e6);
    expect(endNs - intendedNs).toBeGreaterThan(74e6);
    // The service time is the last attempt's.
    expect(endNs - wireNs!).toBeLessThan(40e6);
  });

  test("fails with its last failure when its attempts are used up", async () => {
    const { url, arrivedMs } = await answering(() => 429);
    const { outcomes } = await drive(open(url, { retry: policy({ attempts: 2 }) }), one);
    expect(outcomes[0]).toMatchObject({ attempts: 2, status: 429, result: { why: "status" } });
    expect(arrivedMs.length).toBe(2);
  });

  test("is not, for a cause that the policy does not name", async () => {
    const { url, arrivedMs } = await answering(() => 500);
    const { outcomes } = await drive(open(url, { retry: policy() }), one);
    expect(outcomes[0]).toMatchObject({ attempts: 1, status: 500 });
    expect(arrivedMs.length).toBe(1);
  });

  test("waits as long as Retry-After says, where that is longer", async () => {
    const { url, gapsMs } = await answering(
      (n) => (n === 1 ? 429 : 200),
      () => ({ "retry-after": "1" }),
    );
    const { outcomes } = await drive(open(url, { retry: policy() }), one);
    expect(outcomes[0]).toMatchObject({ attempts: 2, result: { kind: "ok" } });
    expect(gapsMs()[0]).toBeGreaterThan(995);
    expect(gapsMs()[0]).toBeLessThan(1400);
  });

  test("is not, where it would have to wait beyond its deadline: the failure stands at once", async () => {
    const { url, arrivedMs } = await answering(
      () => 429,
      () => ({ "retry-after": "30" }),
    );
    const { outcomes } = await drive(open(url, { timeoutS: 2, retry: policy() }), one);
    expect(outcomes[0]).toMatchObject({ attempts: 1, status: 429, result: { why: "status" } });
    expect(outcomes[0]!.endNs).toBeLessThan(1e9);
    expect(arrivedMs.length).toBe(1);
  });

  test("runs into its deadline in a later attempt like in the first", async () => {
    let n = 0;
    const url = await serve((_, response) => void (++n === 1 && response.writeHead(503).end()));
    const { outcomes } = await drive(open(url, { timeoutS: 0.3, retry: policy() }), one);
    expect(outcomes[0]).toMatchObject({ attempts: 2, endNs: 300e6, result: { why: "timeout" } });
    expect(outcomes[0]!.result).toHaveProperty("detail", "no complete answer within 0.3 s, in attempt 2: no answer began");
  });

  test("may be one whose connection was refused, closed under it, or broke", async () => {
    const refused = await drive(open(`http://127.0.0.1:${await freePort()}`, { retry: policy({ on: ["connect"] }) }), one);
    expect(refused.outcomes[0]).toMatchObject({ attempts: 3, result: { why: "connect" } });

    let requests = 0;
    const stale = await serveBytes((socket) =>
      socket.on("data", () => {
        if (++requests === 2) return socket.destroy();
        return socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
      }),
    );
    const kept = await drive(open(stale, { retry: policy({ on: ["stale"] }) }), steady(10, 0.2));
    expect(kinds(kept.outcomes)).toEqual(["ok", "ok"]);
    expect(kept.outcomes.map(({ attempts }) => attempts)).toEqual([1, 2]);

    let broken = 0;
    const resets = await serveBytes((socket) =>
      socket.on("data", () => {
        if (++broken === 1) return socket.resetAndDestroy();
        return socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
      }),
    );
    const reset = await drive(open(resets, { retry: policy({ on: ["reset"] }) }), one);
    expect(reset.outcomes[0]).toMatchObject({ attempts: 2, result: { kind: "ok" } });
  });
});

describe("a load whose requests wait for another attempt", () => {
  test("counts them against max-in-flight", async () => {
    const { url } = await answering(() => 503);
    const slow = policy({ backoffS: 0.6, maxBackoffS: 0.6, attempts: 2 });
    const { outcomes } = await drive(open(url, { maxInFlight: 3, retry: slow }), steady(50, 0.2));
    expect(kinds(outcomes).slice(0, 3)).toEqual(["status", "status", "status"]);
    expect(kinds(outcomes).slice(3)).toEqual(Array(7).fill("overflow"));
    expect(outcomes[5]!.attempts).toBe(0);
  });

  test("is over when the last of them has ended", async () => {
    const { url, arrivedMs } = await answering((n) => (n === 1 ? 503 : 200));
    const { outcomes, startedNs, endedNs } = await drive(open(url, { retry: policy({ backoffS: 0.3 }) }), one);
    expect(kinds(outcomes)).toEqual(["ok"]);
    expect(arrivedMs.length).toBe(2);
    expect(Number(endedNs - startedNs)).toBeGreaterThan(149e6);
  });

  test("ends at once when it is cancelled, without an outcome and without another attempt", async () => {
    const { url, arrivedMs } = await answering(() => 503);
    const waiting = policy({ backoffS: 2, maxBackoffS: 2 });
    const { outcomes, cancelled, startedNs, endedNs } = await drive(open(url, { retry: waiting }), one, {
      signal: AbortSignal.timeout(150),
    });
    expect([outcomes, cancelled]).toEqual([[], true]);
    expect(Number(endedNs - startedNs)).toBeLessThan(900e6);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(arrivedMs.length).toBe(1);
  });

  test("lets each user of a closed loop wait for its own", async () => {
    const { url, arrivedMs } = await answering((n) => (n % 2 === 1 ? 503 : 200));
    const { outcomes } = await drive(open(url, { retry: policy({ backoffS: 0.1 }) }), closed(1, 0.5));
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
    expect(outcomes.every(({ attempts }) => attempts === 2)).toBe(true);
    expect(arrivedMs.length).toBe(2 * outcomes.length);
    expect(outcomes.length).toBeLessThan(12);
  });
});

describe("the wait before an attempt", () => {
  const failed = (attempts: number, index = 0, status = 503): Outcome =>
    ({ attempts, index, status, result: { kind: "failed", why: "status", detail: "" } }) as Outcome;

  test("doubles up to its most, is drawn from its upper half, and is the same each time", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 19 }), (index, attempts) => {
        const p = policy({ attempts: 20, backoffS: 0.1, maxBackoffS: 5 });
        const whole = Math.min(0.1 * 2 ** (attempts - 1), 5);
        const waitS = waitBeforeRetryS(p, failed(attempts, index), undefined, 0)!;
        expect(waitS).toBeGreaterThanOrEqual(whole / 2);
        expect(waitS).toBeLessThan(whole);
        expect(waitBeforeRetryS(p, failed(attempts, index), undefined, 0)).toBe(waitS);
      }),
    );
  });

  test("spreads requests that failed together over all of that half", () => {
    const waits = Array.from({ length: 1000 }, (_, index) => waitBeforeRetryS(policy(), failed(1, index), undefined, 0)!).sort(
      (a, b) => a - b,
    );
    expect(waits[0]).toBeLessThan(0.0255);
    expect(waits[500]).toBeCloseTo(0.0375, 2);
    expect(waits[999]).toBeGreaterThan(0.0495);
  });

  test("is at least what Retry-After says, unless that is ignored", () => {
    const headers = { "retry-after": "7" };
    expect(waitBeforeRetryS(policy(), failed(1), headers, 0)).toBe(7);
    expect(waitBeforeRetryS(policy({ backoffS: 60, maxBackoffS: 60 }), failed(1), headers, 0)).toBeGreaterThanOrEqual(30);
    expect(waitBeforeRetryS(policy({ retryAfter: "ignore" }), failed(1), headers, 0)).toBeLessThan(0.05);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-26T06:00:00Z");
  test.each([
    ["0", 0],
    [" 120 ", 120],
    ["Thu, 26 Nov 2026 06:00:30 GMT", 30],
    ["Thu, 26 Nov 2026 05:00:00 GMT", 0],
    ["1.5", undefined],
    ["-1", undefined],
    ["soon", undefined],
    ["2026-11-26", undefined],
    ["", undefined],
  ])("%j is %j seconds", (text, seconds) => {
    expect(retryAfterS({ "retry-after": text }, now)).toBe(seconds);
  });

  test("is not there", () => {
    expect(retryAfterS({}, now)).toBeUndefined();
  });

  test("as a date counts from the endpoint's own clock", () => {
    const headers = { "retry-after": "Thu, 26 Nov 2026 09:00:10 GMT", date: "Thu, 26 Nov 2026 09:00:00 GMT" };
    expect(retryAfterS(headers, now)).toBe(10);
  });
});

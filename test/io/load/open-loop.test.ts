import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { block, drive, kinds, latenciesMs, median, one, open, steady } from "./drive.ts";
import { serve } from "./endpoint.ts";

describe("an open loop", () => {
  test("sends every arrival exactly once, and in its order", async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url!);
      response.end();
    });
    const requests = Array.from({ length: 7 }, (_, i) => ({
      payloadClass: "x",
      method: "GET",
      path: `/${i}`,
      headers: {},
      body: undefined,
    }));
    const load = steady(100, 1);
    const picks = load.picks.map((_, i) => (i * 5) % 7);
    const { outcomes, offered, cancelled } = await drive(open(url), { ...load, picks }, { requests });
    expect({ offered, cancelled, outcomes: outcomes.length }).toEqual({ offered: 100, cancelled: false, outcomes: 100 });
    expect(outcomes.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...seen].sort()).toEqual([...picks].map((pick) => `/${pick}`).sort());
    expect(kinds(outcomes).every((kind) => kind === "ok")).toBe(true);
  });

  test("measures a known service time from the intended start, with its stages in order", async () => {
    const url = await serve((_, response) => void setTimeout(() => response.end("x"), 20));
    const { outcomes } = await drive(open(url), steady(50, 1));
    expect(median(latenciesMs(outcomes))).toBeGreaterThanOrEqual(19.5);
    expect(median(latenciesMs(outcomes))).toBeLessThan(40);
    for (const [i, outcome] of outcomes.entries()) {
      const { intendedNs, dispatchedNs, wireNs, firstByteNs, endNs, connectNs } = outcome;
      expect(intendedNs).toBe(Math.round((i / 50) * 1e9));
      expect(dispatchedNs).toBeGreaterThanOrEqual(intendedNs);
      expect(wireNs! - dispatchedNs - (connectNs ?? 0)).toBeGreaterThanOrEqual(0);
      expect(firstByteNs!).toBeGreaterThan(wireNs!);
      expect(endNs).toBeGreaterThanOrEqual(firstByteNs!);
    }
  });

  test("reports a connection time only for the requests that opened a connection", async () => {
    let connections = 0;
    const url = await serve((_, response) => void response.end());
    const driver = open(url);
    const first = await drive(driver, steady(20, 0.5));
    const second = await drive(driver, steady(20, 0.5));
    for (const { connectNs } of [...first.outcomes, ...second.outcomes]) if (connectNs !== undefined) connections++;
    expect(first.outcomes[0]!.connectNs).toBeGreaterThan(0);
    // The second segment goes on over the connections of the first.
    expect(second.outcomes[0]!.connectNs).toBeUndefined();
    expect(connections).toBeLessThan(10);
  });

  test("keeps releasing while the endpoint stalls, and sees the whole wait", async () => {
    let stalledUntil = 0;
    let duringStall = 0;
    const started = Date.now();
    const url = await serve((_, response) => {
      const now = Date.now();
      if (now - started < 400) stalledUntil = 0;
      else if (stalledUntil === 0) stalledUntil = now + 500;
      if (now < stalledUntil) duringStall++;
      setTimeout(() => response.end(), Math.max(0, stalledUntil - now) + 2);
    });
    const { outcomes } = await drive(open(url), steady(100, 1.5));
    const all = latenciesMs(outcomes);
    // 50 of 150 arrivals fall into the stall and wait for 0 to 500 ms, evenly.
    expect(duringStall).toBeGreaterThan(40);
    expect(all.filter((ms) => ms > 250).length).toBeGreaterThan(15);
    expect(all.at(-1)!).toBeGreaterThan(400);
    expect(median(all)).toBeLessThan(100);
  });

  test("counts our own pause as latency, not as service time", async () => {
    const url = await serve((_, response) => void response.end());
    const driver = open(url);
    await drive(driver, steady(50, 0.2));
    const { outcomes } = await drive(driver, steady(100, 0.6), { onOutcome: ({ index }) => index === 20 && block(150) });
    const late = outcomes.filter(({ intendedNs, dispatchedNs }) => dispatchedNs - intendedNs > 30e6);
    expect(late.length).toBeGreaterThan(5);
    expect(latenciesMs(late)[0]!).toBeGreaterThan(30);
    expect(outcomes.length).toBe(60);
  });

  test("counts an arrival that finds max-in-flight requests under way, and does not send it", async () => {
    let arrived = 0;
    const url = await serve((_, response) => {
      arrived++;
      setTimeout(() => response.end(), 600);
    });
    const { outcomes, offered } = await drive(open(url, { maxInFlight: 5 }), steady(50, 0.4));
    expect(offered).toBe(20);
    expect(kinds(outcomes)).toEqual([...Array<string>(5).fill("ok"), ...Array<string>(15).fill("overflow")]);
    expect(outcomes.at(-1)!.wireNs).toBeUndefined();
    expect(arrived).toBe(5);
  });

  test("waits for the last answer before it resolves", async () => {
    const url = await serve((_, response) => void setTimeout(() => response.end(), 300));
    const { outcomes, startedNs, endedNs } = await drive(open(url), one);
    expect(kinds(outcomes)).toEqual(["ok"]);
    expect(Number(endedNs - startedNs) / 1e6).toBeGreaterThan(290);
  });

  test("tells of its progress, last when all is over", async () => {
    const url = await serve((_, response) => void response.end());
    const ticks: { readonly offered: number; readonly inFlight: number; readonly ok: number; readonly failed: number }[] = [];
    const load = steady(50, 0.8);
    await open(url).drive(load, [{ payloadClass: "x", method: "GET", path: "/", headers: {}, body: undefined }], {
      onOutcome: () => {},
      signal: new AbortController().signal,
      onProgress: (tick) => ticks.push(tick),
    });
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.at(-1)).toMatchObject({ offered: 40, inFlight: 0, ok: 40, failed: 0, durationS: 0.8 });
  });

  test("drives an empty schedule for its time", async () => {
    const url = await serve((_, response) => void response.end());
    const { outcomes, offered, startedNs, endedNs } = await drive(open(url), steady(0, 0.1));
    expect({ offered, outcomes }).toEqual({ offered: 0, outcomes: [] });
    expect(Number(endedNs - startedNs) / 1e6).toBeGreaterThanOrEqual(99);
  });
});

describe("a cancelled open loop", () => {
  test("stops releasing, drops what is under way and says so", async () => {
    let arrived = 0;
    const cancel = new AbortController();
    const url = await serve((_, response) => {
      arrived++;
      if (arrived === 30) cancel.abort();
      setTimeout(() => response.end(), arrived > 10 ? 5000 : 0);
    });
    const { outcomes, cancelled, offered, startedNs, endedNs } = await drive(open(url), steady(50, 60), { signal: cancel.signal });
    expect(Number(endedNs - startedNs) / 1e9).toBeLessThan(4);
    expect(cancelled).toBe(true);
    expect(kinds(outcomes)).toEqual(Array<string>(10).fill("ok"));
    expect(offered).toBeGreaterThanOrEqual(30);
    const before = arrived;
    await sleep(200);
    expect(arrived).toBeLessThanOrEqual(before + 1);
  });

  test("sends nothing when it was cancelled before it began", async () => {
    let arrived = 0;
    const url = await serve((_, response) => void response.end(String(arrived++)));
    const { offered, cancelled } = await drive(open(url), steady(50, 1), { signal: AbortSignal.abort() });
    expect({ offered, cancelled, arrived }).toEqual({ offered: 0, cancelled: true, arrived: 0 });
  });
});

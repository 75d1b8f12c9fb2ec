import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { closed, drive, kinds, open, steady } from "./drive.ts";
import { serve } from "./endpoint.ts";

/** Answers after `ms`, and counts what it was asked. */
async function slowly(ms: number) {
  const asked = { count: 0 };
  const url = await serve((_, response) => {
    asked.count++;
    setTimeout(() => response.end("x"), ms);
  });
  return { url, asked };
}

const abortAfter = (ms: number): AbortSignal => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
};

describe.each([
  ["an open loop", steady(100, 20)],
  ["a closed loop", closed(20, 20)],
])("%s that has enough", (_, load) => {
  test("sends nothing more, and waits for every answer that is under way", async () => {
    const { url, asked } = await slowly(300);
    const begun = performance.now();
    const { outcomes, offered, cancelled, startedNs, endedNs } = await drive(open(url), load, { enough: abortAfter(500) });
    const tookMs = performance.now() - begun;
    expect(cancelled).toBe(false);
    expect(offered).toBeGreaterThan(15);
    expect(offered).toBeLessThan(100);
    expect(outcomes).toHaveLength(offered);
    expect(kinds(outcomes).every((kind) => kind === "ok")).toBe(true);
    expect(Math.max(...outcomes.map(({ endNs }) => endNs)) / 1e6).toBeGreaterThan(500);
    expect(tookMs).toBeLessThan(3000);
    expect(Number(endedNs - startedNs) / 1e6).toBeLessThan(tookMs);
    await sleep(200);
    expect(asked.count).toBe(offered);
  });

  test("keeps its connections for the next segment, which goes on in full", async () => {
    const { url } = await slowly(5);
    const driver = open(url);
    await drive(driver, load, { enough: abortAfter(300) });
    const { outcomes, offered } = await drive(driver, steady(50, 0.5));
    expect(offered).toBe(25);
    expect(outcomes.filter(({ connectNs }) => connectNs !== undefined)).toEqual([]);
  });

  test("before it begins, sends nothing and ends", async () => {
    const { url, asked } = await slowly(5);
    const { outcomes, offered, cancelled } = await drive(open(url), load, { enough: AbortSignal.abort() });
    expect({ outcomes, offered, cancelled, asked: asked.count }).toEqual({ outcomes: [], offered: 0, cancelled: false, asked: 0 });
  });

  test("may be told so from within an outcome", async () => {
    const { url } = await slowly(5);
    const enough = new AbortController();
    const { outcomes, offered } = await drive(open(url), load, {
      enough: enough.signal,
      onOutcome: ({ index }) => {
        if (index === 30) enough.abort();
      },
    });
    expect(offered).toBeGreaterThan(30);
    expect(offered).toBeLessThan(100);
    expect(outcomes).toHaveLength(offered);
  });

  test("can still be cancelled while it waits", async () => {
    const { url } = await slowly(20_000);
    const begun = performance.now();
    const { outcomes, cancelled } = await drive(open(url), load, { enough: abortAfter(200), signal: abortAfter(600) });
    expect({ outcomes, cancelled }).toEqual({ outcomes: [], cancelled: true });
    expect(performance.now() - begun).toBeGreaterThan(500);
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});

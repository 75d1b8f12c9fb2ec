import { describe, expect, test } from "vitest";
import { closed, drive, kinds, open } from "./drive.ts";
import { freePort, serve } from "./endpoint.ts";

describe("a closed loop", () => {
  test("keeps exactly its concurrency under way and starts nothing after its time", async () => {
    let [under, most, arrived] = [0, 0, 0];
    const url = await serve((_, response) => {
      arrived++;
      most = Math.max(most, ++under);
      setTimeout(() => {
        under--;
        response.end();
      }, 20);
    });
    const { outcomes, offered } = await drive(open(url), closed(7, 0.8));
    expect(most).toBe(7);
    expect(arrived).toBe(offered);
    expect(outcomes.length).toBe(offered);
    expect(Math.max(...outcomes.map(({ intendedNs }) => intendedNs))).toBeLessThan(0.8e9);
    expect(offered).toBeGreaterThan(7 * 3);
    expect(offered).toBeLessThanOrEqual(7 * 40);
  });

  test("intends a request for the moment it is dispatched, and goes round its requests", async () => {
    const paths: string[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url!);
      response.end();
    });
    const requests = ["/a", "/b", "/c"].map((path) => ({ payloadClass: "x", method: "GET", path, headers: {}, body: undefined }));
    const { outcomes } = await drive(open(url), { ...closed(1, 0.2), picks: Uint32Array.of(0, 1, 2, 1) }, { requests });
    expect(paths.slice(0, 8)).toEqual(["/a", "/b", "/c", "/b", "/a", "/b", "/c", "/b"]);
    for (const { dispatchedNs, intendedNs } of outcomes) expect(dispatchedNs).toBe(intendedNs);
  });

  test("does not race through a dead endpoint", async () => {
    const { outcomes } = await drive(open(`http://127.0.0.1:${await freePort()}`), closed(2, 0.3));
    expect(new Set(kinds(outcomes))).toEqual(new Set(["connect"]));
    expect(outcomes.length).toBeLessThanOrEqual(62);
    expect(outcomes.length).toBeGreaterThan(4);
  });

  test("is not bound by max-in-flight", async () => {
    const url = await serve((_, response) => void setTimeout(() => response.end(), 10));
    const { outcomes } = await drive(open(url, { maxInFlight: 2 }), closed(6, 0.2));
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
  });

  test("stops at once when it is cancelled", async () => {
    const cancel = new AbortController();
    let arrived = 0;
    const url = await serve((_, response) => {
      if (++arrived === 3) cancel.abort();
      setTimeout(() => response.end(), 5000);
    });
    const { outcomes, cancelled, offered } = await drive(open(url), closed(3, 60), { signal: cancel.signal });
    expect({ outcomes, cancelled, offered }).toEqual({ outcomes: [], cancelled: true, offered: 3 });
  });
});

describe("the users of a closed loop", () => {
  /** A server whose answers take `ms`, and the numbers that it had under way, by seconds since the first request. */
  async function counting(ms: number): Promise<{ readonly url: string; readonly most: (fromS: number, toS: number) => number }> {
    const seen: { atS: number; under: number }[] = [];
    let under = 0;
    let beganMs: number | undefined;
    const note = () => seen.push({ atS: (performance.now() - (beganMs ??= performance.now())) / 1000, under });
    const url = await serve((_, response) => {
      under++;
      note();
      setTimeout(() => {
        note();
        under--;
        response.end();
      }, ms);
    });
    const most = (fromS: number, toS: number) =>
      Math.max(0, ...seen.filter(({ atS }) => atS >= fromS && atS < toS).map((each) => each.under));
    return { url, most };
  }

  test("come and go by the steps, and whoever goes finishes its request", async () => {
    const { url, most } = await counting(20);
    const steps = [
      { atS: 0, users: 2 },
      { atS: 0.4, users: 6 },
      { atS: 0.8, users: 1 },
      { atS: 1.2, users: 3 },
    ];
    const { outcomes, offered } = await drive(open(url), closed(6, 1.6, { steps }));
    expect([most(0, 0.38), most(0.45, 0.8), most(0.85, 1.18), most(1.25, 1.6)]).toEqual([2, 6, 1, 3]);
    expect(outcomes.length).toBe(offered);
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
  });

  test("are none in a pause, and the segment lasts its time all the same", async () => {
    const { url, most } = await counting(5);
    const steps = [
      { atS: 0, users: 3 },
      { atS: 0.2, users: 0 },
      { atS: 0.5, users: 2 },
      { atS: 0.7, users: 0 },
    ];
    const { startedNs, endedNs } = await drive(open(url), closed(3, 0.9, { steps }));
    expect([most(0, 0.2), most(0.25, 0.48), most(0.52, 0.7), most(0.75, 2)]).toEqual([3, 0, 2, 0]);
    expect(Number(endedNs - startedNs)).toBeGreaterThanOrEqual(0.9e9);
  });

  test("think between an answer and the next request, each time as long as drawn", async () => {
    const url = await serve((_, response) => void setTimeout(() => response.end(), 10));
    const { outcomes } = await drive(open(url), closed(1, 1, { thinkS: Float64Array.of(0.05, 0.1) }));
    const thoughtMs = outcomes.slice(1).map(({ intendedNs }, i) => (intendedNs - outcomes[i]!.endNs) / 1e6);
    expect(outcomes.length).toBeGreaterThanOrEqual(9);
    for (const [i, ms] of thoughtMs.entries()) {
      expect(ms).toBeGreaterThanOrEqual(i % 2 === 0 ? 50 : 100);
      expect(ms).toBeLessThan((i % 2 === 0 ? 50 : 100) + 30);
    }
  });

  test("start at most one request each in their pacing, and at once after an answer that took longer", async () => {
    let slow = false;
    const url = await serve((_, response) => void setTimeout(() => response.end(), slow ? 250 : 5));
    const driver = open(url);
    const fast = await drive(driver, closed(2, 1, { pacingS: 0.1 }));
    expect(fast.offered).toBeGreaterThanOrEqual(18);
    expect(fast.offered).toBeLessThanOrEqual(20);
    slow = true;
    const { outcomes } = await drive(driver, closed(1, 0.9, { pacingS: 0.1 }));
    const pausesMs = outcomes.slice(1).map(({ intendedNs }, i) => (intendedNs - outcomes[i]!.endNs) / 1e6);
    expect(Math.max(...pausesMs)).toBeLessThan(30);
  });

  test("that think when they are cancelled do not hold the segment up", async () => {
    const cancel = new AbortController();
    const url = await serve((_, response) => response.end());
    setTimeout(() => cancel.abort(), 100);
    const warnings: string[] = [];
    const warn = (warning: Error) => warnings.push(warning.message);
    process.on("warning", warn);
    const { cancelled, startedNs, endedNs } = await drive(open(url), closed(50, 60, { thinkS: Float64Array.of(30) }), {
      signal: cancel.signal,
    });
    process.off("warning", warn);
    expect(cancelled).toBe(true);
    expect(Number(endedNs - startedNs)).toBeLessThan(2e9);
    expect(warnings).toEqual([]);
  });

  test("that still think at the end send nothing more", async () => {
    const url = await serve((_, response) => response.end());
    const { offered, startedNs, endedNs } = await drive(open(url), closed(4, 0.3, { thinkS: Float64Array.of(30) }));
    expect(offered).toBe(4);
    expect(Number(endedNs - startedNs)).toBeLessThan(0.6e9);
  });
});

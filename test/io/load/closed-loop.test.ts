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

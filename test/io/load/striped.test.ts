import { describe, expect, onTestFinished, test } from "vitest";
import type { GeneratorReading } from "../../../src/core/record/generator-record.ts";
import type { Driver } from "../../../src/io/load/driver.ts";
import { openDriver } from "../../../src/io/load/open-driver.ts";
import { target } from "../../core/plan/fixtures.ts";
import { closed, drive, GET, kinds, latenciesMs, median, steady } from "./drive.ts";
import { serve } from "./endpoint.ts";

const NO_TLS = { ca: undefined, cert: undefined, key: undefined };

function striped(url: string, change: Parameters<typeof target>[0] = {}, threads = 3): Driver {
  const driver = openDriver({ url, target: target({ protocol: "raw", timeoutS: 5, ...change }), tls: NO_TLS, threads });
  onTestFinished(() => driver.close());
  return driver;
}

describe("several sending threads", () => {
  test("send every arrival exactly once, at its time and with its own payload", async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url!);
      setTimeout(() => response.end("x"), 5);
    });
    const requests = Array.from({ length: 7 }, (_, i) => ({ ...GET, path: `/${i}` }));
    const load = steady(200, 1.5);
    const picks = load.picks.map((_, i) => (i * 5) % 7);
    const { outcomes, offered, cancelled } = await drive(striped(url), { ...load, picks }, { requests });
    expect({ offered, cancelled }).toEqual({ offered: 300, cancelled: false });
    expect(outcomes.map(({ index }) => index)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(outcomes.map(({ intendedNs }) => intendedNs)).toEqual(Array.from({ length: 300 }, (_, i) => Math.round((i / 200) * 1e9)));
    expect(kinds(outcomes).every((kind) => kind === "ok")).toBe(true);
    expect(seen.toSorted()).toEqual([...picks].map((pick) => `/${pick}`).toSorted());
    expect(median(latenciesMs(outcomes))).toBeLessThan(60);
    expect(outcomes.every(({ dispatchedNs, intendedNs }) => dispatchedNs >= intendedNs)).toBe(true);
  });

  test("keep one segment's connections for the next", async () => {
    const url = await serve((_, response) => void response.end("x"));
    const driver = striped(url);
    const first = await drive(driver, steady(60, 0.5));
    const second = await drive(driver, steady(60, 0.5));
    expect(first.outcomes.filter(({ connectNs }) => connectNs !== undefined).length).toBeGreaterThanOrEqual(3);
    expect(second.outcomes.filter(({ connectNs }) => connectNs !== undefined)).toEqual([]);
  });

  test("are together the users of a closed loop", async () => {
    let [now, most] = [0, 0];
    const url = await serve((_, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.end("x");
      }, 20);
    });
    const { outcomes } = await drive(striped(url), closed(8, 1));
    expect(most).toBe(8);
    expect(outcomes.length).toBeGreaterThan(100);
    expect(new Set(outcomes.map(({ index }) => index)).size).toBe(outcomes.length);
  });

  test("tell of their progress and their state as one", async () => {
    const url = await serve((_, response) => void response.end("x"));
    const ticks: { readonly offered: number; readonly inFlight: number; readonly ok: number }[] = [];
    const readings: GeneratorReading[] = [];
    await striped(url).drive(steady(90, 1.2), [GET], {
      onOutcome: () => {},
      signal: new AbortController().signal,
      onProgress: (tick) => ticks.push(tick),
      onReading: (reading) => readings.push(reading),
    });
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.at(-1)).toMatchObject({ offered: 108, inFlight: 0, ok: 108 });
    expect(readings.length).toBeGreaterThanOrEqual(3);
  });

  test("count what finds too many requests under way, over all of them", async () => {
    let arrived = 0;
    const url = await serve((_, response) => {
      arrived++;
      setTimeout(() => response.end("x"), 800);
    });
    const { outcomes } = await drive(striped(url, { maxInFlight: 6 }), steady(60, 0.5));
    expect(arrived).toBe(6);
    expect(kinds(outcomes).filter((kind) => kind === "overflow")).toHaveLength(24);
  });

  test("stop at once when they are cancelled, and in order when there was enough", async () => {
    const url = await serve((_, response) => void setTimeout(() => response.end("x"), 50));
    const cancelled = await drive(striped(url), steady(60, 30), { signal: AbortSignal.timeout(600) });
    expect(cancelled.cancelled).toBe(true);
    expect(Number(cancelled.endedNs - cancelled.startedNs) / 1e9).toBeLessThan(3);
    const enough = await drive(striped(url), steady(60, 30), { enough: AbortSignal.timeout(600) });
    expect(enough.cancelled).toBe(false);
    expect(enough.outcomes).toHaveLength(enough.offered);
    expect(kinds(enough.outcomes).every((kind) => kind === "ok")).toBe(true);
  });

  test("end the drive with a listener's mistake, and send nothing after it", async () => {
    let arrived = 0;
    const url = await serve((_, response) => void response.end(`x${arrived++}`));
    const driving = striped(url).drive(steady(60, 30), [GET], {
      onOutcome: () => {
        throw new Error("cannot record");
      },
      signal: new AbortController().signal,
    });
    await expect(driving).rejects.toThrow("cannot record");
    const before = arrived;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(arrived).toBeLessThanOrEqual(before + 3);
  });

  test("refuse what HTTP cannot carry, as one thread does", async () => {
    const url = await serve((_, response) => void response.end("x"));
    const requests = [{ ...GET, headers: { "bad header": "x" } }];
    await expect(drive(striped(url), steady(10, 0.5), { requests })).rejects.toThrow('"bad header" is not the name of a header');
    expect(() => striped("ftp://x")).toThrow("begins with");
  });
});

import { expect, test } from "vitest";
import type { Segment } from "../../../src/core/plan/plan.ts";
import { driveWarmUp } from "../../../src/warm-up.ts";
import { closed, GET, open, steady } from "./drive.ts";
import { serve } from "./endpoint.ts";

/** An endpoint that takes what `latencyMs` says and fails while `fails` says so, both by the time since its first request. */
async function endpoint(latencyMs: (sinceS: number) => number, fails: (sinceS: number) => boolean = () => false): Promise<string> {
  let firstMs: number | undefined;
  return serve((_, response) => {
    firstMs ??= performance.now();
    const sinceS = (performance.now() - firstMs) / 1000;
    setTimeout(() => response.writeHead(fails(sinceS) ? 503 : 200).end("x"), latencyMs(sinceS));
  });
}

const warm = (url: string, segment: Segment, signal = new AbortController().signal) =>
  driveWarmUp({ scenario: "steady", segment, requests: [GET], driver: open(url), signal, onOutcome: () => {}, onProgress: () => {} });
const untilSteady = (segment: Segment): Segment => ({ ...segment, phase: "warm-up", untilSteady: true });

test("a warm endpoint is released after a few seconds of a long warm-up, steady from its first answer on", async () => {
  for (const load of [steady(100, 20), closed(4, 20)]) {
    const { record, problems } = await warm(await endpoint(() => 20), untilSteady(load));
    expect(problems).toEqual([]);
    expect(record.steady).toBe(true);
    expect(record.durationS).toBeGreaterThan(2.2);
    expect(record.durationS).toBeLessThan(10);
    expect(record.ok).toBe(record.offered);
    expect(record.firstRequestS).toBeGreaterThan(0.019);
    expect(record.firstSuccessS).toBeGreaterThanOrEqual(record.firstRequestS! - 1e-6);
    expect(record.firstSuccessS).toBeLessThan(0.5);
    expect(record.steadyS).toBeGreaterThanOrEqual(record.firstSuccessS!);
    expect(record.steadyS).toBeLessThan(record.durationS / 2 + 0.5);
  }
});

test("an endpoint that fails and is slow at first is steady after both, and measured from its first request", async () => {
  const url = await endpoint(
    (sinceS) => 20 + 180 * Math.exp(-sinceS / 0.5),
    (sinceS) => sinceS < 1,
  );
  const { record, problems } = await warm(url, untilSteady(steady(100, 30)));
  expect(problems).toEqual([]);
  expect(record.firstRequestS).toBeUndefined();
  expect(record.firstSuccessS).toBeGreaterThan(1);
  expect(record.firstSuccessS).toBeLessThan(1.5);
  expect(record.steadyS).toBeGreaterThan(1.5);
  expect(record.durationS).toBeGreaterThan(record.steadyS! + 1.4);
  expect(record.offered - record.ok).toBeGreaterThan(80);
});

test("an endpoint that only gets slower is told of, with numbers, when its time is over", async () => {
  const { record, problems } = await warm(await endpoint((sinceS) => 20 + 20 * sinceS), untilSteady(steady(100, 4)));
  expect(record).toMatchObject({ offered: 400, steady: false });
  expect(record.steadyS).toBeUndefined();
  // A timer may be early by a part of a millisecond.
  expect(record.durationS).toBeGreaterThan(3.99);
  expect(problems).toMatchObject([{ severity: "warning", code: "not-steady", scenario: "steady", arm: "head" }]);
  expect(problems[0]!.message).toMatch(
    /within 4 s of warm-up: its median latency was \d+(\.\d+)? ms in the first quarter and \d+(\.\d+)? ms in the last/,
  );
});

test("a fixed warm-up has its length, however steady the endpoint is", async () => {
  const { record, problems } = await warm(await endpoint(() => 5), { ...steady(50, 4), phase: "warm-up" });
  expect(problems).toEqual([]);
  // A timer may be early by a part of a millisecond.
  expect(record.durationS).toBeGreaterThan(3.99);
  expect(record).toMatchObject({ offered: 200, ok: 200 });
  expect(record).not.toHaveProperty("steady");
});

test("a cancelled warm-up is no endpoint that did not settle", async () => {
  const { record, problems } = await warm(await endpoint(() => 5), untilSteady(steady(50, 20)), AbortSignal.timeout(700));
  expect(problems).toEqual([]);
  expect(record.steady).toBe(false);
  expect(record.durationS).toBeLessThan(2);
});

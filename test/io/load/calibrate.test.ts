import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { Calibration } from "../../../src/core/record/run-record.ts";
import { calibrate } from "../../../src/io/load/calibrate.ts";
import { block } from "./drive.ts";

const never = new AbortController().signal;
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

async function calibration(ratePerS: number): Promise<Calibration> {
  const answer = await calibrate(ratePerS, never);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.calibration;
}

test("on this machine the error is positive, finite and small against what is measured", async () => {
  const { requests, releaseP50S, releaseP99S, biasP50S, biasP99S } = await calibration(150);
  expect(requests).toBe(150);
  // A request cannot come before it was sent, nor be answered before it came: the clock is one.
  expect(releaseP50S).toBeGreaterThan(0);
  expect(biasP50S).toBeGreaterThan(0);
  expect(releaseP99S).toBeGreaterThanOrEqual(releaseP50S);
  expect(biasP99S).toBeGreaterThanOrEqual(biasP50S);
  expect(biasP50S).toBeLessThan(0.02);
});

test("a sender that something holds up is seen: its delay is in the error, not in the server's time", async () => {
  const greedy = setInterval(() => block(15), 20);
  const { releaseP50S, biasP50S } = await calibration(150).finally(() => clearInterval(greedy));
  expect(releaseP50S).toBeGreaterThan(0.002);
  expect(biasP50S).toBeGreaterThan(0.004);
});

test.each([
  [3, 100, 150],
  [200, 200, 200],
  [50_000, 300, 300],
])("a run at %d/s is calibrated at %d/s with %d requests", async (rate, ratePerS, requests) => {
  expect(await calibration(rate)).toMatchObject({ ratePerS, requests });
});

test("a cancel ends it at once, without a crash", async () => {
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(), 300);
  const begun = performance.now();
  const answer = await calibrate(150, cancel.signal);
  expect(answer.ok).toBe(false);
  expect(performance.now() - begun).toBeLessThan(1500);
});

test("one that does not come to its end is given up, and says why", async () => {
  setTimeout(() => block(5100), 500);
  // A signal that nobody holds is collected once its time is over, and what was made of it no longer knows why it ended.
  const collecting = setInterval(collectGarbage, 1);
  const answer = await calibrate(150, never).finally(() => clearInterval(collecting));
  expect(answer).toEqual({ ok: false, reason: "it did not end within 5 s" });
});

test("one that was cancelled before it began says so", async () => {
  expect(await calibrate(150, AbortSignal.abort())).toMatchObject({ ok: false });
});

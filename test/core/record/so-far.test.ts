import { expect, test } from "vitest";
import type { Outcome } from "../../../src/core/record/outcome.ts";
import { openLatencySoFar } from "../../../src/core/record/so-far.ts";

const outcome = (latencyMs: number, lateMs: number): Outcome => ({
  index: 0,
  intendedNs: 0,
  dispatchedNs: lateMs * 1e6,
  attempts: 1,
  attemptNs: lateMs * 1e6,
  wireNs: lateMs * 1e6,
  firstByteNs: latencyMs * 1e6,
  endNs: latencyMs * 1e6,
  connectNs: undefined,
  dnsNs: undefined,
  tlsNs: undefined,
  status: 200,
  result: { kind: "ok", stream: undefined },
});

const after = (outcomes: readonly Outcome[]) => {
  const soFar = openLatencySoFar();
  for (const each of outcomes) soFar.add(each);
  return soFar.read();
};

test("the percentiles so far are those of all outcomes until now", () => {
  const { p50S, p99S } = after(Array.from({ length: 100 }, (_, i) => outcome(i + 1, 0)));
  expect(p50S).toBeCloseTo(0.05, 3);
  expect(p99S).toBeCloseTo(0.099, 3);
});

test("nothing measured has no percentiles", () => {
  expect(after([])).toEqual({ p50S: undefined, p99S: undefined, ownDelayP99S: undefined, recentS: [] });
});

test("our own delay is told only where it is more than 1 ms and a twentieth of the tail", () => {
  expect(after([outcome(100, 4)]).ownDelayP99S).toBeUndefined();
  expect(after([outcome(100, 6)]).ownDelayP99S).toBeCloseTo(0.006);
  expect(after([outcome(10, 0.9)]).ownDelayP99S).toBeUndefined();
});

test("of each of the last seconds the longest latency is known, at most of 24", () => {
  const { recentS } = after([outcome(200, 0), outcome(900, 0), outcome(1500, 0), outcome(1100, 0), outcome(2100, 0)]);
  expect(recentS).toEqual([0.9, 1.5, 2.1]);
  const many = after(Array.from({ length: 40 }, (_, i) => outcome(1000 * i + 500, 0)));
  expect(many.recentS).toHaveLength(24);
  expect(many.recentS.at(-1)).toBe(39.5);
});

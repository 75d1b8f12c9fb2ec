import { describe, expect, test } from "vitest";
import { notSteady, openSteadyState } from "../../../src/core/record/steady-state.ts";
import { answers, outcome, type Settling } from "./settling.ts";

/** When the test ended the warm-up, and when it says that the steady state began, seconds; undefined for never within a minute. */
function watch(outcomes: ReturnType<typeof answers>): { readonly releasedS: number; readonly beganS: number } | undefined {
  const state = openSteadyState();
  const last = outcomes.find((each) => state.add(each));
  return last === undefined ? undefined : { releasedS: last.endNs / 1e9, beganS: state.beganNs()! / 1e9 };
}

const times = (endpoint: Omit<Settling, "seed">, runs: number) =>
  Array.from({ length: runs }, (_, seed) => watch(answers({ ...endpoint, seed }, 60)));

const sorted = (values: readonly (number | undefined)[]) => values.map((value) => value ?? 60).sort((a, b) => a - b);
const at = (values: readonly number[], p: number) => values[Math.min(values.length - 1, Math.floor(p * values.length))]!;

/** Decision 0005 has a table with more runs and rates. */
describe("a warm endpoint is released", () => {
  test("after 2.4 s to 3 s at 50 requests/s and more, where its latency is quiet", () => {
    for (const ratePerS of [50, 500, 3000]) {
      const released = sorted(times({ ratePerS, deviation: 0.05 }, ratePerS > 1000 ? 5 : 40).map((found) => found?.releasedS));
      expect(released[0]).toBeGreaterThan(2.3);
      expect(at(released, 0.5)).toBeLessThan(3);
      expect(at(released, 0.9)).toBeLessThan(3.4);
      expect(released.at(-1)).toBeLessThan(4);
    }
  });

  test("after a few seconds where its latency varies, and later where requests depend on one another", () => {
    const noisy = sorted(times({ ratePerS: 50, deviation: 0.2, spikes: 0.02 }, 60).map((found) => found?.releasedS));
    expect(at(noisy, 0.5)).toBeLessThan(4.5);
    expect(at(noisy, 0.95)).toBeLessThan(9);
    const dependent = sorted(times({ ratePerS: 50, deviation: 0.2, correlation: 0.9, spikes: 0.02 }, 60).map((found) => found?.releasedS));
    expect(at(dependent, 0.5)).toBeLessThan(7);
    expect(at(dependent, 0.9)).toBeLessThan(20);
  });

  test("within a minute at one request a second, and its steady state began with its first answer", () => {
    const found = times({ ratePerS: 1, deviation: 0.02 }, 40);
    expect(found.filter((each) => each !== undefined).length).toBeGreaterThan(32);
    expect(at(sorted(found.map((each) => each?.beganS)), 0.5)).toBeLessThan(20);
  });
});

describe("an endpoint that starts three times as slow and settles with a time constant of 2 s", () => {
  const residual = (releasedS: number) => Math.exp(-releasedS / 2);

  test("is not released before a hundredth of that is left, where its latency is quiet", () => {
    for (const ratePerS of [20, 50, 500]) {
      const released = sorted(times({ ratePerS, deviation: 0.02, excess: 2 }, 25).map((found) => found?.releasedS));
      expect(residual(released[0]!)).toBeLessThan(0.01);
      expect(released.at(-1)).toBeLessThan(30);
    }
  });

  test("is not released before most of that is gone, where its latency varies", () => {
    const noises = [
      { deviation: 0.2, spikes: 0.02, most: 0.05 },
      { deviation: 0.2, correlation: 0.9, spikes: 0.02, most: 0.22 },
      { deviation: 0.5, correlation: 0.5, spikes: 0.02, most: 0.22 },
    ];
    for (const { most, ...noise } of noises) {
      const released = sorted(times({ ratePerS: 50, excess: 2, ...noise }, 100).map((found) => found?.releasedS));
      expect(residual(at(released, 0.05))).toBeLessThan(most);
      expect(residual(at(released, 0.5))).toBeLessThan(0.02);
    }
  });

  test("has begun its steady state long before that was known", () => {
    const found = times({ ratePerS: 50, deviation: 0.05, excess: 2 }, 25);
    for (const each of found) {
      expect(each!.beganS).toBeGreaterThan(5);
      expect(each!.beganS).toBeLessThan(12);
      expect(each!.beganS).toBeLessThan(each!.releasedS / 2 + 0.5);
    }
  });
});

describe("the steady state", () => {
  test("begins after a start without answers: the first answers have waited long", () => {
    // Nothing is answered for 10 s, then everything at once, then 10 ms each.
    const outcomes = Array.from({ length: 50 * 20 }, (_, i) => outcome(i, i / 50, Math.max(10 - i / 50, 0) + 0.01)).sort(
      (a, b) => a.endNs - b.endNs,
    );
    const { releasedS, beganS } = watch(outcomes)!;
    expect(beganS).toBeGreaterThanOrEqual(10);
    expect(beganS).toBeLessThan(11);
    expect(releasedS).toBeLessThan(14);
  });

  test("begins after the failures of a start", () => {
    const outcomes = Array.from({ length: 50 * 20 }, (_, i) => outcome(i, i / 50, 0.01, i < 400 ? "status" : undefined));
    const { releasedS, beganS } = watch(outcomes)!;
    expect(beganS).toBeGreaterThanOrEqual(7.9);
    expect(beganS).toBeLessThan(8.5);
    expect(releasedS).toBeLessThan(11);
  });

  test("does not come where requests only fail, however steadily", () => {
    const state = openSteadyState();
    for (let i = 0; i < 3000; i++) expect(state.add(outcome(i, i / 50, 0.01, "status"))).toBe(false);
    expect(state.seen()).toEqual({ windows: 0, failing: 299, medians: undefined });
  });

  test("may have a few failures in it", () => {
    const outcomes = Array.from({ length: 1000 }, (_, i) => outcome(i, i / 50, 0.01, i % 20 === 7 ? "reset" : undefined));
    expect(watch(outcomes)!.releasedS).toBeLessThan(3);
  });

  test("does not come while a queue grows", () => {
    expect(watch(Array.from({ length: 3000 }, (_, i) => outcome(i, i / 50, 0.01 + i / 1000)))).toBeUndefined();
  });

  test("waits for the tail as well as for the body", () => {
    // One request in five is slow, and less so from second to second.
    const slow = (i: number) => (i % 5 === 3 ? 0.2 * Math.exp(-i / 50 / 1.5) : 0);
    const found = watch(Array.from({ length: 3000 }, (_, i) => outcome(i, i / 50, 0.01 + slow(i))).sort((a, b) => a.endNs - b.endNs))!;
    expect(found.beganS).toBeGreaterThan(5);
    expect(found.beganS).toBeLessThan(16);
  });

  test("is found where answers take longer than windows, as in a closed loop of eight users of 2 s each", () => {
    const outcomes = Array.from({ length: 8 * 40 }, (_, i) => outcome(i, 2 * Math.floor(i / 8), 2 + 0.01 * (i % 8)));
    const { releasedS, beganS } = watch(outcomes)!;
    expect(beganS).toBeLessThan(4.1);
    expect(releasedS).toBeLessThan(30);
  });

  test("stays once it is there, and is unknown before", () => {
    const state = openSteadyState();
    expect(state.beganNs()).toBeUndefined();
    let isSteady = false;
    for (let i = 0; i < 500; i++) {
      const now = state.add(outcome(i, i / 50, i < 300 ? 0.01 : 1));
      expect(isSteady && !now).toBe(false);
      isSteady = now;
    }
    expect(isSteady).toBe(true);
  });

  test("is looked for in memory that does not grow with time", () => {
    const state = openSteadyState();
    // A queue that grows for an hour, then ends growing.
    for (let i = 0; i < 50 * 3600; i++) state.add(outcome(i, i / 50, 0.01 + i / 1000));
    expect(state.seen().windows).toBeLessThan(96);
    const end = 0.01 + (50 * 3600) / 1000;
    let i = 50 * 3600;
    while (!state.add(outcome(i, i / 50, end))) i++;
    expect(state.beganNs()! / 1e9).toBeGreaterThan(3600 * 0.9);
  });
});

describe("a warm-up without a steady state is told", () => {
  const told = (seen: Parameters<typeof notSteady>[3]) => notSteady("steady", "head", 60, seen);

  test("with how far latency moved", () => {
    const problem = told({ windows: 80, failing: 0, medians: { firstS: 0.03, lastS: 0.012 } });
    expect(problem).toMatchObject({ severity: "warning", code: "not-steady", scenario: "steady", arm: "head" });
    expect(problem.message).toBe(
      "the head endpoint was not seen to come to a steady state within 60 s of warm-up: its median latency was 30 ms in the first quarter and 12 ms in the last; what was measured may hold a part of its start, so give it a longer one, such as warm-up: 2m",
    );
  });

  test("as noise where it did not move, as too few answers, or as failures", () => {
    expect(told({ windows: 80, failing: 0, medians: { firstS: 0.03, lastS: 0.031 } }).message).toContain("varies too much to tell");
    expect(told({ windows: 3, failing: 0, medians: undefined }).message).toContain("too few answers to tell (3 stretches");
    expect(told({ windows: 2, failing: 90, medians: undefined }).message).toContain("failed in 90 of 92 stretches");
  });
});

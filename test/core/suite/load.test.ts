import { describe, expect, test } from "vitest";
import { recordedLoad } from "../../../src/core/plan/recorded-load.ts";
import { describeSuite } from "../../../src/core/suite/describe.ts";
import { steadyRate } from "../../../src/core/suite/load.ts";
import { loadText } from "../../../src/core/suite/load-text.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import type { Load, Stage } from "../../../src/core/suite/suite.ts";
import { withScenario } from "./suites.ts";

const read = (load: string, ...overrides: string[]): Load =>
  parseSuite(withScenario(`load: ${load}`), "suite.yaml", overrides).suite.scenarios[0]!.load;
const line = (durationS: number, from: number, to: number = from): Stage => ({ kind: "linear", durationS, from, to });
const stagesOf = (shape: string): readonly Stage[] => {
  const load = read(`{ shape: [${shape}] }`);
  return load.kind === "trace" ? [] : load.stages;
};
const told = (load: string) => loadText(read(load));

describe("a shape as it is written", () => {
  test("holds, ramps and waves are what they are", () => {
    expect(stagesOf("{ rate: 20/s, duration: 30s }, { ramp: [20/s, 600/m], duration: 1m }, { rate: 0/s, duration: 5s }")).toEqual([
      line(30, 20),
      line(60, 20, 10),
      line(5, 0),
    ]);
    expect(stagesOf("{ sine: [20/s, 100/s], period: 1m, duration: 5m }")).toEqual([
      { kind: "sine", durationS: 300, low: 20, high: 100, periodS: 60 },
    ]);
  });

  test("steps are equal parts of the duration, rungs of a ladder grow by a factor", () => {
    expect(stagesOf("{ steps: [20/s, 40/s, 80/s], duration: 90s }")).toEqual([line(30, 20), line(30, 40), line(30, 80)]);
    const rungs = stagesOf("{ ladder: [10/s, 160/s], rungs: 5, duration: 150s }");
    expect(rungs.map((rung) => rung.durationS)).toEqual([30, 30, 30, 30, 30]);
    for (const [i, rung] of rungs.entries()) expect(rung.kind === "linear" && rung.from).toBeCloseTo(10 * 2 ** i, 9);
    expect(rungs.at(-1)).toEqual(line(30, 160));
    expect(stagesOf("{ ladder: [1, 100], rungs: 4, duration: 40s }")).toEqual([line(10, 1), line(10, 5), line(10, 22), line(10, 100)]);
    expect(stagesOf("{ ladder: [16, 1], rungs: 3, duration: 30s }")).toEqual([line(10, 16), line(10, 4), line(10, 1)]);
  });

  test("a spike is a level out of another one, and may stand at either end", () => {
    expect(stagesOf("{ spike: 200/s, from: 20/s, at: 10s, for: 5s, duration: 30s }")).toEqual([line(10, 20), line(5, 200), line(15, 20)]);
    expect(stagesOf("{ spike: 200/s, from: 20/s, at: 0s, for: 5s, duration: 5s }")).toEqual([line(5, 200)]);
  });

  test("levels side by side are one, so that a shape which is steady in fact is a steady load", () => {
    expect(read("{ shape: [{ rate: 50/s, duration: 1m }, { ramp: [50/s, 50/s], duration: 1m }] }")).toEqual(steadyRate(50, "poisson", 120));
    expect(stagesOf("{ rate: 20/s, duration: 10s }, { spike: 90/s, from: 20/s, at: 5s, for: 5s, duration: 10s }")).toEqual([
      line(15, 20),
      line(5, 90),
    ]);
  });

  test("has the duration of its pieces and the mean of its rates", () => {
    expect(read("{ shape: [{ ramp: [0/s, 100/s], duration: 60s }, { rate: 100/s, duration: 30s }] }")).toMatchObject({
      kind: "open",
      durationS: 90,
      ratePerS: (3000 + 3000) / 90,
      arrivals: "poisson",
    });
    const half = read("{ shape: [{ sine: [0/s, 100/s], period: 1m, duration: 30s }] }");
    // Half a wave has its upper half only: 50 + 50·2/π on average.
    expect(half).toMatchObject({ ratePerS: expect.closeTo(50 + 100 / Math.PI, 9) });
  });

  test("of users has the most of them as its concurrency, and keeps pauses", () => {
    expect(
      read("{ shape: [{ ramp: [1, 16], duration: 1m }, { concurrency: 0, duration: 5s }], think-time: [200ms, 800ms], pacing: 2s }"),
    ).toEqual({
      kind: "closed",
      concurrency: 16,
      stages: [line(60, 1, 16), line(5, 0)],
      thinkTime: { kind: "uniform", lowS: 0.2, highS: 0.8 },
      pacingS: 2,
      durationS: 65,
    });
  });

  test("is changed by --set, piece by piece", () => {
    const shape = "{ shape: [{ rate: 20/s, duration: 30s }, { ramp: [20/s, 100/s], duration: 1m }] }";
    const set = "scenarios.steady.load.shape";
    expect(read(shape, `${set}.0.duration=10s`, `${set}.1.ramp=[5/s, 7/s]`)).toMatchObject({ stages: [line(10, 20), line(60, 5, 7)] });
    expect(read(shape, `${set}.0.rate=5/s`, `${set}.1.ramp.1=9/s`)).toMatchObject({ stages: [line(30, 5), line(60, 20, 9)] });
    const users = read("{ shape: [{ concurrency: 2, duration: 9s }] }", `${set}.0.concurrency=4`, "scenarios.steady.load.think-time=500ms");
    expect(users).toMatchObject({ concurrency: 4, thinkTime: { kind: "fixed", seconds: 0.5 } });
  });
});

describe("arrivals, think times and traces as they are written", () => {
  test("arrivals have a shape of their own", () => {
    expect(read("{ arrivals: { gamma: 2 } }")).toMatchObject({ arrivals: { gamma: 2 } });
    expect(read("{ arrivals: { jitter: 20% } }")).toMatchObject({ arrivals: { jitter: 0.2 } });
    expect(read("{ arrivals: constant }", "scenarios.steady.load.arrivals={ gamma: 0.5 }")).toMatchObject({ arrivals: { gamma: 0.5 } });
  });

  test("a think time is fixed, uniform or exponential", () => {
    expect(read("{ concurrency: 8, think-time: 500ms }")).toMatchObject({ concurrency: 8, thinkTime: { kind: "fixed", seconds: 0.5 } });
    expect(read("{ concurrency: 8, think-time: [0s, 1s] }")).toMatchObject({ thinkTime: { kind: "uniform", lowS: 0, highS: 1 } });
    expect(read("{ concurrency: 8, think-time: { exponential: 500ms } }")).toMatchObject({
      thinkTime: { kind: "exponential", meanS: 0.5 },
    });
  });

  test("a trace is whole, as fast as it was, unless it is said otherwise", () => {
    expect(read("{ trace: data/t.csv }")).toEqual({
      kind: "trace",
      file: "data/t.csv",
      time: undefined,
      unit: undefined,
      fromS: 0,
      speed: 1,
      sample: 1,
      durationS: 120,
    });
    expect(read("{ trace: t.jsonl, time: TIMESTAMP, unit: ms, from: 10m, speed: 2, sample: 50%, duration: 5m }")).toEqual({
      kind: "trace",
      file: "t.jsonl",
      time: "TIMESTAMP",
      unit: "ms",
      fromS: 600,
      speed: 2,
      sample: 0.5,
      durationS: 300,
    });
  });

  test("a group is kept", () => {
    const text = "name: a\ntarget: { protocol: raw }\nscenarios: [{ name: s, together: g }, { name: t, together: g }]\n";
    expect(parseSuite(text, "suite.yaml").suite.scenarios.map(({ together }) => together)).toEqual(["g", "g"]);
  });
});

describe("a load in words", () => {
  test("of one number needs none", () => {
    expect(told("{ rate: 50/s }")).toBeUndefined();
    expect(told("{ concurrency: 8 }")).toBeUndefined();
  });

  test("tells the pieces of a shape in the units of a suite", () => {
    expect(told("{ shape: [{ ramp: [10/s, 100/s], duration: 1m }, { rate: 100/s, duration: 2m }, { rate: 0/s, duration: 10s }] }")).toBe(
      "10/s → 100/s over 1m, 100/s for 2m, nothing for 10s",
    );
    expect(told("{ shape: [{ sine: [20/s, 100/s], period: 1m, duration: 5m }] }")).toBe("20/s to 100/s and back every 1m for 5m");
    expect(told("{ shape: [{ ramp: [1, 16], duration: 1m }, { concurrency: 4, duration: 10s }] }")).toBe(
      "1 → 16 at a time over 1m, 4 at a time for 10s",
    );
    expect(told("{ shape: [{ ladder: [10/s, 100/s], rungs: 4, duration: 100s }] }")).toBe(
      "10/s for 25s, 21.5/s for 25s, 46.4/s for 25s, 100/s for 25s",
    );
  });

  test("ends a long shape with how much more there is", () => {
    const steps = Array.from({ length: 20 }, (_, i) => `${i + 1}/s`).join(", ");
    expect(told(`{ shape: [{ steps: [${steps}], duration: 200s }] }`)).toMatch(/^1\/s for 10s, .*, 8\/s for 10s, 12 more$/);
  });

  test("tells what users do between requests", () => {
    expect(told("{ concurrency: 8, duration: 1m, think-time: 500ms, pacing: 2s }")).toBe(
      "8 at a time for 1m, think time 500ms, each at most one request in 2s",
    );
    expect(told("{ concurrency: 8, duration: 1m, think-time: { exponential: 500ms } }")).toBe(
      "8 at a time for 1m, think time 500ms on average (exponential)",
    );
  });

  test("names a trace with all that changes it", () => {
    expect(told("{ trace: t.csv, duration: 5m }")).toBe("the trace t.csv for 5m");
    expect(told("{ trace: t.csv, from: 10m, speed: 2, sample: 50%, duration: 5m }")).toBe(
      "the trace t.csv from 10m, at 2 times its speed, 50% of it, for 5m",
    );
  });

  test("is part of the record where the numbers do not say all", () => {
    expect(recordedLoad(read("{ rate: 50/s }"), 0)).toEqual({ kind: "open", ratePerS: 50, arrivals: "poisson", durationS: 120 });
    expect(recordedLoad(read("{ shape: [{ ramp: [0/s, 100/s], duration: 1m }], arrivals: { gamma: 2 } }"), 0)).toEqual({
      kind: "open",
      ratePerS: 50,
      arrivals: "gamma (cv 2)",
      durationS: 60,
      shape: "0/s → 100/s over 1m",
    });
    expect(recordedLoad(read("{ trace: t.csv }"), 12.5)).toEqual({
      kind: "open",
      ratePerS: 12.5,
      arrivals: "trace",
      durationS: 120,
      shape: "the trace t.csv for 2m",
    });
  });

  test("is what `check` says of it", () => {
    const say = (load: string) => describeSuite(parseSuite(withScenario(`load: ${load}, gates: {}`), "suite.yaml").suite).split("\n")[2];
    expect(say("{ shape: [{ ramp: [0/s, 100/s], duration: 1m }], arrivals: { jitter: 20% } }")).toBe(
      "scenario steady: 0/s → 100/s over 1m, constant with 20 % jitter: about 3000 requests per endpoint",
    );
    expect(say("{ shape: [{ ramp: [1, 4], duration: 1m }], think-time: 1s }")).toBe(
      "scenario steady: 1 → 4 at a time over 1m, think time 1s",
    );
    const traced = parseSuite(withScenario("load: { trace: t.csv, duration: 1m }, gates: {}"), "suite.yaml").suite;
    expect(describeSuite(traced, new Map([["steady", 12.5]]))).toContain("the trace t.csv for 1m: 750 requests per endpoint");
    expect(say("{ trace: t.csv, speed: 2 }")).toBe("scenario steady: the trace t.csv, at 2 times its speed, for 2m");
  });
});

import { describe, expect, test } from "vitest";
import { complaints, withScenario } from "./suites.ts";

const load = (text: string): string => complaints(withScenario(`load: ${text}`));
const shape = (text: string): string => load(`{ shape: [${text}] }`);
/** Scenarios of one suite, a line each. */
const scenarios = (...lines: readonly string[]): string =>
  complaints(`name: small\ntarget: { protocol: raw }\nscenarios:\n${lines.map((line) => `  - { ${line} }\n`).join("")}`);

describe("A load: what is said about", () => {
  test("a rate or a number of users of nothing", () => {
    expect(load("{ rate: 0/s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:43: scenarios.steady.load.rate: "0/s" must be more than zero; write for example 50/s"`,
    );
    expect(load("{ concurrency: 0 }")).toMatchInlineSnapshot(
      `"suite.yaml:3:50: scenarios.steady.load.concurrency: 0 is too small; write 1 or more"`,
    );
  });

  test("users that are not whole", () => {
    expect(load("{ concurrency: 2.5 }")).toMatchInlineSnapshot(
      `"suite.yaml:3:50: scenarios.steady.load.concurrency: 2.5 is not a whole number; write a whole number"`,
    );
    expect(shape("{ ramp: [1, 2.5], duration: 10s }, { concurrency: 0.5, duration: 1s }")).toMatchInlineSnapshot(`
      "suite.yaml:3:57: scenarios.steady.load.shape.0.ramp.1: 2.5 is not a number of users; write a whole number for users, or 2.5/s for a rate
      suite.yaml:3:95: scenarios.steady.load.shape.1.concurrency: 0.5 is not a whole number; write a whole number"
    `);
  });

  test("more users than may be under way", () => {
    expect(load("{ concurrency: 2000 }")).toMatchInlineSnapshot(
      `"suite.yaml:3:50: scenarios.steady.load.concurrency: 2000 users can have 2000 requests under way, and target.max-in-flight is 1024; lower it, or write max-in-flight: 2000"`,
    );
    expect(
      complaints(
        "name: a\ntarget: { protocol: raw, max-in-flight: 10 }\nscenarios: [{ name: s, load: { shape: [{ concurrency: 4, duration: 1s }, { ramp: [4, 12], duration: 5s }] } }]\n",
      ),
    ).toMatchInlineSnapshot(
      `"suite.yaml:3:74: scenarios.s.load.shape.1: 12 users can have 12 requests under way, and target.max-in-flight is 10; lower it, or write max-in-flight: 12"`,
    );
  });

  test("two kinds of load at once", () => {
    expect(load("{ shape: [{ rate: 5/s, duration: 10s }], rate: 5/s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:76: scenarios.steady.load.rate: a load has a shape or a rate, not both; write the rate as a piece of the shape, or keep one"`,
    );
    expect(load("{ concurrency: 5, shape: [{ rate: 5/s, duration: 10s }] }")).toMatchInlineSnapshot(
      `"suite.yaml:3:37: scenarios.steady.load.concurrency: a load has a shape or a concurrency, not both; write the concurrency as a piece of the shape, or keep one"`,
    );
    expect(load("{ trace: a.csv, shape: [{ rate: 5/s, duration: 10s }] }")).toMatchInlineSnapshot(
      `"suite.yaml:3:51: scenarios.steady.load.shape: a load has a trace or a shape, not both; a trace has its own arrivals: keep one"`,
    );
    expect(load("{ trace: a.csv, rate: 5/s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:51: scenarios.steady.load.rate: a load has a trace or a rate, not both; a trace has its own arrivals: keep one"`,
    );
  });

  test("a duration beside a shape", () => {
    expect(load("{ shape: [{ rate: 5/s, duration: 10s }], duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:76: scenarios.steady.load.duration: a shape is as long as its pieces; leave it out, and give each piece its duration"`,
    );
  });

  test("arrivals by their names only, by two, by none, and beyond their bounds", () => {
    expect(load("{ arrivals: gamma }")).toMatchInlineSnapshot(
      `"suite.yaml:3:47: scenarios.steady.load.arrivals: "gamma" is not known here; write { gamma: 2 }"`,
    );
    expect(load("{ arrivals: jitter }")).toMatchInlineSnapshot(
      `"suite.yaml:3:47: scenarios.steady.load.arrivals: "jitter" is not known here; write { jitter: 20% }"`,
    );
    expect(load("{ arrivals: { gamma: 2, jitter: 20% } }")).toMatchInlineSnapshot(
      `"suite.yaml:3:47: scenarios.steady.load.arrivals: arrivals have gamma or jitter, not both; keep one"`,
    );
    expect(load("{ arrivals: {} }")).toMatchInlineSnapshot(
      `"suite.yaml:3:47: scenarios.steady.load.arrivals: this says nothing about the arrivals; write { gamma: 2 } or { jitter: 20% }"`,
    );
    expect(load("{ arrivals: { gamma: 0 } }")).toMatchInlineSnapshot(
      `"suite.yaml:3:56: scenarios.steady.load.arrivals.gamma: 0 is too small; write 0.05 or more"`,
    );
    expect(load("{ arrivals: { jitter: 60% } }")).toMatchInlineSnapshot(
      `"suite.yaml:3:57: scenarios.steady.load.arrivals.jitter: "60%" is too much; at most 50%"`,
    );
    expect(load("{ arrivals: { pareto: 1 } }")).toMatchInlineSnapshot(
      `"suite.yaml:3:49: scenarios.steady.load.arrivals: unknown key "pareto"; known are gamma, jitter"`,
    );
    expect(load("{ arrivals: 2 }")).toMatchInlineSnapshot(
      `"suite.yaml:3:47: scenarios.steady.load.arrivals: 2 is none of poisson, constant; write for example poisson"`,
    );
  });

  test("arrivals of a closed shape and of a trace", () => {
    expect(load("{ arrivals: poisson, shape: [{ concurrency: 4, duration: 10s }] }")).toMatchInlineSnapshot(
      `"suite.yaml:3:37: scenarios.steady.load.arrivals: a closed loop has no arrivals; leave it out, or write rate instead of concurrency"`,
    );
    expect(load("{ arrivals: poisson, trace: a.csv }")).toMatchInlineSnapshot(
      `"suite.yaml:3:37: scenarios.steady.load.arrivals: a trace has its own arrivals; leave it out"`,
    );
  });

  test("thinking and pacing where there are no users", () => {
    expect(load("{ rate: 5/s, think-time: 1s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:48: scenarios.steady.load.think-time: an open loop has no users who could wait; leave it out, or write concurrency (in a shape: numbers of users)"`,
    );
    expect(load("{ pacing: 2s, shape: [{ rate: 5/s, duration: 10s }] }")).toMatchInlineSnapshot(
      `"suite.yaml:3:37: scenarios.steady.load.pacing: an open loop has no users who could wait; leave it out, or write concurrency (in a shape: numbers of users)"`,
    );
    expect(load("{ trace: a.csv, pacing: 2s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:51: scenarios.steady.load.pacing: an open loop has no users who could wait; leave it out, or write concurrency (in a shape: numbers of users)"`,
    );
  });

  test("a think time that cannot be read", () => {
    expect(load("{ concurrency: 4, think-time: 500 }")).toMatchInlineSnapshot(
      `"suite.yaml:3:65: scenarios.steady.load.think-time: 500 has no unit; write 500ms or 500s"`,
    );
    expect(load("{ concurrency: 4, think-time: [800ms, 200ms] }")).toMatchInlineSnapshot(
      `"suite.yaml:3:65: scenarios.steady.load.think-time: this runs backwards; write the shorter time first"`,
    );
    expect(load("{ concurrency: 4, think-time: [800ms] }")).toMatchInlineSnapshot(
      `"suite.yaml:3:65: scenarios.steady.load.think-time: this list is too short; it has 2 at least"`,
    );
    expect(load("{ concurrency: 4, think-time: { normal: 1s } }")).toMatchInlineSnapshot(`
      "suite.yaml:3:53: scenarios.steady.load.think-time: "exponential" is missing; add exponential: 500ms
      suite.yaml:3:67: scenarios.steady.load.think-time: unknown key "normal"; known are exponential"
    `);
  });
});

describe("A shape: what is said about", () => {
  test("nothing in it", () => {
    expect(load("{ shape: [] }")).toMatchInlineSnapshot(
      `"suite.yaml:3:44: scenarios.steady.load.shape: this list is empty; write [{ ramp: [20/s, 100/s], duration: 1m }]"`,
    );
    expect(shape("{ duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:45: scenarios.steady.load.shape.0: this piece of the shape sends nothing; write one of rate, concurrency, ramp, steps, spike, sine, ladder"`,
    );
    expect(shape("{ rate: 5/s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:45: scenarios.steady.load.shape.0: "duration" is missing; add duration: 1m"`,
    );
  });

  test("nothing sent from beginning to end", () => {
    expect(shape("{ rate: 0/s, duration: 10s }, { ramp: [0/s, 0/s], duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:44: scenarios.steady.load.shape: this shape sends nothing from beginning to end; write a level above 0"`,
    );
    expect(shape("{ concurrency: 0, duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:44: scenarios.steady.load.shape: this shape sends nothing from beginning to end; write a level above 0"`,
    );
  });

  test("rates and users in one", () => {
    expect(shape("{ rate: 5/s, duration: 10s }, { concurrency: 4, duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:90: scenarios.steady.load.shape.1.concurrency: this is a number of users, and the shape began with rates; write every level as a rate such as 10/s (open loop) or every level as a number of users such as 4 (closed loop)"`,
    );
    expect(shape("{ ramp: [4, 20/s], duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:57: scenarios.steady.load.shape.0.ramp.1: this is a rate, and the shape began with numbers of users; write every level as a rate such as 10/s (open loop) or every level as a number of users such as 4 (closed loop)"`,
    );
    expect(shape("{ spike: 200/s, from: 20, at: 1s, for: 1s, duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:67: scenarios.steady.load.shape.0.from: this is a number of users, and the shape began with rates; write every level as a rate such as 10/s (open loop) or every level as a number of users such as 4 (closed loop)"`,
    );
  });

  test("a level without its unit, and a level that is text", () => {
    expect(shape('{ rate: 5/s, duration: 10s }, { ramp: ["4", 20/s], duration: 10s }')).toMatchInlineSnapshot(
      `"suite.yaml:3:84: scenarios.steady.load.shape.1.ramp.0: 4 has no unit; write 4 without quotes for users, 4/s for a rate"`,
    );
    expect(shape("{ steps: [20rps, 40/s], duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:55: scenarios.steady.load.shape.0.steps.0: "20rps" has the unknown unit "rps"; write 20/s"`,
    );
    expect(shape("{ steps: [200000/s, 40/s], duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:55: scenarios.steady.load.shape.0.steps.0: "200000/s" is too much; at most 100000/s"`,
    );
  });

  test("lists of the wrong length", () => {
    expect(shape("{ ramp: [20/s], duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:53: scenarios.steady.load.shape.0.ramp: this list is too short; it has 2 at least, for example [20/s, 100/s]"`,
    );
    expect(shape("{ ramp: [20/s, 30/s, 40/s], duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:53: scenarios.steady.load.shape.0.ramp: this list is too long; it has 2 at most, for example [20/s, 100/s]"`,
    );
    expect(shape("{ steps: [20/s], duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:54: scenarios.steady.load.shape.0.steps: this list is too short; it has 2 at least, for example [20/s, 40/s, 80/s]"`,
    );
  });

  test("a piece that is two things, and keys of another kind", () => {
    expect(shape("{ rate: 5/s, ramp: [5/s, 6/s], duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:58: scenarios.steady.load.shape.0.ramp: a piece of a shape is rate or ramp, not both; make it two pieces, each with a duration"`,
    );
    expect(shape("{ ramp: [5/s, 6/s], rungs: 3, duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:65: scenarios.steady.load.shape.0: "rungs" is for ladder, and this is a ramp; leave it out"`,
    );
    expect(shape("{ period: 3s, duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:47: scenarios.steady.load.shape.0: "period" is for sine, which this piece does not have; add sine, or leave it out"`,
    );
    expect(shape("{ burst: 3/s, duration: 10s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:47: scenarios.steady.load.shape.0: unknown key "burst"; did you mean "spike"?"`,
    );
  });

  test("a spike that is incomplete, outside its piece, or none", () => {
    expect(shape("{ spike: 200/s, from: 20/s, duration: 30s }")).toMatchInlineSnapshot(`
      "suite.yaml:3:47: scenarios.steady.load.shape.0.spike: a spike needs "at"; add at: 10s
      suite.yaml:3:47: scenarios.steady.load.shape.0.spike: a spike needs "for"; add for: 5s"
    `);
    expect(shape("{ spike: 200/s, from: 20/s, at: 28s, for: 5s, duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:87: scenarios.steady.load.shape.0.for: the burst ends after 33s, and the piece lasts 30s; make it shorter or earlier, or the piece longer"`,
    );
    expect(shape("{ spike: 20/s, from: 20/s, at: 1s, for: 5s, duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:54: scenarios.steady.load.shape.0.spike: the burst does not rise above the level around it; write a spike that is higher than from"`,
    );
    expect(shape("{ spike: 200/s, from: 20/s, at: 25s, for: 5s, duration: 30s }")).toBe("no complaint");
  });

  test("a sine without its period, with none, backwards or flat", () => {
    expect(shape("{ sine: [20/s, 100/s], duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:47: scenarios.steady.load.shape.0.sine: a sine needs "period"; add period: 1m"`,
    );
    expect(shape("{ sine: [20/s, 100/s], period: 0s, duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:76: scenarios.steady.load.shape.0.period: "0s" must be more than zero; write for example 1m"`,
    );
    expect(shape("{ sine: [100/s, 20/s], period: 10s, duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:53: scenarios.steady.load.shape.0.sine: this runs backwards; write the low level first"`,
    );
    expect(shape("{ sine: [20/s, 20/s], period: 10s, duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:53: scenarios.steady.load.shape.0.sine: this wave is flat; write two different levels, or rate (or concurrency) for one"`,
    );
    expect(shape("{ sine: [1, 1000], period: 1s, duration: 1h }")).toMatchInlineSnapshot(
      `"suite.yaml:3:72: scenarios.steady.load.shape.0.period: the number of users would change 7,192,800 times; write a longer period"`,
    );
    expect(shape("{ sine: [20/s, 100/s], period: 5m, duration: 30s }")).toBe("no complaint");
  });

  test("a ladder from nothing, to itself, or with more rungs than whole users", () => {
    expect(shape("{ ladder: [0/s, 100/s], rungs: 5, duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:55: scenarios.steady.load.shape.0.ladder: a ladder cannot begin or end at nothing: its levels grow by a factor; write a level above 0"`,
    );
    expect(shape("{ ladder: [10/s, 10/s], rungs: 5, duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:55: scenarios.steady.load.shape.0.ladder: all rungs of this ladder are the same; write two different levels"`,
    );
    expect(shape("{ ladder: [1, 4], rungs: 8, duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:70: scenarios.steady.load.shape.0.rungs: 8 rungs do not fit between 1 and 4 users: some would be the same; write 4 or less"`,
    );
    expect(shape("{ ladder: [10/s, 160/s], duration: 30s }")).toMatchInlineSnapshot(
      `"suite.yaml:3:47: scenarios.steady.load.shape.0.ladder: a ladder needs "rungs"; add rungs: 5"`,
    );
  });

  test("more than a day, more than can be planned, less than one request", () => {
    expect(shape("{ rate: 1/s, duration: 24h }, { rate: 2/s, duration: 1h }")).toMatchInlineSnapshot(
      `"suite.yaml:3:44: scenarios.steady.load.shape: this shape lasts 25h; at most 24h"`,
    );
    expect(shape("{ ramp: [0/s, 100000/s], duration: 1h }")).toMatchInlineSnapshot(
      `"suite.yaml:3:44: scenarios.steady.load.shape: this load is 180,000,000 requests; at most 50,000,000 can be planned: lower its rates or durations"`,
    );
    expect(shape("{ rate: 1/h, duration: 1m }")).toMatchInlineSnapshot(
      `"suite.yaml:3:44: scenarios.steady.load.shape: this load is less than one request; raise its rates or durations"`,
    );
  });

  test("a mistake that --set brings", () => {
    const suite = withScenario("load: { shape: [{ rate: 5/s, duration: 10s }] }");
    expect(complaints(suite, ["scenarios.steady.load.shape.0.duration=10"])).toMatchInlineSnapshot(
      `"--set:1:40: scenarios.steady.load.shape.0.duration: 10 has no unit; write 10ms or 10s"`,
    );
    expect(complaints(suite, ["scenarios.steady.load.shape.1.duration=10s"])).toMatchInlineSnapshot(
      `"--set:1:1: scenarios.steady.load.shape has no entry "1"; write an index from 0 to 0"`,
    );
  });
});

describe("A trace: what is said about", () => {
  test("its keys without it", () => {
    expect(load("{ rate: 5/s, speed: 2 }")).toMatchInlineSnapshot(
      `"suite.yaml:3:48: scenarios.steady.load: "speed" is for a trace; leave it out, or name a trace"`,
    );
    expect(load("{ rate: 5/s, time: 2m }")).toMatchInlineSnapshot(
      `"suite.yaml:3:48: scenarios.steady.load: "time" is for a trace; leave it out; how long a load lasts is its duration"`,
    );
  });

  test("a file of another kind, and an absolute path", () => {
    expect(load("{ trace: trace.parquet }")).toMatchInlineSnapshot(
      `"suite.yaml:3:44: scenarios.steady.load.trace: "trace.parquet" is not a kind of trace that can be read; write a .csv file with a header, or a .jsonl file with one object a line"`,
    );
    expect(load("{ trace: /tmp/trace.csv }")).toMatchInlineSnapshot(
      `"suite.yaml:3:44: scenarios.steady.load.trace: "/tmp/trace.csv" is not a relative path; write it relative to the suite file and with forward slashes: tmp/trace.csv"`,
    );
  });

  test("a speed or a sample of nothing, and a unit in words", () => {
    expect(load("{ trace: a.csv, speed: 0, sample: 0%, unit: milliseconds }")).toMatchInlineSnapshot(`
      "suite.yaml:3:58: scenarios.steady.load.speed: 0 is too small; write a number above 0
      suite.yaml:3:69: scenarios.steady.load.sample: "0%" must be more than zero; write for example 10%
      suite.yaml:3:79: scenarios.steady.load.unit: "milliseconds" is not known here; write ms"
    `);
  });
});

describe("Scenarios that run together: what is said about", () => {
  test("a group of one", () => {
    expect(scenarios("name: a, together: g")).toMatchInlineSnapshot(
      `"suite.yaml:4:26: scenarios.a.together: no other scenario is together in "g"; name the same group in a second scenario, or leave it out"`,
    );
  });

  test("members with another scenario between them", () => {
    expect(scenarios("name: a, together: g", "name: b", "name: c, together: g")).toMatchInlineSnapshot(
      `"suite.yaml:6:26: scenarios.c.together: another scenario stands between those of "g"; put scenarios that run at once one after the other"`,
    );
  });

  test("members that last or warm up for different times", () => {
    expect(
      scenarios(
        "name: a, together: g, load: { duration: 1m }",
        "name: b, together: g, load: { shape: [{ rate: 5/s, duration: 30s }, { rate: 9/s, duration: 20s }] }",
        "name: c, together: g, load: { duration: 60s }, warm-up: 10s",
      ),
    ).toMatchInlineSnapshot(`
      "suite.yaml:5:35: scenarios.b.load: this lasts 50s, and "a", which runs at the same time, lasts 1m; give all of a group the same duration
      suite.yaml:6:63: scenarios.c.warm-up: the warm-up is not that of "a", which runs at the same time; give all of a group the same warm-up"
    `);
  });

  test("two groups in a row, of equal durations in other words: nothing", () => {
    expect(
      scenarios(
        "name: a, together: g, load: { duration: 1m }, warm-up: 10s",
        "name: b, together: g, load: { concurrency: 4, duration: 60s }, warm-up: 10000ms",
        "name: c, together: h",
        "name: d, together: h, load: { shape: [{ rate: 5/s, duration: 1m }, { rate: 9/s, duration: 1m }] }",
      ),
    ).toBe("no complaint");
  });
});

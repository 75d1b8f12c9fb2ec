import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openPhaseReader } from "../../../src/core/protocol/server-phases.ts";
import { readServerTiming } from "../../../src/core/protocol/server-timing.ts";

const read = (text: string) => readServerTiming(text).map(({ name, durationMs }) => [name, durationMs]);

describe("a Server-Timing header", () => {
  // The first six are the examples of the specification (§2) and of what it says about parsing.
  test.each([
    [
      "miss, db;dur=53, app;dur=47.2",
      [
        ["miss", undefined],
        ["db", 53],
        ["app", 47.2],
      ],
    ],
    [
      "customView, dc;desc=atl",
      [
        ["customView", undefined],
        ["dc", undefined],
      ],
    ],
    ['cache;desc="Cache Read";dur=23.2', [["cache", 23.2]]],
    ["total;dur=123.4", [["total", 123.4]]],
    ["metric;dur=1;dur=2", [["metric", 1]]],
    ["metric;DUR=3", [["metric", 3]]],
    [
      "a ; dur = 4 , b;dur=5",
      [
        ["a", 4],
        ["b", 5],
      ],
    ],
    ['a;desc="x, b;dur=9";dur=1', [["a", 1]]],
    ['a;desc="quote \\" and \\\\";dur=2', [["a", 2]]],
    ['a;dur="6.5"', [["a", 6.5]]],
    [
      "a;dur=1e2, b;dur=.5, c;dur=+3, d;dur=-1",
      [
        ["a", 100],
        ["b", 0.5],
        ["c", 3],
        ["d", -1],
      ],
    ],
    [
      "a;dur=12ms, b;dur=NaN, c;dur=Infinity, d;dur=, e;dur",
      [
        ["a", 12],
        ["b", undefined],
        ["c", undefined],
        ["d", undefined],
        ["e", undefined],
      ],
    ],
    ["a;dur=1e999", [["a", undefined]]],
    [
      "a extra;dur=1 extra;desc=x, b",
      [
        ["a", 1],
        ["b", undefined],
      ],
    ],
    [",, ;dur=1, =;dur=2,a", [["a", undefined]]],
    [
      "a,a;dur=1,a;dur=2",
      [
        ["a", undefined],
        ["a", 1],
        ["a", 2],
      ],
    ],
    ['a;desc="never closed;dur=1, b;dur=2', [["a", undefined]]],
    ['a;desc="ends in a backslash\\', [["a", undefined]]],
    ["", []],
    [" \t ", []],
    ["é;dur=1, b;dur=2", [["b", 2]]],
  ])("%s", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test("of any text is read without an error, in time that follows its length", () => {
    const pieces = fc.array(fc.constantFrom("a", ";", ",", "=", '"', "\\", "dur", " ", "1", "e9", "é", "\u0000"), { maxLength: 200 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          pieces.map((each) => each.join("")),
        ),
        (text) => {
          for (const { name, durationMs } of readServerTiming(text)) {
            expect(name).toMatch(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
            if (durationMs !== undefined) expect(Number.isFinite(durationMs)).toBe(true);
          }
        },
      ),
    );
    for (const unit of ['a;dur="', ";", "a;dur=1,", '"\\', 'a;a="', "=", "a;;;;"]) {
      const hostile = unit.repeat(Math.ceil(100_000 / unit.length));
      const startedMs = performance.now();
      readServerTiming(hostile);
      expect(performance.now() - startedMs).toBeLessThan(1_000);
    }
  });
});

describe("the phases of an answer", () => {
  const timing = (text: string, policy?: Parameters<typeof openPhaseReader>[0]) => openPhaseReader(policy)({ "server-timing": text });

  test("are found under their usual names, in nanoseconds", () => {
    expect(timing("tokenize;dur=0.25, wait;dur=3, model;dur=20.5, post;dur=1")).toEqual({
      preprocess: 250_000,
      queue: 3_000_000,
      infer: 20_500_000,
      postprocess: 1_000_000,
    });
    expect(timing("Queue;dur=1")).toEqual({ queue: 1_000_000 });
  });

  test("are those of the first usual name where there are several, and the sum where one is there twice", () => {
    expect(timing("compute;dur=8, infer;dur=10, model;dur=9")).toEqual({ infer: 10_000_000 });
    expect(timing("queue;dur=1, wait;dur=50, queue;dur=2")).toEqual({ queue: 3_000_000 });
  });

  test("are the sum of the names that the suite gives, and the usual ones count no more", () => {
    const policy = { serverTiming: { queue: ["q", "batch"], infer: ["forward-pass"] }, headers: [] };
    expect(timing("q;dur=1, batch;dur=2, queue;dur=100, Forward-Pass;dur=4, infer;dur=100, pre;dur=0.5", policy)).toEqual({
      queue: 3_000_000,
      infer: 4_000_000,
      preprocess: 500_000,
    });
    // A usual name of one phase may be the suite's name of another.
    expect(timing("compute;dur=2, infer;dur=7", { serverTiming: { postprocess: ["compute"] }, headers: [] })).toEqual({
      postprocess: 2_000_000,
      infer: 7_000_000,
    });
  });

  test("are looked for in the headers that the suite names, where Server-Timing does not tell them", () => {
    const read = openPhaseReader({
      serverTiming: {},
      headers: [
        { phase: "preprocess", name: "x-tokenization-time", unit: "ms" },
        { phase: "queue", name: "x-queue-time", unit: "us" },
        { phase: "infer", name: "x-process-time", unit: "s" },
      ],
    });
    expect(read({ "x-tokenization-time": "1", "x-queue-time": "250", "x-process-time": "0.0125" })).toEqual({
      preprocess: 1_000_000,
      queue: 250_000,
      infer: 12_500_000,
    });
    expect(read({ "server-timing": "infer;dur=3", "x-process-time": "9" })).toEqual({ infer: 3_000_000 });
    expect(read({ "x-queue-time": "soon" })).toBeUndefined();
    expect(read({})).toBeUndefined();
  });

  test("are none where nothing is told: without the header, without durations, with durations that are none", () => {
    expect(openPhaseReader()({ "content-type": "text/plain" })).toBeUndefined();
    for (const text of [
      "queue",
      "other;dur=1",
      "queue;dur=-1",
      "queue;dur=NaN",
      "queue;dur=1e300",
      "queue;dur=3600001",
      "",
      `queue;desc="${"x".repeat(10_000)}`,
    ])
      expect(timing(text)).toBeUndefined();
    expect(timing("queue;dur=3600000")).toEqual({ queue: 3.6e12 });
    expect(timing("queue;dur=0")).toEqual({ queue: 0 });
  });

  test("never are anything that a distribution refuses", () => {
    const metric = fc.tuple(
      fc.constantFrom("queue", "infer", "model", "x"),
      fc.oneof(fc.double(), fc.constantFrom("", "1e309", "-0", "0x10", '"7"')),
    );
    fc.assert(
      fc.property(fc.array(metric, { maxLength: 30 }), (metrics) => {
        const phases = timing(metrics.map(([name, dur]) => `${name};dur=${dur}`).join(","));
        for (const ns of Object.values(phases ?? {})) expect(ns >= 0 && Number.isFinite(ns)).toBe(true);
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { readTrace, type Trace } from "../../../src/core/plan/trace.ts";
import { replay } from "../../../src/core/plan/trace-window.ts";
import type { TraceLoad } from "../../../src/core/suite/suite.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
type Named = Partial<Pick<TraceLoad, "time" | "unit">>;
const read = (file: string, text: string, { time, unit }: Named = {}): Trace => readTrace(bytes(text), { file, time, unit });
const csv = (text: string, named?: Named) => [...read("t.csv", text, named).arrivalsS];
const jsonl = (text: string, named?: Named) => [...read("t.jsonl", text, named).arrivalsS];

function complaint(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    if (error instanceof InputError) return error.sentence;
    throw error;
  }
  return "no complaint";
}

describe("a trace", () => {
  test("of dates with a space and seven digits, as Azure publishes them", () => {
    const text =
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,3180,8\n2023-11-16 18:18:04.0319601,110,27\n";
    const [first, second, third] = csv(text);
    expect(first).toBe(0);
    expect(second).toBeCloseTo(0.052, 12);
    expect(third).toBeCloseTo(60.0520001, 12);
  });

  test("of dates in ISO 8601, with zones, over a leap day and midnight", () => {
    const text =
      'at\n2024-02-28T23:59:59Z\n2024-02-29T00:59:59.5+01:00\n2024-02-29T23:59:59.5Z\n"2024-03-01T00:00:00,25"\n2024-02-29T20:00-0500\n';
    expect(csv(text)).toEqual([0, 0.5, 86_400.5, 86_401.25, 90_001]);
  });

  test("of numbers counts in its unit, in that of its column's name, or in seconds", () => {
    expect(csv("ts\n1000\n1001.5\n")).toEqual([0, 1.5]);
    expect(csv("ts\n1000\n1001.5\n", { unit: "ms" })[1]).toBeCloseTo(0.0015, 15);
    expect(csv("arrived_at_ms\n1000\n1500\n")).toEqual([0, 0.5]);
    expect(csv("at_us\n0\n2500000\n")).toEqual([0, 2.5]);
    expect(csv("arrivalTimeMs\n0\n250\n", { time: "arrivalTimeMs" })).toEqual([0, 0.25]);
    expect(csv("at_s\n3\n4\n", { unit: "ns" })[1]).toBeCloseTo(1e-9, 20);
    expect(csv("sent (us)\n0\n2500000\n", { time: "sent (us)" })).toEqual([0, 2.5]);
    expect(csv("timestampms\n0\n250\n")).toEqual([0, 0.25]);
    for (const name of ["ts", "starts", "timestamps"]) expect(read("t.csv", `${name}\n1\n`, { time: name }).unitAssumed, name).toBe(true);
    expect(read("t.csv", "at_s\n1\n").unitAssumed).toBe(false);
  });

  test("of JSON lines, with blank lines and keys that are nobody's business", () => {
    const text =
      '{"timestamp": 0, "input_length": 6758, "hash_ids": [1, 2]}\r\n\r\n{"timestamp": 27482, "hash_ids": []}\n{"timestamp":30000}';
    expect(jsonl(text, { unit: "ms" })).toEqual([0, 27.482, 30]);
    const trace = read("t.jsonl", text, { unit: "ms" });
    expect([...trace.lines]).toEqual([1, 3, 4]);
  });

  test("is found by the surest name among its columns, or by the name that is given in any case", () => {
    expect(csv("time,Timestamp\n5,0\n9,1\n")).toEqual([0, 1]);
    expect(csv("time,Timestamp\n5,0\n9,1\n", { time: "TIME" })).toEqual([0, 4]);
    expect(csv("id,Arrived-At (ms)\n1,0\n", { time: "arrived-at (ms)" })).toEqual([0]);
  });

  test("may have several arrivals at one moment", () => {
    expect(csv("ts\n1\n1\n1\n")).toEqual([0, 0, 0]);
  });
});

describe("A trace: what is said about", () => {
  test("no arrival", () => {
    expect(complaint(() => csv(""))).toMatchInlineSnapshot(`"t.csv:1:1: the trace holds no arrival; a replay needs at least one"`);
    expect(complaint(() => csv("ts,tokens\n"))).toMatchInlineSnapshot(
      `"t.csv:1:1: the trace holds no arrival; a replay needs at least one"`,
    );
    expect(complaint(() => jsonl("\n\n"))).toMatchInlineSnapshot(`"t.jsonl:1:1: the trace holds no arrival; a replay needs at least one"`);
  });

  test("no column of time stamps", () => {
    expect(complaint(() => csv("when,tokens\n1,2\n"))).toMatchInlineSnapshot(
      `"t.csv:1:1: no column of the trace is called timestamp, time, arrived_at or the like; name its column in the load: time: when"`,
    );
    expect(complaint(() => csv("timestamp,tokens\n1,2\n", { time: "timestmp" }))).toMatchInlineSnapshot(
      `"t.csv:1:1: the trace has no column "timestmp"; did you mean "timestamp"?"`,
    );
    expect(complaint(() => jsonl('{"a": 1}'))).toMatchInlineSnapshot(
      `"t.jsonl:1:1: no key of the trace is called timestamp, time, arrived_at or the like; name its key in the load: time: a"`,
    );
    expect(complaint(() => csv("2023-11-16 18:17:03,1\n2023-11-16 18:17:04,1\n"))).toMatchInlineSnapshot(
      `"t.csv:1:1: the first line of the trace holds a time stamp instead of names; write the names of the columns above it"`,
    );
  });

  test("a time stamp that cannot be read", () => {
    expect(complaint(() => csv("a,ts\n1,5\n2,soon\n"))).toMatchInlineSnapshot(
      `"t.csv:3:3: "soon" is not a time stamp; write a number, or a date such as 2026-11-26T09:30:00.125Z"`,
    );
    expect(complaint(() => csv("a,ts\n1,5\n2,\n"))).toMatchInlineSnapshot(
      `"t.csv:3:3: "ts" is missing here; write a number, or a date such as 2026-11-26T09:30:00.125Z"`,
    );
    expect(complaint(() => csv("ts\n2023-02-30 10:00:00\n"))).toMatchInlineSnapshot(
      `"t.csv:2:1: "2023-02-30 10:00:00" is not a time stamp; write a number, or a date such as 2026-11-26T09:30:00.125Z"`,
    );
    expect(complaint(() => jsonl('{"ts": 1}\n{"tz": 2}'))).toMatchInlineSnapshot(
      `"t.jsonl:2:1: "ts" is missing here; write a number, or a date such as 2026-11-26T09:30:00.125Z"`,
    );
    expect(complaint(() => jsonl('{"ts": 1}\n{"ts": 2'))).toMatchInlineSnapshot(
      `"t.jsonl:2:1: this line is not JSON; a .jsonl trace has one object a line"`,
    );
    expect(complaint(() => jsonl('{"ts": 1}\n[2]'))).toMatchInlineSnapshot(
      `"t.jsonl:2:1: this line is not an object; write for example { "timestamp": 0 }"`,
    );
  });

  test("time stamps out of order", () => {
    expect(complaint(() => csv("a,ts\n1,5\n\n2,7\n3,6.9\n"))).toMatchInlineSnapshot(
      `"t.csv:5:3: this time stamp lies before the one above it; sort the trace by time"`,
    );
  });

  test("dates among numbers, and a unit for dates", () => {
    expect(complaint(() => csv("ts\n5\n2023-11-16 18:17:03\n"))).toMatchInlineSnapshot(
      `"t.csv:3:1: this is a date among numbers, or a number among dates; write all time stamps alike"`,
    );
    expect(complaint(() => csv("ts\n2023-11-16 18:17:03\n", { unit: "ms" }))).toMatchInlineSnapshot(
      `"t.csv:2:1: this is a date, and the load names a unit; leave unit out: it is for numbers"`,
    );
  });

  test("milliseconds since 1970 of which nobody said that they are", () => {
    expect(complaint(() => csv("ts\n1700000000000\n1700000000500\n"))).toMatchInlineSnapshot(
      `"t.csv:2:1: these numbers are too large to be seconds since 1970; write unit: ms (or us, or ns)"`,
    );
    expect(csv("ts\n1700000000000\n1700000000500\n", { unit: "ms" })).toEqual([0, 0.5]);
  });

  test("bytes that are no text", () => {
    expect(
      complaint(() => readTrace(Uint8Array.of(0x1f, 0x8b, 0xff), { file: "t.csv", time: undefined, unit: undefined })),
    ).toMatchInlineSnapshot(`"t.csv:1:1: the trace is not UTF-8 text; save it as UTF-8, uncompressed"`);
  });
});

describe("a replay", () => {
  /** An arrival every half second for 100 s. */
  const even = read("even.csv", `at_s\n${Array.from({ length: 200 }, (_, i) => i / 2).join("\n")}\n`);
  const take = (change: Partial<TraceLoad>, seed = 1, trace = even) =>
    replay(trace, { fromS: 0, speed: 1, sample: 1, durationS: 100, ...change }, stream(seed)).arrivalsS;

  test("is the whole trace, up to one mean gap beyond its last arrival", () => {
    expect([...take({})]).toEqual([...even.arrivalsS]);
  });

  test("begins and ends where its window does, as fast as it is told", () => {
    expect([...take({ fromS: 10, durationS: 2 })]).toEqual([0, 0.5, 1, 1.5]);
    expect([...take({ fromS: 10, durationS: 2, speed: 2 })]).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75]);
    expect([...take({ fromS: 10.25, durationS: 2, speed: 0.5 })]).toEqual([0.5, 1.5]);
  });

  test("keeps a share of the arrivals, the same ones wherever the window begins", () => {
    const kept = [...take({ sample: 0.3 })];
    expect(kept.length).toBeGreaterThan(40);
    expect(kept.length).toBeLessThan(80);
    const later = [...take({ sample: 0.3, fromS: 50, durationS: 50 })];
    expect(later.map((atS) => atS + 50)).toEqual(kept.filter((atS) => atS >= 50));
    expect([...take({ sample: 0.3 }, 2)]).not.toEqual(kept);
  });

  test("that reaches beyond its trace is told how long the trace is", () => {
    expect(complaint(() => take({ durationS: 101 }))).toMatchInlineSnapshot(
      `"even.csv:201:1: this trace ends before 1m41s are over: it lasts 1m40s; shorten duration, or lower from or speed"`,
    );
    expect(complaint(() => take({ fromS: 30, speed: 2, durationS: 40 }))).toMatchInlineSnapshot(
      `"even.csv:201:1: this trace ends before 40s from 30s on are over: it lasts 50s at speed 2, 35s of it from there on; shorten duration, or lower from or speed"`,
    );
    expect(complaint(() => take({ durationS: 1 }, 1, read("one.csv", "ts\n5\n")))).toMatchInlineSnapshot(
      `"one.csv:2:1: this trace ends before 1s are over: it lasts 0s; shorten duration, or lower from or speed"`,
    );
  });

  test("without an arrival is told where the trace goes on, and what its numbers may be", () => {
    const gap = read("gap.csv", "ts\n0\n1\n500\n501\n");
    expect(complaint(() => take({ fromS: 10, durationS: 60 }, 1, gap))).toMatchInlineSnapshot(
      `"gap.csv:4:1: no arrival is left in the 1m of this trace from 10s on; choose another from or a longer duration; its numbers were read as seconds: if they are not, write unit: ms"`,
    );
    expect(complaint(() => take({ fromS: 20.1, durationS: 0.3, sample: 0.5 }))).toMatchInlineSnapshot(
      `"even.csv:43:1: no arrival is left in the 300ms of this trace from 20.1s on; choose another from or a longer duration, or sample more of it"`,
    );
  });
});

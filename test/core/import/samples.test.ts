import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { importSamples } from "../../../src/core/import/samples.ts";
import { decodeBins } from "../../../src/core/record/distribution.ts";
import { readRunRecord, writeRunRecord } from "../../../src/core/record/read.ts";
import { mergeBins } from "../../../src/core/stats/bins.ts";
import { quantileOf } from "../../../src/core/stats/quantile.ts";
import { makeSuite } from "../report/fixtures.ts";

const TARGET = { suite: makeSuite(["steady", "burst"]), digest: "abc123", scenario: "steady" };
const read = (text: string) => importSamples({ name: "s.csv", text }, TARGET);
const blocksOf = (text: string) => read(text).scenarios[0]!.arms.head!.blocks;

/** `count` requests, one every `gapMs`, each of 20 ms. */
const steady = (count: number, gapMs: number, row = (at: number) => `${at},20,ok`): string =>
  ["at_ms,latency_ms,outcome", ...Array.from({ length: count }, (_, i) => row(i * gapMs))].join("\n");

const mistake = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof InputError) return error.sentence;
    throw error;
  }
  return "no error";
};

test("a file becomes one run of the scenario, with the suite's name, digest and load", () => {
  const record = read(steady(3000, 20));
  expect(record).toMatchObject({ schema: 1, suite: { name: "sentiment", digest: "abc123", seed: 42 }, status: "complete" });
  expect(record.scenarios).toHaveLength(1);
  expect(record.scenarios[0]).toMatchObject({ name: "steady", load: { kind: "open", ratePerS: 50 } });
});

test("the record can be stored and read again", () => {
  const record = read(steady(300, 100));
  expect(readRunRecord(writeRunRecord(record), "test")).toEqual(record);
});

test("blocks are at least 10 s long and hold 100 requests", () => {
  expect(blocksOf(steady(3000, 20)).map(({ startS, durationS, offered }) => [startS, durationS, offered])).toEqual(
    Array.from({ length: 6 }, (_, index) => [index * 10, 10, 500]),
  );
});

test("at a low rate, blocks are as long as a hundred requests take", () => {
  expect(blocksOf(steady(1000, 200)).map(({ durationS, offered }) => [durationS, offered])).toEqual(
    Array.from({ length: 10 }, () => [20, 100]),
  );
});

test("a remainder joins the last block", () => {
  const blocks = blocksOf(steady(3250, 20));
  expect(blocks.map(({ offered }) => offered)).toEqual([500, 500, 500, 500, 500, 750]);
  expect(blocks.at(-1)!.durationS).toBeCloseTo(15, 6);
});

test("a run too short for four such blocks is cut into four equal ones", () => {
  expect(blocksOf(steady(800, 20)).map(({ durationS, offered }) => [durationS, offered])).toEqual(
    Array.from({ length: 4 }, () => [4, 200]),
  );
});

test("a run too short for that is cut into fewer, down to one", () => {
  expect(blocksOf(steady(60, 100)).map(({ offered }) => offered)).toEqual([30, 30]);
  expect(blocksOf(steady(10, 100)).map(({ offered }) => offered)).toEqual([10]);
});

test("one request is a block as long as its latency", () => {
  expect(blocksOf("at_ms,latency_ms,outcome\n5000,250,ok")[0]).toMatchObject({ startS: 0, durationS: 0.25, offered: 1, ok: 1 });
});

test("the order of rows makes no difference", () => {
  const rows = fc.shuffledSubarray(
    steady(300, 50, (at) => `${at},${20 + (at % 7)},ok`)
      .split("\n")
      .slice(1),
    { minLength: 300 },
  );
  fc.assert(
    fc.property(rows, (shuffled) => {
      const text = ["at_ms,latency_ms,outcome", ...shuffled].join("\n");
      expect(read(text)).toEqual(read(steady(300, 50, (at) => `${at},${20 + (at % 7)},ok`)));
    }),
    { numRuns: 10 },
  );
});

test("every row is counted once: in ok or in one failure kind, in one block", () => {
  const row = fc.tuple(
    fc.integer({ min: 0, max: 60_000 }),
    fc.integer({ min: 0, max: 5000 }),
    fc.constantFrom("ok", "timeout", "503", "oom", "reset"),
  );
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 400 }), (rows) => {
      const blocks = blocksOf(["at_ms,latency_ms,outcome", ...rows.map((cells) => cells.join(","))].join("\n"));
      const total = (of: (block: (typeof blocks)[number]) => number) => blocks.reduce((sum, block) => sum + of(block), 0);
      expect(total(({ offered }) => offered)).toBe(rows.length);
      expect(total(({ ok }) => ok)).toBe(rows.filter(([, , outcome]) => outcome === "ok").length);
      expect(total(({ failures }) => Object.values(failures).reduce((sum, n) => sum + n, 0))).toBe(
        rows.filter(([, , outcome]) => outcome !== "ok").length,
      );
      const latencies = mergeBins(
        blocks.flatMap(({ histograms }) => (histograms.latency === undefined ? [] : [decodeBins(histograms.latency)])),
      );
      expect(latencies.total).toBe(rows.filter(([, , outcome]) => outcome === "ok" || outcome === "timeout").length);
      for (const { durationS } of blocks) expect(durationS).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});

test("latencies are kept to 0.1 %, whatever their decimals", () => {
  const [block] = blocksOf("at_ms,latency_ms,outcome\n0,20.001,ok");
  expect(quantileOf(decodeBins(block!.histograms.latency!), 0.5)).toBeCloseTo(0.020001, 4);
});

test("a timeout counts with the time that was waited; another failure has no latency", () => {
  const [block] = blocksOf("at_ms,latency_ms,outcome\n0,30000,timeout\n10,,connect\n20,15,ok");
  expect(block).toMatchObject({ offered: 3, ok: 1, failures: { timeout: 1, connect: 1 } });
  expect(decodeBins(block!.histograms.latency!).total).toBe(2);
});

test("an unknown word is a failure and kept as the example; a number is a status", () => {
  const arm = read("at_ms,latency_ms,outcome\n0,1,ok\n1,,out of memory\n2,,503\n3,,HTTP 429").scenarios[0]!.arms.head!;
  expect(arm.blocks[0]!.failures).toEqual({ check: 1, status: 2 });
  expect(arm.examples).toEqual({ check: "out of memory", status: "503" });
});

test("first tokens and token counts are measured where they are given", () => {
  const [block] = blocksOf("at_ms,latency_ms,outcome,ttft_ms,tokens\n0,100,ok,40,4\n1,100,ok,,\n2,,reset,10,1");
  expect(block!.tokens).toEqual({ output: 4, from: "usage" });
  expect(quantileOf(decodeBins(block!.histograms.ttft!), 0.5)).toBeCloseTo(0.04, 4);
  expect(quantileOf(decodeBins(block!.histograms.tpot!), 0.5)).toBeCloseTo(0.02, 4);
});

test("milliseconds since 1970 date the record, an offset does not", () => {
  expect(read("at_ms,latency_ms,outcome\n1795338000000,500,ok")).toMatchObject({
    startedAt: "2026-11-22T09:00:00.000Z",
    finishedAt: "2026-11-22T09:00:00.500Z",
  });
  expect(read("at_ms,latency_ms,outcome\n12,500,ok").startedAt).toBe("1970-01-01T00:00:00.000Z");
});

test("quoted fields, CRLF, a byte order mark, further columns and any order of columns are read", () => {
  const text = '\uFEFFthread,outcome,latency_ms,at_ms\r\n"a, b","ok","20",0\r\n';
  expect(blocksOf(text)[0]).toMatchObject({ offered: 1, ok: 1 });
});

test("that nobody knows whether the generator was late is a warning in the record", () => {
  expect(read(steady(10, 10)).problems).toMatchObject([{ severity: "warning", code: "generator-unknown" }]);
});

test.each([
  ["an empty file", "", "s.csv:1:1: the file is empty; the first line must be at_ms,latency_ms,outcome"],
  [
    "a header alone",
    "at_ms,latency_ms,outcome\n",
    "s.csv:1:1: there is no sample below the header: a run without requests shows nothing; write one line per request",
  ],
  ["a misspelt column", "at_ms,latency,outcome\n0,1,ok", 's.csv:1:7: column latency_ms is missing; rename "latency"'],
  [
    "a missing column",
    "at_ms,outcome\n0,ok",
    "s.csv:1:1: column latency_ms is missing; the first line must be at_ms,latency_ms,outcome, and may add ttft_ms,tokens",
  ],
  [
    "semicolons",
    "at_ms;latency_ms;outcome",
    [
      "s.csv:1:1: column at_ms is missing; separate the columns with commas",
      "s.csv:1:1: column latency_ms is missing; separate the columns with commas",
      "s.csv:1:1: column outcome is missing; separate the columns with commas",
    ].join("\n"),
  ],
  ["a misspelt optional column", "at_ms,latency_ms,outcome,ttft\n0,1,ok,1", 's.csv:1:26: unknown column "ttft"; did you mean ttft_ms?'],
  ["a column twice", "at_ms,latency_ms,at_ms,outcome\n0,1,0,ok", "s.csv:1:18: column at_ms occurs twice"],
  ["a negative latency", "at_ms,latency_ms,outcome\n0,-5,ok", "s.csv:2:3: latency_ms must not be negative, found -5"],
  ["NaN", "at_ms,latency_ms,outcome\n0, NaN,ok", 's.csv:2:4: latency_ms is not a number: "NaN"'],
  ["infinity", "at_ms,latency_ms,outcome\n0,1e999,ok", 's.csv:2:3: latency_ms is not a number: "1e999"'],
  ["a start that is no number", "at_ms,latency_ms,outcome\nnow,1,ok", 's.csv:2:1: at_ms is not a number: "now"'],
  ["an empty start", "at_ms,latency_ms,outcome\n,1,ok", "s.csv:2:1: at_ms is empty; write when the request was meant to start"],
  [
    "no latency of an answer",
    "at_ms,latency_ms,outcome\n0,,ok",
    "s.csv:2:3: latency_ms is empty, and the outcome is ok; a request that was answered has a latency",
  ],
  [
    "no latency of a timeout",
    "at_ms,latency_ms,outcome\n0,,timeout",
    "s.csv:2:3: latency_ms is empty, and the outcome is timeout; a timeout counts with the time that was waited",
  ],
  ["no outcome", "at_ms,latency_ms,outcome\n0,1,", 's.csv:2:5: outcome is empty; write "ok" or what went wrong'],
  [
    "a decimal comma",
    "at_ms,latency_ms,outcome\n0,1,5,ok",
    "s.csv:2:5: expected 3 columns, found 4; write decimals with a point, and quote fields that hold a comma",
  ],
  ["a short row", "at_ms,latency_ms,outcome\n0,1", "s.csv:2:3: expected 3 columns, found 2; leave a field empty rather than out"],
  ["a first token after the end", "at_ms,latency_ms,outcome,ttft_ms\n0,10,ok,11", "s.csv:2:9: ttft_ms 11 is longer than latency_ms 10"],
  ["half a token", "at_ms,latency_ms,outcome,tokens\n0,10,ok,1.5", "s.csv:2:9: tokens must be a whole number from 0, found 1.5"],
  ["an open quote", 'at_ms,latency_ms,outcome\n0,1,"ok', 's.csv:2:5: this quote is never closed; write a quote inside a field as ""'],
])("%s is named with its place", (_, text, sentence) => {
  expect(mistake(text)).toBe(sentence);
});

test("all mistakes of a file are named at once, up to twenty", () => {
  expect(mistake("at_ms,latency_ms,outcome\n0,x,ok\n1,2,ok\ny,3,ok").split("\n")).toHaveLength(2);
  expect(mistake(steady(100, 10, () => "0,x,ok")).split("\n")).toHaveLength(20);
});

test("a scenario that the suite does not have is answered with the nearest one", () => {
  expect(() => importSamples({ name: "s.csv", text: "" }, { ...TARGET, scenario: "stedy" })).toThrow(
    expect.objectContaining({ sentence: 'suite "sentiment" has no scenario "stedy"; did you mean "steady"?' }),
  );
});

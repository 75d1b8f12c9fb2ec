import { describe, expect, test } from "vitest";
import { decodeBins } from "../../../src/core/record/distribution.ts";
import { openFirstAnswers } from "../../../src/core/record/first-answers.ts";
import { foldArms } from "../../../src/core/record/fold-blocks.ts";
import { isGood } from "../../../src/core/record/good-answer.ts";
import type { Outcome, StreamTiming } from "../../../src/core/record/outcome.ts";
import { openRecorder, type RecorderOptions } from "../../../src/core/record/recorder.ts";
import type { BlockRecord } from "../../../src/core/record/run-record.ts";
import { quantileOf } from "../../../src/core/stats/quantile.ts";

const MS = 1e6;
const outcome = (index: number, result: Outcome["result"], endMs = 100): Outcome => ({
  index,
  intendedNs: 0,
  dispatchedNs: 0,
  attempts: 1,
  attemptNs: 0,
  wireNs: 0,
  firstByteNs: 5 * MS,
  endNs: endMs * MS,
  connectNs: undefined,
  dnsNs: undefined,
  tlsNs: undefined,
  status: 200,
  result,
});
const streamed = (first: number, last: number, tokens: number, firstOutput?: number): Outcome["result"] => {
  const stream: StreamTiming = {
    firstTokenNs: first * MS,
    ...(firstOutput === undefined ? {} : { firstOutputNs: firstOutput * MS }),
    lastTokenNs: last * MS,
    tokens,
    tokensFrom: "events",
    gapsNs: [],
  };
  return { kind: "ok", stream };
};
const ANSWERED = { kind: "ok", stream: undefined } as const;
const FAILED = { kind: "failed", why: "timeout", detail: "too late" } as const;

const recorded = (outcomes: readonly Outcome[], options: Partial<RecorderOptions> = {}): BlockRecord => {
  const recorder = openRecorder([{ index: 0, pair: undefined, startS: 0, durationS: 10 }], 0, { timeoutS: 30, ...options });
  for (const one of outcomes) recorder.add(one);
  return recorder.finish()[0]!;
};

describe("a good answer", () => {
  test("keeps every limit, to the nanosecond and counted from the intended start", () => {
    const limits = { latencyS: 0.1, ttftS: 0.03, ttfoS: 0.05, tpotS: 0.01 };
    expect(isGood(outcome(0, streamed(30, 100, 8, 50)), limits)).toBe(true);
    expect(isGood(outcome(0, streamed(30.1, 100, 8, 50)), limits)).toBe(false);
    expect(isGood(outcome(0, streamed(30, 100, 8, 50.1)), limits)).toBe(false);
    expect(isGood(outcome(0, streamed(30, 100, 7, 50)), limits)).toBe(false);
    expect(isGood(outcome(0, streamed(30, 100, 8, 50), 100.1), limits)).toBe(false);
  });

  test("of one token has no time per token, and without reasoning the first token is the output", () => {
    expect(isGood(outcome(0, streamed(30, 30, 1)), { tpotS: 1e-9, ttfoS: 0.03 })).toBe(true);
    expect(isGood(outcome(0, streamed(31, 31, 1)), { ttfoS: 0.03 })).toBe(false);
  });

  test("that is no stream is judged by its latency alone; a wrong one and a failure are none", () => {
    expect(isGood(outcome(0, ANSWERED), { latencyS: 0.1, ttftS: 0.001 })).toBe(true);
    expect(isGood(outcome(0, { ...ANSWERED, correct: true }), { latencyS: 0.1 })).toBe(true);
    expect(isGood(outcome(0, { ...ANSWERED, correct: false }), { latencyS: 0.1 })).toBe(false);
    expect(isGood(outcome(0, FAILED), { latencyS: 30 })).toBe(false);
  });

  test("is counted with the limits it kept, of all and of its class; without limits nothing is", () => {
    const outcomes = [outcome(0, ANSWERED), outcome(1, ANSWERED, 300), outcome(2, FAILED), outcome(3, ANSWERED, 90)];
    const classes = { names: ["odd"], of: ({ index }: { readonly index: number }) => (index % 2) - 1 };
    const block = recorded(outcomes, { goodput: { latencyS: 0.2 }, classes });
    expect(block.good).toEqual({ answers: 2, within: "latency 200ms" });
    expect(block.classes!["odd"]!.good).toEqual({ answers: 1, within: "latency 200ms" });
    expect(recorded([outcome(0, FAILED)], { goodput: { latencyS: 0.2 } }).good).toEqual({ answers: 0, within: "latency 200ms" });
    expect(recorded(outcomes)).not.toHaveProperty("good");
  });
});

describe("the time to the first output", () => {
  test("is kept of all streams of a block in which one reasoned, and of none where none did", () => {
    const block = recorded([outcome(0, streamed(20, 100, 5)), outcome(1, streamed(30, 100, 5, 80))]);
    const [ttft, ttfo] = [decodeBins(block.histograms.ttft!), decodeBins(block.histograms.ttfo!)];
    expect([ttft.total, ttfo.total]).toEqual([2, 2]);
    expect(quantileOf(ttfo, 1)).toBeCloseTo(0.08, 3);
    expect(recorded([outcome(0, streamed(20, 100, 5))]).histograms).not.toHaveProperty("ttfo");
  });

  test("of shards of which one saw no reasoning is that of all their streams", () => {
    const [plain, reasoning] = [recorded([outcome(0, streamed(20, 100, 5))]), recorded([outcome(0, streamed(30, 100, 5, 80))])];
    const arm = (block: BlockRecord) => ({
      arm: { warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined }, blocks: [block], examples: {} },
      offsetS: 0,
    });
    const [both] = foldArms([arm(plain), arm(reasoning)]).blocks;
    expect(decodeBins(both!.histograms.ttfo!).total).toBe(2);
    expect(foldArms([arm(plain), arm(plain)]).blocks[0]!.histograms).not.toHaveProperty("ttfo");
  });
});

describe("the base's first answers", () => {
  const answer = (digest: string): Outcome["result"] => ({ ...ANSWERED, answer: digest });
  const segment = { picks: Uint32Array.from([7, 8]) };

  test("are what all later answers to the same payload are compared with, the base's own included", () => {
    const { differs } = openFirstAnswers();
    expect(differs("head", segment, outcome(0, answer("a")))).toBeUndefined();
    expect(differs("base", segment, outcome(0, answer("a")))).toBeUndefined();
    expect(differs("base", segment, outcome(2, answer("a")))).toBe(false);
    expect(differs("base", segment, outcome(4, answer("b")))).toBe(true);
    expect(differs("head", segment, outcome(6, answer("a")))).toBe(false);
    expect(differs("head", segment, outcome(8, answer("c")))).toBe(true);
    // The other payload has no first answer yet, a failure and an answer without digest are none.
    expect(differs("head", segment, outcome(1, answer("a")))).toBeUndefined();
    expect(differs("head", segment, outcome(0, FAILED))).toBeUndefined();
    expect(differs("head", segment, outcome(0, ANSWERED))).toBeUndefined();
    expect(differs("head", { picks: Uint32Array.from([7]) }, outcome(3, answer("a")))).toBe(false);
  });

  test("are counted in the block, where anything was compared", () => {
    const { differs } = openFirstAnswers();
    const of = (arm: "base" | "head") => ({ differs: (one: Outcome) => differs(arm, segment, one) });
    expect(recorded([outcome(0, answer("a")), outcome(0, answer("a"))], of("base")).compared).toEqual({ answers: 1, changed: 0 });
    expect(recorded([outcome(0, answer("b")), outcome(0, answer("a"))], of("head")).compared).toEqual({ answers: 2, changed: 1 });
    expect(recorded([outcome(1, answer("b"))], of("head"))).not.toHaveProperty("compared");
  });
});

test("good answers of shards are added where their limits are the same", () => {
  const block = (latencyS: number) => recorded([outcome(0, ANSWERED)], { goodput: { latencyS } });
  const arm = (one: BlockRecord) => ({
    arm: { warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined }, blocks: [one], examples: {} },
    offsetS: 0,
  });
  expect(foldArms([arm(block(0.2)), arm(block(0.2))]).blocks[0]!.good).toEqual({ answers: 2, within: "latency 200ms" });
  expect(foldArms([arm(block(0.2)), arm(block(0.3))]).blocks[0]).not.toHaveProperty("good");
});

test("bodies are measured where no tokens are told, and only of answers", () => {
  const sized = (result: Outcome["result"], bytes: number) => ({ ...outcome(0, result), bytes });
  expect(recorded([sized(ANSWERED, 100), sized(ANSWERED, 300), sized(FAILED, 9)]).bodies).toEqual({ answers: 2, bytes: 400 });
  expect(recorded([sized(streamed(10, 20, 3), 100), sized({ ...ANSWERED, usageTokens: 4 }, 100)])).not.toHaveProperty("bodies");
  expect(recorded([outcome(0, ANSWERED)])).not.toHaveProperty("bodies");
});

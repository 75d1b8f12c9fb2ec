import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BlockSlot } from "../../../src/core/plan/plan.ts";
import { foldArms } from "../../../src/core/record/fold-blocks.ts";
import { journalHead, journalLine, readJournal, withJournal } from "../../../src/core/record/journal.ts";
import { FAILURE_KINDS, latencyNs, type Outcome } from "../../../src/core/record/outcome.ts";
import { readRunRecord, writeRunRecord } from "../../../src/core/record/read.ts";
import { openRecorder } from "../../../src/core/record/recorder.ts";
import { redactRecord } from "../../../src/core/record/redact.ts";
import type { ArmRecord, RequestRecord } from "../../../src/core/record/run-record.ts";
import { joined, ofBlocks, placedAt, type RequestLookup, SLOWEST, seenOf } from "../../../src/core/record/slowest.ts";
import { someRecord } from "./some-record.ts";

const MS = 1e6;
const SLOTS: readonly BlockSlot[] = [0, 1, 2].map((index) => ({ index: index + 4, pair: undefined, startS: index * 10, durationS: 10 }));
const TRACE = "3f2a9c0d11e45b67";
const LOOKUP = {
  classOf: (index: number) => (index % 2 === 0 ? "short" : "long"),
  traceIdOf: (index: number) => TRACE + index.toString(16).padStart(16, "0"),
};

/** The i-th of arrivals that are 100 ms apart; `result` undefined for an answer. */
const outcome = (index: number, latencyMs: number, why?: (typeof FAILURE_KINDS)[number]): Outcome => {
  const intendedNs = index * 100 * MS;
  return {
    index,
    intendedNs,
    dispatchedNs: intendedNs,
    attempts: 1,
    attemptNs: intendedNs,
    wireNs: intendedNs,
    firstByteNs: intendedNs + (latencyMs / 2) * MS,
    endNs: intendedNs + latencyMs * MS,
    connectNs: undefined,
    dnsNs: undefined,
    tlsNs: undefined,
    status: 200,
    result: why === undefined ? { kind: "ok", stream: undefined } : { kind: "failed", why, detail: `${why} of ${index}` },
  };
};

const seen = (outcomes: readonly Outcome[], lookup: RequestLookup = LOOKUP) => {
  const recorder = openRecorder(SLOTS, 0, { timeoutS: 30, requests: lookup });
  for (const each of outcomes) recorder.add(each);
  return recorder.seen();
};

const anyOutcomes = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.option(fc.constantFrom(...FAILURE_KINDS), { freq: 3 })), { maxLength: 120 })
  .map((list) => list.map(([latencyMs, why], index) => outcome(index, latencyMs, why ?? undefined)));

describe("the slowest requests of a segment", () => {
  test("hold what is known of them", () => {
    const stream = { firstTokenNs: 12_340 * MS, lastTokenNs: 12_900 * MS, tokens: 3, tokensFrom: "events", gapsNs: [] } as const;
    const slow = outcome(123, 600);
    const one = { ...slow, wireNs: slow.wireNs! + 4 * MS, attempts: 2, result: { kind: "ok", stream } } as const;
    expect(seen([one])).toEqual({
      slowest: [
        {
          block: 5,
          index: 123,
          atS: 12.3,
          payloadClass: "long",
          traceId: "3f2a9c0d11e45b67000000000000007b",
          latencyS: 0.6,
          serviceS: 0.596,
          firstByteS: 0.296,
          ttftS: 0.04,
          status: 200,
          attempts: 2,
          result: "ok",
        },
      ],
      failed: [],
    });
  });

  test("that failed have a time only at their deadline, and the words of what went wrong", () => {
    const reset = { ...outcome(1, 700, "reset"), status: undefined, wireNs: undefined, firstByteNs: undefined };
    const { slowest, failed } = seen([outcome(0, 5), reset, outcome(2, 30_000, "timeout")]);
    expect(slowest.map(({ index, latencyS, result }) => [index, latencyS, result])).toEqual([
      [2, 30, "timeout"],
      [0, 0.005, "ok"],
    ]);
    expect(failed).toEqual([
      { block: 4, index: 1, atS: 0.1, payloadClass: "long", traceId: `${TRACE}0000000000000001`, result: "reset", detail: "reset of 1" },
      expect.objectContaining({ index: 2, latencyS: 30, serviceS: 30, result: "timeout", detail: "timeout of 2" }),
    ]);
  });

  test("have no trace id where none was sent, and are none of a segment without blocks", () => {
    const { slowest } = seen([outcome(0, 5)], { ...LOOKUP, traceIdOf: undefined });
    expect(slowest[0]).not.toHaveProperty("traceId");
    const recorder = openRecorder([], 0, { timeoutS: 30, requests: LOOKUP });
    recorder.add(outcome(0, 5));
    expect(recorder.seen()).toEqual({ slowest: [], failed: [] });
    expect(openRecorder(SLOTS, 0, { timeoutS: 30 }).seen()).toEqual({ slowest: [], failed: [] });
  });

  test("are those that sorting all of them would find, in whatever order they end", () => {
    fc.assert(
      fc.property(
        anyOutcomes.chain((outcomes) =>
          fc.tuple(fc.constant(outcomes), fc.shuffledSubarray([...outcomes], { minLength: outcomes.length })),
        ),
        ([outcomes, ended]) => {
          const timed = outcomes.filter((each) => latencyNs(each) !== undefined);
          const expected = timed.toSorted((a, b) => latencyNs(b)! - latencyNs(a)! || a.index - b.index).slice(0, SLOWEST);
          const first = FAILURE_KINDS.flatMap(
            (kind) => outcomes.find(({ result }) => result.kind === "failed" && result.why === kind) ?? [],
          );
          const found = seen(ended);
          expect(found.slowest.map(({ index }) => index)).toEqual(expected.map(({ index }) => index));
          expect(found.failed.map(({ index }) => index)).toEqual(first.map(({ index }) => index).toSorted((a, b) => a - b));
        },
      ),
    );
  });
});

describe("parts of a run", () => {
  test("are together what one that saw all would have kept, however they are cut", () => {
    const cut = anyOutcomes.chain((outcomes) =>
      fc.tuple(fc.constant(outcomes), fc.array(fc.nat(4), { minLength: outcomes.length, maxLength: outcomes.length })),
    );
    fc.assert(
      fc.property(cut, ([outcomes, parts]) => {
        const pieces = [0, 1, 2, 3, 4].map((part) => seen(outcomes.filter((_, i) => parts[i] === part)));
        expect(joined(pieces)).toEqual(seen(outcomes));
        expect(joined([joined(pieces.slice(0, 2)), joined(pieces.slice(2))])).toEqual(joined(pieces));
      }),
    );
  });

  test("can be cut to some blocks and moved in time", () => {
    const whole = seen([outcome(1, 5), outcome(150, 9), outcome(151, 3, "reset")]);
    expect(ofBlocks(whole, (block) => block === 5).slowest.map(({ index }) => index)).toEqual([150]);
    expect(placedAt(whole, 100).slowest.map(({ atS }) => atS)).toEqual([115, 100.1]);
    expect(placedAt(whole, 100).failed.map(({ atS }) => atS)).toEqual([115.1]);
  });
});

const armOf = (outcomes: readonly Outcome[]): ArmRecord => {
  const recorder = openRecorder(SLOTS, 0, { timeoutS: 30, requests: LOOKUP });
  for (const each of outcomes) recorder.add(each);
  const { slowest, failed } = recorder.seen();
  const warmUp = { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined };
  return { warmUp, blocks: recorder.finish(), examples: recorder.examples, slowest, failed };
};
const LOAD = { kind: "open", ratePerS: 10, arrivals: "constant", durationS: 30 } as const;
const withArm = (head: ArmRecord) => someRecord({ status: "aborted", scenarios: [{ name: "steady", load: LOAD, arms: { head } }] });
const ALL = [outcome(3, 40), outcome(120, 70), outcome(7, 1, "reset"), outcome(130, 20, "status"), outcome(250, 55)];

describe("a record", () => {
  test("keeps them in its stored form, and refuses what is no request", () => {
    const text = writeRunRecord(withArm(armOf(ALL)));
    const read = readRunRecord(text, "x").scenarios[0]!.arms.head!;
    expect(seenOf(read)).toEqual(seenOf(armOf(ALL)));
    const broken = (change: (request: Record<string, unknown>) => void) => {
      const stored = JSON.parse(text) as { scenarios: { arms: { head: { slowest: Record<string, unknown>[] } } }[] };
      change(stored.scenarios[0]!.arms.head.slowest[0]!);
      return () => readRunRecord(JSON.stringify(stored), "x");
    };
    for (const traceId of ["0".repeat(32), "A".repeat(32), "<img src=x>", "3f2a", 7])
      expect(broken((request) => void (request["traceId"] = traceId))).toThrow(/traceId/);
    expect(broken((request) => void (request["payloadClass"] = "x".repeat(2_000)))).toThrow(/payloadClass/);
    expect(broken((request) => void (request["latencyS"] = -1))).toThrow(/latencyS/);
    expect(broken((request) => void (request["result"] = "fine"))).toThrow(/result/);
    const many = JSON.parse(text) as { scenarios: { arms: { head: { slowest: unknown[] } } }[] };
    many.scenarios[0]!.arms.head.slowest = Array(1_001).fill(many.scenarios[0]!.arms.head.slowest[0]);
    expect(() => readRunRecord(JSON.stringify(many), "x")).toThrow(/slowest/);
  });

  test("masks secrets in the class and in the words, and no digit of a trace id", () => {
    const arm = armOf([outcome(3, 40), outcome(7, 1, "reset")]);
    const secret = (request: RequestRecord): RequestRecord => ({
      ...request,
      payloadClass: "hunter22",
      ...(request.detail && { detail: "got hunter22" }),
    });
    const { slowest = [], failed = [] } = arm;
    const masked = redactRecord(withArm({ ...arm, slowest: slowest.map(secret), failed: failed.map(secret) }), ["hunter22", TRACE]);
    const head = masked.scenarios[0]!.arms.head!;
    expect(JSON.stringify(head)).not.toContain("hunter22");
    expect(head.slowest![0]!.traceId).toBe(slowest[0]!.traceId);
  });

  test("of shards has the slowest of all of them, at their times", () => {
    const [one, other] = [armOf(ALL.slice(0, 3)), armOf(ALL.slice(3))];
    const folded = foldArms([
      { arm: one, offsetS: 0 },
      { arm: other, offsetS: 2 },
    ]);
    expect(folded.slowest!.map(({ index, atS }) => [index, atS])).toEqual([
      [120, 12],
      [250, 27],
      [3, 0.3],
    ]);
    expect(folded.failed!.map(({ result, atS }) => [result, atS])).toEqual([
      ["reset", 0.7],
      ["status", 15],
    ]);
  });

  test("that crashed has those of its journal, and of each block once", () => {
    const whole = armOf(ALL);
    const { blocks, slowest: _, failed: __, ...rest } = whole;
    const lines = blocks.map((block) => {
      const part = { ...rest, blocks: [block], ...ofBlocks(seenOf(whole), (index) => index === block.index) };
      return journalLine({ scenario: "steady", load: LOAD, arm: "head", part });
    });
    const before = { ...withArm({ ...rest, blocks: [] }) };
    const journal = readJournal(journalHead(before) + lines.join("") + lines[1]);
    const after = withJournal(before, journal).scenarios[0]!.arms.head!;
    expect(after.blocks.map(({ index }) => index)).toEqual([4, 5, 6]);
    expect(seenOf(after)).toEqual(seenOf(whole));
  });
});

describe("the phases that answers tell", () => {
  const told = (index: number, phases: Outcome["phases"], why?: "status") => ({ ...outcome(index, 20, why), phases });

  test("are distributions of the answers that tell them, and counted beside all answers", () => {
    const recorder = openRecorder(SLOTS, 0, { timeoutS: 30 });
    recorder.add(told(0, { queue: 3 * MS, infer: 10 * MS }));
    recorder.add(told(1, { queue: 0 }));
    recorder.add(told(2, undefined));
    recorder.add(told(3, { queue: 9 * MS }, "status"));
    recorder.add(told(150, undefined));
    const [first, second] = recorder.finish();
    expect(first!.phases).toEqual({ answers: 3, with: 2 });
    expect(Object.keys(first!.histograms).filter((name) => name.startsWith("phase."))).toEqual(["phase.queue", "phase.infer"]);
    expect(second).not.toHaveProperty("phases");
  });

  test("are added up over shards, those without any included", () => {
    const arm = (outcomes: readonly Outcome[]) => ({ arm: armOf(outcomes), offsetS: 0 });
    const folded = foldArms([arm([told(0, { queue: MS }), told(1, undefined)]), arm([told(2, undefined)]), arm([told(3, { infer: MS })])]);
    expect(folded.blocks[0]!.phases).toEqual({ answers: 4, with: 2 });
    expect(folded.blocks[1]).not.toHaveProperty("phases");
  });
});

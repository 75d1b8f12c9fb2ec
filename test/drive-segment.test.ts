import { describe, expect, test } from "vitest";
import { makePlan } from "../src/core/plan/make-plan.ts";
import { openTraceIds, type TraceSource } from "../src/core/protocol/traceparent.ts";
import type { JournalEntry } from "../src/core/record/journal.ts";
import type { Outcome } from "../src/core/record/outcome.ts";
import { steadyRate } from "../src/core/suite/load.ts";
import type { Suite, Target } from "../src/core/suite/suite.ts";
import { driveSegment } from "../src/drive-segment.ts";
import type { Driver, Ports } from "../src/ports.ts";
import { beginRun } from "../src/run-in-progress.ts";
import { payloadClass, scenario, suite, target as targetOf } from "./core/plan/fixtures.ts";

const answered = (index: number, atS: number): Outcome => ({
  index,
  intendedNs: Math.round(atS * 1e9),
  dispatchedNs: Math.round(atS * 1e9),
  attempts: 1,
  attemptNs: Math.round(atS * 1e9),
  wireNs: Math.round(atS * 1e9) + 1000,
  firstByteNs: Math.round(atS * 1e9) + 5e6,
  endNs: Math.round(atS * 1e9) + 6e6 + ((index * 7919) % 1000) * 1e3,
  connectNs: undefined,
  dnsNs: undefined,
  tlsNs: undefined,
  status: 200,
  result: { kind: "ok", stream: undefined },
});

/** Plays a segment in no time, telling of its progress four times a simulated second, up to `untilS`. */
let clockS = 0;
const driver = (untilS: number, traces: (TraceSource | undefined)[] = []): Driver => ({
  async drive({ load, durationS }, _, { onOutcome, onProgress, trace }) {
    traces.push(trace);
    const arrivals = load.kind === "open" ? [...load.arrivalsS] : [];
    let sent = 0;
    for (let elapsedS = 0; elapsedS <= untilS; elapsedS += 0.25) {
      clockS = elapsedS;
      for (; sent < arrivals.length && arrivals[sent]! < elapsedS; sent++) onOutcome(answered(sent, arrivals[sent]!));
      onProgress?.({ startedNs: 0n, elapsedS, durationS, offered: sent, inFlight: 0, ok: sent, failed: 0 });
    }
    clockS = Number.POSITIVE_INFINITY;
    return { startedNs: 0n, endedNs: BigInt(untilS) * 1_000_000_000n, offered: sent, cancelled: untilS < durationS };
  },
  close: async () => {},
});

async function driven(
  untilS: number,
  keep: (entry: JournalEntry) => Promise<void>,
  {
    target,
    traces = [],
    payloads = suite().payloads,
  }: { readonly target?: Target; readonly traces?: (TraceSource | undefined)[]; readonly payloads?: Suite["payloads"] } = {},
) {
  const scenarios = [scenario({ load: steadyRate(20, "constant", 200), warmUp: "none" })];
  const whole = suite({ ...(target && { target }), scenarios, payloads });
  const plan = makePlan({ suite: whole, digest: "d", files: new Map(), design: "single" });
  const [only] = plan.scenarios;
  const tls = { ca: undefined, cert: undefined, key: undefined };
  const { signal } = new AbortController();
  const input = {
    suite: whole,
    plan,
    look: undefined,
    earlier: undefined,
    tls,
    endpoints: { head: "http://x", base: undefined },
    tool: "t",
    provenance: {},
    environment: {},
    signal,
    checkpoint: async () => {},
    keep,
  };
  const run = beginRun(input, new Date(0), 0n);
  const into = run.measured[0]!;
  const ports = {
    now: () => 0n,
    runId: () => "3f2a9c0d11e45b67",
    progress: { phase: () => {}, tick: () => {}, note: () => {}, done: () => {} },
  } as unknown as Ports;
  const step = {
    scenario: only!,
    segment: only!.segments[0]!,
    driver: driver(untilS, traces),
    into,
    sampler: undefined,
    signal,
    live: new Map(),
  };
  await driveSegment(run, ports, { ...step, afterS: 0 });
  return { run, step, blocks: into.arms.get("head")!.blocks.map(({ record }) => record) };
}

test("blocks of a long segment are kept while it goes on, each once, as they end up in the record", async () => {
  const kept: { readonly atS: number; readonly entry: JournalEntry }[] = [];
  const { blocks } = await driven(200, async (entry) => void kept.push({ atS: clockS, entry }));
  expect(blocks).toHaveLength(20);
  expect(kept.map(({ entry }) => entry.part.blocks[0])).toEqual(blocks);
  expect(blocks.every(({ offered, ok }) => offered === 200 && ok === 200)).toBe(true);
  // A minute after its end a block is packed, and kept at once; what is younger waits for the end of the segment.
  const early = kept.filter(({ atS }) => Number.isFinite(atS));
  expect(early.length).toBeGreaterThanOrEqual(12);
  for (const { atS, entry } of early) {
    const { startS, durationS } = entry.part.blocks[0]!;
    expect(atS - startS - durationS).toBeGreaterThanOrEqual(60);
    expect(atS - startS - durationS).toBeLessThan(66);
  }
});

test("of a segment that was cancelled, the blocks that were over are kept and no half of one", async () => {
  const kept: number[] = [];
  const { blocks } = await driven(155, async ({ part }) => void kept.push(part.blocks[0]!.index));
  expect(blocks.map(({ index }) => index)).toEqual(Array.from({ length: 15 }, (_, i) => i));
  expect(kept).toEqual(blocks.map(({ index }) => index));
});

test("a disk that takes no more costs a warning, and no block of the record", async () => {
  const { run, blocks } = await driven(200, async () => {
    throw new Error("cannot write run.blocks.jsonl: the disk is full");
  });
  expect(blocks).toHaveLength(20);
  expect(run.problems).toMatchObject([{ severity: "warning", code: "journal-lost" }]);
  expect(run.problems[0]!.message).toContain("the disk is full");
});

test("of a payload class that is reported, each block counts the requests that the plan picked for it", async () => {
  const payloads = [
    { ...payloadClass("long", { kind: "text", words: [50, 60] }, 1), report: true },
    payloadClass("short", { kind: "text", words: [5, 6] }, 3),
  ];
  const { blocks, step } = await driven(200, async () => {}, { payloads });
  const classes = [...step.segment.picks].map((pick) => step.scenario.requests[pick]!.payloadClass);
  const expected = blocks.map((_, i) => classes.slice(i * 200, (i + 1) * 200).filter((name) => name === "long").length);
  expect(blocks.map((block) => block.classes!["long"]!.offered)).toEqual(expected);
  expect(Math.min(...expected)).toBeGreaterThan(20);
  expect(Object.keys(blocks[0]!.classes!)).toEqual(["long"]);
});

describe("the slowest requests", () => {
  const whole = (entries: readonly JournalEntry[]) => entries.flatMap(({ part }) => part.slowest ?? []);

  test("are in the record with the ids that the driver was told to send, and in the journal with their block", async () => {
    const traces: (TraceSource | undefined)[] = [];
    const entries: JournalEntry[] = [];
    const target = targetOf({ trace: { sampled: false } });
    const { run } = await driven(200, async (entry) => void entries.push(entry), { target, traces });
    expect(traces).toEqual([{ run: "3f2a9c0d11e45b67", segment: 0, sampled: false }]);
    const { seen } = run.measured[0]!.arms.get("head")!;
    expect(seen.slowest).toHaveLength(10);
    const { traceId } = openTraceIds(traces[0]!);
    for (const { index, traceId: told, atS, payloadClass } of seen.slowest) {
      expect(told).toBe(traceId(index));
      expect(atS).toBeCloseTo((index + 0.5) / 20, 9);
      expect(payloadClass).toBe("short");
    }
    for (const { part } of entries) expect(new Set((part.slowest ?? []).map(({ block }) => block)).size).toBeLessThanOrEqual(1);
    expect(whole(entries)).toEqual(expect.arrayContaining([...seen.slowest]));
    expect(new Set(seen.slowest.map(({ block }) => block)).size).toBeGreaterThan(3);
    expect(run.tracedSegments).toBe(1);
  });

  test("have no ids where the suite asks for none", async () => {
    const traces: (TraceSource | undefined)[] = [];
    const { run } = await driven(200, async () => {}, { traces });
    expect(traces).toEqual([undefined]);
    const { seen } = run.measured[0]!.arms.get("head")!;
    expect(seen.slowest.map((request) => "traceId" in request)).toEqual(Array(10).fill(false));
    expect(run.traceRun).toBeUndefined();
  });

  test("of a cancelled segment are those of its whole blocks", async () => {
    const { run } = await driven(155, async () => {});
    const { seen } = run.measured[0]!.arms.get("head")!;
    expect(Math.max(...seen.slowest.map(({ block }) => block))).toBeLessThanOrEqual(14);
  });
});

import { describe, expect, test } from "vitest";
import { amountOf } from "../../../src/core/compare/amount.ts";
import type { BlockSlot } from "../../../src/core/plan/plan.ts";
import { decodeBins } from "../../../src/core/record/distribution.ts";
import { foldArms } from "../../../src/core/record/fold-blocks.ts";
import type { Outcome } from "../../../src/core/record/outcome.ts";
import { readRunRecord } from "../../../src/core/record/read.ts";
import { openRecorder } from "../../../src/core/record/recorder.ts";
import type { ArmRecord, BlockRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { judge } from "../compare/judge.ts";
import { makeRecord } from "../compare/records.ts";

const SECOND = 1e9;
const slots: readonly BlockSlot[] = [0, 1].map((index) => ({ index, pair: undefined, startS: index, durationS: 1 }));

const step = (atS: number, more: Partial<Outcome> = {}): Outcome => ({
  index: 0,
  intendedNs: atS * SECOND,
  dispatchedNs: atS * SECOND,
  attempts: 1,
  attemptNs: atS * SECOND,
  wireNs: atS * SECOND,
  firstByteNs: (atS + 0.1) * SECOND,
  endNs: (atS + 0.2) * SECOND,
  connectNs: undefined,
  dnsNs: undefined,
  tlsNs: undefined,
  status: 200,
  result: { kind: "ok", stream: undefined },
  ...more,
});
const completed = { completed: true, latencyNs: 0.6 * SECOND };
const broken: Partial<Outcome> = {
  session: { completed: false, latencyNs: 0.4 * SECOND },
  result: { kind: "failed", why: "status", detail: "500" },
};

function recorded(outcomes: readonly Outcome[]): readonly BlockRecord[] {
  const recorder = openRecorder(slots, 0, { timeoutS: 5, drains: true });
  for (const outcome of outcomes) recorder.add(outcome);
  return recorder.finish();
}

describe("a block", () => {
  test("counts the sessions that ended in it and holds the latency of those that were completed", () => {
    const [first, second] = recorded([step(0.1), step(0.5, { step: 1, ...broken }), step(0.2), step(1.1, { step: 1, session: completed })]);
    expect([first!.sessions, second!.sessions]).toEqual([
      { ended: 1, completed: 0 },
      { ended: 1, completed: 1 },
    ]);
    expect([first!.histograms.session, decodeBins(second!.histograms.session!).total]).toEqual([undefined, 1]);
    expect(decodeBins(second!.histograms.session!).low[0]).toBeCloseTo(0.6, 3);
    expect(amountOf("sessions.failed.ratio", first!)).toEqual({ part: 1, whole: 1 });
    expect(amountOf("sessions.failed.ratio", second!)).toEqual({ part: 0, whole: 1 });
  });

  test("counts steps that began after the load to its last block, and to no rate", () => {
    const tokens = { kind: "ok", stream: undefined, usageTokens: 5 } as const;
    const [, last] = recorded([step(1.5, { result: tokens }), step(2.5, { step: 1, result: tokens }), step(9, { step: 2, ...broken })]);
    expect(last).toMatchObject({ offered: 3, ok: 2, failures: { status: 1 }, drained: { ok: 1, tokens: 5 }, tokens: { output: 10 } });
    expect(amountOf("throughput", last!)).toEqual({ part: 1, whole: 1 });
    expect(amountOf("throughput.tokens", last!)).toEqual({ part: 5, whole: 1 });
    expect(amountOf("errors.ratio", last!)).toEqual({ part: 1, whole: 3 });
  });

  test("is handed out early unless it is the last, which may still get steps", () => {
    const recorder = openRecorder(slots, 0, { timeoutS: 1, drains: true });
    recorder.add(step(0.5));
    const out = Array.from({ length: 300 }, () => recorder.advance(3600 * SECOND)).filter((block) => block !== undefined);
    expect(out.map(({ index }) => index)).toEqual([0]);
    recorder.add(step(200, { step: 1, session: completed }));
    expect(recorder.finish()[1]).toMatchObject({ ok: 1, sessions: { ended: 1, completed: 1 }, drained: { ok: 1 } });
  });

  test("says nothing of sessions where there are none", () => {
    const [first] = recorded([step(0.5)]);
    expect([first!.sessions, first!.drained]).toEqual([undefined, undefined]);
    expect(amountOf("sessions.failed.ratio", first!)).toBeUndefined();
  });

  test("of several shards adds up, and is stored and read as it was", () => {
    const blocks = recorded([step(0.1, { session: completed }), step(2.5, { step: 1, session: completed })]);
    const arm: ArmRecord = { warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined }, blocks, examples: {} };
    const [first, last] = foldArms([
      { arm, offsetS: 0 },
      { arm, offsetS: 0.1 },
    ]).blocks;
    expect([first!.sessions, last!.sessions, last!.drained]).toEqual([
      { ended: 2, completed: 2 },
      { ended: 2, completed: 2 },
      { ok: 2, tokens: 0 },
    ]);
    expect(decodeBins(first!.histograms.session!).total).toBe(2);
    const record = makeRecord({ blocks: 2, requestsPerBlock: 1 });
    const stored: RunRecord = { ...record, scenarios: [{ ...record.scenarios[0]!, arms: { head: arm } }] };
    expect(readRunRecord(JSON.stringify(stored), "run.json").scenarios[0]!.arms.head!.blocks).toEqual(JSON.parse(JSON.stringify(blocks)));
  });
});

describe("a percentile of whole sessions", () => {
  /** The latencies of a simulated run as those of its sessions, of which each hundredth broke off in the head. */
  const withSessions = (record: RunRecord, brokenOfHundred: number): RunRecord => {
    const asSessions = (broke: number) => (blocks: ArmRecord["blocks"]) =>
      blocks.map((block) => ({
        ...block,
        sessions: { ended: block.ok, completed: block.ok - Math.round((block.ok * broke) / 100) },
        histograms: { ...block.histograms, session: block.histograms.latency! },
      }));
    const [scenario] = record.scenarios;
    const { base, head } = scenario!.arms;
    const arms = {
      base: { ...base!, blocks: asSessions(0)(base!.blocks) },
      head: { ...head!, blocks: asSessions(brokenOfHundred)(head!.blocks) },
    };
    return { ...record, scenarios: [{ ...scenario!, arms }] };
  };
  const run = makeRecord({ blocks: 12, requestsPerBlock: 250 });
  const codes = (broke: number, metric: "session.p50" | "session.p95") =>
    judge({ heads: [withSessions(run, broke)] })
      .of(metric)
      .obstacles.map(({ code }) => code);

  test("is compared like any other", () => {
    const { of } = judge({ heads: [withSessions(run, 0)] });
    expect(of("session.p50").delta!.relative).toBeCloseTo(of("latency.p50").delta!.relative!, 10);
    expect(codes(0, "session.p95")).not.toContain("censored");
  });

  test("is not known where as many sessions broke off as lie beyond it", () => {
    expect(codes(4, "session.p95")).not.toContain("censored");
    expect(codes(6, "session.p95")).toContain("censored");
    expect(codes(6, "session.p50")).not.toContain("censored");
  });
});

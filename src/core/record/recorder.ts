import { DISTRIBUTIONS, type DistributionName } from "../metric.ts";
import type { BlockSlot } from "../plan/plan.ts";
import { blockAt } from "./block-at.ts";
import { Distribution } from "./distribution.ts";
import { type GeneratorReading, openGeneratorWindows } from "./generator-record.ts";
import {
  clientQueueNs,
  type FailureKind,
  latencyNs,
  type Outcome,
  ownDelayNs,
  type SessionEnd,
  type StreamTiming,
  serviceNs,
} from "./outcome.ts";
import type { ArmRecord, BlockRecord, GeneratorRecord } from "./run-record.ts";

/**
 * Folds the outcomes of one segment into its blocks: counts and distributions, never the outcomes themselves. An outcome
 * belongs to the block that holds its intended start.
 */
export type Recorder = {
  /** In any order. @throws {RangeError} on an outcome from before the first block, or a negative duration: bugs of the sender. */
  readonly add: (outcome: Outcome) => void;
  /** How the load generator was doing; becomes part of the blocks. */
  readonly look: (reading: GeneratorReading) => void;
  /**
   * Encodes the histograms of a block that was over a minute before `nowNs` (since the start of the segment), one per
   * call, because each takes about a millisecond of the sender's time. An hour of load then needs the memory of a few
   * minutes. An outcome may still come later than that; it is counted all the same.
   *
   * @returns a block of which every request must have ended by now, once for each block and in their order: it may be
   *   kept against a crash.
   */
  readonly advance: (nowNs: number) => BlockRecord | undefined;
  /** All blocks, ascending, also those without any request. Without telemetry: that is cut to the blocks later. */
  readonly finish: () => readonly BlockRecord[];
  /** The first failure of each kind, in the words of its outcome. */
  readonly examples: ArmRecord["examples"];
};

type Block = {
  readonly slot: BlockSlot;
  readonly startNs: number;
  offered: number;
  ok: number;
  readonly failures: Partial<Record<FailureKind, number>>;
  /** Exists where requests may be sent again. */
  readonly attempts: { sent: number; retried: number } | undefined;
  labelled: { readonly answers: number; readonly wrong: number } | undefined;
  sessions: { ended: number; completed: number } | undefined;
  drained: { ok: number; tokens: number } | undefined;
  tokens: BlockRecord["tokens"];
  /** Exists from the first value to the fold. */
  readonly open: { [D in DistributionName]?: Distribution | undefined };
  readonly folded: Map<DistributionName, string>;
};

const GRACE_NS = 60e9;

/** More than the time between a deadline and the moment at which its timer was heard. */
const SETTLING_NS = 1e9;

/**
 * @param blocks ascending and gapless; empty for a segment of which only the examples matter.
 * @param segmentStartS start of the segment, in seconds since the start of the run.
 * @param options.timeoutS after this no request that was intended for a block is still under way.
 * @param options.drains whether requests may begin after the last block, because sessions that began are driven to their
 *   end: they are counted to that block, which is complete only when the segment is.
 * @param options.mayRetry whether there is a retry policy: attempts are then counted, also where all were the first.
 */
export function openRecorder(
  blocks: readonly BlockSlot[],
  segmentStartS: number,
  { timeoutS, mayRetry = false, drains = false }: { readonly timeoutS: number; readonly mayRetry?: boolean; readonly drains?: boolean },
): Recorder {
  const states = blocks.map((slot) => openBlock(slot, mayRetry));
  const windows = openGeneratorWindows(blocks);
  const examples: Partial<Record<FailureKind, string>> = {};
  let oldest = 0;
  let unsettled = 0;
  return {
    examples,
    look: windows.look,
    add(outcome) {
      const { result } = outcome;
      if (result.kind === "failed") examples[result.why] ??= result.detail;
      if (states.length === 0) return;
      fold(blockAt(states, outcome.intendedNs), outcome);
      if (outcome.step === undefined || outcome.intendedNs < blockEndNs(states.at(-1)!)) windows.add(outcome);
    },
    advance(nowNs) {
      const block = states[oldest];
      if (block !== undefined && blockEndNs(block) + GRACE_NS <= nowNs) {
        const name = DISTRIBUTIONS.find((each) => block.open[each] !== undefined);
        if (name === undefined) oldest++;
        else encode(block, name);
      }
      const next = drains && unsettled === states.length - 1 ? undefined : states[unsettled];
      if (next === undefined || unsettled >= oldest || blockEndNs(next) + timeoutS * 1e9 + SETTLING_NS > nowNs) return undefined;
      unsettled++;
      return record(next, segmentStartS, windows.of(next.slot.index));
    },
    finish: () => states.map((block) => record(block, segmentStartS, windows.of(block.slot.index))),
  };
}

const blockEndNs = ({ startNs, slot }: Block): number => startNs + slot.durationS * 1e9;

const openBlock = (slot: BlockSlot, mayRetry: boolean): Block => ({
  slot,
  startNs: Math.round(slot.startS * 1e9),
  offered: 0,
  ok: 0,
  failures: {},
  attempts: mayRetry ? { sent: 0, retried: 0 } : undefined,
  labelled: undefined,
  sessions: undefined,
  drained: undefined,
  tokens: undefined,
  open: {},
  folded: new Map(),
});

/** Each distribution by its own name and not by a variable one: this runs for every request, between two of them. */
function fold(block: Block, outcome: Outcome): void {
  const { open } = block;
  const { result, intendedNs, dispatchedNs, wireNs, connectNs, dnsNs, tlsNs, firstByteNs, endNs } = outcome;
  block.offered++;
  if (block.attempts !== undefined) {
    block.attempts.sent += outcome.attempts;
    if (outcome.attempts > 1) block.attempts.retried++;
  }
  if (outcome.session !== undefined) foldSession(block, outcome.session);
  if (outcome.step !== undefined && intendedNs >= blockEndNs(block)) foldDrained(block, result);
  const [latency, service, ownDelay] = [latencyNs(outcome), serviceNs(outcome), ownDelayNs(outcome)];
  if (latency !== undefined) (open.latency ??= new Distribution()).recordNs(latency);
  if (service !== undefined) (open.service ??= new Distribution()).recordNs(service);
  if (ownDelay !== undefined) {
    const queueNs = clientQueueNs(outcome);
    (open.lateness ??= new Distribution()).recordNs(dispatchedNs - intendedNs);
    if (queueNs !== undefined) (open.clientQueue ??= new Distribution()).recordNs(queueNs);
    (open.generator ??= new Distribution()).recordNs(ownDelay);
  }
  if (connectNs !== undefined) (open.connect ??= new Distribution()).recordNs(connectNs);
  if (dnsNs !== undefined) (open.dns ??= new Distribution()).recordNs(dnsNs);
  if (tlsNs !== undefined) (open.tls ??= new Distribution()).recordNs(tlsNs);
  if (firstByteNs !== undefined && wireNs !== undefined) (open.firstByte ??= new Distribution()).recordNs(firstByteNs - wireNs);
  if (result.kind === "failed") {
    block.failures[result.why] = (block.failures[result.why] ?? 0) + 1;
    return;
  }
  if (firstByteNs !== undefined) (open.transfer ??= new Distribution()).recordNs(endNs - firstByteNs);
  block.ok++;
  const { stream, usageTokens, correct } = result;
  if (correct !== undefined) {
    const { answers, wrong } = block.labelled ?? { answers: 0, wrong: 0 };
    block.labelled = { answers: answers + 1, wrong: wrong + (correct ? 0 : 1) };
  }
  if (usageTokens !== undefined) countTokens(block, usageTokens, "usage");
  if (stream !== undefined) foldStream(block, stream, intendedNs);
}

function foldSession(block: Block, { completed, latencyNs }: SessionEnd): void {
  const counts = (block.sessions ??= { ended: 0, completed: 0 });
  counts.ended++;
  if (!completed) return;
  counts.completed++;
  (block.open.session ??= new Distribution()).recordNs(latencyNs);
}

/** Only the last block holds what comes after its end. */
function foldDrained(block: Block, result: Outcome["result"]): void {
  if (result.kind === "failed") return;
  const drained = (block.drained ??= { ok: 0, tokens: 0 });
  drained.ok++;
  drained.tokens += result.stream?.tokens ?? result.usageTokens ?? 0;
}

function foldStream(block: Block, stream: StreamTiming, intendedNs: number): void {
  const { open } = block;
  countTokens(block, stream.tokens, stream.tokensFrom);
  (open.ttft ??= new Distribution()).recordNs(stream.firstTokenNs - intendedNs);
  for (const gapNs of stream.gapsNs) (open.itl ??= new Distribution()).recordNs(gapNs);
  if (stream.tokens > 1) (open.tpot ??= new Distribution()).recordNs((stream.lastTokenNs - stream.firstTokenNs) / (stream.tokens - 1));
}

function countTokens(block: Block, tokens: number, from: "usage" | "events"): void {
  const before = block.tokens ?? { output: 0, from };
  block.tokens = { output: before.output + tokens, from: before.from === from ? from : "mixed" };
}

function encode(block: Block, name: DistributionName): void {
  const distribution = block.open[name];
  if (distribution === undefined) return;
  const before = block.folded.get(name);
  if (before !== undefined) distribution.addEncoded(before);
  block.folded.set(name, distribution.encode());
  block.open[name] = undefined;
}

function record(block: Block, segmentStartS: number, generator: GeneratorRecord | undefined): BlockRecord {
  for (const name of DISTRIBUTIONS) encode(block, name);
  const { slot, offered, ok, failures, attempts, labelled, sessions, drained, tokens, folded } = block;
  return {
    index: slot.index,
    pair: slot.pair,
    startS: segmentStartS + slot.startS,
    durationS: slot.durationS,
    offered,
    ok,
    failures: { ...failures },
    ...(attempts === undefined ? {} : { attempts: { ...attempts } }),
    ...(labelled === undefined ? {} : { labelled }),
    ...(sessions === undefined ? {} : { sessions: { ...sessions } }),
    ...(drained === undefined ? {} : { drained: { ...drained } }),
    tokens,
    histograms: Object.fromEntries(DISTRIBUTIONS.flatMap((name) => (folded.has(name) ? [[name, folded.get(name)!]] : []))),
    gauges: {},
    ...(generator === undefined ? {} : { generator }),
  };
}

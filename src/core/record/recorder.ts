import { DISTRIBUTIONS, type DistributionName } from "../metric.ts";
import type { BlockSlot } from "../plan/plan.ts";
import { blockAt } from "./block-at.ts";
import { Distribution } from "./distribution.ts";
import { type GeneratorReading, openGeneratorWindows } from "./generator-record.ts";
import { clientQueueNs, type FailureKind, latencyNs, type Outcome, ownDelayNs, serviceNs } from "./outcome.ts";
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
  tokens: BlockRecord["tokens"];
  /** Exists from the first value to the fold. */
  readonly open: Map<DistributionName, Distribution>;
  readonly folded: Map<DistributionName, string>;
};

const GRACE_NS = 60e9;

/** More than the time between a deadline and the moment at which its timer was heard. */
const SETTLING_NS = 1e9;

/**
 * @param blocks ascending and gapless; empty for a segment of which only the examples matter.
 * @param segmentStartS start of the segment, in seconds since the start of the run.
 * @param options.timeoutS after this no request that was intended for a block is still under way.
 * @param options.mayRetry whether there is a retry policy: attempts are then counted, also where all were the first.
 */
export function openRecorder(
  blocks: readonly BlockSlot[],
  segmentStartS: number,
  { timeoutS, mayRetry = false }: { readonly timeoutS: number; readonly mayRetry?: boolean },
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
      windows.add(outcome);
    },
    advance(nowNs) {
      const block = states[oldest];
      if (block !== undefined && endNs(block) + GRACE_NS <= nowNs) {
        const name = block.open.keys().next().value;
        if (name === undefined) oldest++;
        else encode(block, name);
      }
      const next = states[unsettled];
      if (next === undefined || unsettled >= oldest || endNs(next) + timeoutS * 1e9 + SETTLING_NS > nowNs) return undefined;
      unsettled++;
      return record(next, segmentStartS, windows.of(next.slot.index));
    },
    finish: () => states.map((block) => record(block, segmentStartS, windows.of(block.slot.index))),
  };
}

const endNs = ({ startNs, slot }: Block): number => startNs + slot.durationS * 1e9;

const openBlock = (slot: BlockSlot, mayRetry: boolean): Block => ({
  slot,
  startNs: Math.round(slot.startS * 1e9),
  offered: 0,
  ok: 0,
  failures: {},
  attempts: mayRetry ? { sent: 0, retried: 0 } : undefined,
  tokens: undefined,
  open: new Map(),
  folded: new Map(),
});

function fold(block: Block, outcome: Outcome): void {
  const { result, intendedNs, dispatchedNs, wireNs, connectNs, dnsNs, tlsNs, firstByteNs, endNs } = outcome;
  const put = (name: DistributionName, ns: number | undefined) => {
    if (ns === undefined) return;
    let distribution = block.open.get(name);
    if (distribution === undefined) block.open.set(name, (distribution = new Distribution()));
    distribution.recordNs(ns);
  };
  block.offered++;
  if (block.attempts !== undefined) {
    block.attempts.sent += outcome.attempts;
    if (outcome.attempts > 1) block.attempts.retried++;
  }
  put("latency", latencyNs(outcome));
  put("service", serviceNs(outcome));
  const ownNs = ownDelayNs(outcome);
  if (ownNs !== undefined) {
    put("lateness", dispatchedNs - intendedNs);
    put("clientQueue", clientQueueNs(outcome));
    put("generator", ownNs);
  }
  put("connect", connectNs);
  put("dns", dnsNs);
  put("tls", tlsNs);
  if (wireNs !== undefined && firstByteNs !== undefined) put("firstByte", firstByteNs - wireNs);
  if (firstByteNs !== undefined && result.kind === "ok") put("transfer", endNs - firstByteNs);
  if (result.kind === "failed") {
    block.failures[result.why] = (block.failures[result.why] ?? 0) + 1;
    return;
  }
  block.ok++;
  const { stream, usageTokens } = result;
  if (usageTokens !== undefined) countTokens(block, usageTokens, "usage");
  if (stream === undefined) return;
  countTokens(block, stream.tokens, stream.tokensFrom);
  put("ttft", stream.firstTokenNs - intendedNs);
  for (const gapNs of stream.gapsNs) put("itl", gapNs);
  if (stream.tokens > 1) put("tpot", (stream.lastTokenNs - stream.firstTokenNs) / (stream.tokens - 1));
}

function countTokens(block: Block, tokens: number, from: "usage" | "events"): void {
  const before = block.tokens ?? { output: 0, from };
  block.tokens = { output: before.output + tokens, from: before.from === from ? from : "mixed" };
}

function encode(block: Block, name: DistributionName): void {
  const distribution = block.open.get(name);
  if (distribution === undefined) return;
  const before = block.folded.get(name);
  if (before !== undefined) distribution.addEncoded(before);
  block.folded.set(name, distribution.encode());
  block.open.delete(name);
}

function record(block: Block, segmentStartS: number, generator: GeneratorRecord | undefined): BlockRecord {
  for (const name of DISTRIBUTIONS) encode(block, name);
  const { slot, offered, ok, failures, attempts, tokens, folded } = block;
  return {
    index: slot.index,
    pair: slot.pair,
    startS: segmentStartS + slot.startS,
    durationS: slot.durationS,
    offered,
    ok,
    failures: { ...failures },
    ...(attempts === undefined ? {} : { attempts: { ...attempts } }),
    tokens,
    histograms: Object.fromEntries(DISTRIBUTIONS.flatMap((name) => (folded.has(name) ? [[name, folded.get(name)!]] : []))),
    gauges: {},
    ...(generator === undefined ? {} : { generator }),
  };
}

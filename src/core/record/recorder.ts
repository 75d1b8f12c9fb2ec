import { DISTRIBUTIONS, type DistributionName } from "../metric.ts";
import type { BlockSlot } from "../plan/plan.ts";
import { Distribution } from "./distribution.ts";
import { type FailureKind, latencyNs, type Outcome, serviceNs } from "./outcome.ts";
import type { ArmRecord, BlockRecord } from "./run-record.ts";

/**
 * Folds the outcomes of one segment into its blocks: counts and distributions, never the outcomes themselves. An outcome
 * belongs to the block that holds its intended start.
 */
export type Recorder = {
  /** In any order. @throws {RangeError} on an outcome from before the first block, or a negative duration: bugs of the sender. */
  readonly add: (outcome: Outcome) => void;
  /**
   * Encodes the histograms of a block that was over a minute before `nowNs` (since the start of the segment), one per
   * call, because each takes about a millisecond of the sender's time. An hour of load then needs the memory of a few
   * minutes. An outcome may still come later than that; it is counted all the same.
   */
  readonly advance: (nowNs: number) => void;
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

/**
 * @param blocks ascending and gapless; empty for a segment of which only the examples matter.
 * @param segmentStartS start of the segment, in seconds since the start of the run.
 * @param mayRetry whether there is a retry policy: attempts are then counted, also where all were the first.
 */
export function openRecorder(blocks: readonly BlockSlot[], segmentStartS: number, mayRetry = false): Recorder {
  const states = blocks.map((slot) => openBlock(slot, mayRetry));
  const examples: Partial<Record<FailureKind, string>> = {};
  let oldest = 0;
  return {
    examples,
    add(outcome) {
      const { result } = outcome;
      if (result.kind === "failed") examples[result.why] ??= result.detail;
      if (states.length > 0) fold(blockOf(states, outcome.intendedNs), outcome);
    },
    advance(nowNs) {
      const block = states[oldest];
      if (block === undefined || block.startNs + block.slot.durationS * 1e9 + GRACE_NS > nowNs) return;
      const name = block.open.keys().next().value;
      if (name === undefined) oldest++;
      else encode(block, name);
    },
    finish: () => states.map((block) => record(block, segmentStartS)),
  };
}

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

/** The last block that starts at or before `intendedNs`: what rounding leaves after the last block's end is the last block's. */
function blockOf(blocks: readonly Block[], intendedNs: number): Block {
  let [low, high] = [0, blocks.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (blocks[middle]!.startNs <= intendedNs) low = middle;
    else high = middle;
  }
  const block = blocks[low]!;
  if (!(block.startNs <= intendedNs)) throw new RangeError(`an outcome intended for ${intendedNs} ns lies in no block`);
  return block;
}

function fold(block: Block, outcome: Outcome): void {
  const { result, intendedNs, dispatchedNs, attemptNs, wireNs, connectNs, dnsNs, tlsNs, awaitedNs, firstByteNs, endNs } = outcome;
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
  // An arrival that was never sent says nothing about how well we send.
  if (result.kind === "ok" || result.why !== "overflow") {
    const latenessNs = dispatchedNs - intendedNs;
    const queueNs = wireNs === undefined ? undefined : wireNs - attemptNs - (connectNs ?? 0) - (awaitedNs ?? 0);
    put("lateness", latenessNs);
    put("clientQueue", queueNs);
    put("generator", latenessNs + (queueNs ?? 0));
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

function record(block: Block, segmentStartS: number): BlockRecord {
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
  };
}

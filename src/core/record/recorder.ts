import { DISTRIBUTIONS, type DistributionName } from "../metric.ts";
import type { BlockSlot } from "../plan/plan.ts";
import type { ServerPhases } from "../protocol/server-phases.ts";
import { blockAt } from "./block-at.ts";
import { Distribution } from "./distribution.ts";
import { type GeneratorReading, openGeneratorWindows } from "./generator-record.ts";
import { clientQueueNs, type FailureKind, latencyNs, type Outcome, ownDelayNs, type StreamTiming, serviceNs } from "./outcome.ts";
import { promptGauges } from "./prompt-gauges.ts";
import type { ArmRecord, BlockRecord, Counts, GeneratorRecord } from "./run-record.ts";
import { NOTHING_SEEN, openSlowest, type RequestLookup, type WorthLookingAt } from "./slowest.ts";

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
  /** The slowest requests so far and the first failed ones. Times count from the start of the segment. */
  readonly seen: () => WorthLookingAt;
};

type Block = Counting & {
  readonly slot: BlockSlot;
  readonly startNs: number;
  readonly classes: readonly Counting[];
};

/** Requests of one block, or those of one payload class in it. */
type Counting = {
  offered: number;
  ok: number;
  readonly failures: Partial<Record<FailureKind, number>>;
  /** Exists where requests may be sent again. */
  readonly attempts: { sent: number; retried: number } | undefined;
  labelled: { readonly answers: number; readonly wrong: number } | undefined;
  tokens: BlockRecord["tokens"];
  prompt: { tokens: number; cached: number } | undefined;
  /** Answers that told of a phase of the endpoint's. */
  phases: number;
  /** Exists from the first value to the fold. */
  readonly open: { [D in DistributionName]?: Distribution | undefined };
  readonly folded: Map<DistributionName, string>;
};

/** Payload classes that are counted by themselves as well. */
export type CountedClasses = {
  /** Each once. */
  readonly names: readonly string[];
  /** Which of them the request at a position of the segment belongs to; −1 for none. */
  readonly of: (index: number) => number;
};

const GRACE_NS = 60e9;

/** More than the time between a deadline and the moment at which its timer was heard. */
const SETTLING_NS = 1e9;

/**
 * @param blocks ascending and gapless; empty for a segment of which only the examples matter.
 * @param segmentStartS start of the segment, in seconds since the start of the run.
 * @param options.timeoutS after this no request that was intended for a block is still under way.
 * @param options.mayRetry whether there is a retry policy: attempts are then counted, also where all were the first.
 * @param options.classes payload classes of which the blocks keep figures of their own.
 * @param options.requests what else is known of each request; undefined where none is kept by itself.
 */
export function openRecorder(
  blocks: readonly BlockSlot[],
  segmentStartS: number,
  {
    timeoutS,
    mayRetry = false,
    classes = { names: [], of: () => -1 },
    requests,
  }: {
    readonly timeoutS: number;
    readonly mayRetry?: boolean;
    readonly classes?: CountedClasses;
    readonly requests?: RequestLookup | undefined;
  },
): Recorder {
  const states = blocks.map((slot) => openBlock(slot, mayRetry, classes));
  const windows = openGeneratorWindows(blocks);
  const examples: Partial<Record<FailureKind, string>> = {};
  const slowest = requests && openSlowest(states, requests);
  let oldest = 0;
  let unsettled = 0;
  return {
    examples,
    look: windows.look,
    add(outcome) {
      const { result } = outcome;
      if (result.kind === "failed") examples[result.why] ??= result.detail;
      if (states.length === 0) return;
      const block = blockAt(states, outcome.intendedNs);
      fold(block, outcome);
      foldOwn(block, outcome);
      const ofClass = block.classes[classes.of(outcome.index)];
      if (ofClass !== undefined) fold(ofClass, outcome);
      windows.add(outcome);
      slowest?.add(outcome);
    },
    advance(nowNs) {
      const block = states[oldest];
      if (block !== undefined && endNs(block) + GRACE_NS <= nowNs) {
        const counting = [block, ...block.classes].find((each) => openIn(each) !== undefined);
        if (counting === undefined) oldest++;
        else encode(counting, openIn(counting)!);
      }
      const next = states[unsettled];
      if (next === undefined || unsettled >= oldest || endNs(next) + timeoutS * 1e9 + SETTLING_NS > nowNs) return undefined;
      unsettled++;
      return record(next, segmentStartS, windows.of(next.slot.index), classes.names);
    },
    seen: () => slowest?.seen() ?? NOTHING_SEEN,
    finish: () => states.map((block) => record(block, segmentStartS, windows.of(block.slot.index), classes.names)),
  };
}

const endNs = ({ startNs, slot }: Block): number => startNs + slot.durationS * 1e9;

const openBlock = (slot: BlockSlot, mayRetry: boolean, { names }: CountedClasses): Block => ({
  slot,
  startNs: Math.round(slot.startS * 1e9),
  ...openCounting(mayRetry),
  classes: names.map(() => openCounting(mayRetry)),
});

const openCounting = (mayRetry: boolean): Counting => ({
  offered: 0,
  ok: 0,
  failures: {},
  attempts: mayRetry ? { sent: 0, retried: 0 } : undefined,
  labelled: undefined,
  tokens: undefined,
  prompt: undefined,
  phases: 0,
  open: {},
  folded: new Map(),
});

/** Each distribution by its own name and not by a variable one: this runs for every request, between two of them. */
function fold(block: Counting, outcome: Outcome): void {
  const { open } = block;
  const { result, intendedNs, wireNs, firstByteNs, endNs } = outcome;
  block.offered++;
  if (block.attempts !== undefined) {
    block.attempts.sent += outcome.attempts;
    if (outcome.attempts > 1) block.attempts.retried++;
  }
  const [latency, service] = [latencyNs(outcome), serviceNs(outcome)];
  if (latency !== undefined) (open.latency ??= new Distribution()).recordNs(latency);
  if (service !== undefined) (open.service ??= new Distribution()).recordNs(service);
  if (firstByteNs !== undefined && wireNs !== undefined) (open.firstByte ??= new Distribution()).recordNs(firstByteNs - wireNs);
  if (result.kind === "failed") {
    block.failures[result.why] = (block.failures[result.why] ?? 0) + 1;
    return;
  }
  if (firstByteNs !== undefined) (open.transfer ??= new Distribution()).recordNs(endNs - firstByteNs);
  block.ok++;
  const { stream, usageTokens, correct, prompt } = result;
  if (correct !== undefined) {
    const { answers, wrong } = block.labelled ?? { answers: 0, wrong: 0 };
    block.labelled = { answers: answers + 1, wrong: wrong + (correct ? 0 : 1) };
  }
  if (prompt !== undefined) {
    const all = (block.prompt ??= { tokens: 0, cached: 0 });
    all.tokens += prompt.tokens;
    all.cached += prompt.cached;
  }
  if (usageTokens !== undefined) countTokens(block, usageTokens, "usage");
  if (outcome.phases !== undefined) foldPhases(block, outcome.phases);
  if (stream !== undefined) foldStream(block, stream, intendedNs);
}

/** Our own delay and the connections: of the block as a whole, whoever shares it. */
function foldOwn({ open }: Block, outcome: Outcome): void {
  const { intendedNs, dispatchedNs, connectNs, dnsNs, tlsNs } = outcome;
  const ownDelay = ownDelayNs(outcome);
  if (ownDelay !== undefined) {
    const queueNs = clientQueueNs(outcome);
    (open.lateness ??= new Distribution()).recordNs(dispatchedNs - intendedNs);
    if (queueNs !== undefined) (open.clientQueue ??= new Distribution()).recordNs(queueNs);
    (open.generator ??= new Distribution()).recordNs(ownDelay);
  }
  if (connectNs !== undefined) (open.connect ??= new Distribution()).recordNs(connectNs);
  if (dnsNs !== undefined) (open.dns ??= new Distribution()).recordNs(dnsNs);
  if (tlsNs !== undefined) (open.tls ??= new Distribution()).recordNs(tlsNs);
}

function foldStream(block: Counting, stream: StreamTiming, intendedNs: number): void {
  const { open } = block;
  countTokens(block, stream.tokens, stream.tokensFrom);
  (open.ttft ??= new Distribution()).recordNs(stream.firstTokenNs - intendedNs);
  for (const gapNs of stream.gapsNs) (open.itl ??= new Distribution()).recordNs(gapNs);
  if (stream.tokens > 1) (open.tpot ??= new Distribution()).recordNs((stream.lastTokenNs - stream.firstTokenNs) / (stream.tokens - 1));
}

function foldPhases(block: Counting, { preprocess, queue, infer, postprocess }: ServerPhases): void {
  const { open } = block;
  block.phases++;
  if (preprocess !== undefined) (open["phase.preprocess"] ??= new Distribution()).recordNs(preprocess);
  if (queue !== undefined) (open["phase.queue"] ??= new Distribution()).recordNs(queue);
  if (infer !== undefined) (open["phase.infer"] ??= new Distribution()).recordNs(infer);
  if (postprocess !== undefined) (open["phase.postprocess"] ??= new Distribution()).recordNs(postprocess);
}

function countTokens(block: Counting, tokens: number, from: "usage" | "events"): void {
  const before = block.tokens ?? { output: 0, from };
  block.tokens = { output: before.output + tokens, from: before.from === from ? from : "mixed" };
}

const openIn = ({ open }: Counting): DistributionName | undefined => DISTRIBUTIONS.find((each) => open[each] !== undefined);

function encode(block: Counting, name: DistributionName): void {
  const distribution = block.open[name];
  if (distribution === undefined) return;
  const before = block.folded.get(name);
  if (before !== undefined) distribution.addEncoded(before);
  block.folded.set(name, distribution.encode());
  block.open[name] = undefined;
}

function record(block: Block, segmentStartS: number, generator: GeneratorRecord | undefined, classNames: readonly string[]): BlockRecord {
  const { slot, classes } = block;
  return {
    index: slot.index,
    pair: slot.pair,
    startS: segmentStartS + slot.startS,
    durationS: slot.durationS,
    ...countsOf(block),
    ...(classes.length === 0 ? {} : { classes: Object.fromEntries(classes.map((each, i) => [classNames[i]!, countsOf(each)])) }),
    gauges: promptGauges(block.prompt),
    ...(generator === undefined ? {} : { generator }),
  };
}

function countsOf(counting: Counting): Counts {
  for (const name of DISTRIBUTIONS) encode(counting, name);
  const { offered, ok, failures, attempts, labelled, tokens, prompt, phases, folded } = counting;
  return {
    offered,
    ok,
    failures: { ...failures },
    ...(attempts === undefined ? {} : { attempts: { ...attempts } }),
    ...(labelled === undefined ? {} : { labelled }),
    ...(prompt === undefined ? {} : { prompt: { ...prompt } }),
    tokens,
    ...(phases === 0 ? {} : { phases: { answers: ok, with: phases } }),
    histograms: Object.fromEntries(DISTRIBUTIONS.flatMap((name) => (folded.has(name) ? [[name, folded.get(name)!]] : []))),
  };
}

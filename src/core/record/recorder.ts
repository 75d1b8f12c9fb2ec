import type { BlockSlot } from "../plan/plan.ts";
import { type GoodputLimits, goodputText } from "../suite/goodput.ts";
import { blockAt } from "./block-at.ts";
import { type Counting, countsOf, encode, fold, foldOwn, openCounting, openIn } from "./counting.ts";
import { foldSession } from "./fold-session.ts";
import { type GeneratorReading, openGeneratorWindows } from "./generator-record.ts";
import { isGood } from "./good-answer.ts";
import type { FailureKind, Outcome } from "./outcome.ts";
import { promptGauges } from "./prompt-gauges.ts";
import type { ArmRecord, BlockRecord, GeneratorRecord } from "./run-record.ts";
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

/** Payload classes that are counted by themselves as well. */
export type CountedClasses = {
  /** Each once. */
  readonly names: readonly string[];
  /** Which of them the request of an outcome belongs to; −1 for none. */
  readonly of: (outcome: Pick<Outcome, "index" | "step">) => number;
};

const GRACE_NS = 60e9;

/** More than the time between a deadline and the moment at which its timer was heard. */
const SETTLING_NS = 1e9;

export type RecorderOptions = {
  readonly timeoutS: number;
  readonly mayRetry?: boolean;
  readonly drains?: boolean;
  readonly classes?: CountedClasses;
  readonly goodput?: GoodputLimits | undefined;
  readonly differs?: (outcome: Outcome) => boolean | undefined;
  readonly requests?: RequestLookup | undefined;
};

/**
 * @param blocks ascending and gapless; empty for a segment of which only the examples matter.
 * @param segmentStartS start of the segment, in seconds since the start of the run.
 * @param options.timeoutS after this no request that was intended for a block is still under way.
 * @param options.drains whether requests may begin after the last block, because sessions that began are driven to their
 *   end: they are counted to that block, which is complete only when the segment is.
 * @param options.mayRetry whether there is a retry policy: attempts are then counted, also where all were the first.
 * @param options.classes payload classes of which the blocks keep figures of their own.
 * @param options.requests what else is known of each request; undefined where none is kept by itself.
 * @param options.goodput within what an answer is counted as good.
 * @param options.differs whether an answer is another one than the base gave first; asked once for each outcome.
 */
export function openRecorder(
  blocks: readonly BlockSlot[],
  segmentStartS: number,
  {
    timeoutS,
    mayRetry = false,
    drains = false,
    classes = { names: [], of: () => -1 },
    goodput,
    differs = () => undefined,
    requests,
  }: RecorderOptions,
): Recorder {
  const within = goodput && goodputText(goodput);
  const open = (): Counting => openCounting(mayRetry, within);
  const states = blocks.map((slot) => openBlock(slot, classes, open));
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
      const isDrained = outcome.step !== undefined && outcome.intendedNs >= blockEndNs(block);
      const seen = { isGood: goodput !== undefined && isGood(outcome, goodput), isChanged: differs(outcome), isDrained };
      fold(block, outcome, seen);
      foldOwn(block, outcome);
      if (outcome.session !== undefined) foldSession(block, outcome.session);
      const ofClass = block.classes[classes.of(outcome)];
      if (ofClass !== undefined) fold(ofClass, outcome, seen);
      if (!isDrained) windows.add(outcome);
      slowest?.add(outcome);
    },
    advance(nowNs) {
      const block = states[oldest];
      if (block !== undefined && blockEndNs(block) + GRACE_NS <= nowNs) {
        const counting = [block, ...block.classes].find((each) => openIn(each) !== undefined);
        if (counting === undefined) oldest++;
        else encode(counting, openIn(counting)!);
      }
      const next = drains && unsettled === states.length - 1 ? undefined : states[unsettled];
      if (next === undefined || unsettled >= oldest || blockEndNs(next) + timeoutS * 1e9 + SETTLING_NS > nowNs) return undefined;
      unsettled++;
      return record(next, segmentStartS, windows.of(next.slot.index), classes.names);
    },
    seen: () => slowest?.seen() ?? NOTHING_SEEN,
    finish: () => states.map((block) => record(block, segmentStartS, windows.of(block.slot.index), classes.names)),
  };
}

const blockEndNs = ({ startNs, slot }: Block): number => startNs + slot.durationS * 1e9;

const openBlock = (slot: BlockSlot, { names }: CountedClasses, open: () => Counting): Block => ({
  slot,
  startNs: Math.round(slot.startS * 1e9),
  ...open(),
  classes: names.map(open),
});

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

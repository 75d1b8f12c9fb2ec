import type { BlockSlot } from "../plan/plan.ts";
import { blockAt } from "./block-at.ts";
import { type Outcome, ownDelayNs } from "./outcome.ts";
import type { GeneratorRecord } from "./run-record.ts";

/**
 * How one sending thread was doing for about a second: plain data, which may cross threads. Times are nanoseconds since
 * the start of the segment; ratios and utilization lie in [0, 1].
 */
export type GeneratorReading = {
  readonly fromNs: number;
  readonly toNs: number;
  /** Longest turn of the event loop: nothing is sent or read meanwhile. */
  readonly loopDelayMaxS: number;
  /** Share of the time that the thread was not waiting for work. */
  readonly utilization: number;
  readonly gcS: number;
  /** Of the machine, undefined where the system does not tell. */
  readonly stealRatio: number | undefined;
  readonly machineBusyRatio: number | undefined;
};

/**
 * A pause of our own from this length on marks its second, seconds. Shorter ones are noise that every latency holds and
 * that `generator-late` weighs; a longer one also changes the load, because what it held up leaves in one burst. Ten
 * runs of a 10 ms endpoint on an idle machine had none, see decision 0002.
 */
export const PAUSE_S = 0.02;

/** Cuts readings and outcomes of one segment to the seconds of its blocks. */
export type GeneratorWindows = {
  /** In any order. */
  readonly add: (outcome: Outcome) => void;
  /** From any thread, in any order: a second is as bad as the worst of its readings. What lies behind the last block is not looked at. */
  readonly look: (reading: GeneratorReading) => void;
  /** Of the block with this index; undefined if no second of it was looked at. */
  readonly of: (index: number) => GeneratorRecord | undefined;
};

/** Takes 57 bytes for each second of the segment and nothing for a request. */
export function openGeneratorWindows(slots: readonly BlockSlot[]): GeneratorWindows {
  const blocks = slots.map(openBlock);
  return {
    add(outcome) {
      if (blocks.length === 0) return;
      const block = blockAt(blocks, outcome.intendedNs);
      const window = windowAt(block, outcome.intendedNs);
      block.arrivals[window]!++;
      raise(block.delayS, window, (ownDelayNs(outcome) ?? 0) / 1e9);
    },
    look(reading) {
      const last = blocks.at(-1);
      const middleNs = (reading.fromNs + reading.toNs) / 2;
      if (last === undefined || middleNs < blocks[0]!.startNs || middleNs >= last.startNs + last.durationNs) return;
      const seen = secondsSeen(blocks, reading);
      if (seen.length === 0) return glimpse(blockAt(blocks, middleNs), middleNs, reading);
      for (const [block, window] of seen) lookAt(block, window, { ...reading, gcS: reading.gcS / seen.length });
    },
    of(index) {
      const block = blocks.find((each) => each.index === index);
      return block === undefined || !block.looked.includes(1) ? undefined : recordOf(block);
    },
  };
}

type Block = { readonly index: number; readonly startNs: number; readonly durationNs: number; readonly looked: Uint8Array } & {
  /** One value a second, the last of which may be a shorter one. */
  readonly [K in "arrivals" | "delayS" | "loopS" | "utilization" | "gcS" | "steal" | "busy"]: Float64Array;
};

const SECOND_NS = 1e9;
const UNKNOWN = -1;

function openBlock({ index, startS, durationS }: BlockSlot): Block {
  const seconds = Math.max(1, Math.ceil(durationS));
  const [arrivals, delayS, loopS, utilization, gcS] = Array.from({ length: 5 }, () => new Float64Array(seconds));
  return {
    index,
    startNs: Math.round(startS * 1e9),
    durationNs: Math.round(durationS * 1e9),
    looked: new Uint8Array(seconds),
    arrivals: arrivals!,
    delayS: delayS!,
    loopS: loopS!,
    utilization: utilization!,
    gcS: gcS!,
    steal: new Float64Array(seconds).fill(UNKNOWN),
    busy: new Float64Array(seconds).fill(UNKNOWN),
  };
}

const windowAt = ({ startNs, looked }: Block, atNs: number): number =>
  Math.min(Math.max(0, Math.floor((atNs - startNs) / SECOND_NS)), looked.length - 1);

const middleOf = ({ startNs, durationNs }: Block, window: number): number =>
  startNs + (window * SECOND_NS + Math.min((window + 1) * SECOND_NS, durationNs)) / 2;

const raise = (values: Float64Array, window: number, value: number): void => {
  if (value > values[window]!) values[window] = value;
};

/** The seconds whose middle lies in the reading. */
function secondsSeen(blocks: readonly Block[], { fromNs, toNs }: GeneratorReading): readonly (readonly [Block, number])[] {
  const overlapping = blocks.filter(({ startNs, durationNs }) => startNs < toNs && startNs + durationNs > fromNs);
  return overlapping.flatMap((block) => {
    const windows = Array.from({ length: windowAt(block, toNs) - windowAt(block, fromNs) + 1 }, (_, i) => windowAt(block, fromNs) + i);
    const isSeen = (window: number) => middleOf(block, window) >= fromNs && middleOf(block, window) < toNs;
    return windows.filter(isSeen).map((window) => [block, window] as const);
  });
}

/** What is left of a second tells of its pauses; its shares are those of the longer reading, if there was one. */
function glimpse(block: Block, middleNs: number, reading: GeneratorReading): void {
  const window = windowAt(block, middleNs);
  if (block.looked[window] === 0) lookAt(block, window, reading);
  else raise(block.loopS, window, reading.loopDelayMaxS);
}

function lookAt(block: Block, window: number, reading: GeneratorReading): void {
  block.looked[window] = 1;
  raise(block.loopS, window, reading.loopDelayMaxS);
  raise(block.utilization, window, reading.utilization);
  raise(block.gcS, window, reading.gcS);
  raise(block.steal, window, reading.stealRatio ?? UNKNOWN);
  raise(block.busy, window, reading.machineBusyRatio ?? UNKNOWN);
}

function recordOf(block: Block): GeneratorRecord {
  const windows = [...block.looked.keys()].filter((window) => block.looked[window] === 1);
  const values = (of: Float64Array) => windows.map((window) => of[window]!);
  const held = windows.map((window) => Math.max(block.delayS[window]!, block.loopS[window]!));
  const paused = windows.filter((_, i) => held[i]! >= PAUSE_S);
  return {
    seconds: windows.length,
    pausedSeconds: paused.length,
    pausedArrivals: sum(paused.map((window) => block.arrivals[window]!)),
    pauseMaxS: paused.length === 0 ? 0 : Math.max(...held),
    loopDelayMaxS: Math.max(...values(block.loopS)),
    utilization: sum(values(block.utilization)) / windows.length,
    gcS: sum(values(block.gcS)),
    gcMaxS: Math.max(...values(block.gcS)),
    stealRatio: meanOfKnown(values(block.steal)),
    machineBusyRatio: meanOfKnown(values(block.busy)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function meanOfKnown(values: readonly number[]): number | undefined {
  const known = values.filter((value) => value !== UNKNOWN);
  return known.length === 0 ? undefined : sum(known) / known.length;
}

import type { Arm } from "../../plan/plan.ts";
import { blockBins } from "../../record/block-bins.ts";
import type { BlockRecord } from "../../record/run-record.ts";
import { type Bins, mergeBins } from "../../stats/bins.ts";

/** The blocks of one scenario, by arm. A stored baseline has blocks of other runs, which share no clock with the head. */
export type ArmBlocks = { readonly base: readonly BlockRecord[]; readonly head: readonly BlockRecord[]; readonly sameRun: boolean };

/** What all pictures of one scenario need: each histogram is decoded once. */
export type DrawnScenario = {
  readonly name: string;
  /** All blocks of all runs of an arm, merged; empty where nothing was measured. */
  readonly whole: Readonly<Record<Arm, Bins>>;
  /** In order of time, of the newest head run; `base` is empty where the baseline is stored. */
  readonly blocks: Readonly<Record<Arm, readonly DrawnBlock[]>>;
  readonly sameRun: boolean;
};

export type DrawnBlock = { readonly record: BlockRecord; readonly startS: number; readonly endS: number; readonly latency: Bins };

/** @param last blocks of the newest run, whose times are drawn. */
export function drawnScenario(name: string, all: ArmBlocks, last: ArmBlocks): DrawnScenario {
  const latencyOf = (block: BlockRecord): Bins => blockBins(block, "latency");
  const drawn = (blocks: readonly BlockRecord[]): readonly DrawnBlock[] =>
    blocks
      .map((record) => ({ record, startS: record.startS, endS: record.startS + record.durationS, latency: latencyOf(record) }))
      .toSorted((a, b) => a.startS - b.startS);
  return {
    name,
    whole: { base: mergeBins(all.base.map(latencyOf)), head: mergeBins(all.head.map(latencyOf)) },
    blocks: { base: last.sameRun ? drawn(last.base) : [], head: drawn(last.head) },
    sameRun: all.sameRun,
  };
}

export const ARMS = ["base", "head"] as const satisfies readonly Arm[];

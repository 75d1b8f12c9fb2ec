import { mean } from "simple-statistics";
import { type JointChange, jointOfPairs, jointOfRuns, pOfGrowth, shareOfChange } from "../stats/share-of-change.ts";
import type { Blocks, ScenarioData } from "./scenario-data.ts";
import { CONFIDENCE } from "./shift.ts";
import { type BlockTimes, PARTS, type PartName, type PartSource, planParts, timesOf, USUALLY } from "./time-parts.ts";

/** One part of the mean time of a request, on both arms. Seconds. */
export type PartChange = {
  readonly part: PartName;
  readonly source: PartSource;
  readonly base: number;
  readonly head: number;
  /** Of the change of the total; undefined where the total may not have changed. Bounds at {@link CONFIDENCE}. */
  readonly share: { readonly value: number; readonly low: number; readonly high: number } | undefined;
  /** One-sided: the part did not grow. */
  readonly pGrowth: number;
};

export type TimeChange = {
  readonly of: "latency" | "ttft";
  /** Means over requests, seconds. */
  readonly base: number;
  readonly head: number;
  /** All parts that are known on both arms, in the order of {@link PARTS}. */
  readonly parts: readonly PartChange[];
};

/**
 * How the mean time of a request changed and what became of each of its parts. Means add up, percentiles do not. Units are
 * pairs of adjacent blocks, or runs.
 *
 * @returns undefined without a baseline, with fewer than three units, and where the blocks do not know their parts.
 */
export function timeChange(data: ScenarioData, of: TimeChange["of"]): TimeChange | undefined {
  const { against, read } = data;
  if (against.kind === "nothing") return undefined;
  const [bases, heads]: readonly [readonly Blocks[], readonly Blocks[]] =
    against.kind === "pairs"
      ? [against.pairs.map(({ base }) => [base]), against.pairs.map(({ head }) => [head])]
      : [against.bases, data.heads];
  const sides = [bases, heads].map((runs) => runs.map((run) => run.filter((block) => read(block, of).total > 0)));
  const plan = planParts(sides.flat(2), read);
  const [base, head] = sides.map((runs) =>
    runs.map((run) => {
      const times = run.flatMap((block) => timesOf(block, plan, of, read) ?? []);
      return times.length === 0 || times.length < USUALLY * run.length ? undefined : meanTimes(times);
    }),
  ) as [(BlockTimes | undefined)[], (BlockTimes | undefined)[]];
  // A unit whose blocks do not add up is none; where one of them does not, none can be trusted.
  if (against.kind === "runs" && [...base, ...head].includes(undefined)) return undefined;
  const pairs = base.flatMap((own, i) => (own !== undefined && head[i] !== undefined ? [{ base: own, head: head[i] }] : []));
  if (against.kind === "pairs" && pairs.length < USUALLY * base.length) return undefined;
  const units =
    against.kind === "pairs"
      ? { base: pairs.map((pair) => pair.base), head: pairs.map((pair) => pair.head) }
      : { base: base as BlockTimes[], head: head as BlockTimes[] };

  const jointOf = (part: PartName): JointChange | undefined => {
    const told = ({ parts, total }: BlockTimes) => ({ part: parts[part]!, total });
    if (against.kind === "runs") return jointOfRuns(units.base.map(told), units.head.map(told));
    return jointOfPairs(
      pairs.map((pair) => ({ part: pair.head.parts[part]! - pair.base.parts[part]!, total: pair.head.total - pair.base.total })),
    );
  };
  const parts = PARTS.flatMap((part): readonly PartChange[] => {
    const source = plan[part];
    const isTold = [...units.base, ...units.head].every(({ parts: own }) => own[part] !== undefined);
    const joint = source === undefined || !isTold ? undefined : jointOf(part);
    if (joint === undefined) return [];
    const of = (times: readonly BlockTimes[]) => mean(times.map(({ parts: own }) => own[part]!));
    const share = shareOfChange(joint, CONFIDENCE);
    return [{ part, source: source!, base: of(units.base), head: of(units.head), share, pGrowth: pOfGrowth(joint) }];
  });
  if (parts.length === 0) return undefined;
  const total = (times: readonly BlockTimes[]) => mean(times.map((own) => own.total));
  return { of, base: total(units.base), head: total(units.head), parts };
}

function meanTimes(times: readonly BlockTimes[]): BlockTimes {
  const known = PARTS.filter((part) => times.every(({ parts }) => parts[part] !== undefined));
  return {
    total: mean(times.map(({ total }) => total)),
    parts: Object.fromEntries(known.map((part) => [part, mean(times.map(({ parts }) => parts[part]!))])),
  };
}

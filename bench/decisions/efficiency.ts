import { mean } from "simple-statistics";
import type { Cell } from "./cell.ts";
import { SIZE_WORLDS } from "./cells.ts";
import type { Observation } from "./observation.ts";
import { RIVALS } from "./rivals/all.ts";
import { type Count, countOf, rateOf } from "./tally.ts";

/** Cells with everything that was seen in them. */
export type Observed = readonly { readonly cell: Cell; readonly observations: readonly Observation[] }[];

/** One rule at one number of requests, its threshold set so that it blocks at most 1 % of unchanged pull requests. */
export type EfficiencyPoint = {
  readonly world: string;
  /** Requests that one pull request costs which makes a scenario slower, and one that changes nothing. */
  readonly requests: number;
  readonly unchanged: number;
  readonly falseBlocks: Count;
  readonly detected: Count;
};

export type EfficiencyRow = {
  readonly rule: string;
  readonly points: readonly EfficiencyPoint[];
  /** Requests for {@link POWER}, by interpolation on the log of the requests; `atMost`: the smallest size tried is enough. Null: not with any size tried. */
  readonly needed: { readonly requests: number; readonly unchanged: number; readonly atMost: boolean } | null;
};

/** The power at which requests are compared, for +10 % in one scenario. */
export const POWER = 0.9;
const FALSE_ALARM = 0.01;
/** The rule as it runs by default, and held to a length of its own for comparison. */
export const OURS = "tailgate, live, ends when decided";
const FIXED = "tailgate, live, fixed length";
export const isOurs = (rule: string): boolean => rule === OURS || rule === FIXED;

/**
 * What each rule needs to see +10 % in one of four scenarios when all are given the same false-alarm rate: the others'
 * thresholds are set on the unchanged pull requests of the same size, in their favour; ours stays as it is built in.
 */
export function efficiencyOf(observed: Observed): readonly EfficiencyRow[] {
  const sized = SIZE_WORLDS.flatMap((world) => {
    const of = (kind: Cell["kind"], factor: number) =>
      observed.find(
        ({ cell }) => cell.kind === kind && cell.worldName === world && cell.change.factor === factor && cell.change.tail === 1,
      );
    const rivals = { unchanged: of("rivals", 1), slower: of("rivals", 1.1) };
    const ours = world === "steady" ? { unchanged: of("live", 1), slower: of("live", 1.1) } : rivals;
    if (rivals.unchanged === undefined || rivals.slower === undefined || ours.unchanged === undefined || ours.slower === undefined)
      return [];
    return [
      { world, rivals: { unchanged: rivals.unchanged, slower: rivals.slower }, ours: { unchanged: ours.unchanged, slower: ours.slower } },
    ];
  });
  const rows = RIVALS.map(({ name, runs }) => {
    const points = sized.map(({ world, rivals: { unchanged, slower } }) => {
      const scores = unchanged.observations.map(({ rivals }) => rivals[name]!);
      const most = scores.toSorted((a, b) => b - a)[Math.floor(FALSE_ALARM * scores.length)]!;
      const { requests, scenarios } = unchanged.cell.world;
      return {
        world,
        requests: runs * requests * scenarios,
        unchanged: runs * requests * scenarios,
        falseBlocks: countOf(scores, (score) => score > most),
        detected: countOf(slower.observations, ({ rivals }) => rivals[name]! > most),
      };
    });
    return { rule: `${name}, threshold for 1 %`, points, needed: neededFor(points) };
  });
  const own = ([rule, name]: readonly ["live" | "live-fixed", string]): EfficiencyRow => {
    const points = sized.map(({ world, ours: { unchanged, slower } }) => {
      const judged = ({ observations }: Observed[number]) => observations.map(({ rules }) => rules[rule]!);
      const [still, seen] = [judged(unchanged), judged(slower)];
      return {
        world,
        requests: mean(seen.map(({ requests }) => requests)),
        unchanged: mean(still.map(({ requests }) => requests)),
        falseBlocks: countOf(still, ({ word }) => word === "fail"),
        detected: countOf(seen, ({ word }) => word === "fail"),
      };
    });
    return { rule: name, points, needed: neededFor(points) };
  };
  return [own(["live", OURS]), own(["live-fixed", FIXED]), ...rows];
}

export function neededFor(points: readonly EfficiencyPoint[]): EfficiencyRow["needed"] {
  const at = points.findIndex(({ detected }) => rateOf(detected) >= POWER);
  const enough = points[at];
  if (enough === undefined) return null;
  const before = points[at - 1];
  if (before === undefined) return { requests: enough.requests, unchanged: enough.unchanged, atMost: true };
  const share = (POWER - rateOf(before.detected)) / (rateOf(enough.detected) - rateOf(before.detected));
  const between = (from: number, to: number): number => from * (to / from) ** share;
  return {
    requests: between(before.requests, enough.requests),
    unchanged: between(before.unchanged, enough.unchanged),
    atMost: false,
  };
}

import type { DistributionName } from "../metric.ts";
import type { Arm } from "../plan/plan.ts";
import { blockBins } from "../record/block-bins.ts";
import { type ScenarioView, scenarioOf } from "../record/class-view.ts";
import type { BlockRecord, LooksRecord, RunRecord, ScenarioRecord } from "../record/run-record.ts";
import type { Bins } from "../stats/bins.ts";
import { goodputText } from "../suite/goodput.ts";
import type { DecisionPolicy, Scenario, Suite } from "../suite/suite.ts";
import type { Baseline, Candidate } from "./baseline.ts";
import { withCost } from "./cost.ts";
import { withStart } from "./start.ts";

/** What was measured of one scenario, arranged for comparison. */
export type ScenarioData = {
  readonly name: string;
  readonly load: ScenarioRecord["load"];
  /** Blocks of the head arm, one list per head run that has any; in order of time. */
  readonly heads: readonly Blocks[];
  /** How often each head run was looked at, one entry per list of `heads`. */
  readonly attempts: readonly LooksRecord[];
  readonly against: Against;
  readonly noise: KnownNoise;
  readonly read: ReadBins;
};

/** How much runs, or deployments driven in turn, differ where the suite knows it: as {@link DecisionPolicy}. */
export type KnownNoise = Pick<DecisionPolicy, "betweenRuns" | "betweenDeployments">;

export type Blocks = readonly BlockRecord[];
export type BlockPair = { readonly base: BlockRecord; readonly head: BlockRecord };

export type Against =
  /** Adjacent blocks of both arms, in order of time, and how many blocks have no partner. */
  | { readonly kind: "pairs"; readonly pairs: readonly BlockPair[]; readonly unpaired: number; readonly sameHost: boolean }
  /** Blocks of stored runs, one list per run that has any, and the runs that they are from, in the same order. */
  | { readonly kind: "runs"; readonly bases: readonly Blocks[]; readonly stored: readonly Candidate[] }
  | { readonly kind: "nothing" };

/** A block's distribution; empty where it was not recorded. The self-test reads the head's as if it were slower. */
export type ReadBins = (block: BlockRecord, of: DistributionName) => Bins;

/** What is compared, and the limits of its goodput; without them those of the runs are taken as they are. */
export type ComparedView = ScenarioView & Pick<Scenario, "goodput"> & Partial<Pick<Scenario, "together">>;

/** Undefined if no head run measured a block of the scenario. */
export function scenarioData(
  view: ComparedView,
  {
    heads,
    baseline,
    policy,
    price,
  }: {
    readonly heads: readonly RunRecord[];
    readonly baseline: Baseline;
    readonly policy: Pick<DecisionPolicy, "sameHost" | keyof KnownNoise>;
    /** What an endpoint costs; absent where the suite does not say it. */
    readonly price?: Suite["cost"];
  },
): ScenarioData | undefined {
  const measured = heads.flatMap((record) => {
    const scenario = scenarioOf(record, view);
    const blocks = priced(record, "head");
    return scenario === undefined || blocks.length === 0 ? [] : [{ record, scenario, blocks }];
  });
  const [first] = measured;
  if (first === undefined) return undefined;
  return {
    name: view.name,
    load: first.scenario.load,
    heads: measured.map(({ blocks }) => blocks),
    attempts: measured.map(({ scenario: { looks } }) => looks ?? ONE_LOOK),
    against: against(),
    noise: policy,
    read: blockBins,
  };

  // What several share, classes or scenarios, has one price for all of them.
  function priced(record: RunRecord, arm: Arm): Blocks {
    const blocks = blocksOf(record, view, arm);
    const load = scenarioOf(record, view)?.load;
    if (price === undefined || load === undefined || view.classOf !== undefined || view.together !== undefined) return blocks;
    return withCost(blocks, load, arm === "base" ? price.baselinePerHour : price.perHour);
  }

  function against(): Against {
    switch (baseline.kind) {
      case "live": {
        const paired = measured.map(({ record, blocks }) => pairBlocks(priced(record, "base"), blocks));
        return {
          kind: "pairs",
          pairs: paired.flatMap(({ pairs }) => pairs),
          unpaired: paired.reduce((sum, { unpaired }) => sum + unpaired, 0),
          sameHost: policy.sameHost === "auto" ? measured.every(({ record }) => onSameHost(record)) : policy.sameHost === "yes",
        };
      }
      case "stored": {
        const runs = baseline.runs.map((stored) => ({ stored, blocks: priced(stored.record, "head") }));
        const filled = runs.filter(({ blocks }) => blocks.length > 0);
        return { kind: "runs", bases: filled.map(({ blocks }) => blocks), stored: filled.map(({ stored }) => stored) };
      }
      case "none":
        return { kind: "nothing" };
    }
  }
}

/** What the heads are compared with, as one list: blocks of the base's arm, or of all stored runs. */
export function basesOf({ against }: ScenarioData): Blocks {
  return against.kind === "pairs" ? against.pairs.map(({ base }) => base) : against.kind === "runs" ? against.bases.flat() : [];
}

/** Of a run whose length was fixed beforehand. */
const ONE_LOOK: LooksRecord = { passes: [1], most: 1 };

/**
 * An arm to which no request was offered has measured nothing, whatever its blocks say. How it started is told by its
 * first block, in the first scenario of the run: later ones meet an endpoint that has been driven already.
 */
function blocksOf(record: RunRecord, view: ComparedView, arm: Arm): Blocks {
  const scenario = scenarioOf(record, view);
  const { blocks = [], warmUp } = scenario?.arms[arm] ?? {};
  if (!blocks.some(({ offered }) => offered > 0)) return [];
  const comparable = withinLimits(blocks, view.goodput && goodputText(view.goodput));
  return scenario === record.scenarios[0] && warmUp !== undefined ? withStart(comparable, warmUp) : comparable;
}

/** Answers that kept other limits than those of this suite are no good answers to it. */
const withinLimits = (blocks: Blocks, limits: string | undefined): Blocks =>
  limits === undefined || blocks.every(({ good }) => good === undefined || good.within === limits)
    ? blocks
    : blocks.map(({ good, ...block }) => (good === undefined || good.within === limits ? { ...block, ...(good && { good }) } : block));

/** Adjacent blocks of both arms in order of time, and how many blocks have no partner. */
export function pairBlocks(base: Blocks, head: Blocks): { readonly pairs: readonly BlockPair[]; readonly unpaired: number } {
  const byPair = new Map(base.flatMap((block) => (block.pair === undefined ? [] : [[block.pair, block] as const])));
  const pairs = head.flatMap((block) => {
    const partner = block.pair === undefined ? undefined : byPair.get(block.pair);
    return partner === undefined ? [] : [{ base: partner, head: block }];
  });
  return { pairs: pairs.toSorted((a, b) => a.head.pair! - b.head.pair!), unpaired: base.length + head.length - 2 * pairs.length };
}

/**
 * Whether nothing says that the arms of a live run stood on different machines: a pair of keys `node.base` and
 * `node.head`, or `gpu.uuids.base` and `gpu.uuids.head`, that differ says so.
 */
const onSameHost = ({ environment }: RunRecord): boolean =>
  ["node", "gpu.uuids"].every((key) => {
    const [base, head] = [environment[`${key}.base`], environment[`${key}.head`]];
    return base === undefined || head === undefined || base === head;
  });

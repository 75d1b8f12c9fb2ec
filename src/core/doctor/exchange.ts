import { pairBlocks } from "../compare/scenario-data.ts";
import type { Arm } from "../plan/plan.ts";
import type { ArmRecord, BlockRecord, RunRecord, ScenarioRecord } from "../record/run-record.ts";

/** Is a pair of blocks to be read the other way round? */
export type Exchanged = (pair: { readonly base: BlockRecord; readonly head: BlockRecord; readonly scenario: string }) => boolean;

/**
 * A live run in which the arms of some block pairs have changed places, as if they had been driven the other way round.
 * Where both arms are one build on one endpoint, every such run is as likely as the one that was driven. Blocks without a
 * partner, warm-ups and all else stay where they are.
 */
export const exchangePairs = (record: RunRecord, isExchanged: Exchanged): RunRecord => ({
  ...record,
  scenarios: record.scenarios.map((scenario) => exchangeIn(scenario, isExchanged)),
});

/** The run with the first block of every pair as base and the second as head: what changes then is what the turn brings. */
export const inOrderOfTime = (record: RunRecord): RunRecord => exchangePairs(record, ({ base, head }) => head.index < base.index);

/** How many pairs the scenario with the fewest has; 0 for a run without pairs. */
export const fewestPairs = ({ scenarios }: RunRecord): number =>
  scenarios.length === 0 ? 0 : Math.min(...scenarios.map((scenario) => pairsOf(scenario).length));

function exchangeIn(scenario: ScenarioRecord, isExchanged: Exchanged): ScenarioRecord {
  const { base, head } = scenario.arms;
  if (base === undefined || head === undefined) return scenario;
  const turned = new Set(pairsOf(scenario).flatMap((pair) => (isExchanged({ ...pair, scenario: scenario.name }) ? [pair.head.pair] : [])));
  const isTurned = ({ pair }: BlockRecord) => pair !== undefined && turned.has(pair);
  const armOf = (own: ArmRecord, other: ArmRecord): ArmRecord => ({
    ...own,
    blocks: [...own.blocks.filter((block) => !isTurned(block)), ...other.blocks.filter(isTurned)].toSorted((a, b) => a.index - b.index),
  });
  const arms: { readonly [A in Arm]: ArmRecord } = { base: armOf(base, head), head: armOf(head, base) };
  return { ...scenario, arms };
}

const pairsOf = ({ arms: { base, head } }: ScenarioRecord) => pairBlocks(base?.blocks ?? [], head?.blocks ?? []).pairs;

import type { ArmRecord, RunRecord, ScenarioRecord } from "../record/run-record.ts";
import { asFields, ofBlocks, seenOf } from "../record/slowest.ts";
import type { Plan, ScenarioPlan, Segment } from "./plan.ts";

/** What is left of a plan, and what of an earlier record stands. */
export type Remaining = { readonly plan: Plan; readonly kept: readonly ScenarioRecord[] };

/**
 * What a run that ended in the middle has still to do. Plans are made from the suite and its seed alone, so the rest of
 * one sends the very requests that were never sent.
 *
 * Kept are whole pairs of base and head, and of a run on one arm the blocks up to the first one that is missing: half a
 * pair would be completed minutes or days after its other half. Scenarios that run together are kept together. Whatever
 * is not whole is measured again, after a warm-up.
 *
 * @param record of the same plan: same suite digest, seed and design.
 */
export function remainingPlan(plan: Plan, record: RunRecord): Remaining {
  const recordOf = new Map(record.scenarios.map((scenario) => [scenario.name, scenario]));
  const isDone = doneBlocks(plan, recordOf);
  const scenarios = plan.scenarios.map((scenario) => rest(scenario, isDone));
  const kept = plan.scenarios.flatMap(({ scenario: { name, together } }) => {
    const known = recordOf.get(name);
    return known === undefined ? [] : [trimmed(known, isDone.get(together ?? name)!)];
  });
  return {
    plan: { ...plan, scenarios },
    kept: kept.filter(({ arms }) => Object.values(arms).some((arm) => arm.blocks.length > 0)),
  };
}

/** Indices of blocks that stand, by group (or name, of a scenario that runs alone). */
function doneBlocks(plan: Plan, recordOf: ReadonlyMap<string, ScenarioRecord>): ReadonlyMap<string, ReadonlySet<number>> {
  const groups = Map.groupBy(plan.scenarios, ({ scenario }) => scenario.together ?? scenario.name);
  return new Map([...groups].map(([group, members]) => [group, doneOfGroup(members, recordOf)]));
}

function doneOfGroup(members: readonly ScenarioPlan[], recordOf: ReadonlyMap<string, ScenarioRecord>): ReadonlySet<number> {
  const slots = new Map(
    members.flatMap(({ segments }) => segments.flatMap(({ arm, blocks }) => blocks.map((slot) => [slot.index, { ...slot, arm }] as const))),
  );
  // A member that pauses has no block where another one has.
  const isWhole = (index: number) =>
    members.every(({ scenario: { name }, segments }) => {
      const planned = segments.find(({ blocks }) => blocks.some((slot) => slot.index === index));
      return planned === undefined || recordOf.get(name)?.arms[planned.arm]?.blocks.some((block) => block.index === index) === true;
    });
  const done = new Set<number>();
  for (const { index, pair } of [...slots.values()].toSorted((a, b) => a.index - b.index)) {
    const others = pair === undefined ? [index] : [...slots.values()].flatMap((slot) => (slot.pair === pair ? [slot.index] : []));
    if (others.every(isWhole)) done.add(index);
    else if (pair === undefined) break;
  }
  return done;
}

function rest(scenario: ScenarioPlan, isDone: ReadonlyMap<string, ReadonlySet<number>>): ScenarioPlan {
  const done = isDone.get(scenario.scenario.together ?? scenario.scenario.name)!;
  const measured = scenario.segments.filter(({ phase }) => phase === "measure");
  // Segments of one block each stand in the order of their blocks, those without a request among them; later passes count on.
  const [only, ...more] = measured;
  const first = Math.min(...measured.flatMap(({ blocks }) => blocks.map(({ index }) => index - (index % measured.length))));
  const left = more.length > 0 ? measured.filter((_, place) => !done.has(first + place)) : only === undefined ? [] : after(only, done);
  const arms = new Set(left.map(({ arm }) => arm));
  const warmUps = scenario.segments.filter(({ phase, arm }) => phase === "warm-up" && arms.has(arm));
  return { ...scenario, segments: [...warmUps, ...left] };
}

/** A segment from its first block on that is not done. Of blocks in one segment only the first ones can be done. */
function after(segment: Segment, done: ReadonlySet<number>): readonly Segment[] {
  const blocks = segment.blocks.filter(({ index }) => !done.has(index));
  const [first] = blocks;
  if (first === undefined) return [];
  const { startS } = first;
  if (startS === 0) return [segment];
  const { load } = segment;
  const later = {
    ...segment,
    durationS: segment.durationS - startS,
    blocks: blocks.map((slot) => ({ ...slot, startS: slot.startS - startS })),
  };
  if (load.kind === "open") {
    const from = load.arrivalsS.findIndex((atS) => atS >= startS);
    const at = from === -1 ? load.arrivalsS.length : from;
    const arrivalsS = load.arrivalsS.slice(at).map((atS) => atS - startS);
    return [{ ...later, load: { kind: "open", arrivalsS }, picks: segment.picks.slice(at) }];
  }
  const current = load.steps.findLastIndex(({ atS }) => atS <= startS);
  const steps = load.steps.slice(Math.max(0, current)).map(({ atS, users }) => ({ atS: Math.max(0, atS - startS), users }));
  return [{ ...later, load: { ...load, steps } }];
}

function trimmed(scenario: ScenarioRecord, done: ReadonlySet<number>): ScenarioRecord {
  const trim = (arm: ArmRecord): ArmRecord => {
    const { slowest: _, failed: __, ...rest } = arm;
    const seen = ofBlocks(seenOf(arm), (block) => done.has(block));
    return { ...rest, blocks: arm.blocks.filter(({ index }) => done.has(index)), ...asFields(seen) };
  };
  const { base, head } = scenario.arms;
  return { ...scenario, arms: { ...(base && { base: trim(base) }), ...(head && { head: trim(head) }) } };
}

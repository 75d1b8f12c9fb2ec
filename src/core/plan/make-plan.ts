import { InputError, InputErrors } from "../errors.ts";
import { suggest } from "../suite/nearest.ts";
import type { Scenario, Suite } from "../suite/suite.ts";
import { abbaOrder, commonExtent, contiguousBlocks, type Extent, extentOf, pairLayout, type WarmUp, warmUpOf } from "./blocks.ts";
import { lazyBodies, mixRequests } from "./mix-requests.ts";
import { drawPicks, type MixPart, openTurns } from "./picks.ts";
import type { Arm, Plan, PreparedRequest, ScenarioPlan, Segment, SegmentLoad } from "./plan.ts";
import { stream } from "./random.ts";
import { recordedLoad } from "./recorded-load.ts";
import { type Timeline, timelineOf } from "./timeline.ts";

const WARM_UP = "warm-up";

/** Picks of a closed-loop segment, which does not know how many requests it will send and goes round. */
const CLOSED_PICKS = 4096;

export type PlanInput = {
  readonly suite: Suite;
  readonly digest: string;
  /** By name; absent for a plan whose record nobody compares scenario by scenario. */
  readonly scenarioDigests?: ReadonlyMap<string, string>;
  /** Content of every file the suite names, by the path written there. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly design: Plan["design"];
  /** Only these, in the suite's order; undefined or empty: all. */
  readonly scenarios?: readonly string[];
  /** 1, the default, or the number of times that the load will have been played. */
  readonly pass?: number;
  /** The first pass, whose requests later ones send again: they are built once. */
  readonly first?: Plan;
};

/**
 * Decides everything before the first request: bodies, arrivals, picks, the order of the arms and the borders of the
 * blocks. The same input gives the same plan, bit for bit; every purpose draws from its own stream of the suite's seed.
 *
 * - `single`: warm-up of the head, then one measured segment of the whole duration, cut into {@link contiguousBlocks}.
 * - `live`: warm-up of base and head, then pairs of blocks in {@link abbaOrder}, each block a segment of its own. The two
 *   blocks of a pair replay the same window of the load, with the same arrivals and picks (common random numbers), so
 *   that what differs is the endpoint. A window that sends nothing (a pause) is played and is no block: there is
 *   nothing to compare.
 *
 * Later passes play the same load again with arrivals, picks and an order of the arms of their own, and go on counting
 * blocks and pairs. They have no warm-up: the endpoint was under this load minutes ago.
 *
 * Scenarios that run together have the same segments: one length of warm-up and blocks, one order of the arms.
 *
 * @throws {InputError} for an unknown scenario or a missing file, a payload its protocol cannot carry, a mix without
 *   weight, a trace that does not hold the load, a scenario that would send nothing or that was chosen without those
 *   it runs together with. All wrong scenarios are told at once.
 */
export function makePlan(input: PlanInput): Plan {
  const { suite, digest, design } = input;
  const bodies = lazyBodies(input);
  const prepared = collect(chosenScenarios(suite, input.scenarios), (scenario): Prepared => {
    const timeline = timelineOf(scenario, suite.seed, input.files);
    const extent = extentOf(scenario.block, scenario.load.durationS, timeline.ratePerS);
    const warmUp = warmUpOf(scenario, timeline.warmUpRatePerS);
    const requests = input.first?.scenarios.find((planned) => planned.scenario.name === scenario.name)?.requests;
    return { scenario, timeline, extent, warmUp, ...mixRequests({ suite, scenario, timeline, bodies }, requests) };
  });
  const scenarios = collect(prepared, (one) => planScenario(input, one, groupOf(one, prepared)));
  return { suiteName: suite.name, suiteDigest: digest, seed: suite.seed, design, scenarios };
}

function chosenScenarios({ scenarios }: Suite, names: readonly string[] | undefined): readonly Scenario[] {
  if (scenarios.length === 0) throw new InputError("the suite has no scenario", { hint: "add one under `scenarios:`" });
  if (names === undefined || names.length === 0) return scenarios;
  const known = scenarios.map(({ name }) => name);
  collect(names, (name) => {
    if (known.includes(name)) return;
    throw new InputError(`no scenario is called "${name}"`, { hint: suggest(name, known) });
  });
  const chosen = scenarios.filter(({ name }) => names.includes(name));
  collect(chosen, ({ name, together }) => {
    const left = scenarios.filter((other) => together !== undefined && other.together === together && !chosen.includes(other));
    if (left.length === 0) return;
    const others = left.map((other) => `"${other.name}"`).join(" and ");
    throw new InputError(`scenario "${name}" runs together with ${others}, and alone it would be another load`, {
      hint: `choose all of "${together}"`,
    });
  });
  return chosen;
}

type Prepared = {
  readonly scenario: Scenario;
  readonly timeline: Timeline;
  readonly extent: Extent;
  readonly warmUp: WarmUp;
  readonly requests: readonly PreparedRequest[];
  readonly mix: readonly MixPart[];
};

/** What a scenario shares with those that run together with it. */
type Group = { readonly extent: Extent; readonly warmUp: WarmUp; readonly order: readonly string[] };

function groupOf({ scenario: { name, together } }: Prepared, all: readonly Prepared[]): Group {
  const members = all.filter(({ scenario }) => (together === undefined ? scenario.name === name : scenario.together === together));
  return {
    extent: commonExtent(members.map(({ extent }) => extent)),
    warmUp: {
      durationS: Math.max(...members.map(({ warmUp }) => warmUp.durationS)),
      untilSteady: members.every(({ warmUp }) => warmUp.untilSteady),
    },
    order: together === undefined ? [name] : ["together", together],
  };
}

function planScenario({ suite, scenarioDigests, design, pass = 1 }: PlanInput, prepared: Prepared, group: Group): ScenarioPlan {
  const { scenario, timeline, requests, mix } = prepared;
  const { name, load } = scenario;
  const turnsFor = (purpose: string) => openTurns(mix, (payloadClass) => stream(suite.seed, "turns", name, payloadClass, purpose));
  const measuredTurns = turnsFor(`pass ${pass}`);
  const draw: DrawSegment = (purpose, durationS, loadOf, fromS) => {
    const load = loadOf(purpose);
    const count = load.kind === "open" ? load.arrivalsS.length : CLOSED_PICKS;
    const firstRow = fromS === undefined ? undefined : timeline.trace?.firstFrom(fromS);
    // Nobody knows how far a closed loop comes, so that each segment of it begins anew; so does a warm-up.
    const turns = load.kind === "open" && purpose !== WARM_UP ? measuredTurns : turnsFor(purpose);
    return { durationS, load, picks: drawPicks(count, mix, stream(suite.seed, "picks", name, purpose), { firstRow, turns }) };
  };
  const segments = measured({ design, seed: suite.seed, pass }, timeline, group, draw);
  if (segments.every(({ load }) => isIdle(load))) {
    const rate = timeline.ratePerS ?? 0;
    throw new InputError(`scenario "${name}" sends no request: ${rate}/s for ${segments[0]!.durationS} s is less than one`, {
      hint: "raise its rate or its duration",
    });
  }
  const digest = scenarioDigests?.get(name);
  const all = [...(pass === 1 ? warmUps(design, timeline, group, draw) : []), ...segments];
  return {
    scenario,
    ...(digest === undefined ? {} : { digest }),
    load: recordedLoad(load, timeline.ratePerS ?? 0),
    requests,
    segments: requests.some(({ nonce }) => nonce !== undefined)
      ? all.map((segment) => ({ ...segment, nonceScope: `${name}/${segment.arm}/${segment.phase}/${pass}` }))
      : all,
  };
}

/** A segment with what is random in it, by the purpose that names its streams; `fromS` is where it lies in the load, if anywhere. */
type DrawSegment = (
  purpose: string,
  durationS: number,
  loadOf: (purpose: string) => SegmentLoad,
  fromS?: number,
) => Pick<Segment, "durationS" | "load" | "picks">;

function warmUps(design: Plan["design"], timeline: Timeline, { warmUp }: Group, draw: DrawSegment): readonly Segment[] {
  const { durationS, untilSteady } = warmUp;
  if (durationS === 0) return [];
  const drawn = draw(WARM_UP, durationS, (purpose) => timeline.warmUp(durationS, purpose));
  const segment = { phase: "warm-up", untilSteady, ...drawn, blocks: [] } as const;
  const arms: readonly Arm[] = design === "live" ? ["base", "head"] : ["head"];
  return arms.map((arm) => ({ arm, ...segment }));
}

function measured(
  { design, seed, pass }: { readonly design: Plan["design"]; readonly seed: number; readonly pass: number },
  timeline: Timeline,
  group: Group,
  draw: DrawSegment,
): readonly Segment[] {
  const { durationS } = group.extent;
  const common = { phase: "measure", untilSteady: false } as const;
  const ofPass = pass === 1 ? [] : [`pass ${pass}`];
  if (design === "single") {
    const whole = { fromS: 0, toS: durationS, durationS };
    const segment = draw(["measure", ...ofPass].join(" "), durationS, (purpose) => timeline.measure(whole, purpose), 0);
    const slots = contiguousBlocks(group.extent);
    const blocks = slots.map((slot) => ({ ...slot, index: slot.index + (pass - 1) * slots.length }));
    return [{ arm: "head", ...common, ...segment, blocks }];
  }
  const { pairs, blockS } = pairLayout(group.extent);
  const border = (pair: number): number => (pair * durationS) / pairs;
  const firstPair = (pass - 1) * pairs;
  const drawn = Array.from({ length: pairs }, (_, pair) =>
    draw(
      `pair ${firstPair + pair}`,
      blockS,
      (purpose) => timeline.measure({ fromS: border(pair), toS: border(pair + 1), durationS: blockS }, purpose),
      border(pair),
    ),
  );
  return abbaOrder(pairs, stream(seed, "order", ...group.order, ...ofPass)).map((arm, place) => {
    const pair = Math.floor(place / 2);
    const segment = drawn[pair]!;
    const slot = { index: 2 * firstPair + place, pair: firstPair + pair, startS: 0, durationS: blockS };
    const blocks = isIdle(segment.load) ? [] : [slot];
    return { arm, ...common, ...segment, blocks };
  });
}

const isIdle = (load: SegmentLoad): boolean =>
  load.kind === "open" ? load.arrivalsS.length === 0 : load.steps.every(({ users }) => users === 0);

/** Maps all, so that every mistake is found in one pass. */
function collect<T, R>(items: readonly T[], map: (item: T) => R): readonly R[] {
  const errors: InputError[] = [];
  const results = items.flatMap((item) => {
    try {
      return [map(item)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(...(error instanceof InputErrors ? error.errors : [error]));
      return [];
    }
  });
  if (errors.length > 0) throw new InputErrors(errors);
  return results;
}

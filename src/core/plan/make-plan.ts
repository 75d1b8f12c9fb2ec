import { InputError, InputErrors } from "../errors.ts";
import { protocols } from "../protocol/protocols.ts";
import { suggest } from "../suite/nearest.ts";
import type { PayloadClass, Scenario, Suite } from "../suite/suite.ts";
import { arrivals, constantRate } from "./arrivals.ts";
import { abbaOrder, assertRequests, contiguousBlocks, pairLayout, warmUpOf } from "./blocks.ts";
import { drawPicks, type MixPart, payloadPool } from "./payloads.ts";
import type { Arm, Plan, PreparedRequest, ScenarioPlan, Segment } from "./plan.ts";
import { stream } from "./random.ts";
import { recordedLoad } from "./recorded-load.ts";

/** Picks of a closed-loop segment, which does not know how many requests it will send and goes round. */
const CLOSED_PICKS = 4096;

export type PlanInput = {
  readonly suite: Suite;
  readonly digest: string;
  /** Content of every file the suite names, by the path written there. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly design: Plan["design"];
  /** Only these, in the suite's order; undefined or empty: all. */
  readonly scenarios?: readonly string[];
};

/**
 * Decides everything before the first request: bodies, arrivals, picks, the order of the arms and the borders of the
 * blocks. The same input gives the same plan, bit for bit; every purpose draws from its own stream of the suite's seed.
 *
 * - `single`: warm-up of the head, then one measured segment of the whole duration, cut into {@link contiguousBlocks}.
 * - `live`: warm-up of base and head, then pairs of blocks in {@link abbaOrder}, each block a segment of its own. The two
 *   blocks of a pair replay the same arrivals and picks (common random numbers), so that what differs is the endpoint.
 *
 * @throws {InputError} for an unknown scenario or a missing file, a payload its protocol cannot carry, a mix
 *   without weight, or a scenario that would send nothing. All wrong scenarios are told at once.
 */
export function makePlan(input: PlanInput): Plan {
  const { suite, digest, design } = input;
  const bodies = lazyBodies(input);
  const scenarios = collect(chosenScenarios(suite, input.scenarios), (scenario) => planScenario(input, scenario, bodies));
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
  return scenarios.filter(({ name }) => names.includes(name));
}

function planScenario({ suite, design }: PlanInput, scenario: Scenario, bodies: Bodies): ScenarioPlan {
  const { requests, mix } = mixRequests(suite, scenario, bodies);
  const draw: DrawSegment = (purpose, durationS) => {
    const { load, name } = scenario;
    const next = stream(suite.seed, "picks", name, purpose);
    if (load.kind === "closed") {
      const closed = {
        kind: "closed",
        steps: [{ atS: 0, users: load.concurrency }],
        thinkS: new Float64Array(),
        pacingS: undefined,
      } as const;
      return { durationS, load: closed, picks: drawPicks(CLOSED_PICKS, mix, next) };
    }
    if (load.kind === "trace" || typeof load.arrivals !== "string") throw new InputError("this load is not supported yet");
    const shape = constantRate(load.ratePerS, durationS);
    const arrivalsS = arrivals(load.arrivals, shape, stream(suite.seed, "arrivals", name, purpose));
    return { durationS, load: { kind: "open", arrivalsS }, picks: drawPicks(arrivalsS.length, mix, next) };
  };
  return {
    scenario,
    load: recordedLoad(scenario.load),
    requests,
    segments: [...warmUps(design, scenario, draw), ...measured(design, suite.seed, scenario, draw)],
  };
}

/** What is random in a segment, by the purpose that names its streams. */
type DrawSegment = (purpose: string, durationS: number) => Pick<Segment, "durationS" | "load" | "picks">;

function warmUps(design: Plan["design"], scenario: Scenario, draw: DrawSegment): readonly Segment[] {
  const { durationS, untilSteady } = warmUpOf(scenario);
  if (durationS === 0) return [];
  const segment = { phase: "warm-up", untilSteady, ...draw("warm-up", durationS), blocks: [] } as const;
  const arms: readonly Arm[] = design === "live" ? ["base", "head"] : ["head"];
  return arms.map((arm) => ({ arm, ...segment }));
}

function measured(design: Plan["design"], seed: number, scenario: Scenario, draw: DrawSegment): readonly Segment[] {
  if (design === "single") {
    assertRequests(scenario, scenario.load.durationS);
    const segment = draw("measure", scenario.load.durationS);
    return [{ arm: "head", phase: "measure", untilSteady: false, ...segment, blocks: contiguousBlocks(scenario) }];
  }
  const { pairs, blockS } = pairLayout(scenario);
  assertRequests(scenario, blockS);
  const drawn = Array.from({ length: pairs }, (_, pair) => draw(`pair ${pair}`, blockS));
  return abbaOrder(pairs, stream(seed, "order", scenario.name)).map((arm, index) => {
    const pair = Math.floor(index / 2);
    return { arm, phase: "measure", untilSteady: false, ...drawn[pair]!, blocks: [{ index, pair, startS: 0, durationS: blockS }] };
  });
}

type Bodies = (payloadClass: PayloadClass) => readonly PreparedRequest[];

/** Builds the requests of a class when the first scenario asks for them, and once: scenarios share them. */
function lazyBodies({ suite, files }: PlanInput): Bodies {
  const built = new Map<string, readonly PreparedRequest[]>();
  const { buildRequest } = protocols[suite.target.protocol];
  return (payloadClass) => {
    const { name } = payloadClass;
    const requests =
      built.get(name) ??
      payloadPool(payloadClass, files, suite.seed).map((payload) => ({ payloadClass: name, ...buildRequest(suite.target, payload) }));
    built.set(name, requests);
    return requests;
  };
}

/** The requests of all classes with weight in this scenario, one class after the other, and where each class lies. */
function mixRequests(
  suite: Suite,
  scenario: Scenario,
  bodies: Bodies,
): { readonly requests: readonly PreparedRequest[]; readonly mix: readonly MixPart[] } {
  const requests: PreparedRequest[] = [];
  const mix: MixPart[] = [];
  for (const payloadClass of suite.payloads) {
    const weight = scenario.mix === undefined ? payloadClass.weight : (scenario.mix[payloadClass.name] ?? 0);
    if (!(weight > 0)) continue;
    const built = bodies(payloadClass);
    mix.push({ weight, first: requests.length, count: built.length });
    requests.push(...built);
  }
  if (mix.length > 0) return { requests, mix };
  throw new InputError(`scenario "${scenario.name}" has no payload with a weight above 0`, {
    hint: `give a weight to one of ${suite.payloads.map(({ name }) => name).join(", ")}`,
  });
}

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

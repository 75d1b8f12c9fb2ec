import { type Generator, stream } from "../../../src/core/plan/random.ts";
import type { BlockRecord, LooksRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { type Change, NO_CHANGE } from "./change.ts";
import { type Endpoint, openEndpoint } from "./endpoint.ts";
import { openEnvironment } from "./environment.ts";
import { blockOf, runRecordOf, scenarioOf } from "./record.ts";
import { addEffects, drawRunEffects } from "./run-effects.ts";
import { CHANGED, scenarioNames, type World } from "./world.ts";

/** Pairs of blocks in one pass of a live run: forty of 250 requests are twenty units of base, head, head, base. */
const MOST_PAIRS = 40;
/** As the product plans them: blocks have a hundred requests or more. */
const FEWEST_REQUESTS = 100;
const pairsOf = ({ requests }: World): number => Math.max(2, Math.min(MOST_PAIRS, Math.floor(requests / FEWEST_REQUESTS)));

/** A live run while it goes on: base and head in turn on their endpoints, pass after pass. */
export type LiveRun = {
  /** Plays another pass of a scenario. */
  readonly extend: (scenario: string) => void;
  /** What was recorded so far. */
  readonly record: (looks: ReadonlyMap<string, LooksRecord>) => RunRecord;
  /** Latencies of the first pass, block by block, for whoever does not read histograms. */
  readonly firstPass: (scenario: string) => { readonly base: readonly Float64Array[]; readonly head: readonly Float64Array[] };
  /** Requests sent so far, both arms. */
  readonly requests: () => number;
};

/** @param seed and names: all randomness of the run. The change does not enter: the same run under another change meets the same noise. */
export function openLiveRun(world: World, change: Change, seed: number, ...names: readonly (string | number)[]): LiveRun {
  const draw = (...more: readonly (string | number)[]): Generator => stream(seed, "live", ...names, ...more);
  const scenarios = new Map(openScenarios(world, change, draw).map((scenario) => [scenario.name, scenario]));
  const of = (name: string): OpenScenario => {
    const found = scenarios.get(name);
    if (found === undefined) throw new RangeError(`there is no scenario "${name}"`);
    return found;
  };
  return {
    extend(name) {
      playPass(of(name), pairsOf(world), Math.round(world.requests / pairsOf(world)));
    },
    record(looks) {
      const recorded = [...scenarios.values()].map(({ name, base, head }) =>
        scenarioOf(name, { base: base.blocks, head: head.blocks }, looks.get(name)),
      );
      return runRecordOf(recorded, world.hosts === "different" ? { "node.base": "a", "node.head": "b" } : {});
    },
    firstPass(name) {
      const { base, head } = of(name);
      return { base: base.raw, head: head.raw };
    },
    requests: () =>
      [...scenarios.values()].flatMap(({ base, head }) => [...base.blocks, ...head.blocks]).reduce((sum, { offered }) => sum + offered, 0),
  };
}

type OpenArm = { readonly endpoint: Endpoint; readonly blocks: BlockRecord[]; readonly raw: Float64Array[] };
type OpenScenario = { readonly name: string; readonly base: OpenArm; readonly head: OpenArm };

function openScenarios(world: World, change: Change, draw: (...names: readonly (string | number)[]) => Generator): readonly OpenScenario[] {
  const { scenarios, runDeviation, deploymentDeviation, badNodes, hosts } = world;
  const isSame = hosts === "same";
  const place = drawRunEffects(draw("place"), scenarios, runDeviation, badNodes);
  const own = (arm: string) =>
    isSame
      ? drawRunEffects(draw("deployment", arm), scenarios, deploymentDeviation)
      : drawRunEffects(draw("node", arm), scenarios, runDeviation, badNodes);
  const effects = { base: own("base"), head: own("head") };
  return scenarioNames(world).map((name, i) => {
    const environment = openEnvironment(draw("environment", name), world.environmentDeviation);
    const open = (arm: "base" | "head"): OpenArm => ({
      endpoint: openEndpoint(world.process, {
        effect: isSame ? addEffects(place[i]!, effects[arm][i]!) : effects[arm][i]!,
        environment,
        change: arm === "head" && name === CHANGED ? change : NO_CHANGE,
        own: draw("own", name, arm),
        load: (block) => (world.commonLoad ? draw("load", name, block) : draw("load", name, block, arm)),
      }),
      blocks: [],
      raw: [],
    });
    return { name, base: open("base"), head: open("head") };
  });
}

function playPass({ base, head }: OpenScenario, pairs: number, requests: number): void {
  const isFirst = base.blocks.length === 0;
  for (let i = 0; i < pairs; i++) {
    const pair = base.blocks.length;
    // Base, head, head, base.
    const order = pair % 2 === 0 ? [base, head] : [head, base];
    for (const arm of order) {
      const latencies = arm.endpoint.serve(requests, pair);
      (arm === base ? head : base).endpoint.rest(requests);
      arm.blocks.push(blockOf(latencies, { index: base.blocks.length + head.blocks.length, pair }));
      if (isFirst) arm.raw.push(latencies);
    }
  }
}

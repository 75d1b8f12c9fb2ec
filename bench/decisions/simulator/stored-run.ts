import { type Generator, stream } from "../../../src/core/plan/random.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { type Change, NO_CHANGE } from "./change.ts";
import { openEndpoint } from "./endpoint.ts";
import { openEnvironment } from "./environment.ts";
import { blockOf, runRecordOf, scenarioOf } from "./record.ts";
import { drawRunEffects } from "./run-effects.ts";
import { CHANGED, scenarioNames, type World } from "./world.ts";

/** Blocks of a single run: what the product merges the blocks of a longer one to. */
const BLOCKS = 10;

/** One run of one endpoint, as the default branch stores it and a pull request is measured. */
export type SingleRun = {
  /** Made when it is first asked for: rules that read no histograms need none. */
  readonly record: () => RunRecord;
  /** Latencies of each scenario, block by block. */
  readonly blocks: readonly (readonly Float64Array[])[];
};

export function singleRun(world: World, change: Change, seed: number, ...names: readonly (string | number)[]): SingleRun {
  const draw = (...more: readonly (string | number)[]): Generator => stream(seed, "single", ...names, ...more);
  const effects = drawRunEffects(draw("run"), world.scenarios, world.runDeviation, world.badNodes);
  const requests = Math.round(world.requests / BLOCKS);
  const scenarioList = scenarioNames(world);
  const scenarios = scenarioList.map((name, i) => {
    const endpoint = openEndpoint(world.process, {
      effect: effects[i]!,
      environment: openEnvironment(draw("environment", name), world.environmentDeviation),
      change: name === CHANGED ? change : NO_CHANGE,
      own: draw("own", name),
      // The schedule is the suite's: every run replays it.
      load: (block) => (world.commonLoad ? stream(seed, "schedule", name, block) : draw("load", name, block)),
    });
    return Array.from({ length: BLOCKS }, (_, block) => endpoint.serve(requests, block));
  });
  let made: RunRecord | undefined;
  const record = (): RunRecord => {
    const recorded = scenarios.map((blocks, i) =>
      scenarioOf(scenarioList[i]!, { head: blocks.map((latencies, index) => blockOf(latencies, { index, pair: undefined })) }),
    );
    return runRecordOf(recorded);
  };
  return { record: () => (made ??= record()), blocks: scenarios };
}

export const baseRun = (world: World, seed: number, ...names: readonly (string | number)[]): SingleRun =>
  singleRun(world, NO_CHANGE, seed, ...names);

import type { JudgedScenario } from "../suite/class-scenario.ts";
import type { ArmRecord, BlockRecord, RunRecord, ScenarioRecord } from "./run-record.ts";

/** A scenario by its name, or a payload class in one. */
export type ScenarioView = Pick<JudgedScenario, "name" | "classOf">;

/**
 * What a run recorded of a scenario; of a payload class in one as if the class had been a scenario of its own: the load and
 * the looks of its scenario, and blocks that hold only its requests. Telemetry, warm-up, examples and the load generator's
 * own figures belong to the scenario as a whole, so that a class has none of them.
 *
 * @returns undefined where the run has no such scenario. Blocks that kept nothing of the class are left out.
 */
export function scenarioOf({ scenarios }: RunRecord, { name, classOf }: ScenarioView): ScenarioRecord | undefined {
  const own = scenarios.find((scenario) => scenario.name === name);
  if (own !== undefined || classOf === undefined) return own;
  const whole = scenarios.find((scenario) => scenario.name === classOf.scenario);
  if (whole === undefined) return undefined;
  const { base, head } = whole.arms;
  const of = (arm: ArmRecord): ArmRecord => ofClass(arm, classOf.payloadClass);
  return { ...whole, name, arms: { ...(base && { base: of(base) }), ...(head && { head: of(head) }) } };
}

/** The run with those payload classes as scenarios behind its own. */
export function withClassScenarios(run: RunRecord, views: readonly ScenarioView[]): RunRecord {
  const added = views.flatMap((view) => (view.classOf === undefined ? [] : (scenarioOf(run, view) ?? [])));
  return { ...run, scenarios: [...run.scenarios, ...added] };
}

const ofClass = ({ blocks }: ArmRecord, payloadClass: string): ArmRecord => ({
  warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined },
  blocks: blocks.flatMap((block): readonly BlockRecord[] => {
    const { index, pair, startS, durationS, classes = {} } = block;
    // A name from a suite, and an object from a record: only keys of its own count.
    const counts = Object.hasOwn(classes, payloadClass) ? classes[payloadClass] : undefined;
    return counts === undefined ? [] : [{ index, pair, startS, durationS, ...counts, gauges: {} }];
  }),
  examples: {},
});

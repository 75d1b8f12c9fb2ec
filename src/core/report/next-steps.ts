import { formatDuration } from "../decide/duration.ts";
import type { Verdict } from "../decide/verdict.ts";
import type { RunRecord } from "../record/run-record.ts";
import { steadyLevel } from "../suite/stages.ts";
import type { Load, Suite } from "../suite/suite.ts";
import { formatForSuite } from "../suite/units.ts";

/** A run beyond this is no step that a pull request can take. */
const LONGEST_S = 2 * 3600;

/** One sentence per scenario that more time would decide; empty for a verdict that is decided. */
export function stepsToDecide(verdict: Verdict, suite: Suite, heads: readonly RunRecord[]): readonly string[] {
  return verdict.scenarios.flatMap(({ name, classOf, metrics }) => {
    const driven = classOf?.scenario ?? name;
    const open = metrics.filter(
      ({ gated, verdict, comparison }) => gated && verdict === "inconclusive" && comparison.moreData !== undefined,
    );
    const factor = Math.max(0, ...open.map(({ comparison }) => comparison.moreData ?? 0));
    const load = suite.scenarios.find((scenario) => scenario.name === driven)?.load;
    if (!(factor > 1) || load === undefined) return [];
    const which = open.map(({ metric }) => metric).join(", ");
    const measuredS = load.durationS * passesOf(driven, heads);
    const neededS = Math.ceil((measuredS * factor) / 10) * 10;
    if (neededS > LONGEST_S) {
      return [
        `${name}: measuring for longer will not decide ${which} (it would take ${formatDuration(neededS)} per arm); widen its regression, or quiet the noise`,
      ];
    }
    return [
      `${name}: ${longer(load, neededS)} would decide ${which} in four runs of five, ` +
        "if the change stays what it is now; a wider regression needs less",
    ];
  });
}

/** How often the planned load of a scenario was played, over all attempts. */
const passesOf = (name: string, heads: readonly RunRecord[]): number =>
  heads.reduce((sum, { scenarios }) => sum + (scenarios.find((scenario) => scenario.name === name)?.looks?.passes.at(-1) ?? 1), 0);

/** What to write for more of the same load. A shape that is stretched is another one; it is repeated instead. */
function longer(load: Load, neededS: number): string {
  const now = formatDuration(load.durationS);
  if (load.kind === "trace") {
    const more = load.sample < 1 ? `, or more of it than a sample of ${formatForSuite(load.sample, "percent")},` : "";
    return `duration: ${formatDuration(neededS)} of the trace instead of ${now}${more}`;
  }
  if (steadyLevel(load.stages) !== undefined) return `duration: ${formatDuration(neededS)} instead of ${now}`;
  const times = Math.ceil(neededS / load.durationS);
  return `the pieces of its shape written ${times} times, ${formatDuration(times * load.durationS)} instead of ${now},`;
}

import { DEFAULT_LOAD } from "./defaults.ts";
import type { Mistake } from "./mistake.ts";
import { asList, asMapping, asQuantity, type Mapping } from "./raw.ts";
import { stageSchema } from "./stage-schema.ts";
import { lengthOf, stagesOf } from "./stages.ts";
import { formatForSuite, parseQuantity } from "./units.ts";

type Member = { readonly index: number; readonly scenario: Mapping };

/** Scenarios of one group begin and end as one: side by side in the list, with the same duration and the same warm-up. */
export function togetherRules(scenarios: readonly unknown[]): readonly Mistake[] {
  const members = scenarios.map((scenario, index): Member => ({ index, scenario: asMapping(scenario) }));
  const groups = new Map<string, readonly Member[]>();
  for (const member of members) {
    const { together } = member.scenario;
    if (typeof together === "string") groups.set(together, [...(groups.get(together) ?? []), member]);
  }
  return [...groups].flatMap(([group, all]) => groupRules(group, all));
}

function groupRules(group: string, [first, ...others]: readonly Member[]): readonly Mistake[] {
  if (first === undefined) return [];
  const at = (index: number, key: string, message: string, hint: string): Mistake => ({
    path: ["scenarios", index, key],
    at: "value",
    message,
    hint,
  });
  if (others.length === 0) {
    return [
      at(
        first.index,
        "together",
        `no other scenario is together in "${group}"`,
        "name the same group in a second scenario, or leave it out",
      ),
    ];
  }
  const name = typeof first.scenario["name"] === "string" ? ` "${first.scenario["name"]}"` : "";
  return others.flatMap(({ index, scenario }, i) => {
    const mistakes: Mistake[] = [];
    if (index !== first.index + i + 1) {
      mistakes.push(
        at(index, "together", `another scenario stands between those of "${group}"`, "put scenarios that run at once one after the other"),
      );
    }
    const [duration, wanted] = [durationOf(scenario), durationOf(first.scenario)];
    if (duration !== undefined && wanted !== undefined && Math.abs(duration - wanted) > 1e-9 * wanted) {
      const [mine, its] = [duration, wanted].map((seconds) => formatForSuite(seconds, "duration"));
      mistakes.push(
        at(
          index,
          "load",
          `this lasts ${mine}, and${name}, which runs at the same time, lasts ${its}`,
          "give all of a group the same duration",
        ),
      );
    }
    if (warmUpOf(scenario) !== warmUpOf(first.scenario)) {
      mistakes.push(
        at(index, "warm-up", `the warm-up is not that of${name}, which runs at the same time`, "give all of a group the same warm-up"),
      );
    }
    return mistakes;
  });
}

/** Undefined where it cannot be read: that has been told already. */
function durationOf(scenario: Mapping): number | undefined {
  const load = asMapping(scenario["load"]);
  if (!Object.hasOwn(load, "shape")) return asQuantity(load["duration"], "duration", DEFAULT_LOAD.durationS);
  const read = asList(load["shape"]).map((stage) => stageSchema.safeParse(stage));
  const pieces = read.flatMap(({ data }) => (data === undefined ? [] : [data]));
  return pieces.length < read.length ? undefined : lengthOf(stagesOf(pieces));
}

/** `10s` and `10000ms` are the same. */
const warmUpOf = (scenario: Mapping): unknown => {
  const written = scenario["warm-up"] ?? "auto";
  return parseQuantity(written, "duration").value ?? written;
};

import type { PayloadClass, Scenario, Suite } from "./suite.ts";

/** The requests of one payload class in one scenario. */
export type ClassOf = { readonly scenario: string; readonly payloadClass: string };

/** What is compared, judged and reported under one name: a scenario, or a payload class in it (`classOf`). */
export type JudgedScenario = Scenario & { readonly classOf?: ClassOf };

/** `steady / long`: the name under which a payload class in a scenario is compared, gated, accepted and reported. */
export const classScenarioName = ({ scenario, payloadClass }: ClassOf): string => `${scenario} / ${payloadClass}`;

/** Every scenario of the suite in its order, each followed by the payload classes in it that are judged or reported alone. */
export const judgedScenarios = ({ scenarios, payloads }: Pick<Suite, "scenarios" | "payloads">): readonly JudgedScenario[] =>
  scenarios.flatMap((scenario) => [
    scenario,
    ...recordedClasses(scenario, payloads).map(({ name, gates = [] }) => {
      const classOf = { scenario: scenario.name, payloadClass: name };
      return { ...scenario, name: classScenarioName(classOf), gates, classOf };
    }),
  ]);

/** The payload classes of which a scenario keeps figures of their own: those with gates or `report`, if it sends them. */
export const recordedClasses = ({ mix }: Pick<Scenario, "mix">, payloads: readonly PayloadClass[]): readonly PayloadClass[] =>
  payloads.filter(
    ({ name, gates = [], report }) => (gates.length > 0 || report === true) && (mix === undefined || Object.hasOwn(mix, name)),
  );

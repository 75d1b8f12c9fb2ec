import { isMetricName, METRICS } from "../metric.ts";
import { classScenarioName } from "./class-scenario.ts";
import { gateRules } from "./gate-rules.ts";
import type { Mistake, Path } from "./mistake.ts";
import { asList, asMapping, type Mapping } from "./raw.ts";

/** Gates of a payload class: what can be told of the requests of one class, under a name that nothing else has. */
export function classGateRules(suite: Mapping): readonly Mistake[] {
  return Object.entries(asMapping(suite["payloads"])).flatMap(([name, written]) => [
    ...ownGateRules(name, asMapping(written), suite, ["payloads", name]),
    ...asList(asMapping(asMapping(written)["session"])["steps"]).flatMap((step, i) => {
      const { name: given } = asMapping(step);
      const own = `${name}/${typeof given === "string" ? given : i + 1}`;
      return ownGateRules(own, asMapping(step), suite, ["payloads", name, "session", "steps", i]);
    }),
  ]);
}

function ownGateRules(name: string, payload: Mapping, suite: Mapping, at: Path): readonly Mistake[] {
  const gates = asMapping(payload["gates"]);
  const path = [...at, "gates"];
  if (Object.hasOwn(payload, "session") && Object.hasOwn(payload, "gates")) {
    return [
      {
        path,
        at: "key",
        message: "a session is several classes, one for each step",
        hint: "write gates in the steps, or in the scenario for all of them",
      },
    ];
  }
  const shared = Object.keys(gates).filter((metric) => isOfAll(metric));
  const own = Object.fromEntries(Object.entries(gates).filter(([metric]) => !isOfAll(metric)));
  return [
    ...shared.map((metric) => ({
      path: [...path, metric],
      at: "key" as const,
      message: `${metric} is measured of the endpoint as a whole, and not of one payload class`,
      hint: "move this gate to the scenario",
    })),
    ...gateRules(own, { ...suite, payloads: { [name]: payload } }, path),
    ...(isRecorded(payload) ? nameRules(name, suite) : []),
  ];
}

/** Telemetry, starts and prices cannot be told apart by request. */
const isOfAll = (metric: string): boolean => isMetricName(metric) && ["gauge", "start", "cost"].includes(METRICS[metric].measure.kind);

const isRecorded = ({ gates, report }: Mapping): boolean => Object.keys(asMapping(gates)).length > 0 || report === "yes" || report === true;

/** Results are kept by name, and a scenario may be called as a class in another one is. */
function nameRules(payloadClass: string, suite: Mapping): readonly Mistake[] {
  const scenarios = asList(suite["scenarios"])
    .map((scenario) => asMapping(scenario)["name"])
    .filter((name) => typeof name === "string");
  const classes = Object.keys(asMapping(suite["payloads"]));
  const names = scenarios.flatMap((scenario) => classes.map((name) => classScenarioName({ scenario, payloadClass: name })));
  const taken = scenarios
    .map((scenario) => classScenarioName({ scenario, payloadClass }))
    .find((name) => scenarios.includes(name) || names.filter((other) => other === name).length > 1);
  if (taken === undefined) return [];
  return [
    {
      path: ["payloads", payloadClass],
      at: "key",
      message: `its results would be called "${taken}", as something else is called already`,
      hint: "give the class or the scenario another name",
    },
  ];
}

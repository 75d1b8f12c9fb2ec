import { isMetricName, METRICS } from "../metric.ts";
import type { Mistake } from "./mistake.ts";
import { asList, asMapping, type Mapping } from "./raw.ts";

/** What should be refused is counted and not timed: a scenario of nothing else has no latency to gate, and nor has its class. */
export function refusalGateRules(suite: Mapping): readonly Mistake[] {
  const payloads = Object.entries(asMapping(suite["payloads"])).map(([name, payload]) => [name, asMapping(payload)] as const);
  const refused = new Set(payloads.flatMap(([name, payload]) => (shouldBeRefused(payload) ? [name] : [])));
  if (refused.size === 0) return [];
  const ofClasses = payloads.flatMap(([name, { gates }]) =>
    refused.has(name)
      ? timedGates(gates).map((metric): Mistake => ({ path: ["payloads", name, "gates", metric], at: "key", ...SAID }))
      : [],
  );
  const ofScenarios = asList(suite["scenarios"]).flatMap((scenario, i): readonly Mistake[] => {
    const { mix, gates } = asMapping(scenario);
    const sent = mix === undefined ? payloads.map(([name]) => name) : Object.keys(asMapping(mix));
    if (!sent.every((name) => refused.has(name))) return [];
    if (gates === undefined) return [{ path: ["scenarios", i], at: "key", ...SAID }];
    return timedGates(gates).map((metric) => ({ path: ["scenarios", i, "gates", metric], at: "key", ...SAID }));
  });
  return [...ofClasses, ...ofScenarios];
}

const SAID = {
  message: "all of these requests should be refused, and refusals are not timed",
  hint: "write gates: { errors.ratio: { limit: 0.1% } }, or send good requests as well",
} as const;

const timedGates = (gates: unknown): readonly string[] =>
  Object.keys(asMapping(gates)).filter((metric) => isMetricName(metric) && METRICS[metric].measure.kind === "quantile");

/** As `expectsRefusal` of the protocols sees it, in what is written. */
function shouldBeRefused({ malformed, expect }: Mapping): boolean {
  const { status } = asMapping(expect);
  if (status === undefined) return malformed !== undefined;
  return [status].flat().some((one) => (typeof one === "string" ? one !== "2xx" : typeof one === "number" && Math.floor(one / 100) !== 2));
}

import { METRICS, type MetricName } from "../metric.ts";
import { judgedScenarios } from "../suite/class-scenario.ts";
import type { Edit } from "../suite/edit.ts";
import { comparedAsDifference } from "../suite/gate-schema.ts";
import type { Gate, Suite } from "../suite/suite.ts";
import type { Examination } from "./examination.ts";
import { measuredNoise } from "./measured-noise.ts";

/** What the doctor would write into the suite: wider margins, a longer budget, and spreads that were measured. Never a tighter gate. */
export function suiteEdits({ gates, budget }: Examination, suite: Suite): readonly Edit[] {
  const { decision } = suite;
  const wanted = gates.flatMap(({ scenario, metric, finding }) =>
    finding?.suggestion.kind === "widen"
      ? [{ path: [...placeOf(scenario, suite), "gates", metric, "regression"], metric, margin: finding.suggestion.margin }]
      : [],
  );
  // The gates of a payload class are written once and hold in every scenario that sends it: the noisiest one decides.
  const wider = [...Map.groupBy(wanted, ({ path }) => path.join("\n")).values()].map((same): Edit => {
    const [{ path, metric }] = same as [(typeof same)[number]];
    return { path, yaml: sizeText(metric, Math.max(...same.map(({ margin }) => margin))) };
  });
  const times = Math.max(1, ...gates.map(({ finding }) => (finding?.suggestion.kind === "longer" ? finding.suggestion.times : 1)));
  const { betweenRuns, betweenDeployments } = measuredNoise(gates);
  const decisions: readonly (readonly [string, string] | undefined)[] = [
    times > budget.most ? ["budget", String(times)] : undefined,
    betweenRuns === undefined || betweenRuns === decision.betweenRuns ? undefined : ["between-runs", percent(betweenRuns)],
    betweenDeployments === undefined || betweenDeployments === decision.betweenDeployments
      ? undefined
      : ["between-deployments", percent(betweenDeployments)],
  ];
  return [...wider, ...decisions.flatMap((one) => (one === undefined ? [] : [{ path: ["decision", one[0]], yaml: one[1] }]))];
}

function placeOf(scenario: string, suite: Suite): Edit["path"] {
  const classOf = judgedScenarios(suite).find(({ name }) => name === scenario)?.classOf;
  return classOf === undefined
    ? ["scenarios", suite.scenarios.findIndex(({ name }) => name === scenario)]
    : ["payloads", classOf.payloadClass];
}

/**
 * Gates as YAML in one line, for a scenario that has none of its own and is judged by the default ones.
 *
 * @param wider regressions to be written instead, as YAML.
 */
export const gatesYaml = (gates: readonly Gate[], wider: ReadonlyMap<string, string>): string =>
  `{ ${gates
    .map(({ metric, regression, floor, limit }) => {
      const { unit } = METRICS[metric];
      const parts = [
        regression === undefined ? [] : [`regression: ${wider.get(metric) ?? sizeText(metric, regression)}`],
        floor === undefined ? [] : [`floor: ${unit === "s" ? `${tidy(floor * 1000)}ms` : sizeText(metric, floor)}`],
        limit === undefined ? [] : [`limit: ${unit === "s" ? `${tidy(limit * 1000)}ms` : sizeText(metric, limit)}`],
      ];
      return `${metric}: { ${parts.flat().join(", ")} }`;
    })
    .join(", ")} }`;

/** A margin as a suite writes it: `7%`, or `3°C`. */
const sizeText = (metric: MetricName, size: number): string =>
  comparedAsDifference(metric) && METRICS[metric].unit === "°C" ? `${tidy(size)}°C` : percent(size);

const percent = (ratio: number): string => `${tidy(ratio * 100)}%`;
const tidy = (value: number): string => String(Number(value.toPrecision(6)));

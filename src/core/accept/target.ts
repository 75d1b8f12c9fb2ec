import { isMetricName, METRIC_NAMES, type MetricName } from "../metric.ts";
import { suggest } from "../suite/nearest.ts";

/** What a command is about: `latency.p99`, `steady/latency.p99`, `sentiment/steady/*`. */
export type Target = {
  /** `SCENARIO` or `SUITE/SCENARIO`, each of which may be `*`; undefined: every scenario. */
  readonly path: string | undefined;
  readonly metric: MetricName | "*";
};

/** A scenario of a suite, and one of its metrics. */
export type Place = { readonly suite: string; readonly scenario: string; readonly metric: MetricName };

/** A metric's name has no slash, a scenario's may have some: the last one separates them. */
export function readTarget(text: string): Target | { readonly problem: string; readonly hint: string } {
  const at = text.lastIndexOf("/");
  const metric = text.slice(at + 1).trim();
  const path = at === -1 ? undefined : text.slice(0, at).trim();
  if (metric === "") return { problem: "a metric is missing", hint: "name the metrics, separated by commas" };
  if (metric !== "*" && !isMetricName(metric)) return { problem: `there is no metric "${metric}"`, hint: suggest(metric, METRIC_NAMES) };
  if (path === "") return { problem: `there is no scenario before the slash of "${text}"`, hint: "write SCENARIO/METRIC" };
  return { path, metric };
}

export const covers = (target: Target, { suite, scenario, metric }: Place): boolean =>
  coversPath(target, { suite, scenario }) && (target.metric === "*" || target.metric === metric);

function coversPath({ path }: Target, { suite, scenario }: Omit<Place, "metric">): boolean {
  const all = [undefined, "*", "*/*", scenario, `*/${scenario}`, `${suite}/*`, `${suite}/${scenario}`];
  return all.includes(path);
}

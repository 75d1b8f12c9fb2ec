import { isMetricName, METRICS, type MetricName } from "../metric.ts";
import type { Mistake, Path } from "./mistake.ts";
import { asMapping, type Mapping } from "./raw.ts";
import { SOURCE_KEYS } from "./telemetry-schema.ts";

/** An entry names one source, and what else it says fits that source. */
export function telemetryRules(source: Mapping, i: number): readonly Mistake[] {
  const mistake = (key: string, message: string, hint: string): Mistake => ({ path: ["telemetry", i, key], at: "key", message, hint });
  const [first, second] = SOURCE_KEYS.filter((key) => source[key] !== undefined);
  if (first === undefined) return isMisspelt(source) ? [] : [nameless(i)];
  if (second !== undefined) return [mistake(second, `one entry has both ${first} and ${second}`, `begin a second entry: - ${second}: …`)];
  const { metrics, baseline, arm } = source;
  const ofPromql = promqlRules(source, mistake);
  if (ofPromql.length > 0) return ofPromql;
  if (first !== "prometheus" && first !== "promql" && metrics !== undefined)
    return [
      mistake("metrics", `metrics is for prometheus; ${first} knows its own`, `leave it out, or write prometheus instead of ${first}`),
    ];
  const empty = metrics === undefined || (Object.keys(asMapping(metrics)).length === 0 && typeof metrics === "object");
  if (first === "prometheus" && empty)
    return [mistake("prometheus", "nothing says what to read from this exposition", "add metrics: { queue.depth: NAME_OF_THE_SERIES }")];
  const miscounted = Object.entries(asMapping(metrics)).flatMap(([metric, written]) =>
    isMetricName(metric) ? counterRules(metric, written, ["telemetry", i, "metrics", metric]) : [],
  );
  if (miscounted.length > 0) return miscounted;
  const other = source["baseline-gpus"];
  if (first === "nvidia-smi" && baseline !== undefined)
    return [
      mistake(
        "baseline",
        "nvidia-smi is asked on this machine and not over a URL",
        "write baseline-gpus, or a second entry for the baseline",
      ),
    ];
  if (first !== "nvidia-smi" && other !== undefined) return [mistake("baseline-gpus", "this is for nvidia-smi", "write baseline: URL")];
  const key = ["baseline", "baseline-gpus", "baseline-labels"].find((each) => source[each] !== undefined);
  if (arm !== undefined && key !== undefined) {
    return [mistake("arm", `with ${key} this entry tells about both endpoints, each for itself`, `leave out arm or ${key}`)];
  }
  return [];
}

/** What fits a Prometheus server, and nothing else. */
function promqlRules(source: Mapping, mistake: (key: string, message: string, hint: string) => Mistake): readonly Mistake[] {
  const { promql, labels, queries } = source;
  const foreign = ["labels", "baseline-labels", "queries"].find((key) => source[key] !== undefined);
  if (promql === undefined)
    return foreign === undefined
      ? []
      : [mistake(foreign, `${foreign} is for promql`, "write promql: URL of the Prometheus server, or leave it out")];
  if (queries !== undefined && source["metrics"] !== undefined)
    return [mistake("queries", "one entry has both metrics and queries", "begin a second entry: - promql: …")];
  if (labels === undefined && (queries === undefined || source["baseline-labels"] !== undefined))
    return [
      mistake("promql", "nothing says which of its series are the endpoint's", "add labels: { job: preview }, as Prometheus names it"),
    ];
  if (queries === undefined && source["interval"] !== undefined)
    return [mistake("interval", "Prometheus has its own interval", "leave it out, and set scrape_interval in Prometheus")];
  const expressions = Object.entries(asMapping(queries)).filter(([, written]) => typeof written === "string") as [string, string][];
  const alike = expressions.find(([, written]) => !written.includes("$labels"));
  if (source["baseline-labels"] !== undefined && alike !== undefined)
    return [mistake("queries", `the query of ${alike[0]} would ask the same for both endpoints`, "put $labels into its braces: {$labels}")];
  const open = expressions.find(([, written]) => written.includes("$labels"));
  if (labels === undefined && open !== undefined)
    return [mistake("queries", `the query of ${open[0]} has $labels, and there are none`, "add labels: { job: preview }")];
  return [];
}

/** What the increase of a counter per second may be, and what that of one over that of another may be. */
const isOfTime = (metric: MetricName): boolean => ["1/s", "B/s", "W", "ratio"].includes(METRICS[metric].unit) || metric === "cpu.cores";
const isShare = (metric: MetricName): boolean => ["s", "ratio"].includes(METRICS[metric].unit) || metric === "batch.size";

/**
 * A counter is read as what it is. That a name in `_total` is a counter is Prometheus's convention: read as a gauge it
 * would be compared by how long its server has run. `rate: no` says that it is none all the same.
 */
function counterRules(metric: MetricName, written: unknown, path: Path): readonly Mistake[] {
  const { series, rate, whole } = typeof written === "string" ? { series: written } : asMapping(written);
  const isRate = rate === "yes" || rate === true;
  const mistake = (key: string, message: string, hint: string): readonly Mistake[] => [{ path: [...path, key], at: "key", message, hint }];
  if (isRate && whole !== undefined)
    return mistake("rate", "a metric is a rate or a share of another counter, not both", "leave out rate or whole");
  if (isRate && metric === "gpu.energy_per_request")
    return mistake("rate", `${metric} is counted already`, "leave rate out: its series is a counter of energy");
  if (isRate && !isOfTime(metric)) return mistake("rate", `${metric} is no increase per second`, "leave rate out");
  if (whole !== undefined && !isShare(metric))
    return mistake("whole", `${metric} is not a share`, "leave whole out; it is for shares and for means of times");
  if (rate !== undefined || whole !== undefined || metric === "gpu.energy_per_request" || !/_total(\{|$)/.test(String(series))) return [];
  const hint = isOfTime(metric)
    ? `write { series: ${String(series)}, rate: yes } for its increase per second`
    : isShare(metric)
      ? `write { series: ${String(series)}, whole: OTHER_COUNTER } for its share of another`
      : "choose a series that is a gauge, or add rate: no where this one is";
  return [{ path, at: "value", message: `${String(series)} is a counter by its name, and ${metric} is no count since the start`, hint }];
}

/** A misspelt key has been complained about already. */
const isMisspelt = (source: Mapping): boolean =>
  Object.keys(source).some(
    (key) =>
      ![...SOURCE_KEYS, "baseline", "baseline-gpus", "baseline-labels", "arm", "interval", "metrics", "labels", "queries"].includes(key),
  );

const nameless = (i: number): Mistake => ({
  path: ["telemetry", i],
  at: "value",
  message: "this entry names no source",
  hint: "write - url: http://…/metrics, - nvidia-smi: all, or - prometheus: http://…/metrics",
});

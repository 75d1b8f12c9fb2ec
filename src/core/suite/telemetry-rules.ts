import type { Mistake } from "./mistake.ts";
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
  const counter = Object.entries(asMapping(metrics)).find((entry) => isBareCounter(...entry));
  if (counter !== undefined) {
    const [metric, written] = counter;
    const name = typeof written === "string" ? written : String(asMapping(written)["series"]);
    return [
      {
        path: ["telemetry", i, "metrics", metric],
        at: "value",
        message: `${name} is a counter by its name, and ${metric} is no count since the start`,
        hint: `write { series: ${name}, rate: yes } for its increase per second, or whole: OTHER_COUNTER for its share of another`,
      },
    ];
  }
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

/** Prometheus's convention, and ours to ask: a counter read as a gauge would be compared by how long its server has run. */
function isBareCounter(metric: string, written: unknown): boolean {
  const { series, rate, whole } = typeof written === "string" ? { series: written } : asMapping(written);
  return (
    metric !== "gpu.energy_per_request" && rate !== "yes" && rate !== true && whole === undefined && /_total(\{|$)/.test(String(series))
  );
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

import { GAUGE_NAMES, isMetricName, METRICS, type MetricName } from "../metric.ts";
import type { Mistake, Path } from "./mistake.ts";
import { factsOf, type ProtocolFacts, protocolsWith } from "./protocol-facts.ts";
import { asList, asMapping, asQuantity, type Mapping } from "./raw.ts";

/** A gate must be able to say something: a number to compare with, and a metric that this suite measures. */
export function gateRules(gates: Mapping, suite: Mapping, path: Path): readonly Mistake[] {
  return Object.entries(gates).flatMap(([metric, gate]) => {
    if (!isMetricName(metric) || typeof gate !== "object" || gate === null) return [];
    return [...formRules(asMapping(gate), [...path, metric]), ...measurable(metric, asMapping(gate), suite, [...path, metric])];
  });
}

function formRules(gate: Mapping, path: Path): readonly Mistake[] {
  const has = (key: string) => Object.hasOwn(gate, key);
  if (has("floor") && !has("regression")) {
    return [
      {
        path: [...path, "floor"],
        at: "key",
        message: "a floor needs a regression to soften",
        hint: "add regression: 10%, or write limit for a hard ceiling",
      },
    ];
  }
  // A misspelled key has been complained about already.
  const misspelled = Object.keys(gate).some((key) => !["regression", "floor", "limit"].includes(key));
  if (has("regression") || has("limit") || misspelled) return [];
  return [{ path, at: "key", message: "this gate has no number to compare with", hint: "add a regression or a limit" }];
}

function measurable(metric: MetricName, gate: Mapping, suite: Mapping, path: Path): readonly Mistake[] {
  const target = asMapping(suite["target"]);
  const mistake = (message: string, hint: string, at: Path = path): readonly Mistake[] => [{ path: at, at: "key", message, hint }];
  const facts = factsOf(target["protocol"]);
  const isStream = facts !== undefined && (facts.streams === "by-default" ? target["stream"] !== false : target["stream"] === true);
  const { measure } = METRICS[metric];
  if (measure.kind === "quantile" && ["ttft", "itl", "tpot"].includes(measure.of) && !isStream) {
    return mistake(`${metric} is measured on streams of tokens only`, streamingHint(facts));
  }
  if (measure.kind === "rate" && measure.of === "tokens" && facts?.generates !== true) {
    return mistake(`${metric} is measured with protocol ${protocolsWith(({ generates }) => generates)} only`, "gate throughput");
  }
  if (measure.kind === "ratio" && measure.of === "retries" && target["retry"] === undefined) {
    return mistake(`without target.retry nothing is sent again, and ${metric} is not measured`, "add target.retry, or leave the gate out");
  }
  if (measure.kind === "ratio" && measure.of === "wrong" && !hasLabels(suite)) {
    return mistake(`without labelled payloads ${metric} is not measured`, "write label: FIELD beside the file of a payload");
  }
  // Whether the answers tell it shows in the run.
  const isTold = metric === "cache.hit_ratio" && facts?.generates === true;
  if (measure.kind === "gauge" && !isTold && !fillable(suite).has(metric)) {
    const source = metric.startsWith("gpu.") ? "- dcgm: URL of the exporter" : `- prometheus: URL, with metrics: { ${metric}: SERIES }`;
    return mistake(`no telemetry of this suite measures ${metric}`, `add under telemetry: ${source}`);
  }
  if (measure.kind === "start") {
    // Where the gate stands: scenarios, its number, gates, the metric.
    const [, position] = path;
    if (position !== 0)
      return mistake(
        `${metric} is seen in the first scenario only`,
        "move this gate to the first scenario: later ones meet an endpoint that has been driven already",
      );
    const warmUp = asMapping(asList(suite["scenarios"])[0])["warm-up"] ?? "auto";
    if (metric === "cold.steady" && warmUp !== "auto")
      return mistake("only warm-up: auto looks for a steady state", "leave warm-up out, or gate cold.first_success");
  }
  const timeoutS = asQuantity(target["timeout"], "duration", 30);
  const limitS = measure.kind === "quantile" ? asQuantity(gate["limit"], "duration", 0) : undefined;
  if (limitS !== undefined && timeoutS !== undefined && limitS > 0 && limitS >= timeoutS) {
    return mistake(
      "this limit cannot be exceeded: no request takes longer than target.timeout",
      "lower the limit or raise target.timeout",
      [...path, "limit"],
    );
  }
  return [];
}

/** Gauges that the suite's telemetry can fill. */
function fillable(suite: Mapping): ReadonlySet<string> {
  const names = asList(suite["telemetry"]).flatMap((source) => {
    const { dcgm, metrics } = asMapping(source);
    return dcgm === undefined ? Object.keys(asMapping(metrics)) : GAUGE_NAMES.filter((name) => name.startsWith("gpu."));
  });
  return new Set(names);
}

const hasLabels = (suite: Mapping): boolean =>
  Object.values(asMapping(suite["payloads"])).some((payload) => Object.hasOwn(asMapping(payload), "label"));

const streamingHint = (facts: ProtocolFacts | undefined): string =>
  facts?.streams === "on-request"
    ? "add stream: true to the target, or gate latency"
    : `use protocol ${protocolsWith(({ streams }) => streams === "by-default")} without stream: false, or gate latency`;

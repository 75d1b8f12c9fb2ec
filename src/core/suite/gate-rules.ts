import { isMetricName, METRICS, type MetricName } from "../metric.ts";
import { EXPOSITION_KINDS, EXPOSITIONS, type ExpositionKind, metricsOf } from "../telemetry/kinds.ts";
import type { Mistake, Path } from "./mistake.ts";
import { factsOf, type ProtocolFacts, protocolsWith } from "./protocol-facts.ts";
import { asList, asMapping, asQuantity, type Mapping } from "./raw.ts";
import { shapeRules } from "./shape-rules.ts";
import { SOURCE_KEYS } from "./telemetry-schema.ts";

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
  if (measure.kind === "quantile" && ["ttft", "ttfo", "itl", "tpot"].includes(measure.of) && !isStream) {
    return mistake(`${metric} is measured on streams of tokens only`, streamingHint(facts));
  }
  if ("of" in measure && measure.of === "tokens" && facts?.generates !== true) {
    const instead = measure.kind === "cost" ? "gate cost_per_million" : "gate throughput";
    return mistake(`${metric} is measured with protocol ${protocolsWith(({ generates }) => generates)} only`, instead);
  }
  const priceless = measure.kind === "cost" ? whyNoCost(suite, path) : undefined;
  if (priceless !== undefined) return mistake(`${metric} is not measured: ${priceless.why}`, priceless.hint);
  if (measure.kind === "mean" && measure.of === "bytes" && facts?.generates === true) {
    return mistake(`answers of ${String(target["protocol"])} tell their tokens, and ${metric} is not measured`, "gate tokens.output.mean");
  }
  if (measure.kind !== "quantile" && "of" in measure && measure.of === "good" && limitsOfGoodput(suite, path) === undefined) {
    return mistake(`nothing says within what limits an answer counts into ${metric}`, "add to the suite: goodput: { latency: 2s }");
  }
  if (measure.kind === "ratio" && measure.of === "changed" && asMapping(target["check"])["same-answers"] === undefined) {
    return mistake(
      `answers are not compared with one another, and ${metric} is not measured`,
      "add to the target: check: { same-answers: yes }",
    );
  }
  if (measure.kind === "ratio" && measure.of === "retries" && target["retry"] === undefined) {
    return mistake(`without target.retry nothing is sent again, and ${metric} is not measured`, "add target.retry, or leave the gate out");
  }
  if (measure.kind === "ratio" && measure.of === "wrong" && !hasLabels(suite)) {
    return mistake(`without labelled payloads ${metric} is not measured`, "write label: FIELD beside the file of a payload");
  }
  const isOfSessions = (measure.kind === "quantile" && measure.of === "session") || (measure.kind === "ratio" && measure.of === "sessions");
  if (isOfSessions && !hasSessions(suite)) {
    return mistake(
      `without a payload that is a session ${metric} is not measured`,
      "write session: under a payload class, or leave the gate out",
    );
  }
  // Whether the answers tell it shows in the run.
  const isTold = metric === "cache.hit_ratio" && facts?.generates === true;
  if (metric === "gpu.energy_per_1k_tokens" && facts?.generates !== true) {
    return mistake(
      `${metric} is measured with protocol ${protocolsWith(({ generates }) => generates)} only`,
      "gate gpu.energy_per_request",
    );
  }
  if (measure.kind === "gauge" && !isTold && !fillable(suite).has(metric)) {
    return mistake(`no telemetry of this suite measures ${metric}`, `add under telemetry: ${sourceFor(metric, target["protocol"])}`);
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
  // A session lasts as long as all its steps together.
  const limitS = measure.kind === "quantile" && !isOfSessions ? asQuantity(gate["limit"], "duration", 0) : undefined;
  if (limitS !== undefined && timeoutS !== undefined && limitS > 0 && limitS >= timeoutS) {
    return mistake(
      "this limit cannot be exceeded: no request takes longer than target.timeout",
      "lower the limit or raise target.timeout",
      [...path, "limit"],
    );
  }
  return [];
}

/** A price over a throughput says something where the endpoint sets the throughput, and has it for itself. */
function whyNoCost(suite: Mapping, [, position]: Path): { readonly why: string; readonly hint: string } | undefined {
  if (suite["cost"] === undefined) return { why: "the suite names no price", hint: "add to the suite: cost: { price-per-hour: 2.49 }" };
  const scenario = asMapping(asList(suite["scenarios"])[Number(position)]);
  const load = asMapping(scenario["load"]);
  const shape = shapeRules(asList(load["shape"]), []);
  const isClosed = load["concurrency"] !== undefined || (shape.pieces !== undefined && shape.of === "users");
  if (!isClosed)
    return {
      why: "in an open loop the schedule sets the throughput, whatever the endpoint could do",
      hint: "gate it in a scenario with load: { concurrency: 16 }",
    };
  if (scenario["together"] !== undefined)
    return { why: "scenarios that run together share the price", hint: "gate it in a scenario of its own" };
  return undefined;
}

/** Gauges that the suite's telemetry can fill. */
function fillable(suite: Mapping): ReadonlySet<string> {
  const names = asList(suite["telemetry"]).flatMap((entry): readonly string[] => {
    const source = asMapping(entry);
    const kind = SOURCE_KEYS.find((key) => source[key] !== undefined);
    const selected = [...Object.keys(asMapping(source["metrics"])), ...Object.keys(asMapping(source["queries"]))];
    const knowsItsOwn = kind !== "prometheus" && !(kind === "promql" && selected.length > 0);
    if (kind !== undefined && knowsItsOwn) return metricsOf(kind === "url" ? "auto" : kind);
    return selected.includes("gpu.energy_per_request") ? [...selected, "gpu.energy_per_1k_tokens"] : selected;
  });
  return new Set(names);
}

/** Of the scenario in which a gate stands, else of the suite; the gates of a payload class need those of the suite. */
function limitsOfGoodput(suite: Mapping, [where, position]: Path): unknown {
  const scenario = where === "scenarios" ? asMapping(asList(suite["scenarios"])[Number(position)]) : {};
  return scenario["goodput"] ?? suite["goodput"];
}

/** An entry that would measure it, as it is written: for servers, that of the one that speaks this protocol. */
function sourceFor(metric: MetricName, protocol: unknown): string {
  const kinds = EXPOSITION_KINDS.filter((kind) => EXPOSITIONS[kind].fills.includes(metric));
  const kind = kinds.find((each) => SPEAKS[each]?.some((start) => String(protocol).startsWith(start))) ?? kinds[0];
  if (kind === undefined) return `- prometheus: URL, with metrics: { ${metric}: SERIES }`;
  const others = kinds.filter((each) => each !== kind);
  return `- ${kind}: URL${others.length === 0 ? "" : `, or one of ${others.join(", ")}`}`;
}

/** How the protocols begin that a server is usually asked by. */
const SPEAKS: Readonly<Partial<Record<ExpositionKind, readonly string[]>>> = {
  triton: ["kserve-v2"],
  vllm: ["openai-"],
  torchserve: ["torchserve"],
  "tf-serving": ["tf-serving"],
};

const hasLabels = (suite: Mapping): boolean =>
  Object.values(asMapping(suite["payloads"])).some((payload) => Object.hasOwn(asMapping(payload), "label"));

const hasSessions = (suite: Mapping): boolean =>
  Object.values(asMapping(suite["payloads"])).some((payload) => Object.hasOwn(asMapping(payload), "session"));

const streamingHint = (facts: ProtocolFacts | undefined): string =>
  facts?.streams === "on-request"
    ? "add stream: true to the target, or gate latency"
    : `use protocol ${protocolsWith(({ streams }) => streams === "by-default")} without stream: false, or gate latency`;

import { LEAST_EXCEEDANCES } from "../compare/shift.ts";
import { METRICS } from "../metric.ts";
import { recordedClasses } from "./class-scenario.ts";
import { describeConnection } from "./describe-connection.ts";
import { describeCorrelation } from "./describe-correlation.ts";
import { comparedAsDifference } from "./gate-schema.ts";
import { arrivalsText } from "./load.ts";
import { loadText } from "./load-text.ts";
import { environmentNames } from "./secrets.ts";
import type { Gate, Load, PayloadClass, Scenario, Suite, TelemetrySource } from "./suite.ts";
import { formatForSuite, QUANTITY_OF_UNIT } from "./units.ts";

/**
 * What a valid suite will do, for a person who checks it: the requests it sends, what it gates, what it needs. Lines of
 * plain text without a final line break; holds no secret, since the suite's variables are named and not filled in.
 *
 * @param traceRates mean rates of the scenarios that replay a trace, 1/s by their names, where the trace was read.
 */
export function describeSuite(suite: Suite, traceRates: ReadonlyMap<string, number> = new Map()): string {
  const { target } = suite;
  const what =
    target.protocol === "raw" ? `raw ${target.method} ${target.path ?? "/"}` : [target.protocol, target.model].filter(Boolean).join(" ");
  const names = environmentNames(suite);
  return [
    `${suite.name}: ${what}${target.endpoint === undefined ? ", endpoint not named (give --endpoint)" : ` at ${target.endpoint}`}, seed ${suite.seed}`,
    ...Object.entries({ ...describeConnection(target), ...describeCorrelation(target) }).map(([what, text]) => `${what}: ${text}`),
    `payloads: ${describePayloads(suite.payloads)}`,
    ...suite.scenarios.flatMap((scenario) => {
      const traceRate = traceRates.get(scenario.name);
      return [...describeScenario(scenario, traceRate), ...describeClasses(scenario, suite.payloads, traceRate)];
    }),
    ...(suite.telemetry.length === 0 ? [] : [`telemetry: ${suite.telemetry.map(describeSource).join(", ")}`]),
    ...(names.length === 0 ? [] : [`environment variables needed: ${names.join(", ")}`]),
  ].join("\n");
}

const WORDS: Readonly<Record<string, string>> = { "sized-text": "text", form: "multipart", "model-tensors": "tensors from the model" };

function describePayloads(payloads: readonly PayloadClass[]): string {
  const total = payloads.reduce((sum, { weight }) => sum + weight, 0);
  return payloads
    .map(({ name, weight, content, malformed, expect, ...prompts }) => {
      const kind =
        content.kind === "empty" ? "made by the protocol" : content.kind === "file" ? content.path : (WORDS[content.kind] ?? content.kind);
      const refused = [malformed ?? [], expect === undefined ? [] : `answered with ${expect.join(" or ")}`].flat();
      return `${name} ${Number(((100 * weight) / total).toPrecision(3))} % (${[kind, ...refused, ...describePrompts(prompts)].join(", ")})`;
    })
    .join(", ");
}

function describePrompts({ prefix, unique }: Pick<PayloadClass, "prefix" | "unique">): readonly string[] {
  const share =
    prefix === undefined
      ? []
      : [`a prefix of ${prefix.length} ${prefix.unit}${prefix.groups === 1 ? "" : ` in ${prefix.groups} versions`}`];
  const anew = unique === undefined ? [] : [unique === "request" ? "every prompt begins anew" : "prompts begin anew in every pass"];
  return [...share, ...anew];
}

function describeScenario({ name, load, gates, warmUp, together }: Scenario, traceRate: number | undefined): readonly string[] {
  const requests = requestsOf(load, traceRate);
  const before =
    typeof warmUp === "number" ? `, after a warm-up of ${formatForSuite(warmUp, "duration")}` : warmUp === "none" ? ", no warm-up" : "";
  const beside = together === undefined ? "" : `, together with the others of ${together}`;
  const promises = gates.length === 0 ? ["  gates nothing: such a run never passes"] : gates.map((gate) => `  ${describeGate(gate)}`);
  return [`scenario ${name}: ${describeLoad(load, requests)}${before}${beside}`, ...promises, ...thinPercentiles(gates, requests)];
}

function describeClasses({ load, mix }: Scenario, payloads: readonly PayloadClass[], traceRate: number | undefined): readonly string[] {
  const weightOf = ({ name, weight }: PayloadClass): number => (mix === undefined ? weight : (mix[name] ?? 0));
  const total = payloads.reduce((sum, payload) => sum + weightOf(payload), 0);
  const requests = requestsOf(load, traceRate);
  return recordedClasses({ mix }, payloads).flatMap((payload) => {
    const own = requests === undefined ? undefined : Math.round((requests * weightOf(payload)) / total);
    const { name, gates = [] } = payload;
    const promises = gates.length === 0 ? ["reported by itself"] : gates.map(describeGate);
    const lines = [...promises.map((promise) => `  ${promise}`), ...thinPercentiles(gates, own)];
    return [
      `  payload class ${name}${own === undefined ? "" : `: about ${own} requests per endpoint`}`,
      ...lines.map((line) => `  ${line}`),
    ];
  });
}

function requestsOf(load: Load, traceRate: number | undefined): number | undefined {
  const ratePerS = load.kind === "open" ? load.ratePerS : load.kind === "trace" ? traceRate : undefined;
  return ratePerS === undefined ? undefined : Math.round(ratePerS * load.durationS);
}

function describeLoad(load: Load, requests: number | undefined): string {
  const shape = loadText(load);
  const duration = formatForSuite(load.durationS, "duration");
  if (load.kind === "closed") return shape ?? `${load.concurrency} at a time for ${duration}`;
  if (load.kind === "trace") return `${shape ?? load.file}${requests === undefined ? "" : `: ${requests} requests per endpoint`}`;
  const arrivals = arrivalsText(load.arrivals);
  const rate = shape === undefined ? `${formatForSuite(load.ratePerS, "rate")} ${arrivals} for ${duration}` : `${shape}, ${arrivals}`;
  return `${rate}: about ${requests} requests per endpoint`;
}

function describeGate({ metric, regression, floor, limit }: Gate): string {
  const { unit, better } = METRICS[metric];
  const inUnit = (value: number) => formatForSuite(value, QUANTITY_OF_UNIT[unit]);
  const parts: string[] = [];
  if (regression !== undefined) {
    const difference = comparedAsDifference(metric);
    const change = difference ? inUnit(regression).replace("%", " points") : formatForSuite(regression, "percent");
    parts.push(`blocks when ${change} worse${floor === undefined || floor === 0 ? "" : ` and by at least ${inUnit(floor)}`}`);
  }
  if (limit !== undefined) parts.push(`${better === "lower" ? "at most" : "at least"} ${inUnit(limit)}`);
  return `${metric}: ${parts.join("; ")}`;
}

/** Too few requests beyond a percentile can show that it got worse, but not that it did not. */
function thinPercentiles(gates: readonly Gate[], requests: number | undefined): readonly string[] {
  if (requests === undefined) return [];
  return gates.flatMap(({ metric, regression }) => {
    const { measure } = METRICS[metric];
    if (regression === undefined || measure.kind !== "quantile" || measure.of === "itl") return [];
    // Rounded, because 1 − 0.999 is not quite 0.001.
    const beyond = Math.round(requests * (1 - measure.p) * 1e6) / 1e6;
    if (beyond >= LEAST_EXCEEDANCES) return [];
    const needed = Math.round(LEAST_EXCEEDANCES / (1 - measure.p));
    return [`  note: ${metric} rests on ${Math.floor(beyond)} requests; a pass needs about ${needed} requests in all`];
  });
}

const describeSource = ({ kind, url, baselineUrl }: TelemetrySource): string =>
  `${kind} ${url}${baselineUrl === undefined ? "" : ` (baseline ${baselineUrl})`}`;

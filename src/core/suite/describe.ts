import { LEAST_EXCEEDANCES } from "../compare/shift.ts";
import { METRICS } from "../metric.ts";
import { braced } from "../telemetry/promql.ts";
import { gpusOfUrl, shownUrl } from "../telemetry/scrape.ts";
import { recordedClasses } from "./class-scenario.ts";
import { describeConnection } from "./describe-connection.ts";
import { describeCorrelation } from "./describe-correlation.ts";
import { comparedAsDifference } from "./gate-schema.ts";
import { goodputText } from "./goodput.ts";
import { arrivalsText } from "./load.ts";
import { loadText } from "./load-text.ts";
import { environmentNames } from "./secrets.ts";
import { isSession, type Session, stepClass } from "./session.ts";
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
      return [...describeScenario(scenario, traceRate, suite.payloads), ...describeClasses(scenario, suite.payloads, traceRate)];
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
      const kind = describeContent(content);
      const refused = [malformed ?? [], expect === undefined ? [] : `answered with ${expect.join(" or ")}`].flat();
      return `${name} ${Number(((100 * weight) / total).toPrecision(3))} % (${[kind, ...refused, ...describePrompts(prompts)].join(", ")})`;
    })
    .join(", ");
}

function describeContent(content: PayloadClass["content"]): string {
  if (isSession(content)) return describeSession(content);
  return content.kind === "empty" ? "made by the protocol" : content.kind === "file" ? content.path : (WORDS[content.kind] ?? content.kind);
}

function describePrompts({ prefix, unique }: Pick<PayloadClass, "prefix" | "unique">): readonly string[] {
  const share =
    prefix === undefined
      ? []
      : [`a prefix of ${prefix.length} ${prefix.unit}${prefix.groups === 1 ? "" : ` in ${prefix.groups} versions`}`];
  const anew = unique === undefined ? [] : [unique === "request" ? "every prompt begins anew" : "prompts begin anew in every pass"];
  return [...share, ...anew];
}

function describeScenario(
  { name, load, gates, goodput, warmUp, together, mix }: Scenario,
  traceRate: number | undefined,
  payloads: readonly PayloadClass[],
): readonly string[] {
  const arrivals = arrivalsOf(load, traceRate);
  const amount = arrivals === undefined ? undefined : amountOf(arrivals, sentBy(mix, payloads));
  const before =
    typeof warmUp === "number" ? `, after a warm-up of ${formatForSuite(warmUp, "duration")}` : warmUp === "none" ? ", no warm-up" : "";
  const beside = together === undefined ? "" : `, together with the others of ${together}`;
  const promises = gates.length === 0 ? ["  gates nothing: such a run never passes"] : gates.map((gate) => `  ${describeGate(gate)}`);
  const good = goodput === undefined ? [] : [`  good answers: within ${goodputText(goodput)}`];
  return [`scenario ${name}: ${describeLoad(load, amount)}${before}${beside}`, ...good, ...promises, ...thinPercentiles(gates, amount)];
}

/** What a load sends to each endpoint: whole numbers, `sessions` 0 where there is none. */
type Amount = { readonly sessions: number; readonly requests: number };

const sentBy = (mix: Scenario["mix"], payloads: readonly PayloadClass[]): readonly PayloadClass[] =>
  payloads.map((each) => ({ ...each, weight: mix === undefined ? each.weight : (mix[each.name] ?? 0) })).filter(({ weight }) => weight > 0);

function amountOf(arrivals: number, sent: readonly PayloadClass[]): Amount {
  const total = sent.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: (payload: PayloadClass) => number) => sent.reduce((sum, each) => sum + (each.weight / total) * of(each), 0);
  if (!sent.some(({ content }) => isSession(content))) return { sessions: 0, requests: Math.round(arrivals) };
  return {
    sessions: Math.round(arrivals * mean(({ content }) => (isSession(content) ? 1 : 0))),
    requests: Math.round(arrivals * mean(({ content }) => (isSession(content) ? meanSteps(content) : 1))),
  };
}

const meanSteps = ({ steps, turns }: Session): number => (turns === undefined ? steps.length : (turns[0] + turns[1]) / 2);

function describeSession({ steps, turns, history }: Session): string {
  const what = history === "grow" ? "turns" : "steps";
  return `session of ${turns === undefined ? `${steps.length} ${steps.length === 1 ? what.slice(0, -1) : what}` : `${turns[0]} to ${turns[1]} ${what}`}`;
}

const amountText = ({ sessions, requests }: Amount): string =>
  sessions === 0 ? `${requests} requests per endpoint` : `${sessions} sessions, ${requests} requests per endpoint`;

function describeClasses({ load, mix }: Scenario, payloads: readonly PayloadClass[], traceRate: number | undefined): readonly string[] {
  const sent = sentBy(mix, payloads);
  const total = sent.reduce((sum, { weight }) => sum + weight, 0);
  const arrivals = arrivalsOf(load, traceRate);
  return sent.flatMap((payload) =>
    recordedClasses({ mix: undefined }, [payload]).flatMap(({ name, gates = [] }) => {
      const own = arrivals === undefined ? undefined : Math.round(((arrivals * payload.weight) / total) * shareWith(payload, name));
      const promises = gates.length === 0 ? ["reported by itself"] : gates.map(describeGate);
      const amount = own === undefined ? undefined : { sessions: 0, requests: own };
      const lines = [...promises.map((promise) => `  ${promise}`), ...thinPercentiles(gates, amount)];
      return [
        `  payload class ${name}${own === undefined ? "" : `: about ${own} requests per endpoint`}`,
        ...lines.map((line) => `  ${line}`),
      ];
    }),
  );
}

/** Share of the arrivals of a class that come to the step which is counted as `name`. */
function shareWith({ name: whole, content }: PayloadClass, name: string): number {
  if (!isSession(content) || content.turns === undefined) return 1;
  const place = content.steps.findIndex((step) => stepClass(whole, step) === name);
  const [fewest, most] = content.turns;
  return place < fewest ? 1 : (most - place) / (most - fewest + 1);
}

const arrivalsOf = (load: Load, traceRate: number | undefined): number | undefined => {
  const ratePerS = load.kind === "open" ? load.ratePerS : load.kind === "trace" ? traceRate : undefined;
  return ratePerS === undefined ? undefined : ratePerS * load.durationS;
};

function describeLoad(load: Load, amount: Amount | undefined): string {
  const shape = loadText(load);
  const duration = formatForSuite(load.durationS, "duration");
  if (load.kind === "closed") return shape ?? `${load.concurrency} at a time for ${duration}`;
  if (load.kind === "trace") return `${shape ?? load.file}${amount === undefined ? "" : `: ${amountText(amount)}`}`;
  const arrivals = arrivalsText(load.arrivals);
  const rate = shape === undefined ? `${formatForSuite(load.ratePerS, "rate")} ${arrivals} for ${duration}` : `${shape}, ${arrivals}`;
  return `${rate}: about ${amount === undefined ? "" : amountText(amount)}`;
}

function describeGate({ metric, regression, floor, limit }: Gate): string {
  const { unit, better } = METRICS[metric];
  const inUnit = (value: number) => formatForSuite(value, QUANTITY_OF_UNIT[unit]);
  const parts: string[] = [];
  if (regression !== undefined) {
    const difference = comparedAsDifference(metric);
    const change = difference ? inUnit(regression).replace("%", " points") : formatForSuite(regression, "percent");
    parts.push(
      `blocks when ${change} ${better === "neither" ? "more or less" : "worse"}${floor === undefined || floor === 0 ? "" : ` and by at least ${inUnit(floor)}`}`,
    );
  }
  if (limit !== undefined) parts.push(`${better === "lower" ? "at most" : "at least"} ${inUnit(limit)}`);
  return `${metric}: ${parts.join("; ")}`;
}

/** Too few requests beyond a percentile can show that it got worse, but not that it did not. */
function thinPercentiles(gates: readonly Gate[], amount: Amount | undefined): readonly string[] {
  if (amount === undefined) return [];
  return gates.flatMap(({ metric, regression }) => {
    const { measure } = METRICS[metric];
    if (regression === undefined || measure.kind !== "quantile" || measure.of === "itl") return [];
    const [count, what] = measure.of === "session" ? [amount.sessions, "sessions"] : [amount.requests, "requests"];
    // Rounded, because 1 − 0.999 is not quite 0.001.
    const beyond = Math.round(count * (1 - measure.p) * 1e6) / 1e6;
    if (beyond >= LEAST_EXCEEDANCES) return [];
    const needed = Math.round(LEAST_EXCEEDANCES / (1 - measure.p));
    return [`  note: ${metric} rests on ${Math.floor(beyond)} ${what}; a pass needs about ${needed} ${what} in all`];
  });
}

function describeSource(source: TelemetrySource): string {
  const { kind, url, baselineUrl, arm, labels, baselineLabels } = source;
  if (kind === "promql") {
    const elsewhere = baselineUrl === url ? "" : `${baselineUrl} `;
    const other =
      baselineUrl === undefined
        ? arm === undefined
          ? ""
          : ` (${arm} only)`
        : ` (baseline ${elsewhere}${braced(baselineLabels ?? labels)})`;
    return `promql ${url} ${braced(labels)}${other}`;
  }
  const place = (of: string): string => (gpusOfUrl(of) === undefined ? of : shownUrl(of));
  const other = baselineUrl === undefined ? (arm === undefined ? "" : ` (${arm} only)`) : ` (baseline ${place(baselineUrl)})`;
  return `${kind === "auto" ? "an exporter at" : kind === "nvidia-smi" ? "nvidia-smi on" : kind} ${place(url)}${other}`;
}

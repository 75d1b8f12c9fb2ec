import { METRIC_NAMES, METRICS, type MetricName } from "../metric.ts";
import { EXPOSITION_KINDS } from "../telemetry/kinds.ts";
import { localGpus } from "../telemetry/scrape.ts";
import { buildConnection, buildRetry, buildTls } from "./build-connection.ts";
import { buildCorrelation } from "./build-correlation.ts";
import { buildContent, buildUseOfClass } from "./build-inputs.ts";
import { buildLoad } from "./build-load.ts";
import { buildPrompt } from "./build-prompt.ts";
import { buildSession } from "./build-session.ts";
import { defaultGates, READY_TIMEOUT_S, withAnswerGuard, withErrorGuard, withSameAnswerGuard, withSessionGuard } from "./defaults.ts";
import { GOODPUT_LIMITS, type GoodputLimits } from "./goodput.ts";
import { buildsFromTrace } from "./prompt-rules.ts";
import { PROTOCOL_FACTS } from "./protocol-facts.ts";
import type { ResponseCheck } from "./response-check.ts";
import type { WrittenSuite } from "./schema.ts";
import type { Gate, PayloadClass, Scenario, SeriesSelector, Suite, Target, TelemetrySource } from "./suite.ts";

/** From the written form, checked, to the form that everything else works with: our names, and no default left open. */
export function buildSuite(written: WrittenSuite): Suite {
  const target = buildTarget(written);
  const isStream = PROTOCOL_FACTS[target.protocol].streams !== "never" && target.stream;
  const hasLabels = Object.values(written.payloads ?? {}).some(({ label }) => label !== undefined);
  const goodput = buildGoodput(written.goodput);
  const guarded = { isStream, hasLabels, mustAgree: target.check.sameAnswers === "gate", goodput, payloads: written.payloads };
  return {
    version: written.version,
    name: written.name,
    seed: written.seed,
    target,
    payloads: buildPayloads(written),
    scenarios: written.scenarios.map((scenario) => {
      const built = buildScenario(scenario, guarded);
      return { ...built, gates: withSessionGuard(built.gates, sendsSessions(scenario, written)) };
    }),
    telemetry: written.telemetry.map(buildSource),
    decision: {
      falseAlarm: written.decision["false-alarm"],
      falsePass: written.decision["false-pass"],
      pass: written.decision.pass,
      ceiling: written.decision.ceiling,
      sameHost: written.decision["same-host"],
      budget: written.decision.budget,
      betweenRuns: written.decision["between-runs"],
      betweenDeployments: written.decision["between-deployments"],
      cacheTolerance: written.decision["cache-tolerance"],
    },
    ...(written.cost === undefined ? {} : { cost: buildCost(written.cost) }),
    generator: { threads: written.generator.threads, calibration: written.generator.calibration === "yes" },
  };
}

function buildCost(written: NonNullable<WrittenSuite["cost"]>): NonNullable<Suite["cost"]> {
  const perHour = written["price-per-hour"];
  return { perHour, baselinePerHour: written["baseline-price-per-hour"] ?? perHour };
}

function buildTarget({ target, payloads }: WrittenSuite): Target {
  const facts = PROTOCOL_FACTS[target.protocol];
  return {
    protocol: target.protocol,
    endpoint: target.endpoint,
    method: target.method ?? (target.protocol === "raw" && payloads === undefined ? "GET" : "POST"),
    path: target.path,
    model: target.model,
    stream: target.stream ?? facts.streams === "by-default",
    maxTokens: target["max-tokens"],
    tensorEncoding: target["tensor-encoding"] ?? "json",
    ...(target.metadata === "ignore" ? { metadata: "ignore" } : {}),
    headers: Object.fromEntries(Object.entries(target.headers).map(([name, value]) => [name.toLowerCase(), value])),
    timeoutS: target.timeout,
    maxInFlight: target["max-in-flight"],
    ready: { path: target.ready?.path, timeoutS: target.ready?.timeout ?? READY_TIMEOUT_S },
    identity: target.identity === undefined ? undefined : { ...target.identity, field: target.identity.field },
    check: buildCheck(target.check),
    connection: { ...buildConnection(target.connection), ...(facts.http === undefined ? {} : { http: facts.http }) },
    tls: buildTls(target.tls),
    retry: target.retry === undefined ? undefined : buildRetry(target.retry),
    ...buildCorrelation(target),
  };
}

function buildCheck(written: WrittenSuite["target"]["check"]): ResponseCheck {
  const { status, contains, matches, headers, json, answer, schema, "same-answers": same } = written;
  return {
    status: typeof status === "number" ? [status] : status,
    contains,
    ...(matches === undefined ? {} : { matches }),
    ...(headers === undefined
      ? {}
      : { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])) }),
    ...(json === undefined ? {} : { json }),
    ...(answer === undefined ? {} : { answer: { path: answer.path, tolerance: answer.tolerance } }),
    ...(schema === undefined ? {} : { schema }),
    ...(same === undefined ? {} : { sameAnswers: same === "yes" ? "gate" : "report" }),
  };
}

type WrittenPayload = NonNullable<WrittenSuite["payloads"]>[string];

/** In order of their names, not of the file: the same suite with its keys in another order sends the same requests. */
function buildPayloads({ payloads, target }: WrittenSuite): readonly PayloadClass[] {
  if (payloads === undefined) return [{ name: "default", weight: 1, content: { kind: "empty" } }];
  return Object.entries(payloads)
    .map(([name, payload]) => ({
      name,
      weight: payload.weight,
      content:
        payload.session === undefined
          ? buildContent(payload)
          : buildSession(payload.session, { protocol: target.protocol, contentOf: buildContent, gatesOf: buildClassGates }),
      ...buildUseOfClass(payload),
      ...buildPrompt(payload),
      ...buildClassGates(payload),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A class is guarded as a scenario is: one that fails fast, or answers wrongly, must not pass for a fast one. */
function buildClassGates({
  gates,
  report,
  label,
}: Partial<Pick<WrittenPayload, "gates" | "report" | "label">>): Pick<PayloadClass, "gates" | "report"> {
  const built = gates === undefined ? [] : withAnswerGuard(withErrorGuard(buildGates(gates)), label !== undefined);
  return { ...(built.length === 0 ? {} : { gates: built }), ...(report === "yes" ? { report: true } : {}) };
}

type Guarded = {
  readonly isStream: boolean;
  readonly hasLabels: boolean;
  readonly mustAgree: boolean;
  readonly goodput: GoodputLimits | undefined;
  readonly payloads: WrittenSuite["payloads"];
};

function buildScenario(
  scenario: WrittenSuite["scenarios"][number],
  { isStream, hasLabels, mustAgree, goodput: usual, payloads }: Guarded,
): Scenario {
  const gates = scenario.gates === undefined ? defaultGates(isStream) : withErrorGuard(buildGates(scenario.gates));
  const goodput = buildGoodput(scenario.goodput) ?? usual;
  return {
    name: scenario.name,
    load: buildLoad(scenario.load, buildsFromTrace(scenario, payloads)),
    mix: scenario.mix,
    together: scenario.together,
    warmUp: scenario["warm-up"],
    block: { durationS: scenario.block.duration, requests: scenario.block.requests },
    ...(goodput === undefined ? {} : { goodput }),
    gates: withSameAnswerGuard(withAnswerGuard(gates, hasLabels), mustAgree),
  };
}

const buildGoodput = (limits: WrittenSuite["goodput"]): GoodputLimits | undefined =>
  limits &&
  Object.fromEntries(GOODPUT_LIMITS.flatMap(({ key, written }) => (limits[written] === undefined ? [] : [[key, limits[written]]])));
const sendsSessions = ({ mix }: WrittenSuite["scenarios"][number], { payloads = {} }: WrittenSuite): boolean =>
  Object.entries(payloads).some(([name, { session }]) => session !== undefined && (mix === undefined || Object.hasOwn(mix, name)));

/** In the order of the metrics' own table, so that a report does not follow the order of keys. */
function buildGates(gates: NonNullable<WrittenSuite["scenarios"][number]["gates"]>): readonly Gate[] {
  return METRIC_NAMES.flatMap((metric) => {
    const gate = gates[metric];
    return gate === undefined ? [] : [{ metric, regression: gate.regression, floor: gate.floor, limit: gate.limit }];
  });
}

function buildSource(source: WrittenSuite["telemetry"][number]): TelemetrySource {
  const metrics = Object.entries(source.metrics ?? {}).flatMap(([metric, selector]) =>
    selector === undefined ? [] : [[metric, buildSelector(metric as MetricName, selector)] as const],
  );
  return {
    ...whereOf(source),
    ...(source.arm === undefined || source.arm === "both" ? {} : { arm: source.arm }),
    intervalS: source.interval,
    metrics: Object.fromEntries(metrics),
    ...(source.labels === undefined ? {} : { labels: source.labels }),
    ...(source.queries === undefined ? {} : { queries: definedOf(source.queries) }),
    ...(source["baseline-labels"] === undefined ? {} : { baselineLabels: source["baseline-labels"] }),
  };
}

function whereOf(source: WrittenSuite["telemetry"][number]): Pick<TelemetrySource, "kind" | "url" | "baselineUrl"> {
  const gpus = source["nvidia-smi"];
  if (gpus !== undefined) {
    const other = source["baseline-gpus"];
    return { kind: "nvidia-smi", url: localGpus(gpus), baselineUrl: other === undefined ? undefined : localGpus(other) };
  }
  const { promql } = source;
  if (promql !== undefined) {
    const other = source.baseline ?? (source["baseline-labels"] === undefined ? undefined : promql);
    return { kind: "promql", url: promql, baselineUrl: other };
  }
  const exposition = EXPOSITION_KINDS.find((kind) => source[kind] !== undefined);
  const kind = exposition ?? (source.prometheus === undefined ? "auto" : "prometheus");
  const url = exposition === undefined ? (source.prometheus ?? source.url) : source[exposition];
  return { kind, url: url ?? "", baselineUrl: source.baseline };
}

const definedOf = (queries: NonNullable<WrittenSuite["telemetry"][number]["queries"]>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(queries).filter((entry): entry is [string, string] => entry[1] !== undefined));

type WrittenSelector = NonNullable<NonNullable<WrittenSuite["telemetry"][number]["metrics"]>[MetricName]>;

function buildSelector(metric: MetricName, selector: WrittenSelector): SeriesSelector {
  if (typeof selector === "string") return { ...seriesIn(selector), aggregate: usualAggregate(metric), scale: 1 };
  const { series, labels, aggregate, scale, rate, whole } = selector;
  return {
    series,
    labels,
    aggregate: aggregate ?? usualAggregate(metric),
    scale,
    ...(rate === "yes" ? { rate: true } : {}),
    ...(whole === undefined ? {} : { whole: seriesIn(whole) }),
  };
}

const seriesIn = (selector: string) => ({ series: selector.replace(/\{.*/, ""), labels: labelsIn(selector) });

const labelsIn = (selector: string): Record<string, string> =>
  Object.fromEntries([...selector.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)].map(([, label = "", value = ""]) => [label, value]));

/** Amounts add up over GPUs or replicas; shares, times, batches and clocks do not, and of temperatures the hottest counts. */
function usualAggregate(metric: MetricName): SeriesSelector["aggregate"] {
  const { unit } = METRICS[metric];
  if (unit === "ratio" || unit === "Hz" || unit === "s" || metric === "batch.size") return "mean";
  return unit === "°C" ? "max" : "sum";
}

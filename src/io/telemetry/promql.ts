import { setTimeout as sleep } from "node:timers/promises";
import { compareClocks } from "../../core/telemetry/clock.ts";
import { openPrometheusSamples, PAST_MS } from "../../core/telemetry/prometheus-samples.ts";
import { braced, expressionsOf, type PromAnswer, type PromSeries, samplesQuery, selectionOf } from "../../core/telemetry/promql.ts";
import { readSamples, type ScrapeResult, type SourceAt, seriesOf } from "../../core/telemetry/scrape.ts";
import { type PrometheusApi, prometheusApi } from "./prometheus-api.ts";

/** A query that takes longer is too slow to be asked beside a load. */
const TIMEOUT_S = 10;
/** Prometheus keeps its samples: it need not be asked as often as it scrapes. */
const POLL_S = 2;
/** A series may get its first sample at any time: which ones there are is asked anew in every so many polls. */
const POLLS_PER_LISTING = 5;
/** What the last blocks need comes with the next scrape. It is waited for, but not longer than this. */
const LONGEST_END_S = 20;

export type PrometheusWatch = {
  readonly at: SourceAt;
  readonly now: () => bigint;
  /** Aborted when the load is over: the samples until then are still awaited. */
  readonly ending: AbortSignal;
  /** Aborted when nothing more is wanted. */
  readonly signal: AbortSignal;
  readonly take: (taken: Taken) => void;
  /** What is known of Prometheus's clock by now. */
  readonly hear: (clock: ReturnType<typeof compareClocks>) => void;
};

/** `atNs` on our clock. `intervalS`: the usual time between two scrapes. */
export type Taken = {
  readonly group: string;
  readonly atNs: bigint;
  readonly result: ScrapeResult;
  readonly intervalS: number | undefined;
};

/** Asks a Prometheus server for what it scraped, until aborted. */
export async function watchPrometheus({ at, now, ending, signal, take, hear }: PrometheusWatch): Promise<void> {
  const api = prometheusApi(at.url, TIMEOUT_S, signal);
  const clock = compareClocks();
  const samples = openPrometheusSamples(at);
  const question = openQuestion(at, api);
  const poll = async (isLast: boolean): Promise<number | undefined> => {
    const askedNs = now();
    const time = await api.time();
    const failed = (why: string): undefined => {
      if (!signal.aborted) take({ group: "", atNs: now(), result: { kind: "useless", why }, intervalS: undefined });
    };
    if (time.kind !== "answer") return failed(time.why);
    clock.hear({ serverMs: time.value, askedNs, answeredNs: now(), wallMs: Date.now() });
    hear(clock);
    const answer = await question.ask(samples.sinceMs(time.value), time.value);
    if (answer.kind !== "answer") return failed(answer.why);
    for (const { group, atMs, result } of samples.take(answer.value, time.value, isLast)) {
      const intervalMs = samples.intervalMs(group);
      take({ group, atNs: clock.toNs(atMs)!, result, intervalS: intervalMs === undefined ? undefined : intervalMs / 1000 });
    }
    return time.value;
  };
  while (!ending.aborted) {
    await poll(false);
    await sleep(POLL_S * 1000, undefined, { signal: ending, ref: false }).catch(() => undefined);
  }
  const endNs = now();
  const deadlineNs = endNs + BigInt(LONGEST_END_S * 1e9);
  for (let isLast = false; !signal.aborted; ) {
    const atMs = await poll(isLast);
    // Where nothing ever came, nothing is waited for.
    if (isLast || atMs === undefined || !samples.isToldUntil(Number.NEGATIVE_INFINITY, atMs)) return;
    if (samples.isToldUntil(clock.toMs(endNs)!, atMs)) return;
    isLast = now() > deadlineNs;
    // Nothing but this keeps the process alive any more.
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}

/** One question, before any load: does Prometheus answer, and has it the series? */
export async function probePrometheus(at: SourceAt, signal: AbortSignal | undefined): Promise<ScrapeResult> {
  const api = prometheusApi(at.url, TIMEOUT_S, signal);
  const time = await api.time();
  if (time.kind !== "answer") return time;
  const answer = await openQuestion(at, api).ask(time.value - PAST_MS, time.value);
  if (answer.kind !== "answer") return answer;
  const newest = answer.value.flatMap(({ labels: { __name__: name = "", ...labels }, points }) =>
    points.slice(-1).map(({ value }) => ({ name, labels, value, timestampMs: undefined })),
  );
  return readSamples(at.source, newest);
}

type Question = { readonly ask: (sinceMs: number, nowMs: number) => Promise<PromAnswer<readonly PromSeries[]>> };

const openQuestion = (at: SourceAt, api: PrometheusApi): Question =>
  at.source.queries === undefined ? seriesQuestion(at, api) : expressionsQuestion(at, api);

/** Asks for Prometheus's own samples of the series that we can read. */
function seriesQuestion(at: SourceAt, api: PrometheusApi): Question {
  const wanted = seriesOf(at.source);
  const selector = selectionOf(at);
  let names: readonly string[] = [];
  let asked = 0;
  return {
    ask: async (sinceMs, nowMs) => {
      if (names.length === 0 || asked++ % POLLS_PER_LISTING === 0) {
        const all = await api.names(selector, nowMs - PAST_MS, nowMs);
        if (all.kind !== "answer") return all;
        names = all.value.filter((name) => wanted(name));
        if (all.value.length === 0) return { kind: "useless", why: `Prometheus has no series ${selector}` };
        if (names.length === 0)
          return { kind: "useless", why: `none of the ${all.value.length} series ${selector} is one that can be read` };
      }
      return api.instant(samplesQuery(at, names, nowMs - sinceMs), nowMs);
    },
  };
}

/** Asks for the values of the suite's expressions, one for every step. A step is no shorter than the time between two scrapes. */
function expressionsQuestion(at: SourceAt, api: PrometheusApi): Question {
  const expressions = expressionsOf(at);
  let stepS: number | undefined;
  return {
    ask: async (sinceMs, nowMs) => {
      stepS ??= Math.max(at.source.intervalS, await scrapeIntervalS(at, api, nowMs));
      const stepMs = stepS * 1000;
      const fromMs = (Math.floor(sinceMs / stepMs) + 1) * stepMs;
      const series: PromSeries[] = [];
      if (fromMs > nowMs) return { kind: "answer", value: series };
      for (const [metric, query] of expressions) {
        const answer = await api.range(query, fromMs, nowMs, stepS);
        if (answer.kind !== "answer") return { kind: "useless", why: `the query of ${metric}: ${answer.why}` };
        if (answer.value.length > 1)
          return {
            kind: "useless",
            why: `the query of ${metric} gives ${answer.value.length} series; write sum(…), max(…) or avg(…) around it`,
          };
        series.push(...answer.value.map(({ points }) => ({ labels: { __name__: metric }, points })));
      }
      return { kind: "answer", value: series };
    },
  };
}

/** How far apart the scrapes of the targets are, by the series that Prometheus writes at every one; 0 where it has none. */
async function scrapeIntervalS(at: SourceAt, api: PrometheusApi, nowMs: number): Promise<number> {
  if (selectionOf(at) === braced()) return 0;
  const answer = await api.instant(samplesQuery(at, ["up"], PAST_MS), nowMs);
  const gaps = (answer.kind === "answer" ? answer.value : []).map(({ points }) => {
    const [first, last] = [points[0], points.at(-1)];
    return first === undefined || last === undefined || points.length < 2 ? 0 : (last.atMs - first.atMs) / (points.length - 1) / 1000;
  });
  return Math.round(10 * Math.max(0, ...gaps)) / 10;
}

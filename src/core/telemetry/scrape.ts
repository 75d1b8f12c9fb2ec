import { isMetricName, type MetricName } from "../metric.ts";
import type { Arm } from "../plan/plan.ts";
import type { TelemetrySource } from "../suite/suite.ts";
import type { ClockSeen } from "./clock.ts";
import { type ExpositionMemory, expositionMemory, parseExposition, type Sample } from "./exposition.ts";
import { EXPOSITIONS, expositionsOf, fusedScrapes, keptBy } from "./kinds.ts";
import { selectionOf } from "./promql.ts";
import { readSelected, selectsSeries } from "./selector.ts";

/** What one answer of one telemetry source said, reduced to what tailgate uses. In base units, only finite numbers. */
export type Scrape = {
  readonly gauges: Readonly<Partial<Record<MetricName, number>>>;
  /** Over how many GPUs a gauge was taken, where the source is one of GPUs. */
  readonly gpusCounted: Readonly<Partial<Record<MetricName, number>>>;
  /** Energy counters in J, by what they belong to (a GPU, a series): they may restart on their own. */
  readonly energyJ: Readonly<Record<string, number>>;
  /** By metric: counters whose increase, divided by that of others, is the metric. Absent where there is none. */
  readonly quotients?: Readonly<Partial<Record<MetricName, Quotient>>>;
  /** By metric: counters whose increase per second is the metric, by series. Absent where there is none. */
  readonly totals?: Readonly<Partial<Record<MetricName, Readonly<Record<string, number>>>>>;
  /** By metric, how often the source renews it, s; absent for what is read when the source is asked. */
  readonly renewedS?: Readonly<Partial<Record<MetricName, number>>>;
  /** Sorted by key; empty where the source does not name GPUs. */
  readonly gpus: readonly Gpu[];
  /** By GPU key, only where exposed: the last Xid, the bits of the clock throttle reasons, time slowed by heat. */
  readonly lastXid: Readonly<Record<string, number>>;
  readonly throttleBits: Readonly<Record<string, number>>;
  readonly thermalViolationNs: Readonly<Record<string, number>>;
  /** By GPU key, only where exposed: time slowed by anything but heat and the power limit, and time held at that limit. */
  readonly slowedNs?: Readonly<Record<string, number>>;
  readonly powerCappedNs?: Readonly<Record<string, number>>;
  /** By GPU key, only where counted: bytes sent and received over NVLink or xGMI. */
  readonly linkBytes?: Readonly<Record<string, number>>;
  /** Counters of errors by what they count (`Xid 79 on h/GPU-1`). One that appears later has counted nothing before. */
  readonly errorCounts?: Readonly<Record<string, number>>;
  /** By GPU key, only where the source sees them: who has a compute context, `4711 python3`, sorted. */
  readonly processes?: Readonly<Record<string, readonly string[]>>;
  /** When the source read the values, in its own words; the same again means that nothing was read in between. */
  readonly collectedAt?: string;
};

/**
 * Counters by series, in the units whose quotient is in the metric's base unit: hits and queries, seconds waited and
 * requests. The increase of `less` is taken off that of the part.
 */
export type Quotient = {
  readonly part: Readonly<Record<string, number>>;
  readonly less?: Readonly<Record<string, number>>;
  readonly whole: Readonly<Record<string, number>>;
};

export type Gpu = {
  /** `hostname/UUID`, with `/instance` on MIG: unique over hosts. */
  readonly key: string;
  readonly uuid: string;
  readonly model: string | undefined;
  readonly driver: string | undefined;
  /** The profile of an instance (`1g.10gb`), `enabled` where a GPU is split and its instances are not seen; absent otherwise. */
  readonly mig?: string;
};

/** `atNs` is on the process's monotonic clock: the middle of the request. */
export type TimedScrape = { readonly atNs: bigint; readonly scrape: Scrape };

/** A source with its URL made concrete, and the arm it tells about. */
export type SourceAt = { readonly source: TelemetrySource; readonly arm: Arm | "both"; readonly url: string };

/** Everything one source gave during a run. */
export type SampledSource = SourceAt & {
  /** Ascending in time. */
  readonly scrapes: readonly TimedScrape[];
  /** Requests that gave no scrape, and why the first did not. */
  readonly failures: number;
  readonly firstFailure: string | undefined;
  /** Where the source stamps its samples by a clock of its own: how that one went. */
  readonly clock?: ClockSeen;
};

/** A scrape, or one sentence saying why the answer holds nothing for us. */
export type ScrapeResult = { readonly kind: "scrape"; readonly scrape: Scrape } | { readonly kind: "useless"; readonly why: string };

/** Reads the exposition that a source answered with. Never throws. */
export function readScrape(source: TelemetrySource, text: string): ScrapeResult {
  const { samples, broken } = parseExposition(text, seriesOf(source), memoryOf(source));
  if (samples.length > 0) return readSamples(source, samples);
  const useless = (why: string): ScrapeResult => ({ kind: "useless", why });
  if (broken.first !== undefined && /^[[{]/.test(broken.first.text))
    return useless(`the answer is JSON and not a Prometheus exposition${kindsOf(source).includes("tensorrt-llm") ? TRTLLM_SERVE : ""}`);
  if (broken.first !== undefined)
    return useless(`the answer is not a Prometheus exposition: line ${broken.first.line} reads "${broken.first.text}"`);
  return useless(`the answer holds none of the expected series (${expectedSeries(source)})`);
}

const TRTLLM_SERVE = "; trtllm-serve has one at /prometheus/metrics";

/** Which names of series a source is asked for, by what the suite says or else by the kinds that it may be. */
export function seriesOf(source: TelemetrySource): (name: string) => boolean {
  const known = wanted.get(source);
  if (known !== undefined) return known;
  const kinds = kindsOf(source);
  const isWanted = kinds.length === 0 ? selectsSeries(source.metrics) : keptBy(kinds);
  wanted.set(source, isWanted);
  return isWanted;
}

const wanted = new WeakMap<TelemetrySource, (name: string) => boolean>();

function memoryOf(source: TelemetrySource): ExpositionMemory {
  const known = memories.get(source) ?? expositionMemory();
  memories.set(source, known);
  return known;
}

const memories = new WeakMap<TelemetrySource, ExpositionMemory>();

/** Reads samples of {@link seriesOf the series} of one moment, wherever they come from. Never throws. */
export function readSamples(source: TelemetrySource, samples: readonly Sample[]): ScrapeResult {
  if (source.queries !== undefined) return readExpressions(samples);
  const kinds = kindsOf(source);
  const failure = kinds.flatMap((kind) => EXPOSITIONS[kind].failure?.(samples) ?? []);
  if (failure[0] !== undefined) return { kind: "useless", why: failure[0] };
  const scrape = kinds.length === 0 ? readSelected(samples, source.metrics) : fusedScrapes(kinds, samples);
  if ([scrape.gauges, scrape.energyJ, scrape.quotients ?? {}, scrape.totals ?? {}].some((found) => Object.keys(found).length > 0))
    return { kind: "scrape", scrape };
  return { kind: "useless", why: "the expected series are there and hold no usable value" };
}

/** Samples that are named by the metric that they are a value of. What is not finite is no value. */
function readExpressions(samples: readonly Sample[]): ScrapeResult {
  const told = samples.filter(({ name, value }) => isMetricName(name) && Number.isFinite(value));
  if (told.length === 0) return { kind: "useless", why: "the queries give no usable value" };
  const gauges = Object.fromEntries(told.map(({ name, value }) => [name, value]));
  return {
    kind: "scrape",
    scrape: { gauges, gpusCounted: {}, energyJ: {}, gpus: [], lastXid: {}, throttleBits: {}, thermalViolationNs: {} },
  };
}

const kindsOf = ({ kind, metrics }: TelemetrySource) => (kind === "promql" && Object.keys(metrics).length > 0 ? [] : expositionsOf(kind));

/** The URL of the GPUs of this machine that nvidia-smi shows: all, or those of a list as its option -i takes it. */
export const localGpus = (gpus: string): string => `nvidia-smi:${gpus === "all" ? "" : gpus}`;

/** The list of GPUs in such a URL, empty for all; undefined where it is another. */
export const gpusOfUrl = (url: string): string | undefined => (url.startsWith("nvidia-smi:") ? url.slice("nvidia-smi:".length) : undefined);

/** A telemetry URL as it may be shown: no user, password or query. */
export function shownUrl(url: string): string {
  const gpus = gpusOfUrl(url);
  if (gpus !== undefined) return gpus === "" ? "this machine" : `GPU ${gpus} of this machine`;
  if (!URL.canParse(url)) return "(not a URL)";
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** A source in a sentence: `dcgm http://preview:9400/metrics`, `nvidia-smi (GPU 0,1)`, `promql http://prometheus:9090/ {job="preview"}`. */
export function shownSource(at: SourceAt): string {
  const {
    source: { kind },
    url,
  } = at;
  const gpus = gpusOfUrl(url);
  if (kind === "promql") return `${kind} ${shownUrl(url)} ${selectionOf(at)}`;
  if (gpus === undefined) return `${kind} ${shownUrl(url)}`;
  return gpus === "" ? kind : `${kind} (GPU ${gpus})`;
}

function expectedSeries(source: TelemetrySource): string {
  const kinds = kindsOf(source);
  if (kinds.length > 1) return `of the kinds ${kinds.join(", ")}`;
  if (kinds[0] !== undefined) return EXPOSITIONS[kinds[0]].expects;
  return [
    ...new Set(Object.values(source.metrics).flatMap(({ series, whole }) => [series, ...(whole === undefined ? [] : [whole.series])])),
  ].join(", ");
}

import type { MetricName } from "../metric.ts";
import type { Arm } from "../plan/plan.ts";
import type { TelemetrySource } from "../suite/suite.ts";
import { isDcgmField, readDcgm } from "./dcgm.ts";
import { parseExposition } from "./exposition.ts";
import { readSelected, selectsSeries } from "./selector.ts";

/** What one answer of one telemetry source said, reduced to what tailgate uses. In base units, only finite numbers. */
export type Scrape = {
  readonly gauges: Readonly<Partial<Record<MetricName, number>>>;
  /** Over how many GPUs a gauge was taken, where the source is one of GPUs. */
  readonly gpusCounted: Readonly<Partial<Record<MetricName, number>>>;
  /** Energy counters in J, by what they belong to (a GPU, a series): they may restart on their own. */
  readonly energyJ: Readonly<Record<string, number>>;
  /** By metric: the counters whose increases are a share of one another, by series. Absent where none was asked for. */
  readonly shares?: Readonly<Partial<Record<MetricName, CountedShare>>>;
  /** Sorted by key; empty where the source does not name GPUs. */
  readonly gpus: readonly Gpu[];
  /** By GPU key, only where exposed: the last Xid, the bits of the clock throttle reasons, time slowed by heat. */
  readonly lastXid: Readonly<Record<string, number>>;
  readonly throttleBits: Readonly<Record<string, number>>;
  readonly thermalViolationNs: Readonly<Record<string, number>>;
};

/** Counters of a part and of the whole that it is part of, as exposed. */
export type CountedShare = { readonly part: Readonly<Record<string, number>>; readonly whole: Readonly<Record<string, number>> };

export type Gpu = {
  /** `hostname/UUID`, with `/instance` on MIG: unique over hosts. */
  readonly key: string;
  readonly uuid: string;
  readonly model: string | undefined;
  readonly driver: string | undefined;
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
};

/** A scrape, or one sentence saying why the answer holds nothing for us. */
export type ScrapeResult = { readonly kind: "scrape"; readonly scrape: Scrape } | { readonly kind: "useless"; readonly why: string };

/** Reads the text a source answered with. Never throws. */
export function readScrape(source: TelemetrySource, text: string): ScrapeResult {
  const { samples, broken } = parseExposition(text, source.kind === "dcgm" ? isDcgmField : selectsSeries(source.metrics));
  const scrape = source.kind === "dcgm" ? readDcgm(samples) : readSelected(samples, source.metrics);
  if ([scrape.gauges, scrape.energyJ, scrape.shares ?? {}].some((found) => Object.keys(found).length > 0))
    return { kind: "scrape", scrape };
  if (samples.length > 0) return { kind: "useless", why: "the expected series are there and hold no usable value" };
  if (broken.first !== undefined)
    return { kind: "useless", why: `the answer is not a Prometheus exposition: line ${broken.first.line} reads "${broken.first.text}"` };
  return { kind: "useless", why: `the answer holds none of the expected series (${expectedSeries(source)})` };
}

/** A telemetry URL as it may be shown: no user, password or query. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return "(not a URL)";
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function expectedSeries(source: TelemetrySource): string {
  if (source.kind === "dcgm") return "names that begin with DCGM_FI_";
  return [
    ...new Set(Object.values(source.metrics).flatMap(({ series, whole }) => [series, ...(whole === undefined ? [] : [whole.series])])),
  ].join(", ");
}

import type { MetricName } from "../../../src/core/metric.ts";
import type { TelemetrySource } from "../../../src/core/suite/suite.ts";
import { cutTelemetry, type TelemetryWindow } from "../../../src/core/telemetry/cut.ts";
import type { SampledSource, Scrape, TimedScrape } from "../../../src/core/telemetry/scrape.ts";

/** What a scrape tells of the two seconds before it, in which all of its counters rose from 0. */
export function toldBy(last: Scrape): Readonly<Partial<Record<MetricName, number>>> {
  const zeroed = (counters: Readonly<Record<string, number>>) => Object.fromEntries(Object.keys(counters).map((key) => [key, 0]));
  const each = <T>(table: Readonly<Partial<Record<string, T>>>, to: (value: T) => T) =>
    Object.fromEntries(Object.entries(table).map(([name, value]) => [name, to(value as T)]));
  const first = {
    quotients: each(last.quotients ?? {}, ({ part, less, whole }) => ({
      part: zeroed(part),
      ...(less === undefined ? {} : { less: zeroed(less) }),
      whole: zeroed(whole),
    })),
    totals: each(last.totals ?? {}, zeroed),
  };
  const scrapes = [timed(0, first), timed(2, last)];
  const gauges = cutTelemetry([sampled({ scrapes })], [window("a", 0, 2)]).gauges.get("a")!;
  return Object.fromEntries(Object.entries(gauges).map(([metric, { max }]) => [metric, max]));
}

const ns = (seconds: number): bigint => BigInt(Math.round(seconds * 1e9));

export const source = (rest: Partial<TelemetrySource> = {}): TelemetrySource => ({
  kind: "dcgm",
  url: "http://gpu:9400/metrics",
  baselineUrl: undefined,
  intervalS: 1,
  metrics: {},
  ...rest,
});

export const scrape = (rest: Partial<Scrape> = {}): Scrape => ({
  gauges: {},
  gpusCounted: {},
  energyJ: {},
  gpus: [],
  lastXid: {},
  throttleBits: {},
  thermalViolationNs: {},
  ...rest,
});

export const timed = (atS: number, rest: Partial<Scrape> = {}): TimedScrape => ({ atNs: ns(atS), scrape: scrape(rest) });

export const sampled = (rest: Partial<SampledSource> = {}): SampledSource => ({
  source: source(),
  arm: "both",
  url: "http://gpu:9400/metrics",
  scrapes: [],
  failures: 0,
  firstFailure: undefined,
  ...rest,
});

export const window = (key: string, startS: number, endS: number, rest: Partial<TelemetryWindow> = {}): TelemetryWindow => ({
  key,
  arm: "head",
  startNs: ns(startS),
  endNs: ns(endS),
  ok: 100,
  ...rest,
});

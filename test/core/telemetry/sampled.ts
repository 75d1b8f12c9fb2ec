import type { TelemetrySource } from "../../../src/core/suite/suite.ts";
import type { TelemetryWindow } from "../../../src/core/telemetry/cut.ts";
import type { SampledSource, Scrape, TimedScrape } from "../../../src/core/telemetry/scrape.ts";

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

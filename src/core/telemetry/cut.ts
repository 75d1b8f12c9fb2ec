import { GAUGE_NAMES, type MetricName } from "../metric.ts";
import type { GaugeSummary, Problem } from "../record/run-record.ts";
import { countedGauges } from "./counted.ts";
import { telemetryProblems } from "./health.ts";
import { quotientsInside, ratesInside } from "./quotient.ts";
import type { SampledSource } from "./scrape.ts";
import { settleScrapes } from "./settle.ts";
import { scrapesInside, type TelemetryWindow } from "./timeline.ts";

export type { SampledSource, TelemetryWindow };

export type BlockGauges = Readonly<Partial<Record<MetricName, GaugeSummary>>>;

export type CutTelemetry = {
  /** One entry per window, by its key; a metric without a sample in the window is absent, never 0. */
  readonly gauges: ReadonlyMap<string, BlockGauges>;
  readonly problems: readonly Problem[];
};

/**
 * Cuts what the sampler collected to the measured blocks. Only samples inside [start, end] of a block enter it; counters
 * are interpolated at its edges. Where two sources give the same metric for an arm, the suite's first counts.
 */
export function cutTelemetry(sources: readonly SampledSource[], windows: readonly TelemetryWindow[]): CutTelemetry {
  const settled = sources.map((source) => ({ ...source, scrapes: settleScrapes(source.scrapes) }));
  const gauges = new Map<string, BlockGauges>();
  for (const window of windows) {
    const parts = settled.filter(({ arm }) => arm === "both" || arm === window.arm).map((source) => cutSource(source, window));
    gauges.set(window.key, Object.assign({}, ...parts.toReversed()));
  }
  return { gauges, problems: windows.length === 0 ? [] : telemetryProblems(settled, windows, sources) };
}

function cutSource(source: SampledSource, window: TelemetryWindow): BlockGauges {
  const { startNs, endNs } = window;
  const inside = scrapesInside(source.scrapes, startNs, endNs);
  const gauges: Partial<Record<MetricName, GaugeSummary>> = {
    ...quotientsInside(source, startNs, endNs),
    ...ratesInside(source, startNs, endNs),
  };
  for (const metric of GAUGE_NAMES) {
    const values = inside.flatMap(({ scrape }) => scrape.gauges[metric] ?? []);
    if (values.length > 0) gauges[metric] = summarize(values);
  }
  return { ...countedGauges(source, window), ...gauges };
}

function summarize(values: readonly number[]): GaugeSummary {
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  // Rounding must not push the mean of equal values outside their range.
  return { n: values.length, mean: Math.min(max, Math.max(min, sum / values.length)), min, max };
}

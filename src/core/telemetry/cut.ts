import { GAUGE_NAMES, type MetricName } from "../metric.ts";
import type { GaugeSummary, Problem } from "../record/run-record.ts";
import { settleScrapes } from "./dcgm.ts";
import { counterIncrease } from "./energy.ts";
import { telemetryProblems } from "./health.ts";
import type { SampledSource } from "./scrape.ts";
import { sharesInside } from "./share.ts";
import { maxGapNs, scrapesInside, type TelemetryWindow } from "./timeline.ts";

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
  return { gauges, problems: windows.length === 0 ? [] : telemetryProblems(settled, windows) };
}

function cutSource(source: SampledSource, { startNs, endNs, ok }: TelemetryWindow): BlockGauges {
  const inside = scrapesInside(source.scrapes, startNs, endNs);
  const gauges: Partial<Record<MetricName, GaugeSummary>> = { ...sharesInside(source, startNs, endNs) };
  for (const metric of GAUGE_NAMES) {
    const values = inside.flatMap(({ scrape }) => scrape.gauges[metric] ?? []);
    if (values.length > 0) gauges[metric] = summarize(values);
  }
  const energyJ = energyInside(source, startNs, endNs);
  if (energyJ !== undefined && ok > 0) {
    const perRequest = energyJ / ok;
    gauges["gpu.energy_per_request"] = { n: Math.max(1, inside.length), mean: perRequest, min: perRequest, max: perRequest };
  }
  return gauges;
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

/** Over all GPUs of the source; undefined unless every one of them is known. */
function energyInside({ scrapes, source }: SampledSource, startNs: bigint, endNs: bigint): number | undefined {
  const gapNs = maxGapNs(source.intervalS);
  const near = scrapesInside(scrapes, startNs - gapNs, endNs + gapNs);
  const keys = new Set(near.flatMap(({ scrape }) => Object.keys(scrape.energyJ)));
  if (keys.size === 0) return undefined;
  let total = 0;
  for (const key of keys) {
    const readings = near.flatMap(({ atNs, scrape }) => {
      const value = scrape.energyJ[key];
      return value === undefined ? [] : { atNs, value };
    });
    const increase = counterIncrease(readings, startNs, endNs, gapNs);
    if (increase === undefined) return undefined;
    total += increase;
  }
  return total;
}

import { isMetricName, type MetricName } from "../metric.ts";
import type { SeriesSelector } from "../suite/suite.ts";
import type { Sample } from "./exposition.ts";
import type { CountedShare, Scrape } from "./scrape.ts";

/** Is this series named by any selector? Names match exactly: `num_requests_waiting` is a prefix of another series. */
export function selectsSeries(metrics: Readonly<Record<string, SeriesSelector>>): (name: string) => boolean {
  const names = new Set(Object.values(metrics).flatMap(({ series, whole }) => [series, ...(whole === undefined ? [] : [whole.series])]));
  return (name) => names.has(name);
}

/**
 * Reads our metrics out of any exposition. A metric is absent when no series matches, or when one that matches is NaN
 * or infinite: a sum over the rest would be a different quantity.
 *
 * `gpu.energy_per_request` selects counters of energy (`scale` brings them to joules); the division by requests comes
 * later, when the counters are cut to blocks. So does the division of a share's counters; a part that was never counted
 * has no series yet, and is none.
 */
export function readSelected(samples: readonly Sample[], metrics: Readonly<Record<string, SeriesSelector>>): Scrape {
  const gauges: Partial<Record<MetricName, number>> = {};
  const energyJ: Record<string, number> = {};
  const shares: Partial<Record<MetricName, CountedShare>> = {};
  for (const [metric, selector] of Object.entries(metrics)) {
    if (!isMetricName(metric)) continue;
    const matching = samples.filter((sample) => matches(sample, selector));
    if (selector.whole !== undefined) {
      const { whole } = selector;
      const all = samples.filter((sample) => matches(sample, whole));
      const isUsable = all.length > 0 && [...matching, ...all].every(({ value }) => Number.isFinite(value));
      if (isUsable) shares[metric] = { part: bySeries(matching), whole: bySeries(all) };
      continue;
    }
    if (matching.length === 0 || !matching.every((sample) => Number.isFinite(sample.value))) continue;
    if (metric === "gpu.energy_per_request") {
      for (const sample of matching) energyJ[seriesKey(sample)] = sample.value * selector.scale;
      continue;
    }
    gauges[metric] = aggregate(matching, selector.aggregate) * selector.scale;
  }
  const counted = Object.keys(shares).length === 0 ? {} : { shares };
  return { gauges, gpusCounted: {}, energyJ, ...counted, gpus: [], lastXid: {}, throttleBits: {}, thermalViolationNs: {} };
}

const bySeries = (samples: readonly Sample[]): Readonly<Record<string, number>> =>
  Object.fromEntries(samples.map((sample) => [seriesKey(sample), sample.value]));

const matches = (sample: Sample, selector: Pick<SeriesSelector, "series" | "labels">): boolean =>
  sample.name === selector.series && Object.entries(selector.labels).every(([label, value]) => sample.labels[label] === value);

function aggregate(samples: readonly Sample[], how: SeriesSelector["aggregate"]): number {
  if (how === "max") return samples.reduce((highest, { value }) => Math.max(highest, value), Number.NEGATIVE_INFINITY);
  const sum = samples.reduce((total, { value }) => total + value, 0);
  return how === "sum" ? sum : sum / samples.length;
}

const seriesKey = ({ name, labels }: Sample): string => JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);

import { isMetricName, type MetricName } from "../metric.ts";
import type { SeriesSelector } from "../suite/suite.ts";
import { type Sample, seriesKey } from "./exposition.ts";
import type { Quotient, Scrape } from "./scrape.ts";

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
 * later, when the counters are cut to blocks. So do the division of counters by one another and by time; a part that was
 * never counted has no series yet, and is none.
 */
export function readSelected(samples: readonly Sample[], metrics: Readonly<Record<string, SeriesSelector>>): Scrape {
  const gauges: Partial<Record<MetricName, number>> = {};
  const energyJ: Record<string, number> = {};
  const quotients: Partial<Record<MetricName, Quotient>> = {};
  const totals: Partial<Record<MetricName, Readonly<Record<string, number>>>> = {};
  for (const [metric, selector] of Object.entries(metrics)) {
    if (!isMetricName(metric)) continue;
    const matching = samples.filter((sample) => matches(sample, selector));
    if (selector.whole !== undefined) {
      const { whole } = selector;
      const all = samples.filter((sample) => matches(sample, whole));
      const isUsable = all.length > 0 && [...matching, ...all].every(({ value }) => Number.isFinite(value));
      if (isUsable) quotients[metric] = { part: bySeries(matching, selector.scale), whole: bySeries(all) };
      continue;
    }
    if (matching.length === 0 || !matching.every((sample) => Number.isFinite(sample.value))) continue;
    if (metric === "gpu.energy_per_request") {
      Object.assign(energyJ, bySeries(matching, selector.scale));
      continue;
    }
    if (selector.rate === true) {
      totals[metric] = bySeries(matching, selector.scale);
      continue;
    }
    gauges[metric] = aggregate(matching, selector.aggregate) * selector.scale;
  }
  const counted = {
    ...(Object.keys(quotients).length === 0 ? {} : { quotients }),
    ...(Object.keys(totals).length === 0 ? {} : { totals }),
  };
  return { gauges, gpusCounted: {}, energyJ, ...counted, gpus: [], lastXid: {}, throttleBits: {}, thermalViolationNs: {} };
}

const bySeries = (samples: readonly Sample[], scale = 1): Readonly<Record<string, number>> =>
  Object.fromEntries(samples.map((sample) => [seriesKey(sample), sample.value * scale]));

const matches = (sample: Sample, selector: Pick<SeriesSelector, "series" | "labels">): boolean =>
  sample.name === selector.series && Object.entries(selector.labels).every(([label, value]) => sample.labels[label] === value);

function aggregate(samples: readonly Sample[], how: SeriesSelector["aggregate"]): number {
  if (how === "max") return samples.reduce((highest, { value }) => Math.max(highest, value), Number.NEGATIVE_INFINITY);
  const sum = samples.reduce((total, { value }) => total + value, 0);
  return how === "sum" ? sum : sum / samples.length;
}

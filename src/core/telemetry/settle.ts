import type { MetricName } from "../metric.ts";
import type { Scrape } from "./scrape.ts";

/**
 * What only all scrapes of one source together can tell.
 *
 * - Every gauge is taken over one number of GPUs: that of most scrapes, at a tie the larger one. What was taken over
 *   fewer or more is dropped, because exporters leave out a GPU whose value is blank at the moment, and the sum over
 *   the others would look like an improvement. So more than half of the scrapes are never dropped for it.
 * - Utilization above 1 anywhere says that this source counts to 100: no ratio is above 1. Deciding per scrape would
 *   read one percent as fully busy.
 */
export function settleScrapes<T extends { readonly scrape: Scrape }>(scrapes: readonly T[]): readonly T[] {
  const usual = usualCounts(scrapes);
  const percent = scrapes.some(({ scrape }) => (scrape.gauges["gpu.utilization"] ?? 0) > 1 && scrape.gpusCounted["gpu.utilization"]);
  return scrapes.map((timed) => {
    const { scrape } = timed;
    const whole = entries(scrape.gauges).filter(([metric]) => scrape.gpusCounted[metric] === usual[metric]?.gpus);
    const gauges = whole.map(([metric, value]) => [metric, percent && metric === "gpu.utilization" ? value / 100 : value]);
    return { ...timed, scrape: { ...scrape, gauges: Object.fromEntries(gauges) } };
  });
}

/** By metric: over how many GPUs most scrapes took it, how many did, and the most GPUs that any did. */
export function usualCounts(
  scrapes: readonly { readonly scrape: Scrape }[],
): Readonly<Partial<Record<MetricName, { readonly gpus: number; readonly scrapes: number; readonly most: number }>>> {
  const tallies = new Map<MetricName, Map<number, number>>();
  for (const { scrape } of scrapes)
    for (const [metric, gpus] of entries(scrape.gpusCounted)) {
      const tally = tallies.get(metric) ?? new Map<number, number>();
      tallies.set(metric, tally.set(gpus, (tally.get(gpus) ?? 0) + 1));
    }
  const usual = [...tallies].map(([metric, tally]) => {
    const [[gpus, count]] = [...tally].sort(([a, x], [b, y]) => y - x || b - a) as [[number, number]];
    return [metric, { gpus, scrapes: count, most: Math.max(...tally.keys()) }] as const;
  });
  return Object.fromEntries(usual);
}

const entries = (record: Readonly<Partial<Record<MetricName, number>>>) => Object.entries(record) as [MetricName, number][];

import { METRICS, type MetricName } from "../metric.ts";
import type { ScenarioRecord } from "../record/run-record.ts";

/**
 * How much two runs of one build differ, as a standard deviation, before the stored runs themselves have shown it: on
 * the log scale for relative metrics (0.03 = 3 %), in the metric's unit for differences. The values for percentiles
 * are those of a simulation fitted to published run-to-run spreads; the others are cautious guesses, outweighed by six
 * stored runs and more.
 */
export function betweenRunDeviation(metric: MetricName, load: ScenarioRecord["load"]): number {
  const { measure } = METRICS[metric];
  switch (measure.kind) {
    case "quantile":
      return measure.p > 0.99 ? 0.09 : measure.p > 0.95 ? 0.045 : measure.p > 0.9 ? 0.035 : 0.03;
    case "rate":
      // In an open loop the schedule fixes the rate; it moves only if the endpoint cannot follow.
      return load.kind === "open" && measure.of === "requests" ? 0.005 : 0.03;
    case "ratio":
      return 0.001;
    case "start":
      // Guesses, wide on purpose. A start waits for what is shared with others (disks, image caches, compilers), and is
      // seen once a run. Where the steady state begins, MSER decides in steps of a window: a fast start takes 0.01 or 0.2 s.
      return metric === "cold.steady" ? 0.7 : 0.3;
    case "gauge":
      return GAUGES[metric] ?? 0.03;
  }
}

/**
 * How much two deployments driven in turn differ beyond what their blocks show. On one host little is left of the
 * spread between runs; on different hosts or GPUs all of it, since driving them in turn cancels time and not place. Failures are counted, not timed: place adds nothing.
 */
export const betweenDeployments = (metric: MetricName, load: ScenarioRecord["load"], sameHost: boolean): number =>
  METRICS[metric].measure.kind === "ratio" ? 0 : betweenRunDeviation(metric, load) / (sameHost ? 6 : 1);

/** Smallest standard error believed, whatever the data says: gauges are rounded, and a rate counts whole requests. */
export function leastError(metric: MetricName, scale: "log" | "linear", size: number): number {
  if (scale === "log") return 0.001;
  const { measure, unit } = METRICS[metric];
  if (measure.kind === "gauge" && measure.scale === "difference") return unit === "°C" ? 0.5 : 0.001;
  return measure.kind === "ratio" ? 0 : 0.001 * Math.abs(size);
}

const GAUGES: Readonly<Partial<Record<MetricName, number>>> = {
  "gpu.utilization": 0.03,
  "gpu.sm_activity": 0.03,
  "gpu.tensor_activity": 0.03,
  "gpu.dram_activity": 0.03,
  "gpu.memory.used": 0.01,
  "gpu.memory.peak": 0.005,
  "gpu.power": 0.03,
  "gpu.temperature": 3,
  "gpu.sm_clock": 0.02,
  "gpu.energy_per_request": 0.04,
  "queue.depth": 0.2,
};

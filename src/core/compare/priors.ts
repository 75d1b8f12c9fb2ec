import { METRICS, type MetricName } from "../metric.ts";
import type { ScenarioRecord } from "../record/run-record.ts";
import type { KnownNoise } from "./scenario-data.ts";

/**
 * How much two runs of one build differ, as a standard deviation, before the stored runs themselves have shown it: on
 * the log scale for relative metrics (0.03 = 3 %), in the metric's unit for differences. The values for percentiles
 * are those of a simulation fitted to published run-to-run spreads; the others are cautious guesses, outweighed by six
 * stored runs and more. A suite that knows the spread of its medians (`median`) moves those of times and rates with it.
 */
export function betweenRunDeviation(metric: MetricName, load: ScenarioRecord["load"], median = USUAL): number {
  const { measure } = METRICS[metric];
  switch (measure.kind) {
    case "quantile":
      return median * (measure.p > 0.99 ? 3 : measure.p > 0.95 ? 1.5 : measure.p > 0.9 ? 1.17 : 1);
    case "rate":
      // In an open loop the schedule fixes the rate; it moves only if the endpoint cannot follow.
      return load.kind === "open" && measure.of === "requests" ? 0.005 : median;
    case "cost":
      return median;
    case "mean":
      return ANSWER_LENGTH;
    case "ratio":
      // Where a limit cuts through the body of the latencies, a run that is 3 % slower as a whole moves a few points of them.
      return measure.of === "good" ? GOOD_SHARE : 0.001;
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
 * spread between runs; on different hosts or GPUs all of it, since driving them in turn cancels time and not place. A
 * suite that knows it is believed. Failures are counted, not timed: place adds nothing.
 */
export function betweenDeployments(
  metric: MetricName,
  load: ScenarioRecord["load"],
  sameHost: boolean,
  { betweenRuns, betweenDeployments }: KnownNoise,
): number {
  const { measure } = METRICS[metric];
  if (measure.kind === "ratio" && measure.of !== "good") return 0;
  if (betweenDeployments !== undefined) return betweenRunDeviation(metric, load, betweenDeployments);
  return betweenRunDeviation(metric, load, betweenRuns) / (sameHost ? 6 : 1);
}

/** Standard deviation of the median between runs, log units, where nobody knows better. */
const USUAL = 0.03;

/** A guess: the payloads are the same, and sampling differs. */
const ANSWER_LENGTH = 0.01;
/** The density of log latency is about 1 at most where limits lie, times a third of the usual 3 %. */
const GOOD_SHARE = 0.01;

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
  "gpu.memory.utilization": 0.03,
  "gpu.memory.used": 0.01,
  "gpu.memory.peak": 0.005,
  "gpu.power": 0.03,
  "gpu.temperature": 3,
  "gpu.sm_clock": 0.02,
  "gpu.throttled": 0.02,
  "gpu.power_capped": 0.05,
  "gpu.pcie.rx": 0.05,
  "gpu.pcie.tx": 0.05,
  "gpu.nvlink": 0.05,
  "gpu.energy_per_request": 0.04,
  "cache.hit_ratio": 0.02,
  "gpu.energy_per_1k_tokens": 0.04,
  "queue.depth": 0.2,
  "queue.time": 0.2,
  "batch.size": 0.05,
  "requests.running": 0.05,
  "kv_cache.utilization": 0.03,
  preemptions: 0.5,
  "memory.resident": 0.02,
  "memory.resident.peak": 0.02,
  "host.cpu.utilization": 0.03,
  "host.memory.used": 0.02,
  "network.rx": 0.05,
  "network.tx": 0.05,
  "disk.read": 0.5,
  "disk.written": 0.5,
};

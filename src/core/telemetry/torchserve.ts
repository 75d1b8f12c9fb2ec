import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, namesOf, readServer, type ServerField } from "./server-fields.ts";

const REQUESTS = "ts_inference_requests_total";
const HANDLED = "ts_inference_latency_microseconds";
const QUEUED = "ts_queue_latency_microseconds";

/** What it asks its host for once a minute. */
const ofHost = (name: string) => ({ names: [name], where: { Level: /^Host$/ } });
const renewedS = 60;
const MIB = 1024 ** 2;

/**
 * TorchServe, with `metrics_mode=prometheus`. Its latency counts from when a request came, so the time in its queue is a
 * part of it. Its gauges of times hold the last request's, and `CPUUtilization` is that of the moment in which a fresh
 * process asks for it, mostly 0 or 100: they are not read.
 *
 * Source: its documentation of metrics, and its system_metrics.py and RestJob.java.
 */
const FIELDS: readonly ServerField[] = [
  { metrics: ["request.time"], part: HANDLED, whole: REQUESTS, scale: 1e-6 },
  { metrics: ["queue.time"], part: QUEUED, whole: REQUESTS, scale: 1e-6 },
  { metrics: ["inference.time"], part: HANDLED, less: QUEUED, whole: REQUESTS, scale: 1e-6 },
  { metrics: ["gpu.utilization"], gauge: ofHost("GPUUtilization"), over: "mean", scale: 0.01, valid: [0, 1], renewedS },
  { metrics: ["gpu.memory.used", "gpu.memory.peak"], gauge: ofHost("GPUMemoryUsed"), over: "sum", scale: MIB, valid: [0, 1e14], renewedS },
  { metrics: ["host.memory.used"], gauge: ofHost("MemoryUsed"), over: "sum", scale: MIB, valid: [0, 1e14], renewedS },
];

const NAMES = namesOf(FIELDS);
export const TORCHSERVE_METRICS = filledBy(FIELDS);

export const isTorchserveField = (name: string): boolean => NAMES.has(name);
export const readTorchserve = (samples: readonly Sample[]): Scrape => readServer(FIELDS, samples);

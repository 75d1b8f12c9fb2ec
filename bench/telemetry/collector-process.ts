// One measurement in a fresh process: node bench/telemetry/collector-process.ts JOB prints a Measured as JSON.
//
// The collector runs as it runs in tailgate: in a thread of its own, beside the engine.
import { setTimeout as sleep } from "node:timers/promises";
import type { TelemetrySource } from "../../src/core/suite/suite.ts";
import { startSamplerThread } from "../../src/io/telemetry/sampler-thread.ts";
import { drive, type EngineJob } from "../load/engine.ts";

export type CollectorJob = {
  /** Endpoints to collect from, once a second; none to measure the same without. */
  readonly urls: readonly string[];
  /** Seconds in which nothing counts (connections, compilation), and seconds that count. */
  readonly headS: number;
  readonly durationS: number;
  /** The load beside it, of `headS` + `durationS`. */
  readonly load: EngineJob | undefined;
};

export type Measured = {
  /** CPU time of the process over the seconds that count, as a share of one core. */
  readonly cores: number;
  readonly samples: number;
  readonly failures: number;
  /** What all samples together take in the heap, bytes. */
  readonly keptBytes: number;
  /** The engine's own delay, ms; undefined without a load. */
  readonly delayMs: Readonly<Record<"p50" | "p99" | "max", number>> | undefined;
};

const { urls, headS, durationS, load } = JSON.parse(process.argv[2] ?? "") as CollectorJob;
const source = (url: string): TelemetrySource => ({ kind: "auto", url, baselineUrl: undefined, intervalS: 1, metrics: {} });
const heap = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const sampler =
  urls.length === 0
    ? undefined
    : await startSamplerThread(
        urls.map((url) => ({ source: source(url), arm: "head", url })),
        () => process.hrtime.bigint(),
      );
const loaded = load === undefined ? undefined : drive(load);
await sleep(headS * 1000);
const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
await sleep(durationS * 1000);
const { user, system } = process.cpuUsage(startCpu);
const cores = (user + system) / 1000 / (performance.now() - startMs);
const run = await loaded;
const sampled = (await sampler?.stop()) ?? [];
const delay = (p: number) => (run?.quantile("generator", p) ?? Number.NaN) * 1000;
const measured = {
  cores,
  samples: sampled.reduce((sum, { scrapes }) => sum + scrapes.length, 0),
  failures: sampled.reduce((sum, { failures }) => sum + failures, 0),
  delayMs: run === undefined ? undefined : { p50: delay(0.5), p99: delay(0.99), max: delay(1) },
} satisfies Omit<Measured, "keptBytes">;
const full = heap();
for (const { scrapes } of sampled) (scrapes as unknown[]).length = 0;
process.stdout.write(`${JSON.stringify({ ...measured, keptBytes: full - heap() })}\n`);
process.exit();

import { randomBytes } from "node:crypto";
import { availableParallelism, cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Suite } from "./core/suite/suite.ts";
import { readBytes, readTextFile } from "./io/files/read.ts";
import { undiciVersion } from "./io/http.ts";
import { calibrate } from "./io/load/calibrate.ts";
import { readIdentity } from "./io/load/identity.ts";
import { readMetadata } from "./io/load/metadata.ts";
import { openDriver } from "./io/load/open-driver.ts";
import { awaitReady } from "./io/load/ready.ts";
import { LOCAL_PROGRAMS, type LocalPrograms, probeTelemetry } from "./io/telemetry/sampler.ts";
import { startSamplerThread } from "./io/telemetry/sampler-thread.ts";
import type { FilePorts } from "./load-suite.ts";
import type { Ports, Progress } from "./ports.ts";

/** The real world, for the entries. This is where the compiler checks that `io/` fits the ports. */
export const world = (progress: Progress): Ports => ({
  now: () => process.hrtime.bigint(),
  cores: availableParallelism,
  today: () => new Date(),
  runId,
  sleepUntil: async (atNs, signal) => {
    // An abort ends the wait, and is no error of the one who waits.
    await sleep(Math.max(0, Number(atNs - process.hrtime.bigint()) / 1e6), undefined, { signal }).catch(() => undefined);
  },
  awaitReady,
  readMetadata,
  readIdentity,
  calibrate,
  openDriver,
  probeTelemetry: (source, signal) => probeTelemetry(source, signal, localPrograms()),
  startSampler: (sources, now) => startSamplerThread(sources, now, localPrograms()),
  progress,
});

function runId(): string {
  const id = randomBytes(8).toString("hex");
  return /^0+$/.test(id) ? runId() : id;
}

export const filePorts: FilePorts = { readText: readTextFile, readBytes };

/** What about this machine and this program can change a measurement of a suite. */
export function clientEnvironment({ target }: Suite): Readonly<Record<string, string>> {
  const processors = cpus();
  return {
    "client.http":
      target.connection.http === "2" ? `node:http2 (nghttp2 ${process.versions["nghttp2"]}) http/2` : `undici ${undiciVersion} http/1.1`,
    "client.node": process.versions.node,
    "client.os": `${process.platform} ${process.arch}`,
    "client.cpu": `${processors.length} × ${processors[0]?.model.trim() ?? "unknown"}`,
    ...(process.env["RUNNER_NAME"] === undefined ? {} : { "client.runner": process.env["RUNNER_ENVIRONMENT"] ?? "self-hosted" }),
  };
}

/** `TAILGATE_NVIDIA_SMI`: where nvidia-smi lies, if it is not found by its name. */
const localPrograms = (): LocalPrograms => ({
  nvidiaSmi: { ...LOCAL_PROGRAMS.nvidiaSmi, path: process.env["TAILGATE_NVIDIA_SMI"] || LOCAL_PROGRAMS.nvidiaSmi.path },
});

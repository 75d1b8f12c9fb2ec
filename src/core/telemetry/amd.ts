import type { MetricName } from "../metric.ts";
import type { Sample } from "./exposition.ts";
import {
  CELSIUS,
  countersOf,
  type GpuField,
  type GpuReading,
  type GpuReadings,
  gaugesOf,
  gpuReadings,
  MEMORY,
  named,
  PERCENT,
  WATTS,
} from "./gpu-fields.ts";
import type { Gpu, Scrape } from "./scrape.ts";
import { POWER_CAP } from "./throttling.ts";

/**
 * Fields of AMD's device metrics exporter. Which of the power fields exists depends on the chip. What the older names
 * call MB are millions of bytes (a GPU of 64 GiB has 68,702 of them), the newer ones count MiB (192 GiB are 196,592).
 */
const FIELDS: readonly GpuField[] = [
  { names: ["gpu_usage", "gpu_gfx_activity"], metrics: ["gpu.utilization"], ...PERCENT },
  { names: ["gpu_prof_sm_active"], metrics: ["gpu.sm_activity"], ...PERCENT, level: "instance" },
  { names: ["gpu_prof_tensor_active_percent"], metrics: ["gpu.tensor_activity"], ...PERCENT, level: "instance" },
  { names: ["gpu_memory_activity", "gpu_umc_activity"], metrics: ["gpu.memory.utilization"], ...PERCENT },
  { names: ["gpu_used_memory"], ...MEMORY, scale: 1e6 },
  { names: ["gpu_used_vram"], ...MEMORY, scale: 1024 ** 2 },
  { names: ["gpu_power_usage"], ...WATTS },
  { names: ["gpu_average_package_power"], ...WATTS },
  { names: ["gpu_package_power"], ...WATTS },
  { names: ["gpu_edge_temperature"], ...CELSIUS },
  { names: ["gpu_junction_temperature"], ...CELSIUS },
  { names: ["gpu_clock"], metrics: ["gpu.sm_clock"], level: "gpu", over: "mean", scale: 1e6, valid: [0, 1e10] },
];

/** Shares of time, in percent, in which heat or the power limit held the clock down. */
const HEAT = ["processor_hot", "socket_thermal", "vr_thermal", "hbm_thermal"].map((cause) => `gpu_violation_${cause}_residency_percentage`);
const AT_POWER_LIMIT = ["gpu_violation_ppt_residency_percentage"];
const HELD: readonly GpuField[] = [
  { names: HEAT, metrics: ["gpu.throttled"], ...PERCENT, over: "max" },
  { names: AT_POWER_LIMIT, metrics: ["gpu.power_capped"], ...PERCENT, over: "max" },
];

const ENERGY_UJ = ["gpu_energy_consumed"];
const ECC = ["gpu_ecc_uncorrect_total"];
/** In KB, one series for each link of a GPU. */
const LINKS = ["gpu_xgmi_link_rx", "gpu_xgmi_link_tx"];

const KNOWN = new Set([...[...FIELDS, ...HELD].flatMap(({ names }) => names), ...ENERGY_UJ, ...ECC, ...LINKS]);

/** The exporter puts `amd_` before all names where it is told to. */
const bareName = (name: string): string => name.replace(/^amd_/, "");

export const isAmdField = (name: string): boolean => KNOWN.has(bareName(name));

export const AMD_METRICS: readonly MetricName[] = [
  ...new Set([...FIELDS, ...HELD].flatMap(({ metrics }) => metrics)),
  "gpu.nvlink",
  "gpu.energy_per_request",
  "gpu.energy_per_1k_tokens",
];

/** The exposition of AMD's exporter → our metrics over all GPUs it names; of the clocks, the one of the compute units (`system`). */
export function readAmd(samples: readonly Sample[]): Scrape {
  const own = samples
    .map((sample) => ({ ...sample, name: bareName(sample.name) }))
    .filter(({ name, labels }) => name !== "gpu_clock" || labels.clock_type === "system");
  const readings = gpuReadings(own.map(readingOf));
  return {
    ...gaugesOf([...FIELDS, ...HELD], readings),
    energyJ: countersOf(readings, ENERGY_UJ, 1e-6),
    gpus: gpusIn(own, readings),
    lastXid: {},
    throttleBits: bitsOf(readings),
    thermalViolationNs: {},
    linkBytes: linkBytesOf(own),
    errorCounts: named("uncorrected ECC errors", countersOf(readings, ECC)),
  };
}

function readingOf({ name, labels, value }: Sample): GpuReading {
  const gpu = gpuKey(labels);
  return { name, value, gpu, instance: partition(labels) === undefined ? gpu : `${gpu}/${labels.gpu_partition_id}` };
}

const gpuKey = (labels: Sample["labels"]): string => `${labels.hostname ?? ""}/${uuidOf(labels) ?? ""}`;

/** Serial number and index: partitions of one chip share the first, hosts share the second. */
function uuidOf(labels: Sample["labels"]): string | undefined {
  const parts = [labels.GPU_UUID ?? labels.serial_number ?? labels.SERIAL_NUMBER, labels.gpu_id].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join("#");
}

/** How the chip is split (`cpx`), where it is; a whole one says `spx`. */
const partition = ({ gpu_compute_partition_type: type, gpu_partition_id: id }: Sample["labels"]): string | undefined =>
  type === undefined || type === "" || type.toLowerCase() === "spx" || !id ? undefined : type;

function gpusIn(samples: readonly Sample[], { split }: GpuReadings): readonly Gpu[] {
  const seen = new Map<string, Gpu>();
  for (const sample of samples) {
    const { instance: key } = readingOf(sample);
    const uuid = uuidOf(sample.labels);
    if (uuid === undefined || split.has(key)) continue;
    const mig = partition(sample.labels);
    seen.set(key, { key, uuid, model: sample.labels.card_model, driver: undefined, ...(mig === undefined ? {} : { mig }) });
  }
  return [...seen.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The same causes as NVIDIA's bits: a residency of one percent and more is a GPU that was held. */
function bitsOf(readings: GpuReadings): Readonly<Record<string, number>> {
  const bits: Record<string, number> = {};
  for (const [names, bit] of [[HEAT, 0x40] as const, [AT_POWER_LIMIT, POWER_CAP] as const])
    for (const [gpu, percent] of Object.entries(countersOf(readings, names))) bits[gpu] = (bits[gpu] ?? 0) + (percent >= 1 ? bit : 0);
  return bits;
}

function linkBytesOf(samples: readonly Sample[]): Readonly<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for (const { name, labels, value } of samples)
    if (LINKS.includes(name) && value >= 0 && Number.isFinite(value)) bytes[gpuKey(labels)] = (bytes[gpuKey(labels)] ?? 0) + value * 1024;
  return bytes;
}

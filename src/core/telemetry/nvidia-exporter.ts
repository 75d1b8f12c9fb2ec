import type { MetricName } from "../metric.ts";
import type { Sample } from "./exposition.ts";
import {
  BYTES_PER_SECOND,
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
import { bitsOf, longest, REASON_FLAGS, reasonNames } from "./throttling.ts";

const PREFIX = "nvidia_smi_";
const SHARE = { ...PERCENT, scale: 1 } as const;
const SM_CLOCK = { metrics: ["gpu.sm_clock"], level: "gpu", over: "mean", scale: 1, valid: [0, 1e10] } as const;
/** A GPU instance has memory and activity of its own; its GPU has them too, and is left out then. */
const INSTANCE = { level: "instance", over: "mean", scale: 1, valid: [0, 1.05], cap: 1 } as const;

/** Fields of nvidia_gpu_exporter, which names what nvidia-smi answers and brings it to base units. Of power, the average over a second comes last. */
const FIELDS: readonly GpuField[] = [
  { names: ["utilization_gpu_ratio"], metrics: ["gpu.utilization"], ...SHARE },
  { names: ["mig_graphics_activity_ratio"], metrics: ["gpu.utilization"], ...INSTANCE },
  { names: ["mig_sm_activity_ratio"], metrics: ["gpu.sm_activity"], ...INSTANCE },
  { names: ["mig_tensor_activity_ratio"], metrics: ["gpu.tensor_activity"], ...INSTANCE },
  { names: ["utilization_memory_ratio"], metrics: ["gpu.memory.utilization"], ...SHARE },
  { names: ["memory_used_bytes", "mig_memory_used_bytes"], ...MEMORY, scale: 1 },
  { names: ["power_draw_instant_watts"], ...WATTS },
  { names: ["power_draw_watts", "power_draw_average_watts"], ...WATTS },
  { names: ["temperature_gpu"], ...CELSIUS },
  { names: ["clocks_current_sm_clock_hz", "clocks_sm_clock_hz"], ...SM_CLOCK },
  { names: ["pcie_throughput_rx_bytes_per_second"], metrics: ["gpu.pcie.rx"], ...BYTES_PER_SECOND, level: "gpu" },
  { names: ["pcie_throughput_tx_bytes_per_second"], metrics: ["gpu.pcie.tx"], ...BYTES_PER_SECOND, level: "gpu" },
];

const slowed = (reason: string): readonly string[] => [`clocks_event_reasons_counters_${reason}_seconds`];
const ENERGY_J = ["energy_joules_total"];
const ECC = ["ecc_errors_uncorrected_volatile_total"];
const XID = "xid_errors_total";
const INFO = ["gpu_info", "mig_info", "mig_mode_current", "compute_app_info", "compute_apps", "compute_apps_last_collect_success"];
const COLLECTED = "last_collect_success";

const KNOWN = new Set([
  ...FIELDS.flatMap(({ names }) => names),
  ...["active", ...REASON_FLAGS.map(([flag]) => flag)].flatMap(reasonNames),
  ...["hw_thermal_slowdown", "sw_thermal_slowdown", "hw_power_brake_slowdown", "sw_power_cap"].flatMap(slowed),
  ...[ENERGY_J, ECC, INFO, XID, COLLECTED].flat(),
]);

export const isExporterField = (name: string): boolean => name.startsWith(PREFIX) && KNOWN.has(name.slice(PREFIX.length));

export const EXPORTER_METRICS: readonly MetricName[] = [
  ...new Set(FIELDS.flatMap(({ metrics }) => metrics)),
  "gpu.throttled",
  "gpu.power_capped",
  "gpu.energy_per_request",
  "gpu.energy_per_1k_tokens",
];

/** The exporter answers also when it could not ask the driver, with what it still knows. */
export const collectionFailure = (samples: readonly Sample[]): string | undefined =>
  samples.some(({ name, value }) => name === `${PREFIX}${COLLECTED}` && value === 0)
    ? "the exporter says that its last collection failed (nvidia_smi_last_collect_success is 0)"
    : undefined;

/** The exposition of nvidia_gpu_exporter → our metrics over all GPUs it names. Its own label of a GPU is `uuid` alone. */
export function readNvidiaExporter(samples: readonly Sample[]): Scrape {
  const own = samples.map((sample) => ({ ...sample, name: sample.name.slice(PREFIX.length) }));
  const readings = gpuReadings(own.filter(({ labels }) => labels.uuid !== undefined).map(readingOf));
  const of = (names: readonly string[], scale = 1) => countersOf(readings, names, scale);
  const errors = own.flatMap(({ name, labels, value }) =>
    name === XID && value >= 0 ? [[`Xid ${labels.xid ?? "(unknown)"} on ${gpuKey(labels)}`, value] as const] : [],
  );
  const processes = processesOf(own);
  return {
    ...gaugesOf(FIELDS, readings),
    energyJ: of(ENERGY_J),
    gpus: gpusIn(own, readings),
    lastXid: {},
    throttleBits: bitsOf(readings),
    thermalViolationNs: longest([of(slowed("hw_thermal_slowdown"), 1e9), of(slowed("sw_thermal_slowdown"), 1e9)]),
    slowedNs: of(slowed("hw_power_brake_slowdown"), 1e9),
    powerCappedNs: of(slowed("sw_power_cap"), 1e9),
    errorCounts: { ...named("uncorrected ECC errors", of(ECC)), ...Object.fromEntries(errors) },
    ...(processes === undefined ? {} : { processes }),
  };
}

const gpuKey = (labels: Sample["labels"]): string => `${labels.hostname ?? labels.Hostname ?? labels.node ?? ""}/${labels.uuid ?? ""}`;

function readingOf({ name, labels, value }: Sample): GpuReading {
  const gpu = gpuKey(labels);
  return { name, value, gpu, instance: labels.gpu_instance_id ? `${gpu}/${labels.gpu_instance_id}` : gpu };
}

function gpusIn(samples: readonly Sample[], { split }: GpuReadings): readonly Gpu[] {
  const named = (name: string) => samples.filter((sample) => sample.name === name);
  const infos = new Map(named("gpu_info").map(({ labels }) => [gpuKey(labels), labels]));
  const profiles = new Map(named("mig_info").map((sample) => [readingOf(sample).instance, sample.labels.profile]));
  const isSplit = new Set(named("mig_mode_current").flatMap(({ labels, value }) => (value === 1 ? gpuKey(labels) : [])));
  const seen = new Map<string, Gpu>();
  for (const sample of samples) {
    const { gpu, instance: key } = readingOf(sample);
    if (sample.labels.uuid === undefined || sample.name === "compute_app_info" || seen.has(key) || split.has(key)) continue;
    const mig = profiles.get(key) ?? (isSplit.has(gpu) ? "enabled" : undefined);
    const { name: model, driver_version: driver } = infos.get(gpu) ?? {};
    seen.set(key, { key, uuid: sample.labels.uuid, model, driver, ...(mig === undefined ? {} : { mig }) });
  }
  return [...seen.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Absent where the exporter does not collect them, which is not the same as none. */
function processesOf(samples: readonly Sample[]): Scrape["processes"] {
  if (!samples.some(({ name, value }) => name === "compute_apps_last_collect_success" && value === 1)) return undefined;
  const byGpu: Record<string, string[]> = {};
  for (const { name, labels } of samples) {
    if (name === "compute_apps") byGpu[gpuKey(labels)] ??= [];
    if (name === "compute_app_info") (byGpu[gpuKey(labels)] ??= []).push(`${labels.pid ?? "?"} ${labels.process_name ?? "?"}`);
  }
  return Object.fromEntries(Object.entries(byGpu).map(([gpu, list]) => [gpu, [...new Set(list)].sort()]));
}

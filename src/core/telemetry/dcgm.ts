import type { MetricName } from "../metric.ts";
import type { Sample } from "./exposition.ts";
import {
  BYTES_PER_SECOND,
  CELSIUS,
  countersOf,
  type GpuField,
  type GpuReading,
  gaugesOf,
  gpuReadings,
  MEMORY,
  named,
  sumOf,
  sumOfAll,
  WATTS,
} from "./gpu-fields.ts";
import type { Gpu, Scrape } from "./scrape.ts";

/** Activity is measured, not counted: it overshoots 1 by a little. On MIG it can be far beyond (DCGM issue 152): dropped. */
const ACTIVITY = { level: "instance", over: "mean", scale: 1, valid: [0, 1.05], cap: 1 } as const;

/** Both generations of names are listed: DCGM 4.6 renamed them, and an exporter sends whichever its configuration holds. */
const FIELDS: readonly GpuField[] = [
  { names: ["DCGM_FI_PROF_SM_ACTIVE", "DCGM_FI_PROF_SM_UTIL_RATIO"], metrics: ["gpu.sm_activity"], ...ACTIVITY },
  { names: ["DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "DCGM_FI_PROF_TENSOR_UTIL_RATIO"], metrics: ["gpu.tensor_activity"], ...ACTIVITY },
  { names: ["DCGM_FI_PROF_DRAM_ACTIVE", "DCGM_FI_PROF_DRAM_UTIL_RATIO"], metrics: ["gpu.dram_activity"], ...ACTIVITY },
  { names: ["DCGM_FI_DEV_MEM_COPY_UTIL"], metrics: ["gpu.memory.utilization"], ...ACTIVITY, scale: 0.01 },
  { names: ["DCGM_FI_DEV_FB_USED"], ...MEMORY, scale: 1024 ** 2 },
  { names: ["DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_BOARD_POWER_WATTS"], ...WATTS },
  { names: ["DCGM_FI_DEV_GPU_TEMP", "DCGM_FI_DEV_GPU_TEMP_CELSIUS"], ...CELSIUS },
  { names: ["DCGM_FI_DEV_SM_CLOCK"], metrics: ["gpu.sm_clock"], level: "gpu", over: "mean", scale: 1e6, valid: [0, 1e10] },
  { names: ["DCGM_FI_PROF_PCIE_RX_BYTES"], metrics: ["gpu.pcie.rx"], ...BYTES_PER_SECOND },
  { names: ["DCGM_FI_PROF_PCIE_TX_BYTES"], metrics: ["gpu.pcie.tx"], ...BYTES_PER_SECOND },
];

/**
 * Utilization is 0 to 100 under the old name. Under the new one the name says ratio, and the field it aliases counts
 * percent: which of them is sent shows only over many samples, see {@link settleScrapes}. On MIG it is absent or
 * 0, and the graphics engine's activity tells the same.
 */
const UTILIZATION: GpuField = { names: ["DCGM_FI_DEV_GPU_UTIL"], metrics: ["gpu.utilization"], ...ACTIVITY, scale: 0.01 };
const UTILIZATION_RATIO: GpuField = { ...UTILIZATION, names: ["DCGM_FI_DEV_GPU_UTIL_RATIO"], scale: 1, valid: [0, 100], cap: 100 };
const ENGINE_ACTIVITY: GpuField = {
  ...UTILIZATION,
  names: ["DCGM_FI_PROF_GR_ENGINE_ACTIVE", "DCGM_FI_PROF_GR_ENGINE_UTIL_RATIO"],
  scale: 1,
};

const ENERGY_MJ = ["DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"];
const XID = ["DCGM_FI_DEV_XID_ERRORS", "DCGM_FI_DEV_XID_ERROR"];
const THROTTLE = ["DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", "DCGM_FI_DEV_CLOCKS_EVENT_REASONS"];
/** DCGM counts violations in nanoseconds, as NVML does; the exporter's help texts have said microseconds. */
const THERMAL_NS = ["DCGM_FI_DEV_THERMAL_VIOLATION"];
const POWER_NS = ["DCGM_FI_DEV_POWER_VIOLATION"];
const SLOWED_NS = ["DCGM_FI_DEV_BOARD_LIMIT_VIOLATION", "DCGM_FI_DEV_RELIABILITY_VIOLATION"];
const ECC = ["DCGM_FI_DEV_ECC_DBE_VOL_TOTAL"];
/** Rates where a profiling module measures them, else counters. */
const NVLINK_RX = "DCGM_FI_PROF_NVLINK_RX_BYTES";
const NVLINK_TX = "DCGM_FI_PROF_NVLINK_TX_BYTES";
const NVLINK_BYTES = [
  ["DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES", "DCGM_FI_DEV_NVLINK_RX_BYTES_TOTAL"],
  ["DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES", "DCGM_FI_DEV_NVLINK_TX_BYTES_TOTAL"],
] as const;

const KNOWN = new Set([
  ...[...FIELDS, UTILIZATION, UTILIZATION_RATIO, ENGINE_ACTIVITY].flatMap(({ names }) => names),
  ...[ENERGY_MJ, XID, THROTTLE, THERMAL_NS, POWER_NS, SLOWED_NS, ECC, [NVLINK_RX, NVLINK_TX], ...NVLINK_BYTES].flat(),
]);

export const DCGM_METRICS: readonly MetricName[] = [
  ...new Set([UTILIZATION, ...FIELDS].flatMap(({ metrics }) => metrics)),
  "gpu.throttled",
  "gpu.power_capped",
  "gpu.nvlink",
  "gpu.energy_per_request",
  "gpu.energy_per_1k_tokens",
];

export const isDcgmField = (name: string): boolean => KNOWN.has(bareName(name));

/**
 * DCGM's exposition → our metrics over all GPUs it names.
 *
 * A GPU is (host, UUID, MIG instance): the index alone collides between hosts. A GPU listed more than once (one row
 * per pod that shares it) counts once. A GPU without a usable value for a metric is left out of it, and `gpusCounted`
 * says over how many the rest is taken, see {@link settleScrapes}.
 */
export function readDcgm(samples: readonly Sample[]): Scrape {
  const readings = gpuReadings(samples.map(readingOf));
  const { split } = readings;
  const utilization = split.size > 0 ? [ENGINE_ACTIVITY] : [ENGINE_ACTIVITY, UTILIZATION_RATIO, UTILIZATION];
  const { gauges, gpusCounted } = gaugesOf([...utilization, ...FIELDS], readings);
  const of = (names: readonly string[], scale = 1) => countersOf(readings, names, scale);
  const nvlink = sumOfAll([of([NVLINK_RX]), of([NVLINK_TX])]);
  return {
    gauges: Object.keys(nvlink).length === 0 ? gauges : { ...gauges, "gpu.nvlink": sumOf(Object.values(nvlink)) },
    gpusCounted: Object.keys(nvlink).length === 0 ? gpusCounted : { ...gpusCounted, "gpu.nvlink": Object.keys(nvlink).length },
    energyJ: of(ENERGY_MJ, 1e-3),
    gpus: gpusIn(samples, split),
    lastXid: of(XID),
    throttleBits: of(THROTTLE),
    thermalViolationNs: of(THERMAL_NS),
    slowedNs: of(SLOWED_NS),
    powerCappedNs: of(POWER_NS),
    linkBytes: sumOfAll(NVLINK_BYTES.map((names) => of(names))),
    errorCounts: named("uncorrected ECC errors", of(ECC)),
  };
}

function gpusIn(samples: readonly Sample[], split: ReadonlySet<string>): readonly Gpu[] {
  const seen = new Map<string, Gpu>();
  for (const labels of new Set(samples.map((sample) => sample.labels))) {
    const key = keyOf(labels, "instance");
    const uuid = labels.UUID ?? labels.uuid ?? labels.gpu ?? labels.device;
    if (uuid === undefined || split.has(key)) continue;
    const known = seen.get(key);
    const driver = known?.driver ?? labels.DCGM_FI_DRIVER_VERSION ?? labels.DCGM_FI_SYSTEM_DRIVER_VERSION;
    const mig = labels.GPU_I_PROFILE || known?.mig;
    seen.set(key, { key, uuid, model: known?.model ?? labels.modelName, driver, ...(mig === undefined ? {} : { mig }) });
  }
  return [...seen.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

const readingOf = ({ name, labels, value }: Sample): GpuReading => ({
  name: bareName(name),
  value: isBlank(value) ? Number.NaN : value,
  gpu: keyOf(labels, "gpu"),
  instance: keyOf(labels, "instance"),
});

/** Collectors such as OpenTelemetry's append `_total` to counters, and some names have it from the start. */
function bareName(name: string): string {
  return name.endsWith("_total") ? name.slice(0, -"_total".length) : name;
}

function keyOf(labels: Sample["labels"], level: GpuField["level"]): string {
  const known = keys.get(labels);
  if (known !== undefined) return known[level];
  const gpu = `${labels.hostname ?? labels.Hostname ?? ""}/${labels.UUID ?? labels.uuid ?? labels.gpu ?? labels.device ?? ""}`;
  const both = { gpu, instance: labels.GPU_I_ID ? `${gpu}/${labels.GPU_I_ID}` : gpu };
  keys.set(labels, both);
  return both[level];
}

/** The fields of a GPU share their labels, and come back with every exposition. */
const keys = new WeakMap<Sample["labels"], Readonly<Record<GpuField["level"], string>>>();

/** DCGM's "no value": INT64 2^63 − 16 … −13, which all read as 2^63 here, and FP64 2^47 … 2^47 + 3. NaN is one, too. */
const isBlank = (value: number): boolean => !Number.isFinite(value) || value >= 9.2e18 || (value >= 2 ** 47 && value <= 2 ** 47 + 3);

import type { MetricName } from "../metric.ts";
import type { Sample } from "./exposition.ts";
import type { Gpu, Scrape } from "./scrape.ts";

/**
 * How fields of NVIDIA's DCGM exporter become our metrics. Both generations of names are listed: DCGM 4.6 renamed
 * them, and an exporter sends whichever name its configuration holds.
 *
 * `level`: whether a MIG instance has a value of its own, or repeats its GPU's (power, temperature, clock), which must
 * then be counted once per GPU. `valid` bounds the converted value; what lies outside is a blank or garbage.
 */
type Field = {
  readonly names: readonly string[];
  readonly metrics: readonly MetricName[];
  readonly level: "instance" | "gpu";
  readonly over: "sum" | "mean" | "max";
  readonly scale: number;
  readonly valid: readonly [number, number];
  /** A higher value counts as this. */
  readonly cap?: number;
};

/** Activity is measured, not counted: it overshoots 1 by a little. On MIG it can be far beyond (DCGM issue 152): dropped. */
const ACTIVITY = { level: "instance", over: "mean", scale: 1, valid: [0, 1.05], cap: 1 } as const;

const FIELDS: readonly Field[] = [
  { names: ["DCGM_FI_PROF_SM_ACTIVE", "DCGM_FI_PROF_SM_UTIL_RATIO"], metrics: ["gpu.sm_activity"], ...ACTIVITY },
  { names: ["DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "DCGM_FI_PROF_TENSOR_UTIL_RATIO"], metrics: ["gpu.tensor_activity"], ...ACTIVITY },
  { names: ["DCGM_FI_PROF_DRAM_ACTIVE", "DCGM_FI_PROF_DRAM_UTIL_RATIO"], metrics: ["gpu.dram_activity"], ...ACTIVITY },
  {
    names: ["DCGM_FI_DEV_FB_USED"],
    metrics: ["gpu.memory.used", "gpu.memory.peak"],
    level: "instance",
    over: "sum",
    scale: 1024 ** 2,
    valid: [0, 1e13],
  },
  {
    names: ["DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_BOARD_POWER_WATTS"],
    metrics: ["gpu.power"],
    level: "gpu",
    over: "sum",
    scale: 1,
    valid: [0, 1e4],
  },
  {
    names: ["DCGM_FI_DEV_GPU_TEMP", "DCGM_FI_DEV_GPU_TEMP_CELSIUS"],
    metrics: ["gpu.temperature"],
    level: "gpu",
    over: "max",
    scale: 1,
    valid: [-50, 200],
  },
  { names: ["DCGM_FI_DEV_SM_CLOCK"], metrics: ["gpu.sm_clock"], level: "gpu", over: "mean", scale: 1e6, valid: [0, 1e10] },
];

/**
 * Utilization is 0 to 100 under the old name. Under the new one the name says ratio, and the field it aliases counts
 * percent: which of them is sent shows only over many samples, see {@link settleScrapes}. On MIG it is absent or
 * 0, and the graphics engine's activity tells the same.
 */
const UTILIZATION: Field = { names: ["DCGM_FI_DEV_GPU_UTIL"], metrics: ["gpu.utilization"], ...ACTIVITY, scale: 0.01 };
const UTILIZATION_RATIO: Field = { ...UTILIZATION, names: ["DCGM_FI_DEV_GPU_UTIL_RATIO"], scale: 1, valid: [0, 100], cap: 100 };
const ENGINE_ACTIVITY: Field = {
  ...UTILIZATION,
  names: ["DCGM_FI_PROF_GR_ENGINE_ACTIVE", "DCGM_FI_PROF_GR_ENGINE_UTIL_RATIO"],
  scale: 1,
};

const ENERGY_MJ = ["DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"];
const XID = ["DCGM_FI_DEV_XID_ERRORS", "DCGM_FI_DEV_XID_ERROR"];
const THROTTLE = ["DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", "DCGM_FI_DEV_CLOCKS_EVENT_REASONS"];
const THERMAL_NS = ["DCGM_FI_DEV_THERMAL_VIOLATION"];

const KNOWN = new Set([
  ...[...FIELDS, UTILIZATION, UTILIZATION_RATIO, ENGINE_ACTIVITY].flatMap(({ names }) => names),
  ...[ENERGY_MJ, XID, THROTTLE, THERMAL_NS].flat(),
]);

/** Collectors such as OpenTelemetry's append `_total` to counters. */
const bareName = (name: string): string => (name.endsWith("_total") ? name.slice(0, -"_total".length) : name);

export const isDcgmField = (name: string): boolean => KNOWN.has(bareName(name));

/**
 * DCGM's exposition → our metrics over all GPUs it names.
 *
 * A GPU is (host, UUID, MIG instance): the index alone collides between hosts. A GPU listed more than once (one row
 * per pod that shares it) counts once. A GPU without a usable value for a metric is left out of it, and `gpusCounted`
 * says over how many the rest is taken, see {@link settleScrapes}.
 */
export function readDcgm(samples: readonly Sample[]): Scrape {
  const split = splitGpus(samples);
  const byName = Map.groupBy(samples, ({ name }) => bareName(name));
  const values = (names: readonly string[], level: Field["level"], read: (value: number) => number | undefined) => {
    const highest = new Map<string, number>();
    for (const { labels, value } of names.flatMap((name) => byName.get(name) ?? [])) {
      const key = keyOf(labels, level);
      const converted = read(value);
      if (converted === undefined || (level === "instance" && split.has(key))) continue;
      highest.set(key, Math.max(converted, highest.get(key) ?? Number.NEGATIVE_INFINITY));
    }
    return highest;
  };

  const gauges: Partial<Record<MetricName, number>> = {};
  const gpusCounted: Partial<Record<MetricName, number>> = {};
  const utilization = split.size > 0 ? [ENGINE_ACTIVITY] : [ENGINE_ACTIVITY, UTILIZATION_RATIO, UTILIZATION];
  // The last of several fields for one metric wins.
  for (const field of [...utilization, ...FIELDS]) {
    const byGpu = values(field.names, field.level, (value) => usable(value * field.scale, field));
    if (byGpu.size === 0) continue;
    const value = aggregate([...byGpu.values()], field.over);
    for (const metric of field.metrics) {
      gauges[metric] = value;
      gpusCounted[metric] = byGpu.size;
    }
  }
  const counter = (value: number) => (isBlank(value) || value < 0 ? undefined : value);
  return {
    gauges,
    gpusCounted,
    energyJ: Object.fromEntries([...values(ENERGY_MJ, "gpu", counter)].map(([key, mJ]) => [key, mJ / 1000])),
    gpus: gpusOf(samples, split),
    lastXid: Object.fromEntries(values(XID, "gpu", counter)),
    throttleBits: Object.fromEntries(values(THROTTLE, "gpu", counter)),
    thermalViolationNs: Object.fromEntries(values(THERMAL_NS, "gpu", counter)),
  };
}

/**
 * What only all scrapes of one source together can tell.
 *
 * - A gauge that one scrape took over fewer GPUs than another did is dropped from it: exporters leave out a GPU whose
 *   value is blank at the moment, and the sum over the others would look like an improvement.
 * - Utilization above 1 anywhere says that this source counts to 100: no ratio is above 1. Deciding per scrape would
 *   read one percent as fully busy.
 */
export function settleScrapes<T extends { readonly scrape: Scrape }>(scrapes: readonly T[]): readonly T[] {
  const most: Partial<Record<MetricName, number>> = {};
  for (const { scrape } of scrapes)
    for (const [metric, count] of entries(scrape.gpusCounted)) most[metric] = Math.max(count, most[metric] ?? 0);
  const percent = scrapes.some(({ scrape }) => (scrape.gauges["gpu.utilization"] ?? 0) > 1 && scrape.gpusCounted["gpu.utilization"]);
  return scrapes.map((timed) => {
    const { scrape } = timed;
    const whole = entries(scrape.gauges).filter(([metric]) => scrape.gpusCounted[metric] === most[metric]);
    const gauges = whole.map(([metric, value]) => [metric, percent && metric === "gpu.utilization" ? value / 100 : value]);
    return { ...timed, scrape: { ...scrape, gauges: Object.fromEntries(gauges) } };
  });
}

const entries = (record: Readonly<Partial<Record<MetricName, number>>>) => Object.entries(record) as [MetricName, number][];

/** The GPUs that are split into MIG instances: their instances represent them, or their memory would count twice. */
const splitGpus = (samples: readonly Sample[]): ReadonlySet<string> =>
  new Set(samples.flatMap(({ labels }) => (keyOf(labels, "instance") === keyOf(labels, "gpu") ? [] : keyOf(labels, "gpu"))));

function gpusOf(samples: readonly Sample[], split: ReadonlySet<string>): readonly Gpu[] {
  const seen = new Map<string, Gpu>();
  for (const { labels } of samples) {
    const key = keyOf(labels, "instance");
    const uuid = labels.UUID ?? labels.uuid ?? labels.gpu ?? labels.device;
    if (uuid === undefined || split.has(key)) continue;
    const known = seen.get(key);
    const driver = known?.driver ?? labels.DCGM_FI_DRIVER_VERSION ?? labels.DCGM_FI_SYSTEM_DRIVER_VERSION;
    seen.set(key, { key, uuid, model: known?.model ?? labels.modelName, driver });
  }
  return [...seen.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function keyOf(labels: Sample["labels"], level: Field["level"]): string {
  const gpu = `${labels.hostname ?? labels.Hostname ?? ""}/${labels.UUID ?? labels.uuid ?? labels.gpu ?? labels.device ?? ""}`;
  return level === "instance" && labels.GPU_I_ID ? `${gpu}/${labels.GPU_I_ID}` : gpu;
}

/** DCGM's "no value": INT64 2^63 − 16 … −13, which all read as 2^63 here, and FP64 2^47 … 2^47 + 3. NaN is one, too. */
const isBlank = (value: number): boolean => !Number.isFinite(value) || value >= 9.2e18 || (value >= 2 ** 47 && value <= 2 ** 47 + 3);

const usable = (value: number, { valid: [low, high], cap }: Field): number | undefined =>
  value >= low && value <= high ? Math.min(value, cap ?? value) : undefined;

function aggregate(values: readonly number[], over: Field["over"]): number {
  if (over === "max") return Math.max(...values);
  const sum = values.reduce((total, value) => total + value, 0);
  return over === "sum" ? sum : sum / values.length;
}

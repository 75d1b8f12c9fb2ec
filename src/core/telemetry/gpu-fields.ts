import type { MetricName } from "../metric.ts";

/**
 * How the fields of one source of GPU numbers become our metrics. A source may send a field under several names.
 *
 * `level`: whether a MIG instance has a value of its own, or repeats its GPU's (power, temperature, clock), which must
 * then be counted once per GPU. `valid` bounds the converted value; what lies outside is a blank or garbage.
 */
export type GpuField = {
  readonly names: readonly string[];
  readonly metrics: readonly MetricName[];
  readonly level: "instance" | "gpu";
  readonly over: "sum" | "mean" | "max";
  readonly scale: number;
  readonly valid: readonly [number, number];
  /** A higher value counts as this. */
  readonly cap?: number;
};

/** One number of one GPU. The keys are unique over hosts; where the GPU is not split, they are the same. */
export type GpuReading = { readonly name: string; readonly value: number; readonly gpu: string; readonly instance: string };

/** A share that is counted in percent, of GPUs that are not split. */
export const PERCENT = { level: "gpu", over: "mean", scale: 0.01, valid: [0, 1.05], cap: 1 } as const;
export const WATTS = { metrics: ["gpu.power"], level: "gpu", over: "sum", scale: 1, valid: [0, 1e4] } as const;
export const CELSIUS = { metrics: ["gpu.temperature"], level: "gpu", over: "max", scale: 1, valid: [-50, 200] } as const;
/** No link of one GPU carries a hundred terabytes per second. */
export const BYTES_PER_SECOND = { level: "instance", over: "sum", scale: 1, valid: [0, 1e14] } as const;
export const MEMORY = {
  metrics: ["gpu.memory.used", "gpu.memory.peak"],
  level: "instance",
  over: "sum",
  valid: [0, 1e13],
} as const satisfies Partial<GpuField>;

/** The gauges that these readings tell, and over how many GPUs each was taken. Of several fields for one metric the last counts. */
export function gaugesOf(
  fields: readonly GpuField[],
  readings: GpuReadings,
): {
  readonly gauges: Readonly<Partial<Record<MetricName, number>>>;
  readonly gpusCounted: Readonly<Partial<Record<MetricName, number>>>;
} {
  const gauges: Partial<Record<MetricName, number>> = {};
  const gpusCounted: Partial<Record<MetricName, number>> = {};
  for (const field of fields) {
    const byGpu = readings.highest(field.names, field.level, (value) => usable(value * field.scale, field));
    if (byGpu.size === 0) continue;
    const value = aggregate([...byGpu.values()], field.over);
    for (const metric of field.metrics) {
      gauges[metric] = value;
      gpusCounted[metric] = byGpu.size;
    }
  }
  return { gauges, gpusCounted };
}

export type GpuReadings = {
  /** By GPU or instance, the highest value that `read` makes of those with one of these names. */
  readonly highest: (
    names: readonly string[],
    level: GpuField["level"],
    read: (value: number) => number | undefined,
  ) => ReadonlyMap<string, number>;
  /** The GPUs that are split into instances: these represent them, or their memory would count twice. */
  readonly split: ReadonlySet<string>;
};

/** A GPU that is listed more than once (one row per pod that shares it) counts once. */
export function gpuReadings(readings: readonly GpuReading[]): GpuReadings {
  const byName = Map.groupBy(readings, ({ name }) => name);
  const split = new Set(readings.flatMap(({ gpu, instance }) => (gpu === instance ? [] : [gpu])));
  return {
    split,
    highest: (names, level, read) => {
      const highest = new Map<string, number>();
      for (const reading of names.flatMap((name) => byName.get(name) ?? [])) {
        const key = reading[level];
        const value = read(reading.value);
        if (value === undefined || (level === "instance" && split.has(key))) continue;
        highest.set(key, Math.max(value, highest.get(key) ?? Number.NEGATIVE_INFINITY));
      }
      return highest;
    },
  };
}

/** Counters by GPU key: what is finite and not negative. */
export const countersOf = (readings: GpuReadings, names: readonly string[], scale = 1): Readonly<Record<string, number>> =>
  Object.fromEntries(readings.highest(names, "gpu", (value) => (Number.isFinite(value) && value >= 0 ? value * scale : undefined)));

/** The sum of several counters of each GPU that has all of them. */
export function sumOfAll(parts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const keys = Object.keys(parts[0] ?? {}).filter((key) => parts.every((part) => part[key] !== undefined));
  return Object.fromEntries(keys.map((key) => [key, sumOf(parts.map((part) => part[key]!))]));
}

/** Counts of GPUs under a name that says what they count. */
export const named = (what: string, counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).map(([gpu, count]) => [`${what} on ${gpu}`, count]));

export const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const usable = (value: number, { valid: [low, high], cap }: GpuField): number | undefined =>
  value >= low && value <= high ? Math.min(value, cap ?? value) : undefined;

function aggregate(values: readonly number[], over: GpuField["over"]): number {
  if (over === "max") return values.reduce((highest, value) => Math.max(highest, value));
  return over === "sum" ? sumOf(values) : sumOf(values) / values.length;
}

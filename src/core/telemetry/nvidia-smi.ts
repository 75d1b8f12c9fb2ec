import type { MetricName } from "../metric.ts";
import { CELSIUS, countersOf, type GpuField, type GpuReading, gaugesOf, gpuReadings, MEMORY, named, PERCENT, WATTS } from "./gpu-fields.ts";
import type { Gpu, Scrape } from "./scrape.ts";
import { bitsOf, longest, REASON_FLAGS } from "./throttling.ts";

/** Fields of nvidia-smi's own query. With MIG on, utilization is not available, and memory is that of the whole GPU. */
const FIELDS: readonly GpuField[] = [
  { names: ["utilization.gpu"], metrics: ["gpu.utilization"], ...PERCENT },
  { names: ["utilization.memory"], metrics: ["gpu.memory.utilization"], ...PERCENT },
  { names: ["memory.used"], ...MEMORY, scale: 1024 ** 2 },
  { names: ["power.draw.instant"], ...WATTS },
  { names: ["power.draw"], ...WATTS },
  { names: ["temperature.gpu"], ...CELSIUS },
  { names: ["clocks.sm"], metrics: ["gpu.sm_clock"], level: "gpu", over: "mean", scale: 1e6, valid: [0, 1e10] },
];

const REASONS = ["active", ...REASON_FLAGS.map(([flag]) => flag)];
const SLOWED = ["hw_thermal_slowdown", "sw_thermal_slowdown", "hw_power_brake_slowdown", "sw_power_cap"];
const ECC = "ecc.errors.uncorrected.volatile.total";

/**
 * What nvidia-smi is asked, in this order. Where a field has several names, the first that the driver knows is asked:
 * drivers before 535 say throttle where later ones say event. The first four must be known; the others may be missing.
 */
const WANTED: readonly (readonly string[])[] = [
  ["index"],
  ["uuid"],
  ["name"],
  ["driver_version"],
  ["timestamp"],
  ["mig.mode.current"],
  ...FIELDS.flatMap(({ names }) => names).map((name) => [name]),
  ...REASONS.map((reason) => [`clocks_event_reasons.${reason}`, `clocks_throttle_reasons.${reason}`]),
  ...SLOWED.map((reason) => [`clocks_event_reasons_counters.${reason}`]),
  [ECC],
];

/** What nvidia-smi is asked when nobody knows which fields it knows: the names that the oldest drivers share. */
export const nvidiaSmiFields: readonly string[] = WANTED.flatMap((names) => names.at(-1) ?? []);

export const NVIDIA_SMI_METRICS: readonly MetricName[] = [
  ...new Set(FIELDS.flatMap(({ metrics }) => metrics)),
  "gpu.throttled",
  "gpu.power_capped",
  "gpu.energy_per_request",
  "gpu.energy_per_1k_tokens",
];

/**
 * The fields to ask, of those that `nvidia-smi --help-query-gpu` lists (`"a" or "b"` at the beginning of a line). It
 * refuses a whole query for one field that it does not know.
 *
 * @returns undefined if the text is no such list.
 */
export function knownFields(help: string): readonly string[] | undefined {
  const known = new Set([...help.matchAll(/^"([^"\n]+)"(?: or "([^"\n]+)")?\s*$/gm)].flatMap(([, a, b]) => [a, b]));
  const fields = WANTED.flatMap((names) => names.find((name) => known.has(name)) ?? []);
  return fields.includes("index") && fields.includes("uuid") ? fields : undefined;
}

/** The field that nvidia-smi refuses a query for; undefined if that is not what it says. */
export const refusedField = (output: string): string | undefined =>
  /Field "([^"\n]{1,100})" is not a valid field to query/.exec(output)?.[1];

/** One line of the answer, by field: one GPU at one moment. */
export type NvidiaSmiRow = Readonly<Record<string, string>>;

/** A line of the answer; undefined if it is none: an error message, half a line, the header. */
export function readRow(fields: readonly string[], line: string): NvidiaSmiRow | undefined {
  const cells = line.split(",").map((cell) => cell.trim());
  if (cells.length !== fields.length) return undefined;
  const row = Object.fromEntries(fields.map((field, i) => [field, cells[i]!]));
  return /^\d{1,4}$/.test(row["index"] ?? "") && /^(GPU-|MIG-)?[\w-]{4,}$/.test(row["uuid"] ?? "") && row["uuid"] !== "uuid"
    ? row
    : undefined;
}

export type RowReader = {
  /** Takes the next line's row. Returns the rows of a moment as soon as they are complete, once each. */
  readonly push: (row: NvidiaSmiRow) => readonly NvidiaSmiRow[] | undefined;
};

/**
 * Groups rows into moments: nvidia-smi answers in a loop without a mark between one answer and the next. GPUs come in
 * the order of their indices, so an index that does not rise begins the next answer. An answer is complete when it has
 * as many rows as the last had; one that has fewer (a GPU fell off the bus) is complete when the next begins.
 */
export function readRows(gpus: number): RowReader {
  let rows: NvidiaSmiRow[] = [];
  let expected = gpus;
  let last = -1;
  return {
    push: (row) => {
      const index = Number(row["index"]);
      const isNext = index <= last;
      last = index;
      const short = isNext && rows.length < expected ? rows : undefined;
      rows = isNext ? [row] : [...rows, row];
      if (short !== undefined) {
        expected = short.length;
        return short;
      }
      if (rows.length === expected) return rows;
      // One more than before: it was announced by nothing, and is counted from the next answer on.
      if (rows.length > expected) expected = rows.length;
      return undefined;
    },
  };
}

/** The rows of one moment → our metrics over the GPUs they name. */
export function readNvidiaSmi(rows: readonly NvidiaSmiRow[]): Scrape {
  const readings = gpuReadings(rows.flatMap(readingsOf));
  const slowed = (reason: string) => countersOf(readings, [`clocks_event_reasons_counters.${reason}`], 1000);
  const collectedAt = rows.map((row) => row["timestamp"] ?? "").join(" ");
  return {
    ...gaugesOf(FIELDS, readings),
    energyJ: {},
    gpus: rows.map(gpuOf).sort((a, b) => (a.key < b.key ? -1 : 1)),
    lastXid: {},
    throttleBits: bitsOf(readings),
    thermalViolationNs: longest([slowed("hw_thermal_slowdown"), slowed("sw_thermal_slowdown")]),
    slowedNs: slowed("hw_power_brake_slowdown"),
    powerCappedNs: slowed("sw_power_cap"),
    errorCounts: named("uncorrected ECC errors", countersOf(readings, [ECC])),
    ...(collectedAt.trim() === "" ? {} : { collectedAt }),
  };
}

const keyOf = (row: NvidiaSmiRow): string => `/${row["uuid"]}`;

function gpuOf(row: NvidiaSmiRow): Gpu {
  const told = (field: string) => (isBlank(row[field] ?? "") ? undefined : row[field]);
  const mig = row["mig.mode.current"] === "Enabled" ? "enabled" : undefined;
  return {
    key: keyOf(row),
    uuid: row["uuid"]!,
    model: told("name"),
    driver: told("driver_version"),
    ...(mig === undefined ? {} : { mig }),
  };
}

/** The names of reasons are those of the exporter, which spells them with underscores. */
const readingsOf = (row: NvidiaSmiRow): readonly GpuReading[] =>
  Object.entries(row).map(([name, cell]) => ({
    name: /^clocks_(event|throttle)_reasons\./.test(name) ? name.replace(".", "_") : name,
    value: numberIn(cell),
    gpu: keyOf(row),
    instance: keyOf(row),
  }));

/** `[N/A]`, `N/A`, `[Not Supported]`, `[Requested functionality has been deprecated]`, `[Unknown Error]`, `[GPU is lost]`. */
const isBlank = (cell: string): boolean => cell === "" || /^\[.*\]$/.test(cell) || cell === "N/A";

/** A number with or without its unit, a mask, or a flag; NaN for what is none of them. */
function numberIn(cell: string): number {
  if (/^0x[0-9a-f]{1,16}$/i.test(cell)) return Number(cell);
  if (/^(Active|Not Active)$/i.test(cell)) return /^active$/i.test(cell) ? 1 : 0;
  const [, number] = /^([+-]?\d+(?:\.\d+)?)(?: ?(?:%|W|MiB|MHz|C|us))?$/.exec(cell) ?? [];
  return number === undefined ? Number.NaN : Number(number);
}

/** Processes with a compute context, by GPU, from rows of `gpu_uuid, pid, process_name`; the name may hold a comma. */
export function readProcesses(text: string, gpus: readonly Gpu[]): NonNullable<Scrape["processes"]> {
  const byGpu = new Map<string, Set<string>>(gpus.map(({ key }) => [key, new Set()]));
  for (const line of text.split("\n")) {
    const [, uuid, pid, name] = /^\s*([\w-]+), (\d+), (.{1,200})/.exec(line) ?? [];
    if (uuid !== undefined) byGpu.get(`/${uuid}`)?.add(`${pid} ${name?.trim()}`);
  }
  return Object.fromEntries([...byGpu].map(([gpu, list]) => [gpu, [...list].sort()]));
}

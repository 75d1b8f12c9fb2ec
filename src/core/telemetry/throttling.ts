import { countersOf, type GpuReadings } from "./gpu-fields.ts";

/** NVML's bits of clocks event reasons that mean "the GPU was slowed down against its will". */
export const SLOWDOWNS: readonly (readonly [number, string])[] = [
  [0x08, "hardware slowdown"],
  [0x20, "software thermal slowdown"],
  [0x40, "hardware thermal slowdown"],
  [0x80, "power brake"],
];
/** Running at the power limit is how large GPUs work under full load: worth a line, not a reason to discard the run. */
export const POWER_CAP = 0x04;

/** The flags that say the same one by one, as nvidia-smi names them behind `clocks_event_reasons.`. */
export const REASON_FLAGS: readonly (readonly [string, number])[] = [
  ["sw_power_cap", POWER_CAP],
  ["hw_slowdown", 0x08],
  ["sw_thermal_slowdown", 0x20],
  ["hw_thermal_slowdown", 0x40],
  ["hw_power_brake_slowdown", 0x80],
];

/** Bit masks arrive as doubles and may lie above 2^31. */
export const hasBit = (bits: number, mask: number): boolean => (BigInt(Math.trunc(bits)) & BigInt(mask)) !== 0n;

/** Both generations of names: drivers before 535 say throttle where later ones say event. */
export const reasonNames = (suffix: string): readonly string[] => [`clocks_event_reasons_${suffix}`, `clocks_throttle_reasons_${suffix}`];
/** Flags one by one where the mask of all of them is not exposed. */
export function bitsOf(readings: GpuReadings): Readonly<Record<string, number>> {
  const bits = { ...countersOf(readings, reasonNames("active")) };
  for (const [flag, bit] of REASON_FLAGS)
    for (const [gpu, isSet] of Object.entries(countersOf(readings, reasonNames(flag))))
      bits[gpu] = Number(BigInt(Math.trunc(bits[gpu] ?? 0)) | BigInt(isSet > 0 ? bit : 0));
  return bits;
}

/** By GPU, the longest of several times, which may overlap: their sum could be longer than the time itself. */
export function longest(parts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const merged: Record<string, number> = {};
  for (const part of parts) for (const [gpu, time] of Object.entries(part)) merged[gpu] = Math.max(time, merged[gpu] ?? 0);
  return merged;
}

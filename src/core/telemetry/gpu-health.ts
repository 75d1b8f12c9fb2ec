import type { Arm } from "../plan/plan.ts";
import type { Problem } from "../record/run-record.ts";
import { type Gpu, type SampledSource, shownUrl } from "./scrape.ts";
import { scrapesInside, type TelemetryWindow } from "./timeline.ts";

/** Bits of NVML's clocks event reasons that mean "the GPU was slowed down against its will". */
const SLOWDOWNS: readonly (readonly [number, string])[] = [
  [0x08, "hardware slowdown"],
  [0x20, "software thermal slowdown"],
  [0x40, "hardware thermal slowdown"],
  [0x80, "power brake"],
];
/** Running at the power limit is how large GPUs work under full load: worth a line, not a reason to discard the run. */
const POWER_CAP = 0x04;

/**
 * The state of one source's GPUs from its first measured block to its last. Invalid: the set of GPUs changed, a GPU was
 * throttled, a new Xid (an error report of NVIDIA's driver) came. An Xid from before the run is a warning: exporters
 * keep showing the last one for as long as they live.
 *
 * @param windows ascending in time, at least one.
 */
export function gpuProblems(source: SampledSource, windows: readonly TelemetryWindow[]): readonly Problem[] {
  const { startNs } = windows[0]!;
  const { endNs } = windows.at(-1)!;
  const during = scrapesInside(source.scrapes, startNs, endNs).map(({ scrape }) => scrape);
  const before = source.scrapes.filter(({ atNs }) => atNs < startNs).map(({ scrape }) => scrape);
  const measured = windows.flatMap((window) => scrapesInside(source.scrapes, window.startNs, window.endNs)).map(({ scrape }) => scrape);
  const found: Problem[] = [];
  const add = (severity: Problem["severity"], code: string, message: string) =>
    found.push({ severity, code, message: `${message} (${shownUrl(source.url)})`, ...(source.arm === "both" ? {} : { arm: source.arm }) });

  const first = during[0];
  const changed = during.find(({ gpus }) => keysOf(gpus) !== keysOf(first!.gpus));
  if (first !== undefined && changed !== undefined)
    add("invalid", "gpu-set-changed", `the GPUs changed during the run: ${shownGpus(first.gpus)}, then ${shownGpus(changed.gpus)}`);

  for (const [mask, name] of SLOWDOWNS) {
    const share = shareOf(measured.map(({ throttleBits }) => Object.values(throttleBits).some((bits) => hasBit(bits, mask))));
    if (share > 0) add("invalid", "gpu-throttled", `a GPU was throttled (${name}) in ${percent(share)} of the samples`);
  }
  const heat = new Set<string>();
  for (const window of windows) {
    const [start, ...later] = scrapesInside(source.scrapes, window.startNs, window.endNs);
    for (const [key, ns] of Object.entries(start?.scrape.thermalViolationNs ?? {}))
      if (later.some(({ scrape }) => (scrape.thermalViolationNs[key] ?? ns) > ns)) heat.add(key);
  }
  if (heat.size > 0) add("invalid", "gpu-throttled", `heat slowed ${[...heat].join(", ")} during the measured blocks`);
  const capped = shareOf(measured.map(({ throttleBits }) => Object.values(throttleBits).some((bits) => hasBit(bits, POWER_CAP))));
  if (capped > 0) add("warning", "gpu-power-capped", `a GPU ran at its power limit in ${percent(capped)} of the samples`);

  const known = before.at(-1)?.lastXid ?? first?.lastXid ?? {};
  const seen = new Set<string>();
  for (const { lastXid } of during) {
    for (const [key, xid] of Object.entries(lastXid)) {
      const isNew = xid !== 0 && xid !== (known[key] ?? 0);
      const message = isNew ? `Xid ${xid} on ${key} during the run` : `${key} reports Xid ${xid} from before the run`;
      if (xid === 0 || seen.has(message)) continue;
      seen.add(message);
      add(isNew ? "invalid" : "warning", "gpu-xid", message);
    }
  }
  return found;
}

/**
 * For the record's environment, where the telemetry says so: `gpu.models` and `gpu.driver` of the head, and
 * `gpu.uuids.base`/`gpu.uuids.head`, which tell whether both arms ran on the same GPUs.
 */
export function gpuEnvironment(sources: readonly SampledSource[]): Readonly<Record<string, string>> {
  const gpusOf = (arm: Arm) => {
    const own = sources.filter((source) => source.arm === "both" || source.arm === arm);
    const gpus = own.flatMap(({ scrapes }) => scrapes.find(({ scrape }) => scrape.gpus.length > 0)?.scrape.gpus ?? []);
    return [...new Map(gpus.map((gpu) => [gpu.key, gpu])).values()];
  };
  const [base, head] = [gpusOf("base"), gpusOf("head")];
  const listed = (key: string, values: readonly (string | undefined)[]): Record<string, string> => {
    const known = [...new Set(values)].filter((value) => value !== undefined).sort();
    return known.length === 0 ? {} : { [key]: known.join(", ") };
  };
  return {
    ...listed(
      "gpu.driver",
      head.map(({ driver }) => driver),
    ),
    ...(head.length === 0 ? {} : { "gpu.models": shownModels(head) }),
    ...listed(
      "gpu.uuids.base",
      base.map(({ key }) => key),
    ),
    ...listed(
      "gpu.uuids.head",
      head.map(({ key }) => key),
    ),
  };
}

function shownModels(gpus: readonly Gpu[]): string {
  const counts = new Map<string, number>();
  for (const { model } of gpus) counts.set(model ?? "unknown model", (counts.get(model ?? "unknown model") ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([model, count]) => `${count} × ${model}`)
    .join(", ");
}

const keysOf = (gpus: readonly Gpu[]): string => gpus.map(({ key }) => key).join("\n");
const shownGpus = (gpus: readonly Gpu[]): string => (gpus.length === 0 ? "none" : gpus.map(({ key }) => key).join(", "));
const shareOf = (flags: readonly boolean[]): number => (flags.length === 0 ? 0 : flags.filter(Boolean).length / flags.length);
const percent = (share: number): string => `${Math.max(1, Math.round(share * 100))} %`;
/** Bit masks arrive as doubles and may lie above 2^31. */
const hasBit = (bits: number, mask: number): boolean => (BigInt(Math.trunc(bits)) & BigInt(mask)) !== 0n;

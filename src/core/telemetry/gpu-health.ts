import type { Arm } from "../plan/plan.ts";
import type { Problem } from "../record/run-record.ts";
import { integratesPower } from "./counted.ts";
import { gpusTogether } from "./same-gpu.ts";
import { type Gpu, type SampledSource, type Scrape, shownUrl } from "./scrape.ts";
import { hasBit, POWER_CAP, SLOWDOWNS } from "./throttling.ts";
import { scrapesInside, type TelemetryWindow } from "./timeline.ts";

/**
 * The state of one source's GPUs from its first measured block to its last. Invalid: the set of GPUs or how they are split
 * changed, a GPU was throttled, a new Xid (an error report of NVIDIA's driver) came, memory errors were counted that could
 * not be corrected. An Xid from before the run is a warning: exporters keep showing the last one for as long as they live.
 * Warnings: the power limit, processes that came or went, a counter that began anew, energy that was not counted.
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
  for (const [name, counter] of SLOWED) {
    const gpus = new Set(windows.flatMap((window) => grown(scrapesInside(source.scrapes, window.startNs, window.endNs), counter)));
    if (gpus.size > 0) add("invalid", "gpu-throttled", `${name} slowed ${[...gpus].join(", ")} during the measured blocks`);
  }
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
  for (const [what, count] of errorsDuring(before.at(-1) ?? first, during))
    add("invalid", what.startsWith("Xid") ? "gpu-xid" : "gpu-memory-errors", `${what}: ${count} during the run`);
  for (const [gpu, [from, to]] of changedProcesses(during))
    add("warning", "gpu-processes-changed", `the processes on ${gpu} changed during the run: ${from} at first, ${to} later`);
  for (const [key, times] of restarts(during))
    add(
      "warning",
      "gpu-counter-reset",
      `the energy counter of ${key} began anew ${times === 1 ? "once" : `${times} times`} during the run`,
    );
  if (first !== undefined && integratesPower(source))
    add("warning", "gpu-energy-integrated", "there is no energy counter: energy is the sampled power, added up over time");
  return found;
}

type Counter = (scrape: Scrape) => Readonly<Record<string, number>>;
const SLOWED: readonly (readonly [string, Counter])[] = [
  ["heat", ({ thermalViolationNs }) => thermalViolationNs],
  ["a power brake or a fault", ({ slowedNs }) => slowedNs ?? {}],
];

/** The GPUs whose counter rose after the first of these scrapes. */
function grown([start, ...later]: readonly { readonly scrape: Scrape }[], counter: Counter): readonly string[] {
  const known = Object.entries(start === undefined ? {} : counter(start.scrape));
  return known.flatMap(([key, ns]) => (later.some(({ scrape }) => (counter(scrape)[key] ?? ns) > ns) ? [key] : []));
}

/** By what was counted: how many errors came. A counter that began anew has counted what it shows. */
function errorsDuring(before: Scrape | undefined, during: readonly Scrape[]): ReadonlyMap<string, number> {
  const came = new Map<string, number>();
  let last = before?.errorCounts ?? {};
  for (const { errorCounts = {} } of during) {
    for (const [what, count] of Object.entries(errorCounts)) {
      const known = last[what] ?? 0;
      const step = count >= known ? count - known : count;
      if (step > 0) came.set(what, (came.get(what) ?? 0) + step);
    }
    last = { ...last, ...errorCounts };
  }
  return came;
}

/**
 * GPUs whose processes are not those of the first look any more. Whether a process belongs to the endpoint nobody can
 * tell; one that comes or goes while it is measured does not belong to a server that is up and warm.
 */
function changedProcesses(during: readonly Scrape[]): ReadonlyMap<string, readonly [string, string]> {
  const looks = during.map(({ processes }) => processes).filter((look) => look !== undefined);
  const changed = new Map<string, readonly [string, string]>();
  for (const [gpu, first] of Object.entries(looks[0] ?? {})) {
    const other = looks.map((look) => look[gpu]).find((list) => list !== undefined && list.join("\n") !== first.join("\n"));
    if (other !== undefined) changed.set(gpu, [shownProcesses(first), shownProcesses(other)]);
  }
  return changed;
}

const shownProcesses = (list: readonly string[]): string =>
  list.length === 0 ? "none" : `${list.slice(0, 5).join(", ")}${list.length > 5 ? ` and ${list.length - 5} more` : ""}`;

/** How often each energy counter fell. */
function restarts(during: readonly Scrape[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  const last = new Map<string, number>();
  for (const { energyJ } of during)
    for (const [key, joules] of Object.entries(energyJ)) {
      if (joules < (last.get(key) ?? 0)) times.set(key, (times.get(key) ?? 0) + 1);
      last.set(key, joules);
    }
  return times;
}

/**
 * For the record's environment, where the telemetry says so: `gpu.models` and `gpu.driver` of the head, and
 * `gpu.uuids.base`/`gpu.uuids.head`, which tell whether both arms ran on the same GPUs.
 */
export function gpuEnvironment(sources: readonly SampledSource[]): Readonly<Record<string, string>> {
  const gpusOf = (arm: Arm) => gpusTogether(sources.filter((source) => source.arm === "both" || source.arm === arm));
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

/** `2 × NVIDIA H100, 1 × NVIDIA H100 (MIG 1g.10gb)`. */
function shownModels(gpus: readonly Gpu[]): string {
  const counts = new Map<string, number>();
  for (const gpu of gpus) counts.set(kindOf(gpu), (counts.get(kindOf(gpu)) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${count} × ${kind}`)
    .join(", ");
}

/** What a GPU is, so that two of a kind can be compared. */
export const kindOf = ({ model, mig }: Gpu): string => `${model ?? "unknown model"}${shownMig(mig)}`;

const keysOf = (gpus: readonly Gpu[]): string => gpus.map(({ key, mig }) => key + shownMig(mig)).join("\n");
const shownGpus = (gpus: readonly Gpu[]): string =>
  gpus.length === 0 ? "none" : gpus.map(({ key, mig }) => key + shownMig(mig)).join(", ");
const shownMig = (mig: string | undefined): string => (mig === undefined ? "" : ` (MIG ${mig})`);
const shareOf = (flags: readonly boolean[]): number => (flags.length === 0 ? 0 : flags.filter(Boolean).length / flags.length);
const percent = (share: number): string => `${Math.max(1, Math.round(share * 100))} %`;

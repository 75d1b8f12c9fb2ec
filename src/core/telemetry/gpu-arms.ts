import type { Arm } from "../plan/plan.ts";
import type { Problem } from "../record/run-record.ts";
import { kindOf } from "./gpu-health.ts";
import { gpusTogether } from "./same-gpu.ts";
import type { SampledSource } from "./scrape.ts";
import { scrapesInside, type TelemetryWindow } from "./timeline.ts";

/** Mean clocks of the arms that lie further apart than this are named. */
const CLOCKS_APART = 0.05;

/** What stands between the GPUs of the two arms: other kinds of them (invalid), or another clock under load (a warning). */
export const armProblems = (sources: readonly SampledSource[], windows: readonly TelemetryWindow[]): readonly Problem[] => [
  ...differentGpus(sources),
  ...differentClocks(sources, windows),
];

/** Two arms with a source each, on other kinds or numbers of GPUs, measure the hardware and not the change. */
function differentGpus(sources: readonly SampledSource[]): readonly Problem[] {
  const kindsOf = (arm: Arm) => {
    const gpus = gpusTogether(sources.filter((source) => source.arm === arm));
    return gpus.length === 0 ? undefined : gpus.map(kindOf).sort();
  };
  const [base, head] = [kindsOf("base"), kindsOf("head")];
  if (base === undefined || head === undefined || base.join("\n") === head.join("\n")) return [];
  const message = `base and head ran on different GPUs: ${base.join(", ")} against ${head.join(", ")}`;
  return [{ severity: "invalid", code: "gpu-set-changed", message }];
}

/**
 * A clock that differs under load makes times differ. It is no reason to discard the run: where the power limit sets the
 * clock, a change that draws more power lowers it, and that is part of what the change costs. What lowers a clock
 * against the GPU's will (heat, power brake) makes the run invalid by itself.
 */
function differentClocks(sources: readonly SampledSource[], windows: readonly TelemetryWindow[]): readonly Problem[] {
  const clockOf = (arm: Arm): number | undefined => {
    const clocks = sources
      .filter((source) => source.arm === "both" || source.arm === arm)
      .flatMap(({ scrapes }) =>
        windows
          .filter((window) => window.arm === arm)
          .flatMap(({ startNs, endNs }) => scrapesInside(scrapes, startNs, endNs))
          .flatMap(({ scrape }) => scrape.gauges["gpu.sm_clock"] ?? []),
      );
    return clocks.length === 0 ? undefined : clocks.reduce((total, clock) => total + clock, 0) / clocks.length;
  };
  const [base, head] = [clockOf("base"), clockOf("head")];
  if (base === undefined || head === undefined || !(base > 0) || !(head > 0)) return [];
  const apart = head / base - 1;
  if (Math.abs(apart) <= CLOCKS_APART) return [];
  const message = `the GPUs ran at ${megahertz(head)} for the head and at ${megahertz(base)} for the base (${apart > 0 ? "+" : "−"}${Math.round(Math.abs(apart) * 100)} %): a part of the change in times may come from the clock`;
  return [{ severity: "warning", code: "gpu-clocks-differ", message }];
}

const megahertz = (hz: number): string => `${Math.round(hz / 1e6)} MHz`;

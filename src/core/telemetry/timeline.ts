import type { Arm } from "../plan/plan.ts";
import type { SampledSource, TimedScrape } from "./scrape.ts";

/** One measured block on the sampler's clock. `ok`: requests of the block answered correctly; `tokens`: output tokens, where they are counted. */
export type TelemetryWindow = {
  /** Chosen by the caller, unique: under it the block's gauges are found again. */
  readonly key: string;
  readonly arm: Arm;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly ok: number;
  readonly tokens?: number | undefined;
};

/** Readings further apart than this tell nothing about the time between them. */
export const maxGapNs = (intervalS: number): bigint => BigInt(Math.ceil(Math.max(3, 3 * intervalS) * 1e9));

/** The scrapes inside [startNs, endNs]. O(log of all scrapes + result). */
export function scrapesInside(scrapes: readonly TimedScrape[], startNs: bigint, endNs: bigint): readonly TimedScrape[] {
  return scrapes.slice(
    firstIndex(scrapes, (atNs) => atNs >= startNs),
    firstIndex(scrapes, (atNs) => atNs > endNs),
  );
}

/** The windows a source tells about, ascending in time. */
export const windowsOf = ({ arm }: SampledSource, windows: readonly TelemetryWindow[]): readonly TelemetryWindow[] =>
  windows.filter((window) => arm === "both" || arm === window.arm).sort((a, b) => (a.startNs < b.startNs ? -1 : 1));

function firstIndex(scrapes: readonly TimedScrape[], reached: (atNs: bigint) => boolean): number {
  let low = 0;
  let high = scrapes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(scrapes[middle]!.atNs)) high = middle;
    else low = middle + 1;
  }
  return low;
}

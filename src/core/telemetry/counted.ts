import type { MetricName } from "../metric.ts";
import type { GaugeSummary } from "../record/run-record.ts";
import { type CounterReadings, counterIncrease, integrated } from "./energy.ts";
import type { SampledSource, Scrape, TimedScrape } from "./scrape.ts";
import { hasBit, POWER_CAP, SLOWDOWNS } from "./throttling.ts";
import { maxGapNs, scrapesInside, type TelemetryWindow } from "./timeline.ts";

type Counted = Readonly<Partial<Record<MetricName, GaugeSummary>>>;

/**
 * What the GPUs' counters tell of one block, interpolated at its edges: energy per request and per 1000 output tokens,
 * the share of time in which a GPU was held down, bytes over its links. Each is one number for the block. A metric is
 * absent where its counter is, or does not reach over the block without a gap.
 *
 * Without counters of time, the share of samples that say so stands for the share of time.
 */
export function countedGauges(source: SampledSource, { startNs, endNs, ok, tokens = 0 }: TelemetryWindow): Counted {
  const inside = scrapesInside(source.scrapes, startNs, endNs);
  const n = Math.max(1, inside.length);
  const durationNs = Number(endNs - startNs);
  const gauges: Partial<Record<MetricName, GaugeSummary>> = {};
  const set = (metric: MetricName, value: number | undefined) => {
    if (value !== undefined && Number.isFinite(value)) gauges[metric] = { n, mean: value, min: value, max: value };
  };
  const increases = (counter: (scrape: Scrape) => Readonly<Record<string, number>> | undefined) =>
    increasesInside(source, counter, { startNs, endNs });

  const energyJ = hasEnergyCounter(source) ? sum(increases(({ energyJ: joules }) => joules)) : integratedEnergy(source, { startNs, endNs });
  if (energyJ !== undefined && ok > 0) set("gpu.energy_per_request", energyJ / ok);
  if (energyJ !== undefined && tokens > 0) set("gpu.energy_per_1k_tokens", (1000 * energyJ) / tokens);

  const bytes = sum(increases(({ linkBytes }) => linkBytes));
  if (bytes !== undefined) set("gpu.nvlink", bytes / (durationNs / 1e9));

  const slowedNs = longest([increases(({ thermalViolationNs }) => thermalViolationNs), increases(({ slowedNs: ns }) => ns)]);
  set("gpu.throttled", shareOf(slowedNs, durationNs) ?? shareOfSamples(inside, (bits) => SLOWDOWNS.some(([mask]) => hasBit(bits, mask))));
  const cappedNs = longest([increases(({ powerCappedNs }) => powerCappedNs)]);
  set("gpu.power_capped", shareOf(cappedNs, durationNs) ?? shareOfSamples(inside, (bits) => hasBit(bits, POWER_CAP)));
  return gauges;
}

/** Whether a source counts energy. Power is never integrated where a counter exists, not even where the counter has a gap. */
const hasEnergyCounter = ({ scrapes }: Pick<SampledSource, "scrapes">): boolean =>
  scrapes.some(({ scrape }) => Object.keys(scrape.energyJ).length > 0);

/** Whether the energy of a source is its sampled power over time. */
export const integratesPower = (source: Pick<SampledSource, "scrapes">): boolean =>
  !hasEnergyCounter(source) && source.scrapes.some(({ scrape }) => scrape.gauges["gpu.power"] !== undefined);

type Span = { readonly startNs: bigint; readonly endNs: bigint };

/** By key, how much each counter rose; undefined where that is not known. Empty where there is none. */
function increasesInside(
  { scrapes, source }: SampledSource,
  counter: (scrape: Scrape) => Readonly<Record<string, number>> | undefined,
  { startNs, endNs }: Span,
): readonly (number | undefined)[] {
  const gapNs = maxGapNs(source.intervalS);
  const near = scrapesInside(scrapes, startNs - gapNs, endNs + gapNs);
  const keys = new Set(near.flatMap(({ scrape }) => Object.keys(counter(scrape) ?? {})));
  return [...keys].map((key) =>
    counterIncrease(
      readingsOf(near, (scrape) => counter(scrape)?.[key]),
      startNs,
      endNs,
      gapNs,
    ),
  );
}

function integratedEnergy({ scrapes, source }: SampledSource, { startNs, endNs }: Span): number | undefined {
  const gapNs = maxGapNs(source.intervalS);
  const near = scrapesInside(scrapes, startNs - gapNs, endNs + gapNs);
  const powers = readingsOf(near, ({ gauges }) => gauges["gpu.power"]);
  return counterIncrease(integrated(powers), startNs, endNs, gapNs);
}

const readingsOf = (scrapes: readonly TimedScrape[], value: (scrape: Scrape) => number | undefined): CounterReadings =>
  scrapes.flatMap(({ atNs, scrape }) => {
    const read = value(scrape);
    return read === undefined ? [] : [{ atNs, value: read }];
  });

/** Over all GPUs of the source; undefined unless every one of them is known. */
function sum(increases: readonly (number | undefined)[]): number | undefined {
  const known = increases.filter((increase) => increase !== undefined);
  return known.length === 0 || known.length < increases.length ? undefined : known.reduce((total, increase) => total + increase, 0);
}

/** The longest of several times that may overlap; undefined where none is known. */
function longest(times: readonly (readonly (number | undefined)[])[]): number | undefined {
  const known = times.flat().filter((time) => time !== undefined);
  return known.length === 0 ? undefined : known.reduce((most, time) => Math.max(most, time));
}

/** Two clocks are read one after the other: a share may come out a little above 1. */
const shareOf = (ns: number | undefined, durationNs: number): number | undefined =>
  ns === undefined ? undefined : Math.min(1, ns / durationNs);

function shareOfSamples(inside: readonly TimedScrape[], isHeld: (bits: number) => boolean): number | undefined {
  const told = inside.map(({ scrape }) => Object.values(scrape.throttleBits)).filter((bits) => bits.length > 0);
  return told.length === 0 ? undefined : told.filter((bits) => bits.some(isHeld)).length / told.length;
}

import type { MetricName } from "../metric.ts";
import type { GaugeSummary } from "../record/run-record.ts";
import { type CounterReadings, counterIncrease } from "./energy.ts";
import type { CountedShare, SampledSource, TimedScrape } from "./scrape.ts";
import { maxGapNs, scrapesInside } from "./timeline.ts";

/**
 * The shares that a source's counters tell of [startNs, endNs]: increase over increase, interpolated at the edges, over
 * all of their series. A metric is absent where the increase of the whole is 0 or not known, and where no series of the
 * part was ever seen: its name may be misspelt.
 */
export function sharesInside(
  { scrapes, source }: Pick<SampledSource, "scrapes" | "source">,
  startNs: bigint,
  endNs: bigint,
): Readonly<Partial<Record<MetricName, GaugeSummary>>> {
  const gapNs = maxGapNs(source.intervalS);
  const near = scrapesInside(scrapes, startNs - gapNs, endNs + gapNs);
  const names = new Set(near.flatMap(({ scrape }) => Object.keys(scrape.shares ?? {}) as MetricName[]));
  const n = Math.max(1, scrapesInside(scrapes, startNs, endNs).length);
  const gauges: Partial<Record<MetricName, GaugeSummary>> = {};
  for (const name of names) {
    if (!scrapes.some(({ scrape }) => Object.keys(scrape.shares?.[name]?.part ?? {}).length > 0)) continue;
    const increaseOf = (side: keyof CountedShare) => increase(readingsOf(near, name, side), { startNs, endNs, gapNs });
    const [part, whole] = [increaseOf("part"), increaseOf("whole")];
    if (part === undefined || whole === undefined || !(whole > 0)) continue;
    // The two counters are read one after the other, and not at one moment.
    const share = Math.min(1, part / whole);
    gauges[name] = { n, mean: share, min: share, max: share };
  }
  return gauges;
}

/**
 * Readings by series. One that appears only later counted nothing before: counters with labels are exposed from their
 * first event on.
 */
function readingsOf(near: readonly TimedScrape[], name: MetricName, side: keyof CountedShare): readonly CounterReadings[] {
  const told = near.flatMap(({ atNs, scrape }) => {
    const share = scrape.shares?.[name];
    return share === undefined ? [] : [{ atNs, counters: share[side] }];
  });
  const series = new Set(told.flatMap(({ counters }) => Object.keys(counters)));
  return [...series].map((key) => {
    const born = told.findIndex(({ counters }) => counters[key] !== undefined);
    return told.flatMap(({ atNs, counters }, i) => {
      const value = i < born ? 0 : counters[key];
      return value === undefined ? [] : [{ atNs, value }];
    });
  });
}

/** Of all series together; undefined unless every one of them is known. None at all have counted nothing. */
function increase(
  series: readonly CounterReadings[],
  { startNs, endNs, gapNs }: { readonly startNs: bigint; readonly endNs: bigint; readonly gapNs: bigint },
): number | undefined {
  const increases = series.map((readings) => counterIncrease(readings, startNs, endNs, gapNs));
  return increases.some((each) => each === undefined) ? undefined : increases.reduce<number>((sum, each) => sum + each!, 0);
}

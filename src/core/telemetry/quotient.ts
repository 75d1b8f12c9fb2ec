import { METRICS, type MetricName } from "../metric.ts";
import type { GaugeSummary } from "../record/run-record.ts";
import { type CounterReadings, counterIncrease } from "./energy.ts";
import type { Quotient, SampledSource, Scrape } from "./scrape.ts";
import { maxGapNs, scrapesInside } from "./timeline.ts";

type Source = Pick<SampledSource, "scrapes" | "source">;
type Counted = Readonly<Partial<Record<MetricName, GaugeSummary>>>;

/**
 * What a source's counters tell of [startNs, endNs] by their quotient: increase over increase, interpolated at the
 * edges, over all of their series; never negative. So the sum and the count of a histogram give the mean of what it saw in that time. A
 * metric is absent where the increase of the whole is 0 or not known, and where no series of the part was ever seen:
 * its name may be misspelt.
 */
export function quotientsInside(source: Source, startNs: bigint, endNs: bigint): Counted {
  return inside(source, startNs, endNs, "quotients", ({ near, name, increase }) => {
    if (!source.scrapes.some(({ scrape }) => Object.keys(scrape.quotients?.[name]?.part ?? {}).length > 0)) return undefined;
    const of = (side: keyof Quotient) => increase(readingsOf(near, ({ quotients }) => quotients?.[name]?.[side]));
    const [part, less, whole] = [of("part"), of("less"), of("whole")];
    if (part === undefined || less === undefined || whole === undefined || !(whole > 0)) return undefined;
    // The counters are read one after the other, and not at one moment.
    const quotient = Math.max(0, part - less) / whole;
    return METRICS[name].unit === "ratio" ? Math.min(1, quotient) : quotient;
  });
}

/** What a source's counters tell of [startNs, endNs] by their increase per second, over all of their series. */
export function ratesInside(source: Source, startNs: bigint, endNs: bigint): Counted {
  const durationS = Number(endNs - startNs) / 1e9;
  return inside(source, startNs, endNs, "totals", ({ near, name, increase }) => {
    const total = increase(readingsOf(near, ({ totals }) => totals?.[name]));
    return total === undefined || durationS === 0 ? undefined : total / durationS;
  });
}

type Near = SampledSource["scrapes"];
type Asked = {
  readonly near: Near;
  readonly name: MetricName;
  readonly increase: (series: readonly CounterReadings[]) => number | undefined;
};

function inside(
  { scrapes, source }: Source,
  startNs: bigint,
  endNs: bigint,
  of: "quotients" | "totals",
  valueOf: (asked: Asked) => number | undefined,
): Counted {
  const gapNs = maxGapNs(source.intervalS);
  const near = scrapesInside(scrapes, startNs - gapNs, endNs + gapNs);
  const names = new Set(near.flatMap(({ scrape }) => Object.keys(scrape[of] ?? {}) as MetricName[]));
  const n = Math.max(1, scrapesInside(scrapes, startNs, endNs).length);
  const gauges: Partial<Record<MetricName, GaugeSummary>> = {};
  for (const name of names) {
    const value = valueOf({ near, name, increase: (series) => increaseOf(series, { startNs, endNs, gapNs }) });
    if (value !== undefined && Number.isFinite(value)) gauges[name] = { n, mean: value, min: value, max: value };
  }
  return gauges;
}

/**
 * Readings by series. One that appears only later counted nothing before: counters with labels are exposed from their
 * first event on.
 */
function readingsOf(near: Near, countersOf: (scrape: Scrape) => Readonly<Record<string, number>> | undefined): readonly CounterReadings[] {
  const told = near.flatMap(({ atNs, scrape }) => {
    const counters = countersOf(scrape);
    return counters === undefined ? [] : [{ atNs, counters }];
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
function increaseOf(
  series: readonly CounterReadings[],
  { startNs, endNs, gapNs }: { readonly startNs: bigint; readonly endNs: bigint; readonly gapNs: bigint },
): number | undefined {
  const increases = series.map((readings) => counterIncrease(readings, startNs, endNs, gapNs));
  return increases.some((each) => each === undefined) ? undefined : increases.reduce<number>((sum, each) => sum + each!, 0);
}

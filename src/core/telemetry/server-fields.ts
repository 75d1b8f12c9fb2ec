import type { MetricName } from "../metric.ts";
import { type Sample, seriesKey } from "./exposition.ts";
import type { Quotient, Scrape } from "./scrape.ts";

/**
 * How one of our metrics is told by the exposition of a server. In each of these, `names` are those of the server's
 * versions, newest first: the first that is there counts, and the others are not looked at.
 *
 * - `gauge`: the value itself. `over` says what becomes of several engines, models or replicas.
 * - `total`: a counter; the metric is its increase per second.
 * - `part` and `whole`: counters; the metric is the increase of the one over the increase of the other, over all series.
 */
export type ServerField = {
  readonly metrics: readonly MetricName[];
  /** Brings the exposed value (of `part`, in a quotient) to the base unit; 1 unless said. */
  readonly scale?: number;
  /** Series whose labels differ in nothing but these tell of one thing several times (the ranks of one engine): the highest counts. */
  readonly repeatedBy?: readonly string[];
} & (GaugeSeries | { readonly total: Series } | { readonly part: Series; readonly whole: Series });

type GaugeSeries = { readonly gauge: Series; readonly over: "sum" | "mean" | "max"; readonly valid?: readonly [number, number] };

/** A series by its names, and by labels that it must or must not have; a string is a name. */
export type Series =
  | string
  | {
      readonly names: readonly string[];
      readonly where?: Readonly<Record<string, RegExp>>;
      readonly unless?: Readonly<Record<string, RegExp>>;
    };

/** The mean of what a histogram or summary saw, over the requests of a block. */
export const meanOf = (metric: MetricName, names: readonly string[], scale = 1): ServerField => ({
  metrics: [metric],
  part: { names: names.map((name) => `${name}_sum`) },
  whole: { names: names.map((name) => `${name}_count`) },
  scale,
});

/** Every name that the fields read. */
export const namesOf = (fields: readonly ServerField[]): ReadonlySet<string> =>
  new Set(fields.flatMap((field) => seriesOf(field).flatMap((series) => spelled(series).names)));

/** Every metric that the fields fill, in their order. */
export const filledBy = (fields: readonly ServerField[]): readonly MetricName[] => [...new Set(fields.flatMap(({ metrics }) => metrics))];

/**
 * What an exposition tells by these fields. A metric is absent where none of its series is there, and where one of them
 * is not finite or outside what is `valid`: the sum over the rest would be another quantity. Of several fields for one
 * metric the first that tells it counts.
 */
export function readServer(fields: readonly ServerField[], samples: readonly Sample[]): Scrape {
  const byName = Map.groupBy(samples, ({ name }) => name);
  const gauges: Partial<Record<MetricName, number>> = {};
  const quotients: Partial<Record<MetricName, Quotient>> = {};
  const totals: Partial<Record<MetricName, Readonly<Record<string, number>>>> = {};
  const isTold = (metric: MetricName) => [gauges, quotients, totals].some((told) => told[metric] !== undefined);
  for (const field of fields) {
    const { metrics, scale = 1 } = field;
    const counters = (series: Series) => countersOf(samplesOf(byName, series), field.repeatedBy);
    for (const metric of metrics.filter((each) => !isTold(each))) {
      if ("gauge" in field) {
        const value = gaugeOf(samplesOf(byName, field.gauge), field);
        if (value !== undefined) gauges[metric] = value;
      } else if ("total" in field) {
        const counted = counters(field.total);
        if (counted !== undefined && Object.keys(counted).length > 0) totals[metric] = scaled(counted, scale);
      } else {
        const [part, whole] = [counters(field.part), counters(field.whole)];
        if (part !== undefined && whole !== undefined && Object.keys(whole).length > 0)
          quotients[metric] = { part: scaled(part, scale), whole };
      }
    }
  }
  return {
    gauges,
    gpusCounted: {},
    energyJ: {},
    ...(Object.keys(quotients).length === 0 ? {} : { quotients }),
    ...(Object.keys(totals).length === 0 ? {} : { totals }),
    gpus: [],
    lastXid: {},
    throttleBits: {},
    thermalViolationNs: {},
  };
}

const seriesOf = (field: ServerField): readonly Series[] =>
  "gauge" in field ? [field.gauge] : "total" in field ? [field.total] : [field.part, field.whole];

type Spelled = Exclude<Series, string>;
const spelled = (series: Series): Spelled => (typeof series === "string" ? { names: [series] } : series);

function samplesOf(byName: ReadonlyMap<string, readonly Sample[]>, series: Series): readonly Sample[] {
  const { names, where = {}, unless = {} } = spelled(series);
  const name = names.find((each) => byName.has(each));
  const has = (labels: Sample["labels"], [label, value]: readonly [string, RegExp]) => value.test(labels[label] ?? "");
  return (name === undefined ? [] : byName.get(name)!).filter(
    ({ labels }) =>
      Object.entries(where).every((label) => has(labels, label)) && !Object.entries(unless).some((label) => has(labels, label)),
  );
}

/** Undefined where there is none, or one is no number. */
function gaugeOf(samples: readonly Sample[], { over, scale = 1, valid, repeatedBy }: ServerField & GaugeSeries): number | undefined {
  const values = Object.values(countersOf(samples, repeatedBy, Number.NEGATIVE_INFINITY) ?? {}).map((value) => value * scale);
  if (values.length === 0 || (valid !== undefined && values.some((value) => value < valid[0] || value > valid[1]))) return undefined;
  if (over === "max") return Math.max(...values);
  const sum = values.reduce((total, value) => total + value, 0);
  return over === "sum" ? sum : sum / values.length;
}

/** By series, without the labels that only repeat; undefined where one is not finite or less than `least`. */
function countersOf(
  samples: readonly Sample[],
  repeatedBy: readonly string[] = [],
  least = 0,
): Readonly<Record<string, number>> | undefined {
  const counters: Record<string, number> = {};
  for (const { name, labels, value } of samples) {
    if (!Number.isFinite(value) || value < least) return undefined;
    const own =
      repeatedBy.length === 0 ? labels : Object.fromEntries(Object.entries(labels).filter(([label]) => !repeatedBy.includes(label)));
    const key = seriesKey({ name, labels: own });
    counters[key] = Math.max(value, counters[key] ?? Number.NEGATIVE_INFINITY);
  }
  return counters;
}

const scaled = (counters: Readonly<Record<string, number>>, scale: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counters).map(([key, value]) => [key, value * scale]));

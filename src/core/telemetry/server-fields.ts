import type { MetricName } from "../metric.ts";
import { type Sample, seriesKey } from "./exposition.ts";
import type { Quotient, Scrape } from "./scrape.ts";

/**
 * How one of our metrics is told by the exposition of a server.
 *
 * - `gauge`: the value itself, less that of `less`. `over` says what becomes of several engines, models or replicas.
 *   None of these is ever negative.
 * - `total`: a counter; the metric is its increase per second, over all series together.
 * - `part` and `whole`: counters; the metric is the increase of the one, less that of `less`, over the increase of the
 *   other, each over all series together.
 */
export type ServerField = {
  readonly metrics: readonly MetricName[];
  /** Brings the exposed value (of `part`, in a quotient) to the base unit; 1 unless said. */
  readonly scale?: number;
  /** Series whose labels differ in nothing but these tell of one thing several times (the ranks of one engine): the highest counts. */
  readonly repeatedBy?: readonly string[];
  /** Counters whose labels differ in nothing but these begin anew together, and are kept as their sum: a host has hundreds of them. */
  readonly addedUp?: readonly string[];
  /** How often the server renews it, s; absent: whenever it is asked. */
  readonly renewedS?: number;
} & (GaugeSeries | { readonly total: Series } | QuotientSeries);

type GaugeSeries = {
  readonly gauge: Series;
  readonly less?: Series;
  readonly over: "sum" | "mean" | "max";
  readonly valid?: readonly [number, number];
};
type QuotientSeries = { readonly part: Series; readonly less?: Series; readonly whole: Series };

/**
 * A series by its names, and by labels that it must or must not have; a string is a name. `names` are those of the
 * server's versions, newest first: the first that is there counts, and the others are not looked at. Names in a list
 * of their own count together.
 */
export type Series =
  | string
  | {
      readonly names: readonly (string | readonly string[])[];
      readonly where?: Readonly<Record<string, RegExp>>;
      readonly unless?: Readonly<Record<string, RegExp>>;
    };

/** The mean of what a histogram or summary saw, over the requests of a block. */
export const meanOf = (metric: MetricName, names: readonly string[], rest: Pick<ServerField, "scale" | "repeatedBy" | "renewedS"> = {}) =>
  ({
    metrics: [metric],
    part: { names: names.map((name) => `${name}_sum`) },
    whole: { names: names.map((name) => `${name}_count`) },
    ...rest,
  }) as const satisfies ServerField;

/** Every name that the fields read. */
export const namesOf = (fields: readonly ServerField[]): ReadonlySet<string> =>
  new Set(fields.flatMap((field) => seriesOf(field).flatMap((series) => spelled(series).names.flat())));

/** Every metric that the fields fill, in their order. */
export const filledBy = (fields: readonly ServerField[]): readonly MetricName[] => [...new Set(fields.flatMap(({ metrics }) => metrics))];

/**
 * What an exposition tells by these fields. A metric is absent where none of its series is there, and where one of them
 * is not finite, negative or outside what is `valid`: the sum over the rest would be another quantity. Of several fields
 * for one metric the first that tells it counts; a quotient whose part was never counted gives way to one whose part was.
 */
export function readServer(fields: readonly ServerField[], samples: readonly Sample[]): Scrape {
  const byName = Map.groupBy(samples, ({ name }) => name);
  const gauges: Partial<Record<MetricName, number>> = {};
  const quotients: Partial<Record<MetricName, Quotient>> = {};
  const totals: Partial<Record<MetricName, Counters>> = {};
  const renewedS: Partial<Record<MetricName, number>> = {};
  const isTold = (metric: MetricName) =>
    gauges[metric] !== undefined ||
    totals[metric] !== undefined ||
    (quotients[metric] !== undefined && Object.keys(quotients[metric].part).length > 0);
  for (const field of fields) {
    const read = readField(field, byName);
    for (const metric of read === undefined ? [] : field.metrics.filter((each) => !isTold(each))) {
      if (read!.kind === "gauge") gauges[metric] = read!.value;
      else if (read!.kind === "total") totals[metric] = read!.counters;
      else if (quotients[metric] === undefined || Object.keys(read!.quotient.part).length > 0) quotients[metric] = read!.quotient;
      if (field.renewedS !== undefined) renewedS[metric] = field.renewedS;
    }
  }
  return {
    gauges,
    gpusCounted: {},
    energyJ: {},
    ...(Object.keys(quotients).length === 0 ? {} : { quotients }),
    ...(Object.keys(totals).length === 0 ? {} : { totals }),
    ...(Object.keys(renewedS).length === 0 ? {} : { renewedS }),
    gpus: [],
    lastXid: {},
    throttleBits: {},
    thermalViolationNs: {},
  };
}

type Counters = Readonly<Record<string, number>>;
type ByName = ReadonlyMap<string, readonly Sample[]>;
type Read =
  | { readonly kind: "gauge"; readonly value: number }
  | { readonly kind: "total"; readonly counters: Counters }
  | { readonly kind: "quotient"; readonly quotient: Quotient };

/** Undefined where the exposition does not tell it. */
function readField(field: ServerField, byName: ByName): Read | undefined {
  if ("gauge" in field) {
    const value = gaugeOf(field, byName);
    return value === undefined ? undefined : { kind: "gauge", value };
  }
  const { scale = 1 } = field;
  const counters = (series: Series) => countersOf(samplesOf(byName, series), field);
  if ("total" in field) {
    const total = counters(field.total);
    return isCounted(total) ? { kind: "total", counters: scaled(total, scale) } : undefined;
  }
  const [part, whole] = [counters(field.part), counters(field.whole)];
  const less = field.less === undefined ? undefined : counters(field.less);
  if (part === undefined || !isCounted(whole) || (field.less !== undefined && less === undefined)) return undefined;
  return {
    kind: "quotient",
    quotient: { part: scaled(part, scale), whole, ...(less === undefined ? {} : { less: scaled(less, scale) }) },
  };
}

/** Usable, and of one series at least. */
const isCounted = (counters: Counters | undefined): counters is Counters => counters !== undefined && Object.keys(counters).length > 0;

const seriesOf = (field: ServerField): readonly Series[] => {
  if ("total" in field) return [field.total];
  const less = field.less === undefined ? [] : [field.less];
  return "gauge" in field ? [field.gauge, ...less] : [field.part, ...less, field.whole];
};

type Spelled = Exclude<Series, string>;
const spelled = (series: Series): Spelled => (typeof series === "string" ? { names: [series] } : series);

function samplesOf(byName: ByName, series: Series): readonly Sample[] {
  const { names, where = {}, unless = {} } = spelled(series);
  const present = names.map((each) => [each].flat().filter((name) => byName.has(name))).find((each) => each.length > 0) ?? [];
  const has = (labels: Sample["labels"], [label, value]: readonly [string, RegExp]) => value.test(labels[label] ?? "");
  return present
    .flatMap((name) => byName.get(name)!)
    .filter(
      ({ labels }) =>
        Object.entries(where).every((label) => has(labels, label)) && !Object.entries(unless).some((label) => has(labels, label)),
    );
}

/** Undefined where there is none, or one is no number. */
function gaugeOf(field: ServerField & GaugeSeries, byName: ByName): number | undefined {
  const { over, scale = 1, valid: [least, most] = [0, Number.MAX_VALUE] } = field;
  const values = (series: Series) => Object.values(countersOf(samplesOf(byName, series), field) ?? {}).map((value) => value * scale);
  const taken = values(field.gauge);
  const left = field.less === undefined ? [0] : values(field.less);
  if (taken.length === 0 || left.length === 0 || taken.some((value) => value < least || value > most)) return undefined;
  const value = aggregate(taken, over) - aggregate(left, over);
  return value >= least && Number.isFinite(value) ? value : undefined;
}

function aggregate(values: readonly number[], over: GaugeSeries["over"]): number {
  if (over === "max") return values.reduce((highest, value) => Math.max(highest, value));
  const sum = values.reduce((total, value) => total + value, 0);
  return over === "sum" ? sum : sum / values.length;
}

/** By series, without the labels that only repeat or are added up; undefined where one is not finite or negative. */
function countersOf(
  samples: readonly Sample[],
  { repeatedBy = [], addedUp = [] }: Pick<ServerField, "repeatedBy" | "addedUp">,
): Counters | undefined {
  const counters: Record<string, number> = {};
  const ignored = [...repeatedBy, ...addedUp];
  for (const { name, labels, value } of samples) {
    if (!Number.isFinite(value) || value < 0) return undefined;
    const own = ignored.length === 0 ? labels : Object.fromEntries(Object.entries(labels).filter(([label]) => !ignored.includes(label)));
    const key = seriesKey({ name, labels: own });
    const known = counters[key];
    counters[key] = addedUp.length > 0 ? value + (known ?? 0) : Math.max(value, known ?? 0);
  }
  return counters;
}

const scaled = (counters: Counters, scale: number): Counters =>
  Object.fromEntries(Object.entries(counters).map(([key, value]) => [key, value * scale]));

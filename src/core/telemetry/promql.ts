import type { Sample } from "./exposition.ts";
import type { SourceAt } from "./scrape.ts";

/** What a suite's series are chosen by: `{job="preview"}`. */
export const braced = (labels: Readonly<Record<string, string>> = {}): string => `{${matchers(labels)}}`;

/** Which series of a Prometheus server tell about the endpoint of a source. */
export const selectionOf = (at: Pick<SourceAt, "source" | "arm">): string => braced(labelsOf(at));

const labelsOf = ({ source: { labels, baselineLabels }, arm }: Pick<SourceAt, "source" | "arm">) =>
  arm === "base" ? (baselineLabels ?? labels) : labels;

const matchers = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(",");

/**
 * The samples of series as Prometheus has them, with the times at which it scraped them: an instant query whose value is a
 * range. `query_range` gives values at times that we choose, each as old as the scrape before it.
 *
 * @param names exact names of series, at least one.
 */
export function samplesQuery(at: Pick<SourceAt, "source" | "arm">, names: readonly string[], rangeMs: number): string {
  const anyOf = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join("|");
  const own = matchers(labelsOf(at) ?? {});
  return `{__name__=~${JSON.stringify(anyOf)}${own === "" ? "" : `,${own}`}}[${Math.max(1, Math.ceil(rangeMs))}ms]`;
}

/** The suite's expressions for one endpoint, by metric. */
export const expressionsOf = (at: Pick<SourceAt, "source" | "arm">): readonly (readonly [string, string])[] =>
  Object.entries(at.source.queries ?? {}).map(([metric, written]) => [
    metric,
    written.replaceAll("$labels", () => matchers(labelsOf(at) ?? {})),
  ]);

/** One series of an answer. */
export type PromSeries = {
  readonly labels: Readonly<Record<string, string>>;
  /** Ascending in time; on Prometheus's clock, ms since 1970. `value` may be NaN or infinite. */
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
};

/** What an answer holds, or one sentence's end saying why it is none. */
export type PromAnswer<T> = { readonly kind: "answer"; readonly value: T } | { readonly kind: "useless"; readonly why: string };

/** An instant or range query's answer as series. */
export const readSeries = (status: number, text: string): PromAnswer<readonly PromSeries[]> =>
  reading(status, text, (data) => {
    const { resultType, result } = mapping(data);
    if ((resultType !== "matrix" && resultType !== "vector") || !Array.isArray(result)) return undefined;
    return result.map((entry) => {
      const { metric, values, value } = mapping(entry);
      const points: unknown[] = Array.isArray(values) ? values : value === undefined ? [] : [value];
      return { labels: mapping(metric) as Record<string, string>, points: points.flatMap(readPoint) };
    });
  });

/** The answer to `time()`, ms since 1970. */
export const readTime = (status: number, text: string): PromAnswer<number> =>
  reading(status, text, (data) => {
    const { resultType, result } = mapping(data);
    return resultType === "scalar" ? readPoint(result)[0]?.atMs : undefined;
  });

/** A list of a label's values. */
export const readNames = (status: number, text: string): PromAnswer<readonly string[]> =>
  reading(status, text, (data) => (Array.isArray(data) ? data.filter((each) => typeof each === "string") : undefined));

/**
 * Prometheus's own reason, where it gives one. An answer with warnings is refused: they say that a part of the data was out
 * of reach, and a sum over the rest would be another quantity.
 */
function reading<T>(status: number, text: string, read: (data: unknown) => T | undefined): PromAnswer<T> {
  const useless = (why: string) => ({ kind: "useless" as const, why });
  const { status: word, data, error, warnings } = mapping(parsed(text));
  if (word === "error" || status !== 200)
    return useless(`HTTP status ${status}${typeof error === "string" ? `: ${error.slice(0, 200)}` : ""}`);
  if (Array.isArray(warnings) && warnings.length > 0) return useless(`Prometheus warns: ${String(warnings[0]).slice(0, 200)}`);
  const value = word === "success" ? read(data) : undefined;
  return value === undefined ? useless("the answer is none of Prometheus's API") : { kind: "answer", value };
}

function readPoint(point: unknown): PromSeries["points"] {
  if (!Array.isArray(point)) return [];
  const [at, value] = point as unknown[];
  if (typeof at !== "number" || typeof value !== "string") return [];
  return [{ atMs: Math.round(at * 1000), value: numberOf(value) }];
}

const numberOf = (text: string): number =>
  text === "+Inf" ? Number.POSITIVE_INFINITY : text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);

/** The series of an answer as the samples of scrapes: those of one target and one moment belong together. */
export function scrapesOf(series: readonly PromSeries[]): ReadonlyMap<string, ReadonlyMap<number, readonly Sample[]>> {
  const targets = new Map<string, Map<number, Sample[]>>();
  for (const { labels: all, points } of series) {
    const { __name__: name = "", job = "", ...labels } = all;
    const target = JSON.stringify([job, labels["instance"] ?? ""]);
    const scrapes = targets.get(target) ?? new Map<number, Sample[]>();
    targets.set(target, scrapes);
    for (const { atMs, value } of points) {
      const samples = scrapes.get(atMs) ?? [];
      scrapes.set(atMs, samples);
      samples.push({ name, labels, value, timestampMs: undefined });
    }
  }
  return targets;
}

const mapping = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

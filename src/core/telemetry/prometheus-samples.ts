import type { Sample } from "./exposition.ts";
import { detectKinds } from "./kinds.ts";
import { type PromSeries, scrapesOf } from "./promql.ts";
import { openRounds, type Rounds } from "./rounds.ts";
import { readSamples, type ScrapeResult, type SourceAt } from "./scrape.ts";

/** What Prometheus has seen of one source, piece by piece; all times on Prometheus's clock, ms since 1970. */
export type PrometheusSamples = {
  /** From when on the next piece is wanted, at `nowMs`. */
  readonly sinceMs: (nowMs: number) => number;
  /**
   * Takes the answer to a question for everything since then. What was taken before is not taken again.
   *
   * @param isLast nothing is asked any more: what came last is taken as well.
   */
  readonly take: (series: readonly PromSeries[], nowMs: number, isLast: boolean) => readonly Reading[];
  /** Has every target that is still there told until this moment? False while there is none. */
  readonly isToldUntil: (atMs: number, nowMs: number) => boolean;
  /** The usual time between two scrapes of one of the groups. */
  readonly intervalMs: (group: string) => number | undefined;
};

/** What one round said. Targets that expose different things are different groups: they may be scraped at other intervals. */
export type Reading = { readonly group: string; readonly atMs: number; readonly result: ScrapeResult };

/** Before the first sample, so much of the past is asked for: the interval is seen from it, and counters begin before the load. */
export const PAST_MS = 130_000;
/** After Prometheus was out of reach, at most so much is asked for at once. */
const MOST_MS = 600_000;
/** Series of one scrape may become visible one after the other, where they come by remote write. */
const SETTLES_MS = 2_000;

export function openPrometheusSamples(at: SourceAt): PrometheusSamples {
  const groups = new Map<string, Rounds>();
  const known = new Map<string, { readonly names: Set<string>; group: string }>();
  const lastMs = new Map<string, number>();
  const groupOf = (target: string, samples: readonly Sample[]): string => {
    if (at.source.queries !== undefined || Object.keys(at.source.metrics).length > 0) return "";
    const one = known.get(target) ?? { names: new Set(), group: "" };
    known.set(target, one);
    const { size } = one.names;
    for (const { name } of samples) one.names.add(name);
    if (one.names.size > size) one.group = detectKinds(one.names).join();
    return one.group;
  };
  return {
    sinceMs: (nowMs) => {
      const open = [...groups.values()].map((rounds) => rounds.toldUntilMs(nowMs)).filter((each) => each !== undefined);
      if (lastMs.size === 0) return nowMs - PAST_MS;
      return Math.max(open.length === 0 ? Math.max(...lastMs.values()) : Math.min(...open), nowMs - MOST_MS);
    },
    take: (series, nowMs, isLast) => {
      for (const [target, scrapes] of scrapesOf(series)) {
        for (const [atMs, samples] of [...scrapes].sort(([a], [b]) => a - b)) {
          if (atMs <= (lastMs.get(target) ?? Number.NEGATIVE_INFINITY) || (!isLast && atMs > nowMs - SETTLES_MS)) continue;
          lastMs.set(target, atMs);
          const group = groupOf(target, samples);
          const rounds = groups.get(group) ?? openRounds();
          groups.set(group, rounds);
          rounds.push(target, { atMs, samples });
        }
      }
      return [...groups].flatMap(([group, rounds]) =>
        rounds.take(nowMs).map(({ atMs, samples }) => ({ group, atMs, result: readSamples(at.source, samples) })),
      );
    },
    isToldUntil: (atMs, nowMs) => {
      const told = [...groups.values()].map((rounds) => rounds.toldUntilMs(nowMs)).filter((each) => each !== undefined);
      return told.length > 0 && Math.min(...told) >= atMs;
    },
    intervalMs: (group) => groups.get(group)?.intervalMs(),
  };
}

import type { Sample } from "./exposition.ts";

/** What all targets said at about one moment. */
export type Round = { readonly atMs: number; readonly samples: readonly Sample[] };

/** Brings together what several targets of one kind (replicas, nodes) were scraped for, each at times of its own. */
export type Rounds = {
  /** Ascending in time for each target. */
  readonly push: (target: string, scrape: Round) => void;
  /** The rounds that are complete by now, ascending; each is handed over once. */
  readonly take: (nowMs: number) => readonly Round[];
  /** Until when every target has told, as far as it is still there; undefined without any. */
  readonly toldUntilMs: (nowMs: number) => number | undefined;
  /** The usual time between two scrapes of a target; undefined before there are two of one. */
  readonly intervalMs: () => number | undefined;
};

/** A target that was silent for this many intervals, and this long, is gone. */
const GONE_INTERVALS = 3;
const GONE_MS = 5_000;
const REMEMBERED_GAPS = 100;

type Target = { readonly queue: Round[]; lastMs: number };

/**
 * A round has one scrape of every target within one interval, and stands at the mean of their times: so a sum of counters
 * that rise alike is right at that time, although each was read at another. A round in which a target is missing is left
 * out: the sum over the others would look like an improvement. With one target every scrape is a round.
 */
export function openRounds(): Rounds {
  const targets = new Map<string, Target>();
  const gaps: number[] = [];
  const intervalMs = () => (gaps.length === 0 ? undefined : gaps.toSorted((a, b) => a - b)[gaps.length >> 1]);
  const isGone = ({ queue, lastMs }: Target, nowMs: number) =>
    queue.length === 0 && nowMs - lastMs > Math.max(GONE_MS, GONE_INTERVALS * (intervalMs() ?? 0));
  const there = (nowMs: number) => [...targets.values()].filter((target) => !isGone(target, nowMs));
  return {
    push: (name, scrape) => {
      const target = targets.get(name);
      if (target === undefined) return void targets.set(name, { queue: [scrape], lastMs: scrape.atMs });
      gaps.push(scrape.atMs - target.lastMs);
      if (gaps.length > REMEMBERED_GAPS) gaps.shift();
      target.queue.push(scrape);
      target.lastMs = scrape.atMs;
    },
    take: (nowMs) => {
      const rounds: Round[] = [];
      for (;;) {
        const awaited = there(nowMs);
        if (awaited.length === 0 || awaited.some(({ queue }) => queue.length === 0)) return rounds;
        const firstMs = Math.min(...awaited.map(({ queue }) => queue[0]!.atMs));
        const near = awaited.filter(({ queue }) => queue[0]!.atMs - firstMs < (intervalMs() ?? Number.POSITIVE_INFINITY));
        const scrapes = near.map(({ queue }) => queue.shift()!);
        if (near.length < awaited.length) continue;
        const atMs = scrapes.reduce((sum, scrape) => sum + scrape.atMs - firstMs, 0) / scrapes.length + firstMs;
        rounds.push({ atMs, samples: scrapes.flatMap(({ samples }) => samples) });
      }
    },
    toldUntilMs: (nowMs) => {
      const times = there(nowMs).map(({ lastMs }) => lastMs);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    intervalMs,
  };
}

import { median } from "simple-statistics";
import type { Candidate } from "./baseline.ts";
import { ENOUGH_RUNS } from "./stored.ts";

/** When a baseline shrinks, if nothing is added to it. Dates are ISO 8601. */
export type Expiry = {
  /** Runs that it has now, ≥ 1. */
  readonly runs: number;
  /** When fewer than {@link ENOUGH_RUNS} are left; undefined if there are fewer already, or never. */
  readonly tooFewAt: string | undefined;
  /** When none is left; undefined for never. */
  readonly noneAt: string | undefined;
};

/** A warning earlier than this would be forgotten before it matters. */
const NOTICE_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * The next loss of a baseline, if a reader has to know of it: the day on which it falls below {@link ENOUGH_RUNS} runs,
 * or of a smaller one the day on which its last run goes.
 *
 * That is so within {@link NOTICE_DAYS} days of the loss, unless runs come so often that two more are due before it; and
 * at any time if the next run comes too late at the pace of the last ones. The pace is the median time between two runs,
 * or the time since the newest one if that is longer by now.
 *
 * @param runs those that are compared with; one without `expiresAt` stays for ever.
 * @param asOf now, ISO 8601.
 * @returns undefined if nothing expires, or nothing that matters soon.
 */
export function expiryOf(runs: readonly Candidate[], asOf: string): Expiry | undefined {
  const now = Date.parse(asOf);
  const ends = runs.map(endOf).sort((a, b) => b - a);
  const loss = ends.length >= ENOUGH_RUNS ? ends[ENOUGH_RUNS - 1]! : ends[0];
  if (loss === undefined || !Number.isFinite(loss)) return undefined;
  const leftMs = loss - now;
  const { gapMs, sinceMs } = paceOf(runs, now);
  const isSoon = leftMs < NOTICE_DAYS * DAY_MS && leftMs < 2 * Math.max(gapMs, sinceMs);
  const isTooSlow = leftMs < gapMs - sinceMs;
  if (!isSoon && !isTooSlow) return undefined;
  return {
    runs: runs.length,
    tooFewAt: ends.length >= ENOUGH_RUNS ? iso(loss) : undefined,
    noneAt: Number.isFinite(ends[0]) ? iso(ends[0]!) : undefined,
  };
}

const endOf = ({ expiresAt }: Candidate): number => {
  const end = Date.parse(expiresAt ?? "");
  return Number.isNaN(end) ? Number.POSITIVE_INFINITY : end;
};

/** Median time between two runs, 0 of a single one, and the time since the newest: milliseconds ≥ 0. */
function paceOf(runs: readonly Candidate[], now: number): { readonly gapMs: number; readonly sinceMs: number } {
  const starts = runs.map(({ record }) => Date.parse(record.startedAt)).sort((a, b) => a - b);
  const gaps = starts.slice(1).map((start, i) => start - starts[i]!);
  return { gapMs: gaps.length === 0 ? 0 : median(gaps), sinceMs: Math.max(0, now - starts.at(-1)!) };
}

const iso = (time: number): string => new Date(time).toISOString();

import { median } from "simple-statistics";

/** What makes a new level: see {@link cutIntoLevels}. */
export type CutRules = {
  /** Standard deviation of a value around its level, > 0. */
  readonly noise: number;
  /** No value counts for more than one that lies this many standard deviations off, > 0. */
  readonly cap: number;
  /** What a cut before the value at this position has to gain, in squared standard deviations, > 0. */
  readonly penalty: (position: number) => number;
  /** Whether a stretch of a single value may begin, or end, at this position; all others hold two values at least. */
  readonly mayBeSingle: (position: number) => boolean;
};

/**
 * Cuts a short series into stretches that have a level each: those for which the stretches' costs and the cuts' penalties
 * together are least. A value adds to the cost of its stretch the square of its distance from the level, in units of
 * the noise, and never more than `cap`². That bound tells a stray value from a new level: leaving it where it is costs
 * `cap`² at most, and a penalty above that forbids a cut for its sake.
 *
 * @param values in order of time. Adding a constant to all of them moves no cut.
 * @returns the positions at which stretches begin, ascending, the first of them 0; empty for no values. Of cuts that are
 *   equally good, the earlier.
 *
 * Source: Fearnhead & Rigaill (2019), Changepoint detection in the presence of outliers, J. Am. Stat. Assoc. 114(525);
 * exact search: Jackson et al. (2005), IEEE Signal Process. Lett. 12(2). O(n⁴) at worst, for n of a few dozen.
 */
export function cutIntoLevels(values: readonly number[], { noise, cap, penalty, mayBeSingle }: CutRules): readonly number[] {
  const n = values.length;
  // A cut costs its penalty: where the whole costs no more, none can gain.
  if (n > 0 && levelOf(values, noise, cap).cost <= Math.min(...values.slice(1).map((_, i) => penalty(i + 1)))) return [0];
  const best: { readonly cost: number; readonly from: number }[] = [{ cost: 0, from: 0 }];
  for (let to = 1; to <= n; to++) {
    let found = { cost: Number.POSITIVE_INFINITY, from: 0 };
    for (let from = 0; from < to; from++) {
      const isAllowed = to - from > 1 || n === 1 || (from > 0 && mayBeSingle(from)) || (to < n && mayBeSingle(to));
      if (!isAllowed) continue;
      const cost = best[from]!.cost + levelOf(values.slice(from, to), noise, cap).cost + (from === 0 ? 0 : penalty(from));
      // A gain that is only rounding is none.
      if (cost < found.cost - 1e-9) found = { cost, from };
    }
    best.push(found);
  }
  const starts: number[] = [];
  for (let to = n; to > 0; to = best[to]!.from) starts.unshift(best[to]!.from);
  return starts;
}

/**
 * The level that fits some values best when a distance counts squared, in units of the noise, and never more than
 * `cap`², and what it costs. It is the mean of values that are neighbours in rank: all of them where none strays.
 *
 * @param values at least one, in any order.
 */
export function levelOf(values: readonly number[], noise: number, cap: number): { readonly level: number; readonly cost: number } {
  const origin = values[0]!;
  const sorted = values.map((value) => (value - origin) / noise).sort((a, b) => a - b);
  const n = sorted.length;
  let found = { level: origin, cost: Number.POSITIVE_INFINITY };
  for (let from = 0; from < n; from++) {
    let [sum, squares] = [0, 0];
    for (let to = from; to < n; to++) {
      sum += sorted[to]!;
      squares += sorted[to]! ** 2;
      const kept = to - from + 1;
      const cost = Math.max(0, squares - sum ** 2 / kept) + (n - kept) * cap ** 2;
      if (cost < found.cost) found = { level: origin + (noise * sum) / kept, cost };
    }
  }
  return found;
}

/**
 * Standard deviation of values around levels that may move a few times, with some stray values among them: from the
 * median distance between neighbours in time, which neither changes much. Exact for many normal values.
 *
 * @param apart positions at which the level is known to move: the distance to the value before is left out.
 * @returns undefined where no distance is left; 0 where most neighbours are equal.
 *
 * Source: Von Neumann et al. (1941), Ann. Math. Stat. 12(2), with a median where they take the mean of squares.
 */
export function noiseBetweenNeighbours(values: readonly number[], apart: ReadonlySet<number> = new Set()): number | undefined {
  const distances = values.flatMap((value, i) => (i === 0 || apart.has(i) ? [] : [Math.abs(value - values[i - 1]!)]));
  return distances.length === 0 ? undefined : median(distances) / (NORMAL_QUARTILE * Math.SQRT2);
}

/** Normal quantile of 0.75. */
const NORMAL_QUARTILE = 0.6744897501960817;

import { median, sum } from "simple-statistics";
import { normalCdf } from "./distributions.ts";

/** A monotonic trend of a series over its positions. */
export type Trend = {
  /** Pairs that rise minus pairs that fall, of n(n − 1)/2. */
  readonly s: number;
  /** Variance of `s` without any trend, corrected for ties and for dependence between neighbours. 0 where all values are equal. */
  readonly variance: number;
  /** Two-sided chance of an `s` this far from 0 without any trend, by the normal approximation with continuity correction. */
  readonly p: number;
  /** Change per unit of position: the median of the slopes between all pairs. */
  readonly slope: number;
};

/**
 * Whether a series rises or falls, and how fast, whatever its distribution: Mann–Kendall test and Theil–Sen slope.
 *
 * Values that depend on their neighbours wander, and a wandering series looks like a trend. Its variance is therefore
 * enlarged by the significant autocorrelations of the ranks around the trend (never reduced: with few values a
 * negative autocorrelation is mostly chance, and would make a test surer than it may be).
 *
 * @param at positions, ascending and different, as many as values.
 * @returns undefined for fewer than four values. O(n²).
 *
 * Sources: Mann (1945), Econometrica 13(3); Kendall (1975), Rank Correlation Methods; Theil (1950), Proc. Kon. Ned. Akad.
 * v. Wetensch. A 53; Sen (1968), J. Am. Stat. Assoc. 63(324); Hamed & Rao (1998), J. Hydrol. 204.
 */
export function trendOf(at: readonly number[], values: readonly number[]): Trend | undefined {
  const n = values.length;
  if (n < 4) return undefined;
  let s = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) s += Math.sign(values[j]! - values[i]!);
  const slope = theilSenSlope(at, values);
  const variance = independentVariance(values) * dependence(values.map((value, i) => value - slope * (at[i]! - at[0]!)));
  const z = s === 0 ? 0 : (Math.abs(s) - 1) / Math.sqrt(variance);
  return { s, variance, p: 2 * normalCdf(-z), slope };
}

/**
 * The median of the slopes between all pairs of points: up to 29 % of the values may be arbitrary without moving it far.
 *
 * @param at positions, ascending and different, as many as values, at least two. O(n²).
 */
export function theilSenSlope(at: readonly number[], values: readonly number[]): number {
  const slopes = values.flatMap((value, i) => values.slice(i + 1).map((later, k) => (later - value) / (at[i + 1 + k]! - at[i]!)));
  return median(slopes);
}

/** Variance of S for independent values, with the correction for ties. */
function independentVariance(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const term = (m: number): number => m * (m - 1) * (2 * m + 5);
  return (term(values.length) - sum([...counts.values()].map(term))) / 18;
}

/** By how much the variance of S grows with the autocorrelation of the ranks, ≥ 1. */
function dependence(detrended: readonly number[]): number {
  const n = detrended.length;
  const ranks = ranksOf(detrended);
  const centred = ranks.map((rank) => rank - (n + 1) / 2);
  const power = sum(centred.map((x) => x * x));
  if (power === 0) return 1;
  let excess = 0;
  for (let lag = 1; lag < n; lag++) {
    const correlation = sum(centred.slice(lag).map((x, i) => x * centred[i]!)) / power;
    if (Math.abs(correlation) > NORMAL_95 / Math.sqrt(n)) excess += (n - lag) * (n - lag - 1) * (n - lag - 2) * correlation;
  }
  return Math.max(1, 1 + (2 * excess) / (n * (n - 1) * (n - 2)));
}

/** Normal quantile of 0.975: autocorrelations inside ± this / √n are taken for chance. */
const NORMAL_95 = 1.959963984540054;

/** 1 for the smallest; equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks: number[] = Array.from(values);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

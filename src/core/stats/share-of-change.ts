import { mean, sampleCovariance, sampleVariance } from "simple-statistics";
import { studentCdf, studentQuantile } from "./distributions.ts";

/** The change of a total and that of one of its parts, as means over units, with their squared standard errors and covariance. */
export type JointChange = {
  readonly part: number;
  readonly total: number;
  readonly partVariance: number;
  readonly totalVariance: number;
  readonly covariance: number;
  readonly df: number;
};

/** One unit: how much of its total belongs to the part. */
export type PartOfTotal = { readonly part: number; readonly total: number };

/**
 * Both changes over units of which each was measured on both sides.
 *
 * @param units head − base, one entry a unit.
 * @returns undefined for fewer than three units: two say too little about how they vary together.
 */
export function jointOfPairs(units: readonly PartOfTotal[]): JointChange | undefined {
  const n = units.length;
  if (n < 3) return undefined;
  const [parts, totals] = columns(units);
  return {
    part: mean(parts),
    total: mean(totals),
    partVariance: sampleVariance(parts) / n,
    totalVariance: sampleVariance(totals) / n,
    covariance: sampleCovariance(parts, totals) / n,
    df: n - 1,
  };
}

/**
 * Both changes between runs of one side and runs of the other. How much runs vary is taken from the bases alone.
 *
 * @returns undefined for fewer than three bases, or no head.
 */
export function jointOfRuns(bases: readonly PartOfTotal[], heads: readonly PartOfTotal[]): JointChange | undefined {
  if (bases.length < 3 || heads.length === 0) return undefined;
  const [baseParts, baseTotals] = columns(bases);
  const [headParts, headTotals] = columns(heads);
  const factor = 1 / bases.length + 1 / heads.length;
  return {
    part: mean(headParts) - mean(baseParts),
    total: mean(headTotals) - mean(baseTotals),
    partVariance: sampleVariance(baseParts) * factor,
    totalVariance: sampleVariance(baseTotals) * factor,
    covariance: sampleCovariance(baseParts, baseTotals) * factor,
    df: bases.length - 1,
  };
}

const columns = (units: readonly PartOfTotal[]): readonly [number[], number[]] => [
  units.map(({ part }) => part),
  units.map(({ total }) => total),
];

/** One-sided p of "the part did not grow"; 1 where it did not. A part that varies not at all and grew is 0. */
export function pOfGrowth({ part, partVariance, df }: Pick<JointChange, "part" | "partVariance" | "df">): number {
  if (part <= 0) return 1;
  return partVariance === 0 ? 0 : 1 - studentCdf(part / Math.sqrt(partVariance), df);
}

/**
 * Which share of the total's change the part's change is, with Fieller's interval: that of a ratio whose denominator is
 * measured as well. Below 0 and above 1 are possible: another part shrank, or this one did.
 *
 * @param confidence two-sided, in (0, 1).
 * @returns undefined where the total may not have changed at all at this confidence: of nothing there is no share.
 *
 * Source: Fieller (1954), Some Problems in Interval Estimation, J. R. Stat. Soc. B 16(2).
 */
export function shareOfChange(
  { part, total, partVariance, totalVariance, covariance, df }: JointChange,
  confidence: number,
): { readonly value: number; readonly low: number; readonly high: number } | undefined {
  const t = studentQuantile((1 + confidence) / 2, df);
  // The share r lies inside where (part − r·total)² ≤ t²·Var(part − r·total): a quadratic in r.
  const a = total ** 2 - t ** 2 * totalVariance;
  const b = part * total - t ** 2 * covariance;
  const c = part ** 2 - t ** 2 * partVariance;
  if (!(a > 0)) return undefined;
  const root = Math.sqrt(Math.max(0, b ** 2 - a * c));
  return { value: part / total, low: (b - root) / a, high: (b + root) / a };
}

import { Distribution } from "../../../src/core/record/distribution.ts";
import { type Bins, mergeBins } from "../../../src/core/stats/bins.ts";
import { studentQuantile } from "../../../src/core/stats/distributions.ts";
import { type BinsPair, pairedQuantiles } from "../../../src/core/stats/paired-quantiles.ts";

/** Blocks of both arms in order of their pairs. */
export type PairedBlocks = readonly { readonly base: Float64Array; readonly head: Float64Array }[];

/** From so many pairs on, two adjacent ones are one unit, as in the product. */
const MANY_PAIRS = 24;

export function unitsOf(pairs: PairedBlocks): readonly BinsPair[] {
  const each = pairs.map(({ base, head }) => ({ base: binsOf(base), head: binsOf(head) }));
  if (each.length < MANY_PAIRS) return each;
  return Array.from({ length: Math.floor(each.length / 2) }, (_, i) => {
    const quad = each.slice(2 * i, 2 * i + 2);
    return { base: mergeBins(quad.map(({ base }) => base)), head: mergeBins(quad.map(({ head }) => head)) };
  });
}

function binsOf(latencies: Float64Array): Bins {
  const distribution = new Distribution();
  for (const value of latencies) distribution.recordNs(value * 1e9);
  return distribution.bins();
}

/** Log ratio of a percentile, and whether its 90 % interval holds no change; without any effect of a deployment. */
export function logRatio(
  units: readonly BinsPair[],
  p: number,
): { readonly estimate: number; readonly holdsZero: boolean; readonly width: number } {
  const { estimate, spread } = pairedQuantiles(units, p)!;
  const t = studentQuantile(0.95, spread!.df);
  const [below, above] = [spread!.below(t), spread!.above(t)];
  return { estimate, holdsZero: estimate - below <= 0 && estimate + above >= 0, width: below + (Number.isFinite(above) ? above : below) };
}

import { studentCdf } from "../stats/distributions.ts";
import type { Share } from "../stats/ratio-of-sums.ts";
import type { Spread } from "../stats/shift.ts";

/**
 * Spread of a difference of failure shares. The error seen between units is too small where failures are rare (all
 * units agree on zero), so it is at least the binomial one with one failure and one success added to each arm; and
 * where both arms are without failures (or have nothing else), each bound is the rule of three: no failure in n says less
 * than −ln(α)/n.
 *
 * @param error standard error over units or runs, ≥ 0.
 *
 * Sources: Agresti & Caffo (2000), Am. Stat. 54(4); Hanley & Lippman-Hand (1983), JAMA 249(13).
 */
export function rareFailures(base: Share, head: Share, error: number, df: number): Spread {
  const ruleOfThree = (t: number, { whole }: Share): number => -Math.log(1 - studentCdf(t, df)) / whole;
  if (base.part === 0 && head.part === 0) {
    return { df, below: (t) => (t > 0 ? ruleOfThree(t, base) : 0), above: (t) => (t > 0 ? ruleOfThree(t, head) : 0) };
  }
  // All of both: the same, seen from the other end.
  if (base.part === base.whole && head.part === head.whole) {
    return { df, below: (t) => (t > 0 ? ruleOfThree(t, head) : 0), above: (t) => (t > 0 ? ruleOfThree(t, base) : 0) };
  }
  const least = Math.sqrt(binomialVariance(base) + binomialVariance(head));
  const t1 = Math.max(error, least);
  return { df, below: (t) => t * t1, above: (t) => t * t1 };
}

/** Squared standard error of a share, never 0. */
export function binomialVariance({ part, whole }: Share): number {
  const share = (part + 1) / (whole + 2);
  return (share * (1 - share)) / (whole + 2);
}

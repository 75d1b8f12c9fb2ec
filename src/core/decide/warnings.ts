import type { Comparison } from "../compare/comparison.ts";
import { METRICS } from "../metric.ts";
import { discoveries } from "../stats/false-discovery.ts";

/** Share of the warnings that may be false. */
const FALSE_SHARE = 0.1;
/** A relative change below this is not worth a reader's attention, however sure it is. */
const NOTABLE = 0.05;

/** The ungated comparisons that got notably worse beyond chance, with a bounded share of false ones among them (Benjamini–Hochberg). */
export function flagWorse(comparisons: readonly Comparison[]): ReadonlySet<Comparison> {
  const ungated = comparisons.flatMap((comparison) =>
    comparison.gate === undefined && comparison.pWorse !== undefined && !isOfOtherRequests(comparison)
      ? [{ comparison, p: comparison.pWorse }]
      : [],
  );
  const found = discoveries(
    ungated.map(({ p }) => p),
    FALSE_SHARE,
  );
  return new Set(ungated.filter(({ comparison }, i) => found[i] === true && isNotable(comparison)).map(({ comparison }) => comparison));
}

/** A phase that is told of other requests than before may differ for that alone. */
const isOfOtherRequests = ({ obstacles }: Comparison): boolean => obstacles.some(({ code }) => code === "phase-share-differs");

function isNotable({ metric, delta, worse }: Comparison): boolean {
  const [low, high] = delta?.scale === "difference" ? [delta.absoluteLow, delta.absoluteHigh] : [delta?.low, delta?.high];
  const isBeyondInterval = METRICS[metric].better === "lower" ? (low ?? 0) > 0 : (high ?? 0) < 0;
  return isBeyondInterval && (delta?.scale === "difference" || (worse ?? 0) >= NOTABLE);
}

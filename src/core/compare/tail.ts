import { METRICS, type MetricName } from "../metric.ts";
import { type Bins, binsAbove, mergeBins } from "../stats/bins.ts";
import { clusteredMannWhitney, type DistributionShift, runsMannWhitney } from "../stats/mann-whitney.ts";
import { logQuantile } from "../stats/quantile.ts";
import { liveUnits } from "./live.ts";
import type { Blocks, ScenarioData } from "./scenario-data.ts";

/** Percentiles up to here move with the body of the distribution, which Mann–Whitney over all requests sees. */
export const BODY = 0.9;

/**
 * Mann–Whitney among the slowest requests only: those beyond a cut that leaves twice as many as the percentile does (the
 * slowest 2 % for p99), taken from both arms together. It sees that the slow ones got slower, where the test over all
 * requests is blind, and neither how many slow ones there are nor a shift that moves the cut along. With few of them its
 * level lies at two to three times the nominal one, so it is read and decides nothing.
 *
 * @returns undefined for percentiles of the body, without a baseline, for fewer than two pairs or three stored runs, and
 *   where an arm has no request beyond the cut.
 */
export function tailMannWhitney(metric: MetricName, data: ScenarioData): DistributionShift | undefined {
  const { measure } = METRICS[metric];
  const { against, heads } = data;
  if (measure.kind !== "quantile" || measure.p <= BODY || against.kind === "nothing") return undefined;
  const read = (block: Blocks[number]) => data.read(block, measure.of);
  const bases = against.kind === "pairs" ? [against.pairs.map(({ base }) => base)] : against.bases;
  const cut = logQuantile(mergeBins([...bases, ...heads].map((blocks) => mergeBins(blocks.map(read)))), 1 - 2 * (1 - measure.p));
  if (cut === undefined) return undefined;
  const slowest = (blocks: Blocks): Bins => mergeBins(blocks.map((block) => binsAbove(read(block), Math.exp(cut))));
  if (against.kind === "runs") return runsMannWhitney(bases.map(slowest), heads.map(slowest));
  return clusteredMannWhitney(
    liveUnits(against.pairs.filter(({ base, head }) => read(base).total > 0 && read(head).total > 0)).map((unit) => ({
      base: slowest(unit.map(({ base }) => base)),
      head: slowest(unit.map(({ head }) => head)),
    })),
  );
}

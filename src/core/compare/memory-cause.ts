import { median } from "simple-statistics";
import type { MetricName } from "../metric.ts";
import type { Bins } from "../stats/bins.ts";
import { quantileOf } from "../stats/quantile.ts";
import { trendOf } from "../stats/trend.ts";
import type { Comparison } from "./comparison.ts";
import type { Blocks, ScenarioData } from "./scenario-data.ts";

/** Memory that grew in the head and not in the base, and latency that grew with it. */
export type MemoryGrowth = {
  readonly metric: MetricName;
  readonly grownB: number;
  readonly overS: number;
  /** Of memory and latency over the head's blocks, Kendall's τ in (0, 1]. */
  readonly tau: number;
  readonly blocks: number;
};

const MEMORY = ["memory.resident", "gpu.memory.used", "host.memory.used"] as const satisfies readonly MetricName[];
const MATERIAL = { share: 0.05, bytes: 16 * 2 ** 20 };
const LEAST_BLOCKS = 8;
/** Two-sided, of the trend of memory over time, and of latency over memory. */
const CHANCE = 0.005;

/**
 * The one cause that shows over the blocks of a run and not between its arms: what an endpoint holds grows with every
 * request, and with it the time that one takes: the median of a block, which a burst of slow ones leaves alone. What base and head share, such as a machine that gets slower, is taken out:
 * of pairs the difference of their latencies counts.
 */
export function memoryCause(data: ScenarioData, comparisons: readonly Comparison[]): MemoryGrowth | undefined {
  const { against, heads, read } = data;
  const blocks = heads.length === 1 ? heads[0]! : [];
  const [metric] = MEMORY.filter((each) => comparisons.some((comparison) => comparison.metric === each && comparison.head !== undefined));
  if (metric === undefined || against.kind === "nothing") return undefined;
  const own = growthOf(metric, blocks);
  const bases = against.kind === "pairs" ? [against.pairs.map(({ base }) => base)] : against.bases;
  const others = bases.map((base) => growthOf(metric, base)?.grownB ?? 0);
  const isMaterial = own !== undefined && own.grownB >= MATERIAL.bytes && own.grownB >= MATERIAL.share * own.median;
  if (!isMaterial || own.p > CHANCE || others.some((grownB) => grownB > own.grownB / 4)) return undefined;

  const partner = new Map(against.kind === "pairs" ? against.pairs.map(({ base, head }) => [head, base] as const) : []);
  const points = blocks.flatMap((block) => {
    const gauge = block.gauges[metric];
    const latency = medianOf(read(block, "latency"));
    const base = partner.get(block);
    const beside = base === undefined ? 0 : medianOf(read(base, "latency"));
    return gauge === undefined || latency === undefined || beside === undefined ? [] : [{ memory: gauge.mean, slower: latency - beside }];
  });
  const ordered = points.toSorted((a, b) => a.memory - b.memory);
  const trend = trendOf(
    ordered.map((_, i) => i),
    ordered.map(({ slower }) => slower),
  );
  const n = ordered.length;
  if (trend === undefined || n < LEAST_BLOCKS || trend.s <= 0 || trend.p > CHANCE) return undefined;
  return { metric, grownB: own.grownB, overS: own.overS, tau: trend.s / ((n * (n - 1)) / 2), blocks: n };
}

const medianOf = (bins: Bins): number | undefined => quantileOf(bins, 0.5);

function growthOf(metric: MetricName, blocks: Blocks) {
  const points = blocks.flatMap(({ startS, durationS, gauges }) => {
    const gauge = gauges[metric];
    return gauge === undefined ? [] : [{ atS: startS + durationS / 2, value: gauge.mean }];
  });
  if (points.length < LEAST_BLOCKS) return undefined;
  const values = points.map(({ value }) => value);
  const { slope, s, p } = trendOf(
    points.map(({ atS }) => atS),
    values,
  )!;
  const overS = points.at(-1)!.atS - points[0]!.atS;
  return { grownB: slope * overS, overS, median: median(values), p: s > 0 ? p : 1 };
}

import { median } from "simple-statistics";
import { formatQuantity } from "../decide/quantity.ts";
import type { MetricName } from "../metric.ts";
import type { Arm } from "../plan/plan.ts";
import { trendOf } from "../stats/trend.ts";
import { agreement } from "./drift.ts";
import type { Problem, ScenarioRecord } from "./run-record.ts";

/** Memory as telemetry sees it. Gauges of what a server holds at a moment; a peak only ever rises. */
const MEMORY = ["gpu.memory.used", "memory.resident"] as const satisfies readonly MetricName[];

/** Less than this is what allocators round to. */
const MATERIAL = { share: 0.01, bytes: 16 * 2 ** 20 };
/** As for a drift (decision 0005): one chance in 4000 for the whole time, and the second half alone must go on. */
const CHANCE = { whole: 0.00025, secondHalf: 0.05 };
/** Blocks with a sample, fewer tell nothing about a second half. */
const LEAST = 12;

/**
 * Whether memory grew under load for as long as it was watched: what fills up once and stays is a cache or a pool, what
 * goes on is a leak. Mann–Kendall, corrected for dependence between blocks, and Theil–Sen ({@link trendOf}), on all blocks
 * and on the second half of them.
 *
 * @returns one warning `memory-grows` per arm and kind of memory at most, with the rate.
 */
export function memoryGrowthProblems({ name, arms }: ScenarioRecord): readonly Problem[] {
  return MEMORY.flatMap((metric) => {
    const growth = { base: growthOf(metric, arms.base?.blocks ?? []), head: growthOf(metric, arms.head?.blocks ?? []) };
    return (["base", "head"] as const).flatMap((arm): readonly Problem[] => {
      const own = growth[arm];
      if (own === undefined) return [];
      const other: Arm = arm === "head" ? "base" : "head";
      const beside =
        arms[other] === undefined ? "" : growth[other] === undefined ? `; that of the ${other} did not` : `; so did that of the ${other}`;
      const message = `${metric} of the ${arm} endpoint grew by ${bytes(own.grownB)} within ${formatQuantity(Math.round(own.overS), "s")} (${bytes(own.perS * 60)} a minute) and did not level off, which is consistent with a leak${beside}`;
      return [{ severity: "warning", code: "memory-grows", message, scenario: name, arm }];
    });
  });
}

type Growth = { readonly grownB: number; readonly perS: number; readonly overS: number };

function growthOf(
  metric: MetricName,
  blocks: readonly { readonly startS: number; readonly durationS: number; readonly gauges: ScenarioGauges }[],
): Growth | undefined {
  const points = blocks.flatMap(({ startS, durationS, gauges }) => {
    const gauge = gauges[metric];
    return gauge === undefined ? [] : [{ atS: startS + durationS / 2, value: gauge.mean }];
  });
  if (points.length < LEAST) return undefined;
  const trend = (of: typeof points) =>
    trendOf(
      of.map(({ atS }) => atS),
      of.map(({ value }) => value),
    )!;
  const [whole, later] = [trend(points), trend(points.slice(Math.floor(points.length / 2)))];
  const overS = points.at(-1)!.atS - points[0]!.atS;
  const grownB = whole.slope * overS;
  const isMaterial = grownB >= MATERIAL.bytes && grownB >= MATERIAL.share * median(points.map(({ value }) => value));
  const goesOn = later.s > 0 && later.p < CHANCE.secondHalf && later.slope >= whole.slope / 4;
  const isInOrder = whole.s >= (agreement(points.length) * points.length * (points.length - 1)) / 2;
  return isMaterial && isInOrder && whole.p < CHANCE.whole && goesOn ? { grownB, perS: whole.slope, overS } : undefined;
}

type ScenarioGauges = Readonly<Partial<Record<MetricName, { readonly mean: number }>>>;

const bytes = (value: number): string => formatQuantity(value, "B");

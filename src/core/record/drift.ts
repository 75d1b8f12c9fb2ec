import { median } from "simple-statistics";
import { formatPercent, formatQuantity } from "../decide/quantity.ts";
import type { Arm } from "../plan/plan.ts";
import type { Bins } from "../stats/bins.ts";
import { quantileOf } from "../stats/quantile.ts";
import { trendOf } from "../stats/trend.ts";
import { blockBins } from "./block-bins.ts";
import type { Problem, ScenarioRecord } from "./run-record.ts";

/** A drift over the measured time is material from here on: both parts of it. */
const MATERIAL = { share: 0.1, seconds: 0.001 };
/**
 * Chance of so clear an order of blocks by accident, and share of the pairs of blocks that must go the same way, less
 * those that go the other: about three standard deviations of that share where neighbours are correlated by 0.5. Fewer
 * than 1 % of the stationary runs with such blocks meet both (decision 0005). The first cannot be met with fewer than
 * ten blocks.
 */
const CHANCE = 0.00025;
export const agreement = (blocks: number): number => Math.min(0.75, 3.5 / Math.sqrt(blocks));

/**
 * Whether an endpoint became slower or faster while it was measured under a flat load: then its numbers are an average
 * over states, and a longer run would give others. Looks at the blocks of each arm, at their medians and their 95th
 * percentiles, by Mann–Kendall and Theil–Sen.
 *
 * @returns one warning `drift` per arm at most, of the stronger of its two series; none for a load that changes by itself.
 */
export function driftProblems({ name, load, arms }: ScenarioRecord): readonly Problem[] {
  if (load.shape !== undefined) return [];
  return (["base", "head"] as const).flatMap((arm) => {
    const blocks = arms[arm]?.blocks ?? [];
    const measured = blocks.flatMap((block) => {
      const { startS, durationS, histograms } = block;
      return histograms.latency === undefined ? [] : [{ atS: startS + durationS / 2, latency: blockBins(block, "latency") }];
    });
    const drifts = SERIES.flatMap(({ metric, p }) => driftOf(measured, p, metric) ?? []);
    const [strongest] = drifts.toSorted((a, b) => Math.abs(b.share) - Math.abs(a.share));
    return strongest === undefined ? [] : [{ severity: "warning", code: "drift", message: messageOf(arm, strongest), scenario: name, arm }];
  });
}

const SERIES = [
  { metric: "latency.p50", p: 0.5 },
  { metric: "latency.p95", p: 0.95 },
] as const;

type Drift = {
  readonly metric: string;
  readonly fromS: number;
  readonly toS: number;
  /** Change from the first to the last block, of the median block. */
  readonly share: number;
  readonly overS: number;
};

function driftOf(blocks: readonly { readonly atS: number; readonly latency: Bins }[], p: number, metric: string): Drift | undefined {
  const points = blocks.flatMap(({ atS, latency }) => {
    const valueS = quantileOf(latency, p);
    return valueS === undefined ? [] : [{ atS, valueS }];
  });
  const [at, values] = [points.map(({ atS }) => atS), points.map(({ valueS }) => valueS)];
  const change = driftingChange(at, values);
  if (change === undefined) return undefined;
  const middle = median(values);
  const fromS = Math.max(0, middle - change / 2);
  return { metric, fromS, toS: middle + change / 2, share: change / middle, overS: at.at(-1)! - at[0]! };
}

/**
 * The change of a series of times from its first to its last value, where it is a drift: material, and in an order that
 * is no accident.
 */
export function driftingChange(at: readonly number[], values: readonly number[]): number | undefined {
  const trend = trendOf(at, values);
  if (trend === undefined) return undefined;
  const pairs = (values.length * (values.length - 1)) / 2;
  const change = trend.slope * (at.at(-1)! - at[0]!);
  const isMaterial = Math.abs(change) >= MATERIAL.share * median(values) && Math.abs(change) > MATERIAL.seconds;
  return isMaterial && trend.p < CHANCE && Math.abs(trend.s) >= agreement(values.length) * pairs ? change : undefined;
}

function messageOf(arm: Arm, { metric, fromS, toS, share, overS }: Drift): string {
  const size = `${formatPercent(Math.abs(share))} ${share > 0 ? "slower" : "faster"}`;
  const ends = `${formatQuantity(fromS, "s")} → ${formatQuantity(toS, "s")}`;
  const advice =
    share > 0
      ? "look for what fills up or heats up (a queue, a cache, memory, a clock)"
      : "it was still warming up: give it a longer warm-up";
  return `the ${arm} endpoint became ${size} while it was measured: ${metric} went ${ends} within ${formatQuantity(Math.round(overS), "s")}, so its numbers are an average over different states; ${advice}`;
}

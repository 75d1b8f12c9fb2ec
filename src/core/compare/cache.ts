import { METRICS, type MetricName } from "../metric.ts";
import type { Obstacle } from "./comparison.ts";
import type { Blocks, ScenarioData } from "./scenario-data.ts";

/**
 * Whether the arms' prefix caches knew about as much of the prompts. A prompt that is found in a cache need not be
 * computed: a warm arm looks many times as fast as a cold one, and neither number tells anything about the change.
 *
 * @param tolerance largest difference between the hit ratios, in (0, 1].
 * @returns undefined where one of the arms does not tell.
 */
export function cacheObstacle({ heads, against }: ScenarioData, tolerance: number): Obstacle | undefined {
  const bases = against.kind === "pairs" ? against.pairs.map(({ base }) => base) : against.kind === "runs" ? against.bases.flat() : [];
  const [base, head] = [hitRatio(bases), hitRatio(heads.flat())];
  if (base === undefined || head === undefined || Math.abs(head - base) <= tolerance) return undefined;
  return { code: "cache-differs", detail: { base, head, tolerance } };
}

/** Metrics that follow from how much of a prompt has to be computed. In an open loop the throughput follows from the schedule. */
export function dependsOnCache(metric: MetricName, { load }: Pick<ScenarioData, "load">): boolean {
  const { measure } = METRICS[metric];
  if (measure.kind === "quantile" || measure.kind === "cost" || metric === "gpu.energy_per_request") return true;
  return measure.kind === "rate" && load.kind === "closed";
}

/** Over all blocks, each with the weight of its prompts: their tokens where these are known, else its answers. */
function hitRatio(blocks: Blocks): number | undefined {
  let [sum, weights] = [0, 0];
  for (const { gauges, prompt, ok } of blocks) {
    const ratio = gauges["cache.hit_ratio"]?.mean;
    if (ratio === undefined) continue;
    const weight = prompt?.tokens ?? ok;
    sum += ratio * weight;
    weights += weight;
  }
  return weights > 0 ? sum / weights : undefined;
}

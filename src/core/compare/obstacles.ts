import { METRICS, type MetricName } from "../metric.ts";
import { cacheObstacle, dependsOnCache } from "./cache.ts";
import type { Comparison, Obstacle } from "./comparison.ts";
import { phaseObstacle } from "./phase-share.ts";
import type { Pool } from "./pool.ts";
import { poolObstacles } from "./pool-finding.ts";
import { type Blocks, basesOf, type ReadBins, type ScenarioData } from "./scenario-data.ts";
import { LEAST_EXCEEDANCES, type Shift } from "./shift.ts";
import { BODY } from "./tail.ts";
import { dependsOnTokens, tokenObstacle } from "./tokens.ts";

/** What stands between the numbers of a comparison and a conclusion, in the order of {@link OBSTACLES}. */
export function obstaclesOf(
  metric: MetricName,
  data: ScenarioData,
  {
    shift,
    conclusion,
    mannWhitney,
    deadlineS,
    worseOf,
    pool,
    cacheTolerance,
  }: {
    readonly shift: Shift;
    readonly conclusion: Pick<Comparison, "worse" | "worseLow" | "worseHigh" | "margin">;
    readonly mannWhitney: Comparison["mannWhitney"];
    readonly deadlineS: number;
    /** How much worse one head run is by itself. */
    readonly worseOf: (head: Blocks) => number | undefined;
    readonly pool: Pool | undefined;
    readonly cacheTolerance: number;
  },
): readonly Obstacle[] {
  const found: Obstacle[] = [...shift.obstacles];
  const { measure } = METRICS[metric];
  if (measure.kind === "quantile") {
    const rest = Math.min(measure.p, 1 - measure.p);
    const baseRuns = data.against.kind === "runs" ? Math.max(1, data.against.bases.length) : 1;
    const exceedances = Math.min(shift.head.n / (data.against.kind === "runs" ? data.heads.length : 1), shift.base.n / baseRuns) * rest;
    if (exceedances < LEAST_EXCEEDANCES) found.push({ code: "not-assessable", detail: { exceedances, needed: LEAST_EXCEEDANCES } });
    else if (shift.spread !== undefined && conclusion.worseHigh === undefined)
      found.push({ code: "not-assessable", detail: { exceedances } });
    const head = isCensored(metric, data.heads.flat(), data.read);
    const base = isCensored(metric, basesOf(data), data.read);
    if (head) found.push({ code: "censored", detail: { deadlineS, head: 1, base: Number(base) } });
  }
  const phases = phaseObstacle(metric, data);
  if (phases !== undefined) found.push(phases);
  const tokens = tokenObstacle(data);
  if (tokens !== undefined && dependsOnTokens(metric, tokens)) found.push(tokens);
  const cache = dependsOnCache(metric, data) ? cacheObstacle(data, cacheTolerance) : undefined;
  if (cache !== undefined) found.push(cache);

  const { worse, worseLow, margin } = conclusion;
  const isWorse = worse !== undefined && margin !== undefined && worse >= margin && worseLow !== undefined && worseLow > 0;
  if (isWorse && measure.kind === "quantile" && measure.p <= BODY && mannWhitney !== undefined && !(mannWhitney.p < 0.05)) {
    found.push({ code: "shape-disagrees", detail: { p: mannWhitney.p } });
  }
  if (isWorse && data.against.kind === "runs" && data.heads.length > 1) {
    const beyond = data.heads.filter((head) => (worseOf(head) ?? 0) >= margin).length;
    if (beyond < 2) found.push({ code: "runs-disagree", detail: { runs: data.heads.length, beyond } });
  }
  return pool === undefined ? found : [...found, ...poolObstacles(metric, pool, { shift, conclusion, heads: data.heads.length })];
}

/**
 * Whether a percentile of these blocks lies among requests that ran into the deadline: its value is then only known to
 * be at least the deadline. Times that end with a deadline are those of whole requests, latency and service.
 */
export function isCensored(metric: MetricName, blocks: Blocks, read: ReadBins): boolean {
  const { measure } = METRICS[metric];
  if (measure.kind !== "quantile" || (measure.of !== "latency" && measure.of !== "service")) return false;
  const timeouts = blocks.reduce((sum, { failures }) => sum + (failures.timeout ?? 0), 0);
  if (timeouts === 0) return false;
  const total = blocks.reduce((sum, block) => sum + read(block, measure.of).total, 0);
  return timeouts >= (1 - measure.p) * total;
}

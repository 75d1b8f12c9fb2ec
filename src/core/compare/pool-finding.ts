import { mean } from "simple-statistics";
import { METRICS, type MetricName, worseSign } from "../metric.ts";
import { compareWithRuns } from "../stats/between-runs.ts";
import { studentQuantile } from "../stats/distributions.ts";
import type { Candidate } from "./baseline.ts";
import type { Obstacle, PoolFinding, StoredRunName } from "./comparison.ts";
import type { Conclusion } from "./conclude.ts";
import { creepOf } from "./creep.ts";
import { type DeltaScale, openDeltaScale } from "./delta-scale.ts";
import { type Level, newestLevel, type Pool, type PooledRun } from "./pool.ts";
import { assumeKnown } from "./run-value.ts";
import { CONFIDENCE, type Shift } from "./shift.ts";

/**
 * What a reader has to know about the stored runs of a metric, on the scale people speak in; undefined where they all lie
 * around one level.
 *
 * @param margin of the gate, on the delta's scale; without one nothing is a creep.
 * @param tests gates that share the chance of a false warning.
 */
export function poolFinding(
  metric: MetricName,
  pool: Pool,
  { margin, tests }: { readonly margin: number | undefined; readonly tests: number },
): PoolFinding | undefined {
  const outlying = pool.levels.flatMap((level) => {
    const { display } = scaleAt(metric, pool, level);
    return level.runs.flatMap(({ candidate, isOutlying, off }) => (isOutlying ? [{ run: nameOf(candidate), by: display(off) }] : []));
  });
  const moved = pool.levels.length > 1 ? newestMove(metric, pool) : undefined;
  const creep = margin === undefined || !(margin > 0) ? undefined : creepFinding(metric, pool, margin, tests);
  if (outlying.length === 0 && moved === undefined && creep === undefined) return undefined;
  const scale = scaleAt(metric, pool, pool.levels[0]!).isDifference ? "difference" : "relative";
  return { scale, outlying, ...(moved === undefined ? {} : { moved }), ...(creep === undefined ? {} : { creep }) };
}

/**
 * Where a stored run by itself stands against a conclusion. A head that is no worse than an outlying stored run by the
 * margin may be another such run, unless a second head run says the same. If that run is the newest, nobody can tell yet
 * whether it is outlying or the branch has moved; and if it is the newest and better, a head like the others may have
 * given back what the branch has just won.
 */
export function poolObstacles(metric: MetricName, pool: Pool, { shift, conclusion, heads }: PoolObstaclesInput): readonly Obstacle[] {
  const { worse, worseLow, margin } = conclusion;
  if (worse === undefined || margin === undefined) return [];
  const { sign, working, display, isDifference } = openDeltaScale(metric, pool.scale, shift.base.value, shift.estimate);
  const isWorse = worse >= margin && worseLow !== undefined && worseLow > 0;
  const beyond = ({ off }: PooledRun): number => sign * (shift.estimate - off);
  const detailOf = ({ off, candidate: { origin } }: PooledRun) => ({
    by: display(off),
    ...(isDifference ? { unit: METRICS[metric].unit } : {}),
    run: origin,
  });
  const newest = newestLevel(pool).at(-1)!;
  if (newest.isOutlying) {
    const isLikeIt = isWorse && sign * newest.off > 0 && beyond(newest) < working(margin);
    const givesBack = !isWorse && sign * newest.off < 0 && beyond(newest) >= working(margin);
    if (isLikeIt || givesBack) return [{ code: "level-unsettled", detail: detailOf(newest) }];
  }
  if (!isWorse || heads > 1) return [];
  const alike = pool.levels.flatMap(({ runs }) =>
    runs.filter((run) => run.isOutlying && sign * run.off > 0 && beyond(run) < working(margin)),
  );
  const furthest = alike.toSorted((a, b) => sign * (b.off - a.off))[0];
  return furthest === undefined ? [] : [{ code: "like-an-outlier", detail: detailOf(furthest) }];
}

export type PoolObstaclesInput = {
  readonly shift: Shift;
  readonly conclusion: Pick<Conclusion, "worse" | "worseLow" | "margin">;
  /** Number of head runs. */
  readonly heads: number;
};

function newestMove(metric: MetricName, pool: Pool): PoolFinding["moved"] {
  const { levels, prior } = pool;
  const [before, newest] = levels.slice(-2) as [Level, Level];
  const others = levels.slice(0, -2).map(({ runs }) => runs.map(assumeKnown));
  const { estimate, standardError, df } = compareWithRuns(before.runs.map(assumeKnown), newest.runs.map(assumeKnown), prior, others);
  const distance = studentQuantile((1 + CONFIDENCE) / 2, df) * standardError;
  const { display } = scaleAt(metric, pool, before);
  return {
    by: display(estimate),
    low: display(estimate - distance),
    high: display(estimate + distance),
    isWorse: worseSign(metric, estimate) * estimate > 0,
    at: nameOf(newest.runs[0]!.candidate),
    runs: newest.runs.length,
    accepted: newest.accepted,
  };
}

function creepFinding(metric: MetricName, pool: Pool, margin: number, tests: number): PoolFinding["creep"] {
  const { sign, working, display } = scaleAt(metric, pool, pool.levels[0]!);
  const creep = creepOf(pool, { sign, margin: working(margin), tests });
  if (creep === undefined) return undefined;
  const [low, high] = [sign * creep.low, sign * creep.high].sort((a, b) => a - b) as [number, number];
  return {
    by: display(sign * creep.worse),
    low: display(low),
    high: display(high),
    runs: creep.runs.length,
    from: nameOf(creep.runs[0]!.candidate),
    to: nameOf(creep.runs.at(-1)!.candidate),
  };
}

/** How changes from a level are said: the same for all levels of a pool. */
function scaleAt(metric: MetricName, { levels, scale }: Pool, level: Level): DeltaScale {
  const valueOf = ({ runs }: Level): number => {
    const value = mean(runs.map((run) => run.value));
    return scale === "log" ? Math.exp(value) : value;
  };
  return openDeltaScale(metric, scale, levels.some((each) => valueOf(each) === 0) ? 0 : valueOf(level));
}

const nameOf = ({ origin, record: { provenance } }: Candidate): StoredRunName => ({
  origin,
  commit: provenance.commit,
  runId: provenance.runId,
});

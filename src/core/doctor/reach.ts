import { concludeShift, FOUR_IN_FIVE } from "../compare/conclude.ts";
import { binomialVariance } from "../compare/failures.ts";
import { openLevels, type TestLevels } from "../compare/levels.ts";
import type { Shift } from "../compare/shift.ts";
import { METRICS, type MetricName } from "../metric.ts";
import type { LooksRecord } from "../record/run-record.ts";
import { crossing, studentQuantile } from "../stats/distributions.ts";
import { mirror, type Spread } from "../stats/shift.ts";
import type { DecisionPolicy, Gate } from "../suite/suite.ts";

/** What a set-up of some noise can tell apart, on the delta's scale. Undefined where the data sets no bound. */
export type Reach = {
  /** The tightest gate that works: an unchanged head passes it in four runs of five, and chance alone never decides a fail. */
  readonly holds: number | undefined;
  /** The smallest worsening that is blocked in four runs of five, whatever the gate is. */
  readonly catches: number | undefined;
};

/** @param shift of one build with itself; only its spread is used, not the change that chance made of it. */
export function reachOf(metric: MetricName, shift: Shift, levels: TestLevels): Reach {
  const { spread } = shift;
  if (spread === undefined) return { holds: undefined, catches: undefined };
  const sign = METRICS[metric].better === "lower" ? 1 : -1;
  const worse: Spread = sign === 1 ? spread : mirror(spread);
  const at = (level: number): number => studentQuantile(1 - level, spread.df);
  const [tFail, tPass] = [at(levels.fail), at(levels.pass)];
  const isShare = METRICS[metric].measure.kind === "ratio";
  // The worse a share gets, the more it varies: what blocks it is decided by how it varies then.
  const toFail = isShare ? shareFrom(metric, shift, tFail) : worse.below(tFail);
  const caught = isShare ? shareFrom(metric, shift, tFail + FOUR_IN_FIVE) : toFail * (1 + FOUR_IN_FIVE / tFail);
  const toPass = worse.above(tPass) * (1 + FOUR_IN_FIVE / tPass);
  return {
    holds: worseningOf(metric, shift, Math.max(toFail, toPass)),
    catches: worseningOf(metric, shift, caught),
  };
}

/** The smallest worsening of a share that lies t standard errors above none, with the binomial errors of the arms as they would then be. */
function shareFrom(metric: MetricName, { base, head, spread }: Shift, t: number): number {
  const middle = Math.max(0, (base.value + head.value) / 2);
  // Of a share of what is good, the rest is what grows.
  const share = METRICS[metric].better === "lower" ? middle : Math.max(0, 1 - middle);
  const varianceOf = (value: number, n: number): number => binomialVariance({ part: value * n, whole: n });
  // Without any failure the spread is a rule of three and no standard error.
  const seen = share === 0 ? 0 : (spread?.below(1) ?? 0) ** 2;
  const beyond = (rise: number): number =>
    rise - t * Math.sqrt(Math.max(seen, varianceOf(share, base.n) + varianceOf(Math.min(1, share + rise), head.n)));
  return beyond(1) > 0 ? crossing(beyond, 0, 1) : Number.POSITIVE_INFINITY;
}

/** A distance on the working scale as a worsening on the delta's scale; undefined where it is not finite. */
function worseningOf(metric: MetricName, shift: Shift, distance: number): number | undefined {
  const sign = METRICS[metric].better === "lower" ? 1 : -1;
  const { worse } = concludeShift(metric, { ...shift, estimate: sign * distance, spread: undefined }, NO_GATE, NO_LEVELS);
  return worse !== undefined && Number.isFinite(worse) ? worse : undefined;
}

/**
 * The levels at which a set-up is judged after so many passes over its load: with a budget that allows them they are looks
 * of one adaptive run, else a run of a fixed length.
 *
 * @param most passes that the budget allows, ≥ 1.
 */
export function levelsAfter(passes: number, most: number, policy: DecisionPolicy, tests: number): TestLevels {
  const doubling = Array.from({ length: 8 }, (_, i) => 2 ** i).filter((pass) => pass < passes);
  const looks: LooksRecord = passes <= most ? { passes: [...doubling, passes], most } : { passes: [1], most: 1 };
  return openLevels(policy, tests)({ attempts: [looks], against: PAIRS });
}

const NO_GATE: Gate | undefined = undefined;
const NO_LEVELS: TestLevels = { fail: 0.5, pass: 0.5 };
const PAIRS = { kind: "pairs", pairs: [], unpaired: 0, sameHost: true } as const;

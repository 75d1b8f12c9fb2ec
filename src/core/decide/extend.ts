import type { LooksRecord, StopReason } from "../record/run-record.ts";
import type { MetricVerdict, ScenarioVerdict, Verdict } from "./verdict.ts";

/** What to do about a scenario after a look: go on until so many passes are measured, or stop. */
export type NextLook = { readonly passes: number; readonly stopped?: undefined } | { readonly stopped: StopReason };

/**
 * Which scenarios need more evidence, and why the others need none. Passes double from look to look, up to the budget: of
 * evidence that grows by less there is little to see, and every look costs some of the error rate.
 *
 * A run with a failed gate ends: it blocks, whatever else is found out. What needs more than the budget is not begun
 * (within a factor of {@link HOPE}, since the need is an estimate).
 *
 * @param looks of the scenarios that were measured so far, by name.
 */
export function nextLooks(verdict: Verdict, looks: ReadonlyMap<string, LooksRecord>): ReadonlyMap<string, NextLook> {
  const hasFailed = verdict.scenarios.some((scenario) => isGated(scenario) && scenario.verdict === "fail");
  const next = new Map<string, NextLook>();
  for (const scenario of verdict.scenarios) {
    const known = looks.get(scenario.name);
    // The payload classes in it are measured by its load.
    const classes = verdict.scenarios.filter(({ classOf }) => classOf?.scenario === scenario.name);
    const metrics = [scenario, ...classes].flatMap((one) => one.metrics);
    if (known !== undefined) next.set(scenario.name, nextLook({ ...scenario, metrics }, known, hasFailed));
  }
  return next;
}

/** An estimate of the need that is too high by this factor is no rarity, and a regression that is there shows before a pass would. */
const HOPE = 4;

function nextLook(scenario: ScenarioVerdict, { passes, most }: LooksRecord, hasFailed: boolean): NextLook {
  if (hasFailed) return { stopped: "failed" };
  if (scenario.verdict === "invalid") return { stopped: "spoiled" };
  const undecided = scenario.metrics.filter(({ gated, verdict }) => gated && verdict === "inconclusive");
  if (undecided.length === 0) return { stopped: "decided" };
  const done = passes.at(-1)!;
  if (done >= most) return { stopped: "budget" };
  if (!undecided.some((metric) => done * needOf(metric) <= HOPE * most)) return { stopped: "futile" };
  return { passes: Math.min(2 * done, most) };
}

/** Factor on the measured time that would decide a metric; Infinity where none would. */
function needOf({ comparison: { gate, limit, moreData, margin, worse, obstacles } }: MetricVerdict): number {
  // Blocks show how much a limit's side is in doubt, and more of them show more; where two are missing, time brings them.
  const isLimitOnly = gate?.limit !== undefined && gate.regression === undefined && limit !== undefined;
  const lacksBlocks = obstacles.some(({ code }) => code === "too-few-blocks");
  // What looks like a regression is worth the whole budget, however far the estimate of the need lies.
  if (worse !== undefined && margin !== undefined && worse >= margin && moreData !== undefined) return Math.min(moreData, 1);
  return moreData ?? (isLimitOnly || (lacksBlocks && margin !== undefined) ? 1 : Number.POSITIVE_INFINITY);
}

const isGated = ({ metrics }: ScenarioVerdict): boolean => metrics.some(({ gated }) => gated);

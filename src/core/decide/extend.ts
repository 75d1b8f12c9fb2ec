import type { Comparison } from "../compare/comparison.ts";
import type { Allowance } from "../plan/allowance.ts";
import type { LooksRecord } from "../record/run-record.ts";
import { type NextLook, shareOut, type Wish } from "./share-out.ts";
import type { MetricVerdict, ScenarioVerdict, Verdict } from "./verdict.ts";

/**
 * Which scenarios need more evidence, and why the others need none. Passes double from look to look, as far as the time
 * goes: of evidence that grows by less there is little to see, and every look costs some of the error rate. What the
 * decided scenarios leave of the run's time goes to those that are not.
 *
 * A run with a failed gate ends: it blocks, whatever else is found out. What needs more than it may ever get is not begun
 * (within a factor of {@link HOPE}, since the need is an estimate).
 *
 * @param looks of the scenarios that were measured so far, by name.
 */
export function nextLooks(verdict: Verdict, looks: ReadonlyMap<string, LooksRecord>, allowance: Allowance): ReadonlyMap<string, NextLook> {
  const hasFailed = verdict.scenarios.some((scenario) => isGated(scenario) && scenario.verdict === "fail");
  const wishes = new Map<string, Wish>();
  for (const scenario of verdict.scenarios) {
    const known = looks.get(scenario.name);
    // The payload classes in it are measured by its load.
    const classes = verdict.scenarios.filter(({ classOf }) => classOf?.scenario === scenario.name);
    const metrics = [scenario, ...classes].flatMap((one) => one.metrics);
    if (known !== undefined) wishes.set(scenario.name, wishOf({ ...scenario, metrics }, known, hasFailed));
  }
  return shareOut(wishes, looks, allowance);
}

/** An estimate of the need that is too high by this factor is no rarity, and a regression that is there shows before a pass would. */
const HOPE = 4;

function wishOf(scenario: ScenarioVerdict, { passes, most, stopped }: LooksRecord, hasFailed: boolean): Wish {
  if (stopped !== undefined) return { stopped };
  if (hasFailed) return { stopped: "failed" };
  if (scenario.verdict === "invalid") return { stopped: "spoiled" };
  const undecided = scenario.metrics.filter(({ gated, verdict }) => gated && verdict === "inconclusive");
  if (undecided.length === 0) return { stopped: "decided" };
  const done = passes.at(-1)!;
  if (done >= most) return { stopped: "budget" };
  const need = done * Math.min(...undecided.map(needOf));
  if (need > HOPE * most) return { stopped: "futile" };
  const confirm = done * Math.min(...undecided.map(toConfirm));
  return { passes: Math.min(2 * done, most), need, confirm: confirm <= most ? confirm : undefined };
}

/** Factor on the measured time that would show a regression, if what is seen now is one; Infinity where nothing looks like one. */
const toConfirm = ({ comparison }: MetricVerdict): number =>
  looksWorse(comparison) ? (comparison.moreData ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;

const looksWorse = ({ worse, margin }: Comparison): boolean => worse !== undefined && margin !== undefined && worse >= margin;

/** Factor on the measured time that would decide a metric; Infinity where none would. */
function needOf({ comparison }: MetricVerdict): number {
  const { gate, limit, moreData, margin, obstacles } = comparison;
  // Blocks show how much a limit's side is in doubt, and more of them show more; where two are missing, time brings them.
  const isLimitOnly = gate?.limit !== undefined && gate.regression === undefined && limit !== undefined;
  const lacksBlocks = obstacles.some(({ code }) => code === "too-few-blocks");
  // What looks like a regression is worth the whole budget, however far the estimate of the need lies.
  if (looksWorse(comparison) && moreData !== undefined) return Math.min(moreData, 1);
  return moreData ?? (isLimitOnly || (lacksBlocks && margin !== undefined) ? 1 : Number.POSITIVE_INFINITY);
}

const isGated = ({ metrics }: ScenarioVerdict): boolean => metrics.some(({ gated }) => gated);

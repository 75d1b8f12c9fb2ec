import { nextLooks } from "./core/decide/extend.ts";
import { lookText } from "./core/decide/look-text.ts";
import type { Verdict } from "./core/decide/verdict.ts";
import { allowanceOf } from "./core/plan/allowance.ts";
import type { Plan } from "./core/plan/plan.ts";
import { type Remaining, remainingPlan } from "./core/plan/remaining.ts";
import type { LooksRecord, RunRecord } from "./core/record/run-record.ts";
import { judgedScenarios } from "./core/suite/class-scenario.ts";
import type { Suite } from "./core/suite/suite.ts";

/** What follows a look: how often each scenario was looked at, what is to be played now, in order, and a line for whoever waits. */
export type Step = { readonly looks: ReadonlyMap<string, LooksRecord>; readonly plans: readonly Remaining[]; readonly text: string };

/** Asked when all that was planned has been measured. */
export type Look = (soFar: RunRecord) => Step;

export type PassesInput = {
  readonly suite: Suite;
  /** The first pass. */
  readonly plan: Plan;
  readonly planOf: (pass: number, scenarios: readonly string[]) => Plan;
  /** The verdict over what was measured so far, at the level of this look. */
  readonly judge: (soFar: RunRecord) => Verdict;
  /** A run that ended in the middle: its blocks stand, in later passes too. */
  readonly resume: RunRecord | undefined;
};

/**
 * A run that goes on while it is undecided: after one pass over the load, after two, four and so on its evidence is judged,
 * at levels that keep the error rates of all looks together (`core/compare/levels.ts`).
 *
 * @returns undefined where the length of the run is fixed: the budget is one pass, or nothing is gated that more time
 *   would decide. Stored runs differ from one another however long they are; only limits of a run on one arm gain.
 */
export function openPasses({ suite, plan, planOf, judge, resume }: PassesInput): Look | undefined {
  const allowance = allowanceOf(suite.decision.budget, plan);
  const gates = judgedScenarios(suite).flatMap((scenario) => scenario.gates);
  const timeHelps =
    plan.design === "live" ? gates.length > 0 : gates.length > 0 && gates.every(({ regression }) => regression === undefined);
  if (allowance.plans === 1 || !timeHelps) return undefined;
  const mostOf = new Map(allowance.parts.flatMap(({ names, most }) => names.map((name) => [name, most] as const)));
  const looks = new Map<string, LooksRecord>();
  let open = plan.scenarios.map(({ scenario: { name } }) => name);
  let done = 0;
  let target = 1;
  return (soFar) => {
    done = target;
    for (const name of open) looks.set(name, { passes: [...(looks.get(name)?.passes ?? []), done], most: mostOf.get(name)! });
    const known = { ...soFar, scenarios: soFar.scenarios.map((scenario) => withLooks(scenario, looks)) };
    const next = nextLooks(judge(known), looks, allowance);
    open = [];
    for (const [name, own] of looks) {
      if (own.stopped !== undefined) continue;
      const word = next.get(name) ?? { stopped: "decided" };
      if (word.stopped !== undefined) looks.set(name, { ...own, stopped: word.stopped });
      else if (word.passes !== undefined) {
        open.push(name);
        // The same for all: they have had as many passes, and get as many more.
        done = own.passes.at(-1)!;
        target = word.passes;
      }
    }
    if (open.length === 0) done = target = Math.max(...[...looks.values()].map(({ passes }) => passes.at(-1)!));
    const plans = Array.from({ length: target - done }, (_, i) => {
      const whole = planOf(done + 1 + i, open);
      return resume === undefined ? { plan: whole, kept: [] } : remainingPlan(whole, resume);
    });
    const measuredS = allowance.parts.reduce((sum, { names, passS }) => sum + passS * looks.get(names[0]!)!.passes.at(-1)!, 0);
    const text = lookText(next, { done, more: target - done, measuredS, totalS: allowance.totalS });
    return { looks: new Map(looks), plans, text };
  };
}

const withLooks = (scenario: RunRecord["scenarios"][number], looks: ReadonlyMap<string, LooksRecord>) => {
  const known = looks.get(scenario.name);
  return known === undefined ? scenario : { ...scenario, looks: known };
};

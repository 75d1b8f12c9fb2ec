import type { Baseline } from "../../src/core/compare/baseline.ts";
import { compareRuns } from "../../src/core/compare/compare.ts";
import type { Comparison } from "../../src/core/compare/comparison.ts";
import { decide } from "../../src/core/decide/decide.ts";
import { nextLooks } from "../../src/core/decide/extend.ts";
import type { NextLook } from "../../src/core/decide/share-out.ts";
import type { Verdict, VerdictWord } from "../../src/core/decide/verdict.ts";
import { type Allowance, shareAmong } from "../../src/core/plan/allowance.ts";
import { type LooksRecord, type RunRecord, STOP_REASONS } from "../../src/core/record/run-record.ts";
import type { Suite } from "../../src/core/suite/suite.ts";
import type { LiveRun } from "./simulator/live-run.ts";

/** What the product said of one pull request, and what it cost. */
export type Judgement = {
  readonly word: VerdictWord;
  /** Its word under `decision.pass: resolvable`. */
  readonly coarse: VerdictWord;
  /** Requests sent for this pull request, both arms. */
  readonly requests: number;
  /** Why a live run ended, or how many head runs a stored comparison took. */
  readonly stopped: string;
  /** What the numbers said at the first look, and at the last. */
  readonly first: readonly Comparison[];
  readonly last: readonly Comparison[];
  readonly verdict: Verdict;
};

const LIVE: Baseline = { kind: "live", refused: [] };

/**
 * Judges a live run after one pass, two, four and so on, until the product asks for no more.
 *
 * @param plans how often the budget allows all that was planned; 1 is a run of fixed length.
 */
export function judgeLive(suite: Suite, run: LiveRun, plans: number = passesOf(suite)): Judgement {
  const names = suite.scenarios.map(({ name }) => name);
  for (const name of names) run.extend(name);
  const allowance = allowanceIn(suite, plans);
  let looks = new Map(allowance.parts.map(({ names: [name], most }): [string, LooksRecord] => [name!, { passes: [1], most }]));
  let first: readonly Comparison[] | undefined;
  for (;;) {
    const { verdict, comparisons, coarse } = judge(suite, [run.record(plans === 1 ? new Map() : looks)], LIVE);
    first ??= comparisons;
    const next = plans === 1 ? FIXED_LENGTH : nextLooks(verdict, looks, allowance);
    const open = [...next].flatMap(([name, { passes }]) => (passes === undefined ? [] : [{ name, passes }]));
    looks = new Map([...looks].map(([name, known]) => [name, { ...known, ...stopOf(known, next.get(name)) }]));
    if (open.length === 0) {
      const stops = [...looks.values()].map(({ stopped }) => stopped);
      const stopped = STOP_REASONS.findLast((reason) => stops.includes(reason)) ?? "fixed length";
      return { word: verdict.verdict, coarse, requests: run.requests(), stopped, first, last: comparisons, verdict };
    }
    for (const { name, passes } of open) {
      const known = looks.get(name)!;
      for (let pass = known.passes.at(-1)!; pass < passes; pass++) run.extend(name);
      looks.set(name, { ...known, passes: [...known.passes, passes] });
    }
  }
}

/** How long a live run may go on; all scenarios take the same time. */
export const allowanceIn = ({ scenarios }: Suite, plans: number): Allowance =>
  shareAmong(
    plans,
    plans * scenarios.length,
    scenarios.map(({ name }) => ({ names: [name], passS: 1 })),
  );

const FIXED_LENGTH: ReadonlyMap<string, NextLook> = new Map();

const stopOf = ({ stopped }: LooksRecord, next: NextLook | undefined): Pick<LooksRecord, "stopped"> => {
  const reason = stopped ?? next?.stopped;
  return reason === undefined ? {} : { stopped: reason };
};

/** The laboratory's suites set their budget in passes. */
export function passesOf({ decision: { budget } }: Suite): number {
  if ("passes" in budget) return budget.passes;
  throw new RangeError("the laboratory knows no durations: give the budget as a number of passes");
}

/**
 * Against stored runs: another head run is asked for while the verdict is undecided, since a longer one would not help.
 *
 * @param heads gives the next head run of the same commit.
 */
export function judgeStored(suite: Suite, bases: readonly RunRecord[], heads: (attempt: number) => RunRecord, most = 3): Judgement {
  const baseline: Baseline = { kind: "stored", refused: [], runs: bases.map((record, k) => ({ origin: `run ${k + 1}`, record })) };
  const seen: RunRecord[] = [];
  let first: readonly Comparison[] | undefined;
  for (;;) {
    seen.push(heads(seen.length));
    const { verdict, comparisons, coarse } = judge(suite, seen, baseline);
    first ??= comparisons;
    if (verdict.verdict !== "inconclusive" || seen.length === most) {
      const requests = seen.flatMap(requestsOf).reduce((sum, n) => sum + n, 0);
      return { word: verdict.verdict, coarse, requests, stopped: `${seen.length}`, first, last: comparisons, verdict };
    }
  }
}

function judge(suite: Suite, heads: readonly RunRecord[], baseline: Baseline) {
  const { evidence, comparisons } = compareRuns({ suite, heads, baseline });
  const verdict = decide({ suite, comparisons, evidence, baseline, problems: [] });
  const resolvable: Suite = { ...suite, decision: { ...suite.decision, pass: "resolvable" } };
  const coarse = decide({ suite: resolvable, comparisons, evidence, baseline, problems: [] }).verdict;
  return { verdict, comparisons, coarse };
}

const requestsOf = ({ scenarios }: RunRecord): readonly number[] =>
  scenarios.flatMap(({ arms }) => [...(arms.base?.blocks ?? []), ...(arms.head?.blocks ?? [])].map(({ offered }) => offered));

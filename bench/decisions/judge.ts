import type { Baseline } from "../../src/core/compare/baseline.ts";
import { compareRuns } from "../../src/core/compare/compare.ts";
import type { Comparison } from "../../src/core/compare/comparison.ts";
import { decide } from "../../src/core/decide/decide.ts";
import type { Verdict, VerdictWord } from "../../src/core/decide/verdict.ts";
import type { RunRecord } from "../../src/core/record/run-record.ts";
import type { Suite } from "../../src/core/suite/suite.ts";
import { BUDGET_PASSES, extension } from "./extension.ts";
import type { LiveRun } from "./simulator/live-run.ts";
import type { Looks } from "./simulator/record.ts";

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

/** @param budget most passes of a scenario; 1 is a run of fixed length. */
export function judgeLive(suite: Suite, run: LiveRun, budget: number = BUDGET_PASSES): Judgement {
  const looks = new Map<string, Looks>(suite.scenarios.map(({ name }) => [name, { passes: [], most: budget }]));
  let extended: readonly string[] = suite.scenarios.map(({ name }) => name);
  let first: readonly Comparison[] | undefined;
  for (;;) {
    for (const name of extended) {
      const { passes, most } = looks.get(name)!;
      const [before, next] = passes.length === 0 ? [0, 1] : [passes.at(-1)!, Math.min(2 * passes.at(-1)!, most)];
      for (let pass = before; pass < next; pass++) run.extend(name);
      looks.set(name, { passes: [...passes, next], most });
    }
    const { verdict, comparisons, coarse } = judge(suite, [run.record(looks)], LIVE);
    first ??= comparisons;
    const { scenarios, stopped } = budget === 1 ? { scenarios: [], stopped: "fixed length" } : extension(verdict, looks);
    if (stopped !== undefined) {
      return { word: verdict.verdict, coarse, requests: run.requests(), stopped, first, last: comparisons, verdict };
    }
    extended = scenarios;
  }
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

import { compareRuns } from "../compare/compare.ts";
import type { Comparison } from "../compare/comparison.ts";
import { judgeRegression } from "../decide/regression.ts";
import { VERDICTS, type VerdictWord } from "../decide/verdict.ts";
import { type Generator, integerBetween, stream } from "../plan/random.ts";
import type { RunRecord } from "../record/run-record.ts";
import { shareBounds } from "../stats/woodruff.ts";
import { judgedScenarios } from "../suite/class-scenario.ts";
import type { Suite } from "../suite/suite.ts";
import { type Exchanged, exchangePairs, fewestPairs } from "./exchange.ts";
import { type GatedMetric, LIVE, regressionGates, withGatedDistributions } from "./gated.ts";

/** A count of comparisons, and exact one-sided 95 % bounds of its share (Clopper & Pearson 1934, Biometrika 26). */
export type Count = { readonly count: number; readonly of: number; readonly low: number; readonly high: number };

/** One gate in one comparison of a build with itself. */
export type GateTrial = { readonly word: VerdictWord; readonly comparison: Comparison };

/** What the gate says of one build compared with itself: as driven, and with the arms of its block pairs exchanged at random. */
export type Trials = {
  /** One list per run as it was driven, in the order of the gates. */
  readonly driven: readonly (readonly (GateTrial | undefined)[])[];
  readonly exchanged: readonly (readonly (GateTrial | undefined)[])[];
};

/**
 * Many comparisons of a build with itself through the product's own rule.
 *
 * @param records live runs with one build on both arms; at least one.
 * @param count comparisons wanted in all. Of few pairs there are fewer different exchanges than that, and then no more are made.
 */
export function runTrials({
  suite,
  records,
  count,
  seed,
}: {
  readonly suite: Suite;
  readonly records: readonly RunRecord[];
  readonly count: number;
  readonly seed: number;
}): Trials {
  const gates = regressionGates(suite);
  const slim = records.map((record) => withGatedDistributions(record, suite));
  const judged = (record: RunRecord) => judgeGates(suite, gates, record);
  const each = Math.max(0, Math.ceil((count - records.length) / records.length));
  return {
    driven: slim.map(judged),
    exchanged: slim.flatMap((record, run) => {
      const coin = stream(seed, "doctor", "exchange", run);
      const different = 2 ** Math.min(30, fewestPairs(record)) - 1;
      return Array.from({ length: Math.min(each, different) }, () => judged(exchangePairs(record, tossed(coin, suite))));
    }),
  };
}

/** One toss for each pair of blocks of a scenario, which turns all payload classes in it along. */
function tossed(coin: Generator, suite: Suite): Exchanged {
  const wholeOf = new Map(judgedScenarios(suite).map(({ name, classOf }) => [name, classOf?.scenario ?? name]));
  const tosses = new Map<string, boolean>();
  return ({ head, scenario }) => {
    const key = `${wholeOf.get(scenario) ?? scenario}\n${head.pair}`;
    const toss = tosses.get(key) ?? integerBetween(coin, 0, 1) === 1;
    tosses.set(key, toss);
    return toss;
  };
}

/** The worst word of all gates of a comparison, as the product's verdict is; undefined where no gate has one. */
export const worstWord = (trial: readonly (GateTrial | undefined)[]): VerdictWord | undefined =>
  VERDICTS.findLast((word) => trial.some((gate) => gate?.word === word));

/** @param of ≥ 1. */
export function countOf(count: number, of: number): Count {
  const { low, high } = shareBounds([{ part: count, whole: of }], { low: 0.05, high: 0.05 })!;
  return { count, of, low, high };
}

/** Gates in the order given; undefined for one whose metric was not compared. */
function judgeGates(suite: Suite, gates: readonly GatedMetric[], record: RunRecord): readonly (GateTrial | undefined)[] {
  const { comparisons } = compareRuns({ suite, heads: [record], baseline: LIVE, only: "gated" });
  return gates.map(({ scenario, metric }) => {
    const comparison = comparisons.find((one) => one.scenario === scenario && one.metric === metric);
    return comparison === undefined ? undefined : { word: judgeRegression(comparison, suite.decision).verdict, comparison };
  });
}

import { compareRuns } from "../compare/compare.ts";
import type { Delta } from "../compare/comparison.ts";
import { changeTo } from "../compare/planted-block.ts";
import { decide } from "../decide/decide.ts";
import { judgeRegression } from "../decide/regression.ts";
import type { VerdictWord } from "../decide/verdict.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { Suite } from "../suite/suite.ts";
import { type GatedMetric, LIVE, withGatedDistributions } from "./gated.ts";
import { plantChange } from "./plant.ts";

/** What the product said of a head that was made worse, or better, on purpose. Sizes are on the delta's scale, > 0. */
export type SelfTest = {
  /** The head made worse by just its margin, whatever chance had made of it. */
  readonly margin: Planted;
  /** Where that was not caught: the smallest of the sizes tried that was. */
  readonly caughtFrom: number | undefined;
  /** The head made better by as much: it must not fail. Undefined where it cannot get better, like a share of failures that is 0. */
  readonly improvement: Planted | undefined;
};

/** `word` is the gate's own, `verdict` that of the whole run. */
export type Planted = { readonly size: number; readonly word: VerdictWord; readonly verdict: VerdictWord };

export const isCaught = ({ word, verdict }: Planted): boolean => word === "fail" && verdict === "fail";

/**
 * @param record a live run with one build on both arms.
 * @returns undefined where nothing can be planted: the metric was not compared, or is seen only once a run.
 */
export function selfTest(suite: Suite, gated: GatedMetric, record: RunRecord): SelfTest | undefined {
  const slim = withGatedDistributions(record, suite);
  const plain = judged(suite, gated, slim);
  if (plain?.margin === undefined) return undefined;
  const margin = plantJust(suite, gated, slim, plain.margin, plain.delta);
  if (margin === undefined) return undefined;
  const better = plantOnce(suite, gated, slim, -plain.margin, plain.delta);
  return {
    margin,
    caughtFrom: isCaught(margin) ? undefined : smallestCaught(suite, gated, slim, plain),
    improvement:
      better === undefined || !(better.worse < 0) ? undefined : { size: plain.margin, word: better.word, verdict: better.verdict },
  };
}

type Judged = Pick<Planted, "word" | "verdict"> & {
  readonly delta: Delta;
  readonly worse: number;
  readonly margin: number | undefined;
  readonly needed: number | undefined;
};

/** Worse by the margin and not by less: what rounding takes away is added again. */
function plantJust(suite: Suite, gated: GatedMetric, record: RunRecord, size: number, now: Delta): Planted | undefined {
  let aim = size;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const seen = plantOnce(suite, gated, record, aim, now);
    if (seen === undefined) return undefined;
    if (seen.worse >= size) return { size, word: seen.word, verdict: seen.verdict };
    aim += (size - seen.worse) * 1.2 + size * 1e-6;
  }
  return undefined;
}

/** From where the noise should end, upwards. */
function smallestCaught(suite: Suite, gated: GatedMetric, record: RunRecord, plain: Judged): number | undefined {
  let size = Math.max(plain.margin ?? 0, plain.needed ?? 0);
  for (let attempt = 0; attempt < 4 * ATTEMPTS; attempt++, size *= 1.05) {
    const planted = plantJust(suite, gated, record, size, plain.delta);
    if (planted === undefined) return undefined;
    if (isCaught(planted)) return size;
  }
  return undefined;
}

function plantOnce(suite: Suite, gated: GatedMetric, record: RunRecord, target: number, now: Delta): Judged | undefined {
  const change = changeTo(gated.metric, target, now);
  return change === undefined ? undefined : judged(suite, gated, plantChange(record, gated.scenario, gated.metric, change));
}

function judged(suite: Suite, { scenario, metric }: GatedMetric, record: RunRecord): Judged | undefined {
  const { comparisons, evidence } = compareRuns({ suite, heads: [record], baseline: LIVE, only: "gated" });
  const comparison = comparisons.find((one) => one.scenario === scenario && one.metric === metric);
  if (comparison?.worse === undefined || comparison.delta === undefined) return undefined;
  const { verdict } = decide({ suite, comparisons, evidence, baseline: LIVE, problems: [] });
  const { delta, worse, worseLow, margin } = comparison;
  const needed = worseLow === undefined ? undefined : worse - worseLow;
  return { word: judgeRegression(comparison, suite.decision).verdict, verdict, delta, worse, margin, needed };
}

const ATTEMPTS = 6;

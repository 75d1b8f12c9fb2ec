import type { Comparison } from "../compare/comparison.ts";
import type { Problem } from "../record/run-record.ts";
import type { DecisionPolicy } from "../suite/suite.ts";
import { judgeLimit } from "./limit.ts";
import { judgeRegression } from "./regression.ts";
import { type Finding, type MetricVerdict, VERDICTS, type VerdictWord } from "./verdict.ts";
import { changeSentence, obstacleText } from "./words.ts";

/** One metric's word and the sentence for it. `spoiled` is what makes its scenario invalid, `isFlagged` a warning found over all ungated metrics. */
export function judgeMetric(
  comparison: Comparison,
  policy: DecisionPolicy,
  { spoiled, isFlagged }: { readonly spoiled: Problem | undefined; readonly isFlagged: boolean },
): MetricVerdict {
  const { metric, gate } = comparison;
  const gated = gate?.regression !== undefined || gate?.limit !== undefined;
  const { verdict, sentence } = gated ? judgeGate(comparison, policy, spoiled) : describe(comparison, spoiled, isFlagged);
  return { metric, gated, verdict, reason: `${metric} ${sentence}`, comparison };
}

/** The two halves of a gate, each judged by itself; undefined where the gate has none. */
export function judgeHalves(
  comparison: Comparison,
  policy: DecisionPolicy,
): { readonly regression: Finding | undefined; readonly limit: Finding | undefined } {
  const { gate } = comparison;
  return {
    regression: gate?.regression === undefined ? undefined : judgeRegression(comparison, policy),
    limit: gate?.limit === undefined ? undefined : judgeLimit(comparison),
  };
}

function judgeGate(comparison: Comparison, policy: DecisionPolicy, spoiled: Problem | undefined): Finding {
  const { metric } = comparison;
  const { regression, limit } = judgeHalves(comparison, policy);
  if (spoiled !== undefined) {
    if (metric === "errors.ratio" && limit?.verdict === "fail") return limit;
    return { verdict: "invalid", sentence: `cannot be judged: ${spoiled.message}` };
  }
  if (limit === undefined || regression === undefined) return (limit ?? regression)!;
  const [worse, other] = rank(limit.verdict) > rank(regression.verdict) ? [limit, regression] : [regression, limit];
  // Two halves with the same word are both worth reading.
  return worse.verdict === other.verdict ? { verdict: worse.verdict, sentence: `${worse.sentence}; it ${other.sentence}` } : worse;
}

/** An ungated metric promises nothing: it is flagged when it got worse beyond chance, and otherwise only described. */
function describe(comparison: Comparison, spoiled: Problem | undefined, isFlagged: boolean): Finding {
  if (spoiled !== undefined) return { verdict: "invalid", sentence: `cannot be judged: ${spoiled.message}` };
  const missing = comparison.obstacles.find(
    ({ code }) => code === "no-baseline" || code === "base-not-measured" || code === "not-measured",
  );
  if (missing !== undefined) {
    return {
      verdict: missing.code === "not-measured" ? "inconclusive" : "no-baseline",
      sentence: `is not gated; ${obstacleText(missing)}`,
    };
  }
  const sentence = `${changeSentence(comparison)}; it is not gated`;
  return { verdict: isFlagged ? "fail" : comparison.worseHigh === undefined ? "inconclusive" : "pass", sentence };
}

const rank = (word: VerdictWord): number => VERDICTS.indexOf(word);

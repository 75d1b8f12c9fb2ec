import type { Comparison } from "../compare/comparison.ts";
import { METRICS } from "../metric.ts";
import type { Finding } from "./verdict.ts";
import { limitSentence } from "./words.ts";

/**
 * Judges the `limit` part of a gate, which needs no baseline: fail where the head lies beyond the limit at the
 * family-wise level, pass where it lies inside at 1 − falsePass. A limit of zero failures cannot be proven by any
 * finite run: it is kept when none was seen. How an endpoint started is what it is: a fact decides by itself.
 */
export function judgeLimit(comparison: Comparison): Finding {
  const { metric, gate, limit } = comparison;
  const mark = gate?.limit;
  if (mark === undefined || limit === undefined) return { verdict: "inconclusive", sentence: limitSentence(comparison, "inconclusive") };
  const [beyond, inside] =
    METRICS[metric].better === "lower"
      ? [limit.low !== undefined && limit.low > mark, limit.high !== undefined && limit.high < mark]
      : [limit.high !== undefined && limit.high < mark, limit.low !== undefined && limit.low > mark];
  const isFact = METRICS[metric].measure.kind === "start";
  const isKeptZero = (mark === 0 || isFact) && limit.value === mark;
  const verdict = beyond ? "fail" : inside || isKeptZero ? "pass" : "inconclusive";
  return { verdict, sentence: limitSentence(comparison, verdict) };
}

import type { Comparison, Evidence } from "../compare/comparison.ts";
import type { MetricName } from "../metric.ts";
import type { Problem } from "../record/run-record.ts";
import type { ClassOf } from "../suite/class-scenario.ts";
import type { AttributionVerdict } from "./attribution-words.ts";

/** Ordered from the best news to the worst for a reader who wants to merge. */
export const VERDICTS = ["pass", "no-baseline", "inconclusive", "invalid", "fail"] as const;
export type VerdictWord = (typeof VERDICTS)[number];

/** What several verdicts come to: the worst of them; undefined for none. */
export const worstVerdict = (words: readonly VerdictWord[]): VerdictWord | undefined => VERDICTS.findLast((word) => words.includes(word));

/** The decision, with every number it stands on. `reasons` are sentences for people, worst first, never empty unless pass. */
export type Verdict = {
  readonly verdict: VerdictWord;
  readonly evidence: Evidence;
  readonly reasons: readonly string[];
  readonly problems: readonly Problem[];
  readonly scenarios: readonly ScenarioVerdict[];
};

export type ScenarioVerdict = {
  readonly name: string;
  /** Of a payload class in a scenario, which is judged as if it were one of its own. */
  readonly classOf?: ClassOf;
  readonly verdict: VerdictWord;
  readonly metrics: readonly MetricVerdict[];
  /** What its getting slower is consistent with; absent where the numbers say nothing. */
  readonly attribution?: AttributionVerdict;
};

export type MetricVerdict = {
  readonly metric: MetricName;
  readonly gated: boolean;
  /** Ungated metrics get a word too; it never enters the scenario's verdict. */
  readonly verdict: VerdictWord;
  /** One sentence: why this word. */
  readonly reason: string;
  readonly comparison: Comparison;
};

/** A word and the sentence for it, which continues after the metric's name. */
export type Finding = { readonly verdict: VerdictWord; readonly sentence: string };

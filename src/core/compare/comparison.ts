import type { MetricName } from "../metric.ts";
import type { Gate } from "../suite/suite.ts";

/** How good the evidence is: interleaved base, K ≥ 3 stored runs, fewer stored runs (learning mode), nothing to compare with. */
export type Evidence = "live" | "stored" | "single" | "none";

/** One arm of one metric. `low`/`high` bound `value` at {@link Delta.confidence}; all in the metric's unit. */
export type Estimate = {
  readonly value: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Observations behind it: requests of a quantile, blocks of a gauge or a rate. */
  readonly n: number;
};

/**
 * The change from base to head. `relative` = head/base − 1 with its bounds; for metrics compared as a difference the
 * bounds that count are `absolute`, in the metric's unit, and `relative` is undefined where base is 0.
 */
export type Delta = {
  readonly scale: "relative" | "difference";
  readonly relative: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly absolute: number;
  readonly absoluteLow: number | undefined;
  readonly absoluteHigh: number | undefined;
  readonly confidence: number;
};

/**
 * Everything the numbers say about one scenario × metric; no word of a verdict yet. Worse is always positive in
 * `worse*`, whatever the direction of the metric, and on the delta's scale (relative or difference).
 */
export type Comparison = {
  readonly scenario: string;
  readonly metric: MetricName;
  readonly gate: Gate | undefined;
  readonly base: Estimate | undefined;
  readonly head: Estimate | undefined;
  readonly delta: Delta | undefined;
  /** Smallest change worth blocking, on the delta's scale, after `floor` was turned into it. Undefined without a regression gate. */
  readonly margin: number | undefined;
  /** Smallest change this data could have blocked: max(margin, critical value × standard error). */
  readonly resolvableMargin: number | undefined;
  /** How much worse the head is, > 0 is worse. */
  readonly worse: number | undefined;
  /** Upper confidence bound of `worse` at 1 − falsePass: a pass needs it below the margin. */
  readonly worseHigh: number | undefined;
  /** Family-wise lower confidence bound of `worse`: above 0 says the head is worse beyond chance. */
  readonly worseLow: number | undefined;
  /** Body shift, tie-corrected and clustered by block pair or run; never over pooled requests. `p` is one-sided (head slower). */
  readonly mannWhitney: { readonly p: number; readonly cliffsDelta: number } | undefined;
  /** Against `gate.limit`: the head's bound on the side of the limit. */
  readonly limit: { readonly value: number; readonly low: number | undefined; readonly high: number | undefined } | undefined;
  /** Why a conclusion may not be drawn, or only in one direction. */
  readonly obstacles: readonly Obstacle[];
  /** Factor on the measured time that would bring the resolvable margin down to the margin; undefined where unknown. */
  readonly moreData: number | undefined;
};

/**
 * `not-measured` the head has no such data · `no-baseline` nothing to compare with · `base-not-measured` the baseline
 * lacks the metric · `too-few-blocks` fewer than two pairs, no spread can be estimated · `not-assessable` too few
 * requests beyond the percentile for a claim that it did not move · `censored` the percentile lies among timeouts ·
 * `token-count-differs` arms count tokens in different ways, or answered with a different number of them ·
 * `shape-disagrees` the percentile moved and the distribution as a whole did not.
 */
export const OBSTACLES = [
  "not-measured",
  "no-baseline",
  "base-not-measured",
  "too-few-blocks",
  "not-assessable",
  "censored",
  "token-count-differs",
  "shape-disagrees",
] as const;
export type ObstacleCode = (typeof OBSTACLES)[number];
export type Obstacle = { readonly code: ObstacleCode; readonly detail: Readonly<Record<string, number | string>> };

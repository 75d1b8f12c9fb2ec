import type { MetricName } from "../metric.ts";
import type { AcceptedChange } from "../record/run-record.ts";
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
  /**
   * Smallest change that this much data blocks in four cases of five, on the delta's scale: what a fail takes, which is the
   * margin and the critical value × standard error, and 0.84 standard errors on top.
   */
  readonly resolvableMargin: number | undefined;
  /** How much worse the head is, > 0 is worse. */
  readonly worse: number | undefined;
  /** Upper confidence bound of `worse` at 1 − falsePass: a pass needs it below the margin. */
  readonly worseHigh: number | undefined;
  /** Family-wise lower confidence bound of `worse`: above 0 says the head is worse beyond chance. */
  readonly worseLow: number | undefined;
  /** One-sided p of "the head is not worse", without any correction for the number of metrics. */
  readonly pWorse?: number | undefined;
  /** Body shift, tie-corrected and clustered by block pair or run; never over pooled requests. `p` is one-sided (head slower). */
  readonly mannWhitney: { readonly p: number; readonly cliffsDelta: number } | undefined;
  /** The same among the slowest requests only, for gated percentiles above p90; read, and decides nothing. */
  readonly tailMannWhitney?: { readonly p: number; readonly cliffsDelta: number } | undefined;
  /**
   * The head against `gate.limit`: its value and one-sided bounds. The bound away from the limit (`low` where lower is
   * better) is family-wise and shows an excess; the other one, at 1 − falsePass, shows that the limit is kept.
   */
  readonly limit: { readonly value: number; readonly low: number | undefined; readonly high: number | undefined } | undefined;
  /**
   * The self-test: the head's numbers made worse until it is worse than the base by the margin (`size`), and what came out.
   * Undefined where nothing could be planted.
   */
  readonly planted?: ({ readonly size: number } & Pick<Comparison, "worse" | "worseLow" | "margin">) | undefined;
  /** What is remarkable about the stored runs; undefined where nothing is, and without any. */
  readonly pool?: PoolFinding | undefined;
  /** Why a conclusion may not be drawn, or only in one direction. */
  readonly obstacles: readonly Obstacle[];
  /**
   * Factor on the measured time that would decide an undecided regression gate in about four runs of five: for a head
   * beyond its margin were the change to stay what it is now, for any other were there no change; 1 and less where chance
   * alone stood in the way. Undefined where that is unknown, or where no amount of time would do (stored runs differ,
   * however long they are).
   */
  readonly moreData: number | undefined;
};

/** A stored run, as far as it can be named. */
export type StoredRunName = { readonly origin: string; readonly commit: string | undefined; readonly runId: string | undefined };

/** The stored runs of a metric where they do not all lie around one level. Changes as those of a {@link Delta}, bounds at its confidence. */
export type PoolFinding = {
  readonly scale: Delta["scale"];
  /** The level moved: the head is compared with the `runs` from `at` on. */
  readonly moved?: Bounded & {
    readonly isWorse: boolean;
    readonly at: StoredRunName;
    readonly runs: number;
    /** The acceptance that announced it. */
    readonly accepted: AcceptedChange | undefined;
  };
  /** Runs far off their level, oldest first. They count, for no more than one at the edge of what is usual. */
  readonly outlying: readonly { readonly run: StoredRunName; readonly by: number }[];
  /** It got worse little by little over the newest `runs`. */
  readonly creep?: Bounded & { readonly runs: number; readonly from: StoredRunName; readonly to: StoredRunName };
};
type Bounded = { readonly by: number; readonly low: number; readonly high: number };

/**
 * `not-measured` the head has no such data · `no-baseline` nothing to compare with · `base-not-measured` the baseline
 * lacks the metric · `too-few-blocks` fewer than two pairs, no spread can be estimated · `not-assessable` too few
 * requests beyond the percentile for a claim that it did not move (`needed` is absent where their number would do and
 * their dependence leaves the percentile without an upper bound) · `censored` the percentile lies among timeouts ·
 * `token-count-differs` arms count tokens in different ways, or answered with a different number of them ·
 * `cache-differs` the arms' prefix caches knew unequal shares of the prompts ·
 * `phase-share-differs` a phase that the endpoint tells of is told in another share of the answers ·
 * `shape-disagrees` the percentile moved and the distribution as a whole did not · `blocks-dropped` some block pairs had
 * data on one side only · `too-few-runs` fewer than three stored runs, the spread between runs is assumed, not seen ·
 * `runs-disagree` of several head runs fewer than two are worse by the margin each · `different-hosts` live arms on
 * different machines or GPUs, whose difference is part of the uncertainty · `single-start` a metric of the start, of
 * which there are fewer than three to see the spread from · `level-unsettled` the newest stored run lies far off the others,
 * and the verdict hangs on whether the branch has moved · `like-an-outlier` a stored run lay as far off with nothing changed.
 */
export const OBSTACLES = [
  "not-measured",
  "no-baseline",
  "base-not-measured",
  "too-few-blocks",
  "not-assessable",
  "censored",
  "phase-share-differs",
  "token-count-differs",
  "cache-differs",
  "shape-disagrees",
  "blocks-dropped",
  "too-few-runs",
  "runs-disagree",
  "different-hosts",
  "single-start",
  "level-unsettled",
  "like-an-outlier",
] as const;
export type ObstacleCode = (typeof OBSTACLES)[number];
export type Obstacle = { readonly code: ObstacleCode; readonly detail: Readonly<Record<string, number | string>> };

import type { VerdictWord } from "../../../src/core/decide/verdict.ts";
import type { VerdictJson } from "../../../src/core/report/verdict-schema.ts";
import type { Slot } from "./agenda.ts";

/** One comparison as it is published in docs/decisions/recorded.json. Relative changes are head/base − 1. */
export type Result = Omit<Slot, "change"> & {
  /** What differs in the head; `nothing` for A/A. */
  readonly change: string;
  readonly evidence: VerdictJson["evidence"];
  readonly verdict: VerdictWord;
  /** What the gate said, worst first; of an invalid comparison why it is. */
  readonly reasons: readonly string[];
  /** Gated metrics that failed. */
  readonly failed: readonly string[];
  /** Offered, both arms together, without warm-up; of a stored comparison by the head run alone. */
  readonly requests: number;
  /** Passes of the planned load that it took. */
  readonly passes: number;
  /** From the start of `tailgate run` to its end; 0 for records that were judged without a load. */
  readonly durationS: number;
  readonly delta: Readonly<Record<string, { readonly relative: number | null; readonly low: number | null; readonly high: number | null }>>;
  readonly resolvableMargin: Readonly<Record<string, number>>;
  /** Mean number of runnable processes over the minute before; null for records that were judged without a load. */
  readonly loadAverage: number | null;
  /** Of the product that drove it; a record judged again may be older than the rule that judges it. */
  readonly commit?: string;
  /** Where and when it was measured. */
  readonly machine?: string;
  /** Mean share of this machine's processor time that was used while an arm was driven, by whomever. */
  readonly machineBusy?: { readonly base?: number; readonly head?: number };
  readonly rivals?: Readonly<Record<string, "fail" | "pass">>;
  /** What the gate said when it was measured, where it decides otherwise now. */
  readonly verdictThen?: VerdictWord;
  /** Shares its runs with other comparisons: no independent trial. */
  readonly dependent?: true;
};

/** A result out of verdict.json and what is known beside it. */
export function resultOf(
  { id, server, kind, change, first, seed, budget }: Slot,
  verdict: VerdictJson,
  beside: Pick<Result, "requests" | "passes" | "durationS" | "loadAverage">,
): Result {
  const gated = verdict.scenarios.flatMap(({ metrics }) => metrics.filter((metric) => metric.gated));
  const reasons = verdict.problems.filter(({ severity }) => severity === "invalid").map(({ message }) => message);
  return {
    id,
    server,
    kind,
    change: change ?? "nothing",
    first,
    seed,
    budget,
    evidence: verdict.evidence,
    verdict: verdict.verdict,
    reasons: verdict.verdict === "invalid" ? reasons : verdict.reasons,
    failed: gated.filter((metric) => metric.verdict === "fail").map(({ metric }) => metric),
    ...beside,
    delta: Object.fromEntries(
      gated.flatMap(({ metric, delta }) =>
        delta === null || delta.scale !== "relative" ? [] : [[metric, { relative: delta.relative, low: delta.low, high: delta.high }]],
      ),
    ),
    resolvableMargin: Object.fromEntries(
      gated.flatMap(({ metric, resolvable_margin }) => (resolvable_margin === null ? [] : [[metric, resolvable_margin]])),
    ),
  };
}

/** The slot that a result fills. */
export function slotOf({ id, server, kind, change, first, seed, budget }: Result): Slot {
  return { id, server, kind, change: kind === "A/A" ? undefined : change, first, seed, budget };
}

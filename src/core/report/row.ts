import type { Comparison, Delta, Estimate } from "../compare/comparison.ts";
import { formatChange, formatDifference, formatQuantity } from "../decide/quantity.ts";
import type { MetricVerdict, VerdictWord } from "../decide/verdict.ts";
import { resolvableText } from "../decide/words.ts";
import { METRICS, type MetricDefinition, type MetricName } from "../metric.ts";
import type { Gate } from "../suite/suite.ts";

/** One metric of one scenario, ready to print. Cells that have nothing to say hold {@link NOTHING}. */
export type MetricRow = {
  readonly scenario: string;
  readonly metric: MetricName;
  readonly gated: boolean;
  readonly verdict: VerdictWord;
  readonly base: string;
  readonly head: string;
  readonly change: string;
  /** `+15 … +31 %`, `no interval: too few blocks`, or empty without a change. */
  readonly interval: string;
  /** `0.9` reads `90 %`; empty without an interval. */
  readonly confidence: string;
  readonly gate: string;
  /** The smallest measured change that this data could have blocked; nothing where no change blocks. */
  readonly detects: string;
  /** The last column: the verdict's word where the metric is gated, what is worth knowing where it is not. */
  readonly word: string;
  readonly reason: string;
  /** Worth the reader's first look: gated, or flagged as worse. */
  readonly open: boolean;
  /** For colour, never for a decision: `worse` only where the verdict says so too. */
  readonly tone: "worse" | "better" | "same";
  /** How near the gate, 1 = at the gate; only for order. */
  readonly urgency: number;
};

export const NOTHING = "–";

export function metricRow(scenario: string, { metric, gated, verdict, reason, comparison }: MetricVerdict): MetricRow {
  const definition = METRICS[metric];
  const { delta, gate, worse, margin } = comparison;
  const side = sideOf(delta, definition.better);
  const flagged = !gated && verdict === "fail";
  return {
    scenario,
    metric,
    gated,
    verdict,
    base: estimateText(comparison.base, definition),
    head: estimateText(comparison.head, definition),
    change: delta === undefined ? NOTHING : changeText(delta, definition),
    interval: intervalOrWhyNot(comparison),
    confidence: delta === undefined ? "" : `${Number((delta.confidence * 100).toFixed(1))} %`,
    gate: gate === undefined ? NOTHING : gateText(gate, definition),
    detects: gate?.regression === undefined || delta === undefined ? NOTHING : detectsText(comparison),
    word: gated
      ? WORDS[verdict]
      : flagged
        ? `${definition.better === "neither" ? "changed" : "worse"}, not gated`
        : side === "better"
          ? "better"
          : NOTHING,
    reason,
    open: gated || flagged,
    // A change that is surely there and surely immaterial is nothing to alarm anybody with.
    tone: side === "worse" && verdict !== "fail" ? "same" : side,
    urgency: worse === undefined || margin === undefined || margin <= 0 ? 0 : worse / margin,
  };
}

/** `nothing` where the data is too little for any fail, however large the change. */
const detectsText = (comparison: Comparison): string =>
  comparison.resolvableMargin === undefined ? "nothing" : resolvableText(comparison, comparison.resolvableMargin);

/** What {@link MetricRow.detects} means, for below the first table that has it. */
export const DETECTS_NOTE =
  "Would catch: a change this large is blocked in four runs of five; smaller ones the gate allows, or this much data cannot tell them from chance.";

/** How many metrics are left for the second look, and what is known of them: `4 more metrics`, `not gated and not flagged as worse`. */
export function restText(rows: readonly MetricRow[]): { readonly count: string; readonly kind: string } {
  const isCompared = rows.some(({ verdict }) => verdict === "pass");
  return {
    count: `${rows.length} more ${rows.length === 1 ? "metric" : "metrics"}`,
    kind: isCompared ? "not gated and not flagged as worse" : "not gated",
  };
}

export const WORDS: Readonly<Record<VerdictWord, string>> = {
  pass: "pass",
  fail: "fail",
  inconclusive: "inconclusive",
  "no-baseline": "no baseline",
  invalid: "invalid",
};

/** What can stop the merge first, then worst first; among equals what is nearest to its gate, then the given order. */
export const byUrgency = (rows: readonly MetricRow[]): readonly MetricRow[] =>
  rows.toSorted(
    (a, b) =>
      Number(b.open) - Number(a.open) || Number(b.gated) - Number(a.gated) || ORDER[a.verdict] - ORDER[b.verdict] || b.urgency - a.urgency,
  );

/** The gated row that a reader wants to see of many: the worst, and of equals the one nearest to its gate. Undefined for none. */
export const worstOf = (rows: readonly MetricRow[]): MetricRow | undefined =>
  rows
    .filter(({ gated }) => gated)
    .toSorted(
      (a, b) => ORDER[a.verdict] - ORDER[b.verdict] || Number(b.change !== NOTHING) - Number(a.change !== NOTHING) || b.urgency - a.urgency,
    )[0];

/** Position of a verdict in a list that begins with what stops a merge. */
export const ORDER: Readonly<Record<VerdictWord, number>> = { fail: 0, invalid: 1, inconclusive: 2, "no-baseline": 3, pass: 4 };

const estimateText = (estimate: Estimate | undefined, { unit }: MetricDefinition): string =>
  estimate === undefined ? NOTHING : formatQuantity(estimate.value, unit);

export function changeText(delta: Delta, { unit }: MetricDefinition): string {
  return delta.scale === "relative" && delta.relative !== undefined ? formatChange(delta.relative) : formatDifference(delta.absolute, unit);
}

/** Empty where the change has no bound at all; a bound that the data does not set reads `unbounded`. */
export function intervalText(delta: Delta, { unit }: MetricDefinition): string {
  const isRelative = delta.scale === "relative" && delta.relative !== undefined;
  const [low, high] = isRelative ? [delta.low, delta.high] : [delta.absoluteLow, delta.absoluteHigh];
  if (low === undefined && high === undefined) return "";
  const text = (bound: number | undefined): string =>
    bound === undefined ? "unbounded" : isRelative ? formatChange(bound) : formatDifference(bound, unit);
  return range(text(low), text(high));
}

/** As {@link MetricRow.interval}. */
export const intervalOrWhyNot = (comparison: Comparison): string =>
  comparison.delta === undefined ? "" : intervalText(comparison.delta, METRICS[comparison.metric]) || noInterval(comparison);

const noInterval = ({ obstacles }: Comparison): string => {
  if (obstacles.some(({ code }) => code === "single-start")) return "no interval: one start each";
  const few = obstacles.find(({ code }) => code === "too-few-blocks");
  return few === undefined ? "no interval" : `no interval: too few ${"pairs" in few.detail ? "block pairs" : "blocks"}`;
};

/** `+19 … +26 %`: a unit that both ends share is said once. */
function range(low: string, high: string): string {
  const unit = / \S+$/.exec(high)?.[0] ?? "";
  return unit !== "" && low.endsWith(unit) ? `${low.slice(0, -unit.length)} … ${high}` : `${low} … ${high}`;
}

/** `+10 % and +2 ms · ≤ 500 ms`: what blocks, then the hard limit. */
function gateText(gate: Gate, { unit, better, measure }: MetricDefinition): string {
  const sign = better === "lower" ? 1 : -1;
  const bothWays = (text: string): string => (better === "neither" ? text.replace(/^[+−]/, "±") : text);
  const difference = measure.kind === "ratio" || (measure.kind === "gauge" && measure.scale === "difference");
  const relative =
    gate.regression === undefined
      ? []
      : [difference ? formatDifference(sign * gate.regression, unit) : bothWays(formatChange(sign * gate.regression))];
  const floor = gate.regression === undefined || gate.floor === undefined ? [] : [bothWays(formatDifference(sign * gate.floor, unit))];
  const limit = gate.limit === undefined ? [] : [`${better === "lower" ? "≤" : "≥"} ${formatQuantity(gate.limit, unit)}`];
  return [[...relative, ...floor].join(" and "), ...limit].filter((part) => part !== "").join(" · ");
}

/** On which side of no change the whole interval lies. */
function sideOf(delta: Delta | undefined, better: MetricDefinition["better"]): MetricRow["tone"] {
  const [low, high] = delta?.scale === "difference" ? [delta.absoluteLow, delta.absoluteHigh] : [delta?.low, delta?.high];
  if (low === undefined || high === undefined || (low <= 0 && high >= 0)) return "same";
  return better === "neither" || low > 0 === (better === "lower") ? "worse" : "better";
}

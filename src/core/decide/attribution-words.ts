import type { Attribution } from "../compare/attribution.ts";
import type { Cause, Place } from "../compare/causes.ts";
import type { Comparison } from "../compare/comparison.ts";
import type { MemoryGrowth } from "../compare/memory-cause.ts";
import type { PartChange, TimeChange } from "../compare/part-changes.ts";
import { CONFIDENCE } from "../compare/shift.ts";
import { type PartName, sourcesOf } from "../compare/time-parts.ts";
import { METRICS } from "../metric.ts";
import type { Problem } from "../record/run-record.ts";
import { CAUSE_WORDS } from "./cause-words.ts";
import { formatDifference, formatPercent, formatQuantity } from "./quantity.ts";
import type { MetricVerdict } from "./verdict.ts";
import { changeText } from "./words.ts";

/** What a scenario's getting slower is consistent with, in words beside its numbers. */
export type AttributionVerdict = {
  readonly attribution: Attribution;
  /** One line for the comment: the likeliest cause, its numbers, the next step. */
  readonly sentence: string;
  /** Every cause with all its numbers, the likeliest first. */
  readonly causes: readonly { readonly title: string; readonly numbers: readonly string[]; readonly next: string }[];
};

/**
 * Speaks of what did not pass: a gate that keeps its promise needs no cause. Nothing is concluded from a spoiled run, except
 * that a clock which heat held down is what slowed it, since that is what spoiled it.
 */
export function attributionVerdict(
  attribution: Attribution,
  metrics: readonly MetricVerdict[],
  spoiled: Problem | undefined,
): AttributionVerdict | undefined {
  const { causes, symptom } = attribution;
  const judged = metrics.find(({ comparison }) => comparison === symptom);
  if (judged === undefined || judged.verdict === "pass") return undefined;
  if (spoiled !== undefined && !(spoiled.code === "gpu-throttled" && causes[0]?.kind === "gpu-clock")) return undefined;
  return {
    attribution,
    sentence: sentenceOf(attribution),
    causes: causes.map((cause) => ({
      title: CAUSE_WORDS[cause.kind].title,
      numbers: numbersOf(cause, attribution).all,
      next: CAUSE_WORDS[cause.kind].next,
    })),
  };
}

function sentenceOf(attribution: Attribution): string {
  const { symptom, causes } = attribution;
  const [first, ...others] = causes;
  const { title, next } = CAUSE_WORDS[first!.kind];
  const also = others.length === 0 ? "" : `; also ${others.map(({ kind }) => CAUSE_WORDS[kind].title).join(" and ")}`;
  const numbers = numbersOf(first!, attribution).short.join("; ");
  return `the change of ${symptom.metric} is consistent with ${title} (${numbers})${also}. Next: ${next}`;
}

/** In a line of a comment stand so many places, and so many metrics. */
const MOST_IN_A_LINE = 2;

/** In the tail percentiles come first, in the body means; `short` has no second view of the same. */
function numbersOf(
  { places, evidence, memory }: Cause,
  { symptom, time }: Attribution,
): { readonly short: readonly string[]; readonly all: readonly string[] } {
  const views = places.map((place) => {
    const [mean, percentile] = [meanText(place, time), percentileText(place, symptom)];
    const isByPercentile = place.weight === place.percentile?.beside;
    return (isByPercentile ? [percentile, mean] : [mean, percentile]).filter((text) => text !== undefined);
  });
  const [first, second] = [views.flatMap((view) => view.slice(0, 1)), views.flatMap((view) => view.slice(1))];
  const growth = memory === undefined ? [] : [memoryText(memory)];
  const metrics = evidence.map(evidenceText);
  return {
    short: [...growth, ...first.slice(0, MOST_IN_A_LINE), ...metrics.slice(0, MOST_IN_A_LINE)],
    all: [...growth, ...first, ...metrics, ...second],
  };
}

const memoryText = ({ metric, grownB, overS, tau, blocks }: MemoryGrowth): string =>
  `${metric} of the head grew by ${formatQuantity(grownB, "B")} within ${formatQuantity(Math.round(overS), "s")} and latency with it, Kendall's τ ${tau.toFixed(2)} over ${blocks} blocks`;

/** `queue.time +12 ms of +15 ms mean latency (80 %, 90 % interval 71 … 89 %)`. */
function meanText({ mean }: Place, time: TimeChange | undefined): string | undefined {
  if (mean?.share === undefined || time === undefined) return undefined;
  const { low, value, high } = mean.share;
  const whole = time.of === "ttft" ? "time to the first token" : "latency";
  return `${partLabel(mean)} ${seconds(mean.head - mean.base)} of ${seconds(time.head - time.base)} mean ${whole} (${formatPercent(value)}, ${formatPercent(CONFIDENCE)} interval ${interval(low, high)})`;
}

/** `71 … 89 %`. */
const interval = (low: number, high: number): string => `${formatPercent(low).replace(/ %$/, "")} … ${formatPercent(high)}`;

function percentileText({ percentile }: Place, symptom: Comparison): string | undefined {
  if (percentile === undefined) return undefined;
  const change = ({ metric, delta }: Comparison) => `${metric} ${formatDifference(delta!.absolute, METRICS[metric].unit)}`;
  return `${change(percentile.comparison)} beside ${change(symptom)}`;
}

const seconds = (difference: number): string => formatDifference(difference, "s");

/** `batch.size 14 → 6 (−57 %)`. */
function evidenceText(comparison: Comparison): string {
  const { metric, base, head } = comparison;
  const { unit } = METRICS[metric];
  const arms = base === undefined || head === undefined ? "" : ` ${formatQuantity(base.value, unit)} → ${formatQuantity(head.value, unit)}`;
  return `${metric}${arms} (${changeText(comparison)})`;
}

/** A part by what tells of it. */
export function partLabel({ part, source }: Pick<PartChange, "part" | "source">): string {
  const { phase, metric } = sourcesOf(part) ?? {};
  if (source === "answers" && phase !== undefined) return phase;
  if (source === "telemetry" && metric !== undefined) return metric;
  return CLIENT_LABELS[part];
}

const CLIENT_LABELS: Readonly<Record<PartName, string>> = {
  network: "connecting and transfer",
  preprocess: "preprocessing",
  queue: "queue",
  prefill: "prefill",
  "first-token": "first token beyond the queue",
  decode: "decode",
  model: "model",
  postprocess: "postprocessing",
  elsewhere: "elsewhere",
};

import { METRICS, type MetricName } from "../metric.ts";
import type { Comparison } from "./comparison.ts";
import { MECHANISMS, type MechanismKind } from "./mechanisms.ts";
import type { MemoryGrowth } from "./memory-cause.ts";
import type { PartChange, TimeChange } from "./part-changes.ts";
import { type PartName, sourcesOf } from "./time-parts.ts";

/** What the numbers are consistent with: a mechanism, or only the part of the time that grew. */
export type Cause = {
  readonly kind: MechanismKind | "memory-growth" | PartName;
  /** Where the time went, largest first; empty where only metrics speak. */
  readonly places: readonly Place[];
  /** Metrics that changed with it. */
  readonly evidence: readonly Comparison[];
  readonly memory?: MemoryGrowth;
};

/** A part of the time that grew beyond chance. */
export type Place = {
  readonly part: PartName;
  /** In the mean; undefined where parts are not known. */
  readonly mean: PartChange | undefined;
  /** The same percentile of the part as that of the symptom, and how large its change is beside the symptom's. Percentiles do not add up. */
  readonly percentile: { readonly comparison: Comparison; readonly beside: number } | undefined;
  /** What of the change it stands for, for order: in the tail by percentiles, in the body by means. */
  readonly weight: number;
};

/** One-sided. */
const SURE = 0.005;
/** A smaller part of the change explains nothing. */
const NOTABLE_SHARE = 0.2;
/** Where requests wait for others: in the queue, and before a handler that has no time for them. */
const WAITING: ReadonlySet<PartName> = new Set(["queue", "elsewhere"]);
/** Work that grew by less does not make others wait. */
const UPSTREAM = { growth: 0.1, share: 0.1 };
/** From here on a percentile is one of the tail, which the mean says little about. */
const TAIL = 0.95;

type Known = {
  readonly symptom: Comparison;
  readonly time: TimeChange | undefined;
  readonly comparisons: readonly Comparison[];
  readonly memory: MemoryGrowth | undefined;
};

/**
 * What the numbers are consistent with, the likeliest first. A mechanism counts where its metrics changed and the part of the time
 * that it acts on grew; parts that no mechanism explains stand for themselves. Slower work makes those behind it wait, so
 * that waiting comes after whatever else grew.
 *
 * @param flatness of a gauge over the head's blocks, its least mean.
 */
export function causesOf(known: Known, flatness: (metric: MetricName) => number | undefined): readonly Cause[] {
  const grown = placesOf(known);
  const notable = grown.filter(({ weight }) => weight >= NOTABLE_SHARE);
  const upstream = grown.filter((place) => !WAITING.has(place.part) && isUpstream(place));
  const isWaiting = notable[0] !== undefined && WAITING.has(notable[0].part);
  const ordered = [...new Set([...(isWaiting ? upstream : []), ...notable])];
  const { memory } = known;
  const mechanisms: readonly Cause[] = [
    ...(memory === undefined
      ? []
      : [{ kind: "memory-growth" as const, places: ordered, evidence: changed([memory.metric], known), memory }]),
    ...MECHANISMS.flatMap(({ kind, acts, signals, beside = [], needs = [] }): readonly Cause[] => {
      const evidence = signals.flatMap((signal) => {
        const comparison = known.comparisons.find(({ metric }) => metric === signal.metric);
        return comparison !== undefined && isSignal(comparison, signal, flatness) ? [comparison] : [];
      });
      const places = ordered.filter(({ part }) => acts.includes(part));
      const isPlaced = ordered.length > 0 ? places.length > 0 : isPlacedBySymptom(acts, known.symptom.metric);
      const isBacked = needs.length === 0 || ordered.some(({ part }) => part === "queue") || changed(needs, known).length > 0;
      if (evidence.length === 0 || !isPlaced || !isBacked) return [];
      return [{ kind, places, evidence: [...evidence, ...changed([...beside, ...needs], known).filter((one) => !evidence.includes(one))] }];
    }),
  ];
  const explained = new Set<PartName>();
  const causes: Cause[] = [];
  const take = (cause: Cause) => {
    causes.push(cause);
    for (const { part } of cause.places) explained.add(part);
  };
  for (const place of ordered) {
    if (explained.has(place.part)) continue;
    const mechanism = mechanisms.find((cause) => !causes.includes(cause) && cause.places.includes(place));
    take(mechanism ?? { kind: place.part, places: [place], evidence: queueEvidence(place, known) });
  }
  if (ordered.length === 0) for (const mechanism of mechanisms) take(mechanism);
  // The pace of a stream is no sum of parts; that the server decodes more slowly says the same as the pace, and where to look.
  const decode = causes.length === 0 && isPace(known.symptom.metric) ? changed(["decode.time", "decode.time_per_token"], known) : [];
  if (decode.length > 0) take({ kind: "decode", places: [], evidence: decode });
  return causes.slice(0, MOST_CAUSES);
}

/** More of them explain nothing. */
const MOST_CAUSES = 3;

function placesOf({ time, symptom, comparisons }: Known): readonly Place[] {
  const { measure } = METRICS[symptom.metric];
  const p = measure.kind === "quantile" ? measure.p : 0;
  const means = (time?.parts ?? []).filter(
    ({ base, head, share, pGrowth }) => share !== undefined && share.low > 0 && pGrowth <= SURE && head - base >= LEAST_GROWTH * base,
  );
  const percentiles = comparisons.flatMap((comparison) => {
    const { metric, pWorse = 1, delta, worse = 0 } = comparison;
    const own = METRICS[metric].measure;
    const part = own.kind === "quantile" && own.p === p ? partOfPhase(own.of, symptom) : undefined;
    const size = symptom.delta?.absolute ?? 0;
    // Few requests beyond a percentile, or other requests than before, look like a change by themselves.
    const isKnown = !comparison.obstacles.some(({ code }) => code === "not-assessable" || code === "phase-share-differs");
    if (part === undefined || !isKnown || pWorse > SURE || worse < LEAST_GROWTH || delta === undefined || !(size > 0)) return [];
    return [{ part, comparison, beside: delta.absolute / size }];
  });
  const parts = new Set([...means.map(({ part }) => part), ...percentiles.map(({ part }) => part)]);
  return [...parts]
    .map((part): Place => {
      const mean = means.find((own) => own.part === part);
      const percentile = percentiles.find((own) => own.part === part);
      const share = mean?.share?.value;
      const weight = (p >= TAIL ? (percentile?.beside ?? share) : (share ?? percentile?.beside)) ?? 0;
      return { part, mean, percentile, weight };
    })
    .toSorted((a, b) => b.weight - a.weight || (a.part < b.part ? -1 : 1));
}

/** As for a warning: less is not worth a reader's attention, however sure it is. */
const LEAST_GROWTH = 0.05;

/** Phases are those of one request: of a session or a token they are no part, and of a first token only what comes before it. */
function partOfPhase(of: string, symptom: Comparison): PartName | undefined {
  const { measure } = METRICS[symptom.metric];
  const whole = measure.kind === "quantile" ? measure.of : undefined;
  const parts: readonly PartName[] =
    whole === "latency"
      ? ["preprocess", "queue", "model", "postprocess"]
      : whole === "ttft" || whole === "ttfo"
        ? ["preprocess", "queue"]
        : [];
  return parts.find((part) => sourcesOf(part)?.phase === of);
}

function isUpstream({ mean, percentile, weight }: Place): boolean {
  const growth = mean !== undefined && mean.base > 0 ? mean.head / mean.base - 1 : (percentile?.comparison.worse ?? 0);
  return weight >= UPSTREAM.share && growth >= UPSTREAM.growth;
}

/** Without parts the symptom itself tells a little: what only streams can be slow in is decode, and a first token knows none. */
function isPlacedBySymptom(acts: readonly PartName[], symptom: MetricName): boolean {
  if (isPace(symptom)) return acts.includes("decode");
  const { measure } = METRICS[symptom];
  const of = measure.kind === "quantile" ? measure.of : "latency";
  return of === "ttft" || of === "ttfo" ? acts.some((part) => part !== "decode") : true;
}

const isPace = (metric: MetricName): boolean => metric.startsWith("itl.") || metric.startsWith("tpot.");

type Signal = (typeof MECHANISMS)[number]["signals"][number];

/** Whether a metric changed beyond chance, by a material amount, in the direction that slows an endpoint down. */
function isSignal({ metric, delta, pWorse = 1, head }: Comparison, signal: Signal, flatness: (metric: MetricName) => number | undefined) {
  if (delta === undefined || head === undefined || pWorse > SURE) return false;
  const change = delta.scale === "relative" && delta.relative !== undefined ? delta.relative : delta.absolute;
  const isMaterial = signal.by > 0 ? change >= signal.by : change <= signal.by;
  return isMaterial && (signal.flatAbove === undefined || (flatness(metric) ?? 0) >= signal.flatAbove) && head.value >= (signal.least ?? 0);
}

/** Of these metrics, those that got worse, beyond chance: they back what others say. */
const changed = (metrics: readonly MetricName[], { comparisons }: Known): readonly Comparison[] =>
  comparisons.filter(({ metric, pWorse = 1, worse = 0 }) => metrics.includes(metric) && pWorse <= SURE && worse >= LEAST_GROWTH);

const queueEvidence = ({ part }: Place, known: Known): readonly Comparison[] => (part === "queue" ? changed(["queue.depth"], known) : []);

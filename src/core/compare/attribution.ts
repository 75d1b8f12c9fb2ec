import { METRICS, type MetricName } from "../metric.ts";
import { type Cause, causesOf } from "./causes.ts";
import type { Comparison } from "./comparison.ts";
import { memoryCause } from "./memory-cause.ts";
import { type TimeChange, timeChange } from "./part-changes.ts";
import type { ScenarioData } from "./scenario-data.ts";

/** What went together with a scenario's getting slower, as far as the numbers tell. Nothing in it is a proof of a cause. */
export type Attribution = {
  readonly scenario: string;
  /** The comparison that got worse beyond chance, which is what is being explained. */
  readonly symptom: Comparison;
  /** The mean and its parts; undefined where they are not known. */
  readonly time: TimeChange | undefined;
  /** The likeliest first, never empty. */
  readonly causes: readonly Cause[];
};

/**
 * Speaks only where a time got worse beyond chance and by a material amount, and where something that can slow an endpoint down
 * changed beyond chance in the direction that does.
 *
 * @param comparisons of this scenario.
 * @returns undefined where the numbers name no cause.
 */
export function attributionOf(scenario: string, data: ScenarioData, comparisons: readonly Comparison[]): Attribution | undefined {
  const symptom = symptomOf(comparisons);
  if (symptom === undefined) return undefined;
  const { measure } = METRICS[symptom.metric];
  const of = measure.kind === "quantile" ? measure.of : undefined;
  const isPace = of === "itl" || of === "tpot";
  const time = isPace ? undefined : timeChange(data, of === "ttft" || of === "ttfo" ? "ttft" : "latency");
  const known = { symptom, time, comparisons, memory: memoryCause(data, comparisons) };
  const causes = causesOf(known, (metric) => flatness(metric, data));
  return causes.length === 0 ? undefined : { scenario, symptom, time, causes };
}

/** Times that a user waits for; service is latency once more, and phases are what explains it. */
const SYMPTOMS = ["latency", "session", "ttft", "ttfo", "itl", "tpot"] as const;

/**
 * One-sided, whatever the level of the gate: what is the largest part of a time grows with it by chance as well, so that
 * the change itself must be beyond doubt. These times move together, and their number hardly multiplies it.
 */
const SURE = 0.001;
const MATERIAL = 0.05;

/** What is to be explained: the gate that failed by most, or else the time whose change is surest. */
function symptomOf(comparisons: readonly Comparison[]): Comparison | undefined {
  const sure = comparisons.filter(({ metric, pWorse = 1 }) => {
    const { measure } = METRICS[metric];
    return measure.kind === "quantile" && SYMPTOMS.some((name) => name === measure.of) && pWorse <= SURE;
  });
  const failed = sure.filter(({ worse = 0, margin, worseLow = 0 }) => margin !== undefined && worse >= margin && worseLow > 0);
  const open = sure.filter(({ worse = 0, margin = 0, worseHigh = Number.POSITIVE_INFINITY, obstacles }) => {
    // What is shown to keep its gate needs no cause, and of a few requests nobody speaks unasked.
    return worse >= MATERIAL && worseHigh >= margin && !obstacles.some(({ code }) => code === "not-assessable");
  });
  return (
    failed.toSorted((a, b) => b.worse! / b.margin! - a.worse! / a.margin!)[0] ??
    open.toSorted((a, b) => Number(b.gate !== undefined) - Number(a.gate !== undefined) || a.pWorse! - b.pWorse!)[0]
  );
}

/** The least of the head's blocks: a gauge that is high in all of them is flat. */
function flatness(metric: MetricName, { heads }: ScenarioData): number | undefined {
  const values = heads.flat().flatMap(({ gauges }) => gauges[metric]?.mean ?? []);
  return values.length === 0 ? undefined : Math.min(...values);
}

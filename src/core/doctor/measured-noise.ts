import { betweenRunDeviation } from "../compare/priors.ts";
import { METRICS } from "../metric.ts";
import type { GateExamination } from "./examination.ts";
import type { Deviation } from "./noise.ts";

/** Standard deviations of the median as the suite's `decision` writes them (0.03 = 3 %); undefined where they were not measured. */
export type MeasuredNoise = { readonly betweenRuns: number | undefined; readonly betweenDeployments: number | undefined };

/**
 * The spread between runs and between deployments that was really seen, in the suite's terms: for the median, from which
 * the other percentiles follow. Of several gates the largest counts, because too small a number makes false alarms. One
 * pair of deployments can show that they differ by more than was assumed, and not that they differ by less.
 */
export function measuredNoise(gates: readonly GateExamination[]): MeasuredNoise {
  const medians = (which: "run" | "deployment", isMeasured: (of: Deviation) => boolean): number | undefined => {
    const values = gates.flatMap(({ metric, finding }) => {
      if (finding === undefined || METRICS[metric].measure.kind !== "quantile" || !isMeasured(finding.noise[which])) return [];
      return [finding.noise[which].deviation / betweenRunDeviation(metric, ANY_LOAD, 1)];
    });
    return values.length === 0 ? undefined : Math.max(LEAST, Math.ceil(Math.max(...values) * 1000) / 1000);
  };
  return {
    betweenRuns: medians("run", ({ seen }) => seen >= ENOUGH_RUNS),
    betweenDeployments: medians("deployment", ({ seen, deviation, assumed }) => seen > 0 && deviation > assumed),
  };
}

const ENOUGH_RUNS = 3;
const LEAST = 0.001;
/** Of percentiles, what the load is makes no difference. */
const ANY_LOAD = { kind: "closed", concurrency: 1, durationS: 1 } as const;

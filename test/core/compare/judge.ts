import type { Baseline } from "../../../src/core/compare/baseline.ts";
import { compareRuns } from "../../../src/core/compare/compare.ts";
import type { Comparison } from "../../../src/core/compare/comparison.ts";
import { decide } from "../../../src/core/decide/decide.ts";
import type { Verdict } from "../../../src/core/decide/verdict.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import type { Problem, RunRecord } from "../../../src/core/record/run-record.ts";
import type { Suite } from "../../../src/core/suite/suite.ts";
import { makeRecord, makeSuite, type RecordOptions } from "./records.ts";

export const LIVE: Baseline = { kind: "live", refused: [] };
export const NONE: Baseline = { kind: "none", reason: "no run of the default branch was found", refused: [] };
export const stored = (records: readonly RunRecord[]): Baseline => ({
  kind: "stored",
  runs: records.map((record, k) => ({ origin: `run ${k}`, record })),
  refused: [],
});

/** K runs of one build that differ from one another by 3 %. */
export const storedRuns = (count: number, options: RecordOptions = {}): Baseline =>
  stored(Array.from({ length: count }, (_, k) => makeRecord({ ...options, design: "single", runDeviation: 0.03, seed: 1000 + k })));

export function judge(input: {
  readonly heads: readonly RunRecord[];
  readonly baseline?: Baseline;
  readonly suite?: Suite;
  readonly problems?: readonly Problem[];
}): Verdict & { readonly comparisons: readonly Comparison[]; readonly of: (metric: MetricName, scenario?: string) => Comparison } {
  const { heads, baseline = LIVE, suite = makeSuite(), problems = [] } = input;
  const { evidence, comparisons } = compareRuns({ suite, heads, baseline });
  const verdict = decide({ suite, comparisons, evidence, baseline, problems });
  return {
    ...verdict,
    comparisons,
    of(metric, scenario = "steady") {
      const found = comparisons.find((comparison) => comparison.metric === metric && comparison.scenario === scenario);
      if (found === undefined) throw new Error(`no comparison of ${metric} in ${scenario}`);
      return found;
    },
  };
}

export const codes = ({ obstacles }: Comparison): readonly string[] => obstacles.map(({ code }) => code);

/** Fails on any number that no reader could use. */
export function findNotFinite(value: unknown, path = "$"): readonly string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${path} = ${value}`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => findNotFinite(inner, `${path}.${key}`));
}

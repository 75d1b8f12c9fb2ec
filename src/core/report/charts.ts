import type { Baseline } from "../compare/baseline.ts";
import type { Verdict } from "../decide/verdict.ts";
import type { Arm } from "../plan/plan.ts";
import { scenarioOf } from "../record/class-view.ts";
import type { RunRecord } from "../record/run-record.ts";
import { forestChart } from "./forest-chart.ts";
import { type ArmBlocks, percentileChart, timelineChart } from "./latency-charts.ts";

/** The pictures of a report, as inline SVG. */
export type Charts = { readonly forest: string | undefined; readonly scenarios: ReadonlyMap<string, readonly string[]> };

export type ChartInput = { readonly verdict: Verdict; readonly heads: readonly RunRecord[]; readonly baseline: Baseline };

/** Several head runs share a picture of percentiles; over time only the newest is drawn, since runs share no clock. */
export function drawCharts({ verdict, heads, baseline }: ChartInput): Charts {
  const scenarios = verdict.scenarios.map((scenario, index): readonly [string, readonly string[]] => {
    const of = (runs: readonly RunRecord[], arm: Arm) => runs.flatMap((run) => scenarioOf(run, scenario)?.arms[arm]?.blocks ?? []);
    const { name } = scenario;
    const newest = heads.slice(-1);
    const sameRun = baseline.kind !== "stored";
    const stored =
      baseline.kind === "stored"
        ? of(
            baseline.runs.map(({ record }) => record),
            "head",
          )
        : [];
    const all: ArmBlocks = { base: sameRun ? of(heads, "base") : stored, head: of(heads, "head"), sameRun };
    const last: ArmBlocks = { base: sameRun ? of(newest, "base") : stored, head: of(newest, "head"), sameRun };
    const drawn = [percentileChart(`percentiles-${index}`, name, all), timelineChart(`timeline-${index}`, name, last)];
    return [name, drawn.filter((chart) => chart !== undefined)];
  });
  return { forest: forestChart("forest", verdict), scenarios: new Map(scenarios) };
}

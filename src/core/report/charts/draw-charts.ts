import type { Baseline } from "../../compare/baseline.ts";
import type { Verdict } from "../../decide/verdict.ts";
import type { Arm } from "../../plan/plan.ts";
import { scenarioOf } from "../../record/class-view.ts";
import type { RunRecord } from "../../record/run-record.ts";
import { type ArmBlocks, drawnScenario } from "./arm-blocks.ts";
import { changeChart } from "./change-chart.ts";
import { densityChart } from "./density-chart.ts";
import { forestChart } from "./forest-chart.ts";
import { gaugeCharts } from "./gauge-charts.ts";
import { heatChart } from "./heat-chart.ts";
import { loadChart } from "./load-chart.ts";
import { percentileChart } from "./percentile-chart.ts";
import { timelineChart } from "./timeline-chart.ts";

/** The pictures of a report, as inline SVG with their captions. */
export type Charts = { readonly forest: string | undefined; readonly scenarios: ReadonlyMap<string, readonly Drawn[]> };

/** `open`: shown at once; others when the reader asks for more. */
export type Drawn = { readonly svg: string; readonly caption: string; readonly open: boolean };

export type ChartInput = { readonly verdict: Verdict; readonly heads: readonly RunRecord[]; readonly baseline: Baseline };

/** Of more scenarios than these, those that passed show two pictures each: a page must stay light. */
const MOST_IN_FULL = 8;

/** Several head runs share a picture of percentiles; over time only the newest is drawn, since runs share no clock. */
export function drawCharts({ verdict, heads, baseline }: ChartInput): Charts {
  const sameRun = baseline.kind !== "stored";
  const stored = baseline.kind === "stored" ? baseline.runs.map(({ record }) => record) : [];
  const scenarios = verdict.scenarios.map((judged, index): readonly [string, readonly Drawn[]] => {
    const { name, verdict: word, metrics } = judged;
    const of = (runs: readonly RunRecord[], arm: Arm) => runs.flatMap((run) => scenarioOf(run, judged)?.arms[arm]?.blocks ?? []);
    const armsOf = (runs: readonly RunRecord[]): ArmBlocks => ({
      base: sameRun ? of(runs, "base") : of(stored, "head"),
      head: of(runs, "head"),
      sameRun,
    });
    const scenario = drawnScenario(name, armsOf(heads), armsOf(heads.slice(-1)));
    const isFull = verdict.scenarios.length <= MOST_IN_FULL || word !== "pass";
    const drawn: readonly (Omit<Drawn, "svg"> & { readonly svg: string | undefined })[] = [
      { svg: percentileChart(`percentiles-${index}`, scenario), caption: CAPTIONS.percentiles, open: true },
      { svg: timelineChart(`timeline-${index}`, scenario), caption: CAPTIONS.timeline, open: true },
      ...(isFull
        ? [
            { svg: changeChart(`change-${index}`, scenario, metrics), caption: CAPTIONS.change, open: true },
            { svg: densityChart(`density-${index}`, scenario), caption: CAPTIONS.density, open: true },
            { svg: heatChart(`heat-${index}`, scenario), caption: CAPTIONS.heat, open: false },
            { svg: loadChart(`load-${index}`, scenario), caption: CAPTIONS.load, open: false },
            ...gaugeCharts(`gauge-${index}`, scenario).map((svg) => ({ svg, caption: CAPTIONS.gauge, open: false })),
          ]
        : []),
    ];
    return [name, drawn.flatMap(({ svg, ...rest }) => (svg === undefined ? [] : [{ svg, ...rest }]))];
  });
  return { forest: forestChart("forest", verdict), scenarios: new Map(scenarios) };
}

const CAPTIONS = {
  percentiles: "Latency over the share of requests: every further nine takes the same width. Where the curves part is where the change is.",
  timeline: "p99 (thick) and p50 (thin) of each block, where it lies in time. Drift or a disturbed stretch shows here.",
  change:
    "How much each percentile moved: flat is a shift of all requests, rising is a heavier tail. Bars are the intervals of what was compared; red is a gate.",
  density: "The shape of the distributions: one hill or several, and which of them moved.",
  heat: "Every request: bands are modes, columns are stalls, a slope is a drift.",
  load: "What was offered in each block, and what became of it.",
  gauge: "Telemetry of the same stretch of time: the mean of each block, and between what it varied.",
} as const;

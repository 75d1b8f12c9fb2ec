import type { Baseline } from "../../compare/baseline.ts";
import type { Verdict } from "../../decide/verdict.ts";
import type { Arm } from "../../plan/plan.ts";
import { scenarioOf } from "../../record/class-view.ts";
import type { RunRecord } from "../../record/run-record.ts";
import { ORDER } from "../row.ts";
import { type ArmBlocks, drawnScenario } from "./arm-blocks.ts";
import { changeChart } from "./change-chart.ts";
import { densityChart } from "./density-chart.ts";
import { forestChart } from "./forest-chart.ts";
import { gaugeCharts } from "./gauge-charts.ts";
import { heatChart } from "./heat-chart.ts";
import { loadChart } from "./load-chart.ts";
import { percentileChart } from "./percentile-chart.ts";
import { timelineChart } from "./timeline-chart.ts";

/** The pictures of a report. */
export type Charts = {
  readonly forest: Drawn | undefined;
  /** A scenario for whose pictures there is no room is absent; one of which nothing can be drawn has none. */
  readonly scenarios: ReadonlyMap<string, readonly Drawn[]>;
};

/** A picture as inline SVG; title and caption are empty where what stands around says it. `overTime`: wide, on an axis of time that the others of its scenario share, or a list as wide. */
export type Drawn = { readonly svg: string; readonly title: string; readonly caption: string; readonly overTime: boolean };

export type ChartInput = { readonly verdict: Verdict; readonly heads: readonly RunRecord[]; readonly baseline: Baseline };

/** A page must stay light: the worst of the scenarios have all their pictures, the next two each, and others none. */
const MOST_IN_FULL = 8;
const MOST_DRAWN = 40;

/** Several head runs share a picture of percentiles; over time only the newest is drawn, since runs share no clock. */
export function drawCharts({ verdict, heads, baseline }: ChartInput): Charts {
  const sameRun = baseline.kind !== "stored";
  const stored = baseline.kind === "stored" ? baseline.runs.map(({ record }) => record) : [];
  const worstFirst = verdict.scenarios.toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
  const scenarios = worstFirst.slice(0, MOST_DRAWN).map((judged, index): readonly [string, readonly Drawn[]] => {
    const { name, metrics } = judged;
    const of = (runs: readonly RunRecord[], arm: Arm) => runs.flatMap((run) => scenarioOf(run, judged)?.arms[arm]?.blocks ?? []);
    const armsOf = (runs: readonly RunRecord[]): ArmBlocks => ({
      base: sameRun ? of(runs, "base") : of(stored, "head"),
      head: of(runs, "head"),
      sameRun,
    });
    const scenario = drawnScenario(name, armsOf(heads), armsOf(heads.slice(-1)));
    const isFull = index < MOST_IN_FULL;
    const named = new Set(metrics.filter(({ gated, verdict }) => gated || verdict === "fail").map(({ metric }) => metric));
    const drawn = [
      drawing(percentileChart(`percentiles-${index}`, scenario), WORDS.percentiles),
      ...(isFull ? [drawing(changeChart(`change-${index}`, scenario, metrics), WORDS.change)] : []),
      ...(isFull ? [drawing(densityChart(`density-${index}`, scenario), WORDS.density)] : []),
      drawing(timelineChart(`timeline-${index}`, scenario), WORDS.timeline),
      ...(isFull
        ? [
            drawing(loadChart(`load-${index}`, scenario), WORDS.load),
            ...gaugeCharts(`gauge-${index}`, scenario, named).map(({ metric, svg }, place) =>
              drawing(svg, { ...WORDS.gauge, title: metric, ...(place === 0 ? {} : { caption: "" }) }),
            ),
            drawing(heatChart(`heat-${index}`, scenario), WORDS.heat),
          ]
        : []),
    ];
    return [name, drawn.flat()];
  });
  const { svg, left } = forestChart("forest", verdict);
  const rest = left === 0 ? "" : ` ${left} more that pass are in the tables below.`;
  const forest = drawing(svg, { ...WORDS.forest, caption: `${WORDS.forest.caption}${rest}` })[0];
  return { forest, scenarios: new Map(scenarios) };
}

const drawing = (svg: string | undefined, words: Omit<Drawn, "svg">): readonly Drawn[] => (svg === undefined ? [] : [{ svg, ...words }]);

const WORDS = {
  forest: {
    title: "",
    caption: "One line per gate: the square is the change, the line its interval. Right of the gate blocks.",
    overTime: true,
  },
  percentiles: {
    title: "Percentiles",
    caption: "Latency over the share of requests: every further nine takes the same width. Where the curves part is where the change is.",
    overTime: false,
  },
  change: {
    title: "Change of each percentile",
    caption: "Flat is a shift of all requests, rising is a heavier tail. Bars are the intervals of what was compared; red is a gate.",
    overTime: false,
  },
  density: {
    title: "Distribution",
    caption: "The shape of the distributions: one hill or several, and which of them moved.",
    overTime: false,
  },
  timeline: {
    title: "Latency over time",
    caption:
      "p99 (thick) and p50 (thin) of each block, where it lies in time and in the order of base and head. Drift or a disturbed stretch shows here.",
    overTime: true,
  },
  load: {
    title: "Load and failures over time",
    caption: "What was offered in each block; red is what failed of it.",
    overTime: true,
  },
  gauge: {
    caption: "Telemetry of the same stretch of time: the mean of each block, and between what it varied.",
    overTime: true,
  },
  heat: {
    title: "Every request over time",
    caption: "The darker, the more requests of that moment. Bands are modes, columns are stalls, a slope is a drift.",
    overTime: true,
  },
} as const;

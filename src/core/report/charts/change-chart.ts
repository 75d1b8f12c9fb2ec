import { line, link, ruleY } from "@observablehq/plot";
import { formatChange } from "../../decide/quantity.ts";
import type { MetricVerdict } from "../../decide/verdict.ts";
import { METRICS } from "../../metric.ts";
import { quantileOf } from "../../stats/quantile.ts";
import type { DrawnScenario } from "./arm-blocks.ts";
import { axisNote, spokenDots } from "./marks.ts";
import { BESIDE, drawPicture, nineOf, nineTicks } from "./picture.ts";

const POINTS = 160;
/** A curve of single requests is noise: it ends where so many lie beyond. */
const LEAST_BEYOND = 10;

/**
 * The shift function (Doksum, 1974; Rousselet and others, 2017): how much each percentile of the head lies above that of
 * the base, in percent. A flat line is a shift of all requests, a rising one a heavier tail. The dots are the percentiles
 * that were compared, with their intervals; a red line is a gate.
 *
 * @returns undefined if one of the arms has too few requests.
 */
export function changeChart(id: string, { name, whole }: DrawnScenario, metrics: readonly MetricVerdict[]): string | undefined {
  const least = Math.min(whole.base.total, whole.head.total);
  const nines = Math.log10(least / LEAST_BEYOND);
  if (!(nines > 0.5)) return undefined;
  const curve = Array.from({ length: POINTS + 1 }, (_, step) => (nines * step) / POINTS).map((nine) => {
    const p = 1 - 10 ** -nine;
    return { nine, change: quantileOf(whole.head, p)! / quantileOf(whole.base, p)! - 1 };
  });
  const compared = metrics.flatMap((metric) => {
    const { measure } = METRICS[metric.metric];
    const { delta, margin } = metric.comparison;
    if (measure.kind !== "quantile" || measure.of !== "latency" || delta?.relative === undefined) return [];
    if (delta.low === undefined || delta.high === undefined) return [];
    const { relative, low, high } = delta;
    return [
      {
        name: metric.metric,
        nine: nineOf(measure.p),
        change: relative,
        low,
        high,
        gate: metric.gated && margin !== undefined ? margin : undefined,
        verdict: metric.verdict,
      },
    ];
  });
  const inside = compared.filter(({ nine }) => nine <= nines + 0.31);
  const gates = [...new Set(inside.flatMap(({ gate }) => gate ?? []))];
  const seen = [...curve.map(({ change }) => change), ...inside.flatMap(({ low, high }) => [Math.max(low, -0.9), Math.min(high, 3)]), 0];
  const [from, to] = [Math.min(...seen, -0.05), Math.max(...seen, 0.05)];
  const widest = Math.max(nines, ...inside.map(({ nine }) => nine));
  const clamp = (value: number): number => Math.min(Math.max(value, from), to);
  const said = inside.map(
    ({ name: metric, change, low, high }) => `${metric} ${formatChange(change)} (${formatChange(low)} to ${formatChange(high)})`,
  );
  return drawPicture({
    id,
    title: `How much each percentile of ${name} moved`,
    description: said.length === 0 ? "No percentile was compared." : `${said.join("; ")}.`,
    ...BESIDE,
    x: { domain: [0, widest * 1.03], ...nineTicks(widest), grid: true, label: null },
    y: {
      domain: [from - (to - from) * 0.06, to + (to - from) * 0.06],
      ticks: 6,
      tickFormat: (change: number) => formatChange(change),
      grid: true,
      label: null,
    },
    marks: [
      ruleY([0], { stroke: "var(--quiet)" }),
      ruleY(
        gates.filter((gate) => gate <= to),
        {
          stroke: "var(--fail)",
          strokeDasharray: "4 3",
          strokeWidth: 1.5,
          className: "gate",
          title: (gate: number) => `a gate blocks at ${formatChange(gate)}`,
        },
      ),
      line(
        curve.map(({ nine, change }) => ({ nine, change: clamp(change) })),
        { x: "nine", y: "change", stroke: "var(--ink)", strokeWidth: 1.75, className: "change" },
      ),
      link(inside, {
        x1: "nine",
        x2: "nine",
        y1: ({ low }: { low: number }) => clamp(low),
        y2: ({ high }: { high: number }) => clamp(high),
        stroke: "var(--unsure)",
        strokeWidth: 2,
        className: "interval",
      }),
      spokenDots(
        inside.map(({ nine, change, low, high, name: metric }) => ({
          x: nine,
          y: clamp(change),
          colour: "var(--unsure)",
          says: `${metric}: ${formatChange(change)} (${formatChange(low)} to ${formatChange(high)})`,
        })),
      ),
      axisNote("percentile; above zero the head is slower"),
    ],
  });
}

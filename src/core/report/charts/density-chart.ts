import { areaY, line, ruleX } from "@observablehq/plot";
import { formatPercent } from "../../decide/quantity.ts";
import type { Bins } from "../../stats/bins.ts";
import { quantileOf } from "../../stats/quantile.ts";
import { ARMS, type DrawnScenario } from "./arm-blocks.ts";
import { axisNote } from "./marks.ts";
import { ARM_COLOURS, BESIDE, drawPicture, durationAxis, SECONDS } from "./picture.ts";

const POINTS = 160;
/** What lies beyond is a matter of the percentile curve: here it would press the body together. */
const SHOWN = [0.001, 0.999] as const;

/**
 * The shape of both distributions, as densities over the logarithm of latency: one hill or two, and which of them moved.
 * A Gaussian kernel with Silverman's bandwidth (1986, equation 3.31) on the log scale, over the recorded bins.
 *
 * @returns undefined if no arm has ten requests.
 */
export function densityChart(id: string, { name, whole }: DrawnScenario): string | undefined {
  const arms = ARMS.map((arm) => ({ arm, bins: whole[arm] })).filter(({ bins }) => bins.total >= 10);
  if (arms.length === 0) return undefined;
  const ends = arms.flatMap(({ bins }) => SHOWN.map((p) => quantileOf(bins, p)!));
  const [low, high] = [Math.log(Math.min(...ends) / 1.1), Math.log(Math.max(...ends) * 1.1)];
  const grid = Array.from({ length: POINTS + 1 }, (_, i) => low + ((high - low) * i) / POINTS);
  const curves = arms.map(({ arm, bins }) => {
    const density = densityOf(bins, grid);
    return { arm, points: grid.map((log, i) => ({ seconds: Math.exp(log), density: density[i]! })), median: quantileOf(bins, 0.5)! };
  });
  const most = Math.max(...curves.flatMap(({ points }) => points.map(({ density }) => density)));
  const beyond = arms.map(
    ({ arm, bins }) => `${arm}: half of the requests between ${SECONDS(quantileOf(bins, 0.25)!)} and ${SECONDS(quantileOf(bins, 0.75)!)}`,
  );
  return drawPicture({
    id,
    title: `Distribution of the latency of ${name}`,
    description: `${beyond.join("; ")}. Shown are ${formatPercent(SHOWN[1] - SHOWN[0])} of the requests of each arm.`,
    ...BESIDE,
    marginLeft: 20,
    marginRight: 34,
    x: { ...durationAxis([Math.exp(low), Math.exp(high)]), domain: [Math.exp(low), Math.exp(high)] },
    y: { domain: [0, most * 1.06], axis: null },
    marks: [
      ...curves.flatMap(({ arm, points, median }) => [
        areaY(points, { x: "seconds", y: "density", fill: ARM_COLOURS[arm], fillOpacity: 0.16 }),
        line(points, { x: "seconds", y: "density", stroke: ARM_COLOURS[arm], strokeWidth: 2, className: `curve ${arm}` }),
        ruleX([median], { stroke: ARM_COLOURS[arm], strokeDasharray: "2 3", title: () => `${arm} p50: ${SECONDS(median)}` }),
      ]),
      axisNote("latency, logarithmic; dotted: the median"),
    ],
  });
}

/** Density per unit of log at each point of `grid`. */
function densityOf(bins: Bins, grid: readonly number[]): readonly number[] {
  const middle = Array.from(bins.low, (low, i) => (Math.log(Math.max(low, 1e-9)) + Math.log(bins.high[i]!)) / 2);
  const mean = sum(middle, (log, i) => log * bins.count[i]!) / bins.total;
  const deviation = Math.sqrt(sum(middle, (log, i) => (log - mean) ** 2 * bins.count[i]!) / bins.total);
  const spread = (Math.log(quantileOf(bins, 0.75)!) - Math.log(quantileOf(bins, 0.25)!)) / 1.34;
  const narrow = Math.min(deviation, spread > 0 ? spread : deviation);
  // Equal values have no width of their own: a needle as wide as a bin.
  const width = Math.max(0.9 * narrow * bins.total ** -0.2, 0.01);
  return grid.map(
    (at) =>
      sum(middle, (log, i) => bins.count[i]! * Math.exp(-(((at - log) / width) ** 2) / 2)) / (bins.total * width * Math.sqrt(2 * Math.PI)),
  );
}

const sum = (values: readonly number[], of: (value: number, index: number) => number): number => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += of(values[i]!, i);
  return total;
};

import { line } from "@observablehq/plot";
import { quantileOf } from "../../stats/quantile.ts";
import { ARMS, type DrawnScenario } from "./arm-blocks.ts";
import { axisNote, spokenDots } from "./marks.ts";
import { ARM_COLOURS, BESIDE, drawPicture, durationAxis, nineOf, nineTicks, SECONDS } from "./picture.ts";

const PERCENTILES = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999];
const POINTS = 120;

/**
 * Latency of both arms over the percentile, on an axis on which every further nine takes the same width: where the
 * curves part is where the change is. Drawn up to the percentile that one request stands for.
 *
 * @returns undefined if no latency was measured.
 */
export function percentileChart(id: string, { name, whole }: DrawnScenario): string | undefined {
  const arms = ARMS.map((arm) => ({ arm, bins: whole[arm] })).filter(({ bins }) => bins.total > 1);
  if (arms.length === 0) return undefined;
  const nines = Math.max(...arms.map(({ bins }) => Math.log10(bins.total)));
  const points = arms.flatMap(({ arm, bins }) =>
    Array.from({ length: POINTS + 1 }, (_, step) => (nines * step) / POINTS)
      .filter((nine) => nine <= Math.log10(bins.total))
      .map((nine) => ({ arm, nine, seconds: quantileOf(bins, 1 - 10 ** -nine) ?? 0 })),
  );
  const shown = PERCENTILES.filter((p) => nineOf(p) <= nines);
  const marks = arms.flatMap(({ arm, bins }) =>
    shown.filter((p) => nineOf(p) <= Math.log10(bins.total)).map((p) => ({ arm, p, seconds: quantileOf(bins, p) ?? 0 })),
  );
  const description = arms
    .map(
      ({ arm }) =>
        `${arm}: ${marks.flatMap((mark) => (mark.arm === arm ? [`${nameOf(mark.p)} ${SECONDS(mark.seconds)}`] : [])).join(", ")}`,
    )
    .join("; ");
  return drawPicture({
    id,
    title: `Latency percentiles of ${name}`,
    description: `${description}.`,
    ...BESIDE,
    x: { domain: [0, nines], ...nineTicks(nines), grid: true, label: null },
    y: durationAxis(points.map(({ seconds }) => seconds)),
    marks: [
      ...arms.map(({ arm }) =>
        line(
          points.filter((point) => point.arm === arm),
          { x: "nine", y: "seconds", stroke: ARM_COLOURS[arm], strokeWidth: 2, className: `curve ${arm}` },
        ),
      ),
      spokenDots(
        marks.map(({ arm, p, seconds }) => ({
          x: nineOf(p),
          y: seconds,
          colour: ARM_COLOURS[arm],
          says: `${arm} ${nameOf(p)}: ${SECONDS(seconds)}`,
        })),
      ),
      axisNote("share of requests faster than this"),
    ],
  });
}

const nameOf = (p: number): string => `p${Number((p * 100).toFixed(3))}`;

import { rectY, ruleY } from "@observablehq/plot";
import { formatPercent, formatQuantity } from "../../decide/quantity.ts";
import { ARMS, type DrawnScenario } from "./arm-blocks.ts";
import { ARM_COLOURS, drawPicture, OVER_TIME, timeAxis } from "./picture.ts";

/**
 * What was offered in each block and what became of it, per second: answered correctly (the arm's colour), failed (red)
 * on top. The height is the load.
 *
 * @returns undefined if nothing was offered.
 */
export function loadChart(id: string, { name, blocks }: DrawnScenario): string | undefined {
  const bars = ARMS.flatMap((arm) =>
    blocks[arm].map(({ record, startS, endS }) => {
      const { index, offered, ok, durationS } = record;
      return { arm, index, startS, endS, okPerS: ok / durationS, offeredPerS: offered / durationS, offered, failed: offered - ok };
    }),
  ).filter(({ offered }) => offered > 0);
  if (bars.length === 0) return undefined;
  const failing = bars.filter(({ failed }) => failed > 0);
  const total = (arm: "base" | "head") => {
    const own = bars.filter((bar) => bar.arm === arm);
    const offered = own.reduce((sum, bar) => sum + bar.offered, 0);
    const failed = own.reduce((sum, bar) => sum + bar.failed, 0);
    return own.length === 0 ? [] : [`${arm}: ${formatQuantity(offered, "1")} requests, ${formatPercent(failed / offered)} of them failed`];
  };
  const says = (bar: (typeof bars)[number]) =>
    `${bar.arm}, block ${bar.index + 1}: ${formatQuantity(bar.okPerS, "1/s")} answered, ${formatQuantity(bar.failed, "1")} of ${formatQuantity(bar.offered, "1")} failed`;
  return drawPicture({
    id,
    title: `Load and failures of ${name} over time`,
    description: `${ARMS.flatMap(total).join("; ")}.`,
    ...OVER_TIME,
    height: 170,
    x: timeAxis(bars),
    y: {
      domain: [0, Math.max(...bars.map(({ offeredPerS }) => offeredPerS)) * 1.08],
      ticks: 4,
      tickFormat: (rate: number) => formatQuantity(rate, "1/s"),
      grid: true,
      label: null,
    },
    marks: [
      ...ARMS.map((arm) =>
        rectY(
          bars.filter((bar) => bar.arm === arm),
          {
            x1: "startS",
            x2: "endS",
            y1: 0,
            y2: "okPerS",
            insetLeft: 0.5,
            insetRight: 0.5,
            fill: ARM_COLOURS[arm],
            fillOpacity: 0.55,
            title: says,
            className: `answered ${arm}`,
          },
        ),
      ),
      rectY(failing, {
        x1: "startS",
        x2: "endS",
        y1: "okPerS",
        y2: "offeredPerS",
        insetLeft: 0.5,
        insetRight: 0.5,
        fill: "var(--fail)",
        // One failure in ten thousand is less than a pixel, and must be seen.
        stroke: "var(--fail)",
        strokeWidth: 1.5,
        title: says,
        className: "failed",
      }),
      ruleY([0], { stroke: "var(--quiet)" }),
    ],
  });
}

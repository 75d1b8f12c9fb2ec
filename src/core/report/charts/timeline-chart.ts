import { link, ruleY } from "@observablehq/plot";
import { formatDuration } from "../../decide/duration.ts";
import { quantileOf } from "../../stats/quantile.ts";
import { ARMS, type DrawnBlock, type DrawnScenario } from "./arm-blocks.ts";
import { ARM_COLOURS, drawPicture, durationAxis, extentOf, OVER_TIME, SECONDS, timeAxis } from "./picture.ts";

/**
 * p50 and p99 of each block where it lies in time: shows drift, a disturbed stretch, and the order of base and head. A
 * stored baseline is drawn as the level of all its runs.
 *
 * @returns undefined if no block of the head has a latency.
 */
export function timelineChart(id: string, { name, blocks, whole, sameRun }: DrawnScenario): string | undefined {
  const levels = { base: blocks.base.flatMap(levelOf), head: blocks.head.flatMap(levelOf) };
  if (levels.head.length === 0) return undefined;
  const all = ARMS.flatMap((arm) => levels[arm].map((level) => ({ ...level, arm }))).toSorted((a, b) => a.startS - b.startS);
  const { startS, endS } = extentOf(all);
  const stored = sameRun || whole.base.total === 0 ? [] : [quantileOf(whole.base, 0.5)!, quantileOf(whole.base, 0.99)!];
  const order = all.slice(0, 8).map(({ arm }) => arm);
  return drawPicture({
    id,
    title: `Latency of ${name} over time`,
    description: `p50 and p99 of ${levels.base.length} base and ${levels.head.length} head blocks over ${formatDuration(endS - startS)}; in the order ${order.join(", ")}${all.length > order.length ? ", and so on" : ""}.`,
    ...OVER_TIME,
    height: 260,
    x: timeAxis(all),
    y: durationAxis([...all.flatMap(({ p50, p99 }) => [p50, p99]), ...stored]),
    marks: [
      ...stored.map((seconds, i) =>
        ruleY([seconds], {
          stroke: ARM_COLOURS.base,
          strokeWidth: i === 0 ? 1.5 : 2.5,
          strokeDasharray: "6 3",
          className: "stored",
          title: () => `stored runs, ${i === 0 ? "p50" : "p99"}: ${SECONDS(seconds)}`,
        }),
      ),
      ...ARMS.flatMap((arm) =>
        (["p99", "p50"] as const).map((which) =>
          link(levels[arm], {
            x1: "startS",
            x2: "endS",
            y1: which,
            y2: which,
            stroke: ARM_COLOURS[arm],
            strokeWidth: which === "p99" ? 4 : 1.75,
            className: `${which} ${arm}`,
            title: (level: Level) => `${arm}, block ${level.index + 1}, ${which}: ${SECONDS(level[which])}`,
          }),
        ),
      ),
    ],
  });
}

type Level = { readonly index: number; readonly startS: number; readonly endS: number; readonly p50: number; readonly p99: number };

function levelOf({ record: { index }, startS, endS, latency }: DrawnBlock): readonly Level[] {
  const [p50, p99] = [quantileOf(latency, 0.5), quantileOf(latency, 0.99)];
  return p50 === undefined || p99 === undefined ? [] : [{ index, startS, endS, p50, p99 }];
}

import { rect } from "@observablehq/plot";
import { formatPercent } from "../../decide/quantity.ts";
import { mergeBins } from "../../stats/bins.ts";
import { exceedance, quantileOf } from "../../stats/quantile.ts";
import { ARMS, type DrawnBlock, type DrawnScenario } from "./arm-blocks.ts";
import { ARM_COLOURS, drawPicture, durationAxis, OVER_TIME, SECONDS, timeAxis } from "./picture.ts";

const ROWS = 26;
const MOST_COLUMNS = 48;

/**
 * Every request of the run where it was, as a map of time and latency: the darker a cell, the larger the share of its
 * block's requests. Modes are bands, stalls are columns, and a leak is a slope: none of them shows in a percentile.
 * Blocks that run in turn are drawn in their arm's colour.
 *
 * @returns undefined if fewer than two blocks have a latency.
 */
export function heatChart(id: string, { name, blocks }: DrawnScenario): string | undefined {
  const columns = ARMS.flatMap((arm) => columnsOf(blocks[arm]).map((column) => ({ ...column, arm })));
  if (columns.length < 2) return undefined;
  const lowest = Math.min(...columns.map(({ latency }) => quantileOf(latency, 0)!));
  const highest = Math.max(...columns.map(({ latency }) => quantileOf(latency, 1)!));
  const [low, high] = [Math.log(Math.max(lowest, 1e-7)), Math.log(Math.max(highest, lowest * 1.2))];
  const edge = (row: number): number => low + ((high - low) * row) / ROWS;
  const cells = columns.flatMap(({ arm, latency, startS: x1, endS: x2 }) =>
    Array.from({ length: ROWS }, (_, row) => {
      const above = (log: number) => exceedance(latency, log);
      const share = (row === 0 ? 1 : above(edge(row))) - (row === ROWS - 1 ? 0 : above(edge(row + 1)));
      return { arm, x1, x2, y1: Math.exp(edge(row)), y2: Math.exp(edge(row + 1)), share };
    }).filter(({ share }) => share > 0),
  );
  const most = Math.max(...cells.map(({ share }) => share));
  return drawPicture({
    id,
    title: `Every latency of ${name} over time`,
    description: `Latencies between ${SECONDS(lowest)} and ${SECONDS(highest)}, as shares of each of ${columns.length} stretches of time.`,
    ...OVER_TIME,
    height: 300,
    x: timeAxis(columns),
    y: durationAxis([Math.exp(low), Math.exp(high)]),
    marks: ARMS.map((arm) =>
      rect(
        cells.filter((cell) => cell.arm === arm),
        {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: ARM_COLOURS[arm],
          // A single request of a thousand must still be seen.
          fillOpacity: ({ share }: { share: number }) => 0.08 + 0.92 * Math.sqrt(share / most),
          title: ({ y1, y2, share }: { y1: number; y2: number; share: number }) =>
            `${arm}: ${formatPercent(share)} between ${SECONDS(y1)} and ${SECONDS(y2)}`,
          className: `cells ${arm}`,
        },
      ),
    ),
  });
}

/** At most {@link MOST_COLUMNS}: neighbouring blocks of one arm are drawn as one. */
function columnsOf(blocks: readonly DrawnBlock[]): readonly Omit<DrawnBlock, "record">[] {
  const filled = blocks.filter(({ latency }) => latency.total > 0);
  const each = Math.ceil(filled.length / MOST_COLUMNS);
  return Array.from({ length: Math.ceil(filled.length / Math.max(1, each)) }, (_, column) => {
    const part = filled.slice(column * each, (column + 1) * each);
    return { startS: part[0]!.startS, endS: part.at(-1)!.endS, latency: mergeBins(part.map(({ latency }) => latency)) };
  });
}

import { formatDuration } from "../decide/duration.ts";
import { formatQuantity } from "../decide/quantity.ts";
import { decodeBins } from "../record/distribution.ts";
import type { BlockRecord } from "../record/run-record.ts";
import { type Bins, mergeBins } from "../stats/bins.ts";
import { quantileOf } from "../stats/quantile.ts";
import { durationAxis, legend, linear, type Plot, svgFigure, svgLine, svgPath, svgText } from "./svg.ts";

/** The blocks of one scenario, by arm. A stored baseline has blocks of other runs, which share no clock with the head. */
export type ArmBlocks = { readonly base: readonly BlockRecord[]; readonly head: readonly BlockRecord[]; readonly sameRun: boolean };

const SIZE = { width: 560, height: 300 };
const PLOT: Plot = { left: 62, right: 544, top: 32, bottom: 258 };
const PERCENTILES = [0, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999];

/**
 * Latency of both arms over the percentile, on an axis on which every further nine takes the same width: where the
 * curves part is where the change is. Drawn up to the percentile that one request stands for.
 *
 * @returns undefined if no latency was measured.
 */
export function percentileChart(id: string, name: string, blocks: ArmBlocks): string | undefined {
  const arms = [
    { arm: "base", bins: latencyOf(blocks.base) },
    { arm: "head", bins: latencyOf(blocks.head) },
  ].filter(({ bins }) => bins.total > 1);
  if (arms.length === 0) return undefined;
  const nines = Math.max(...arms.map(({ bins }) => Math.log10(bins.total)));
  const x = linear(0, nines, PLOT.left, PLOT.right);
  const curves = arms.map(({ arm, bins }) => ({ arm, points: curve(bins, nines) }));
  const seconds = curves.flatMap(({ points }) => points.map(([, value]) => value));
  const { y, body } = durationAxis(PLOT, Math.min(...seconds), Math.max(...seconds));
  const shown = PERCENTILES.filter((p) => -Math.log10(1 - p) <= nines);
  const description = arms
    .map(
      ({ arm, bins }) =>
        `${arm}: ${shown
          .slice(1)
          .map((p) => `p${Number((p * 100).toFixed(3))} ${duration(bins, p)}`)
          .join(", ")}`,
    )
    .join("; ");
  return svgFigure(id, SIZE, `Latency percentiles of ${name}`, `${description}.`, [
    ...body,
    ...shown.flatMap((p) => {
      const position = x(-Math.log10(1 - p));
      return [
        svgLine(position, PLOT.top, position, PLOT.bottom, "grid"),
        svgText(position, PLOT.bottom + 18, p === 0 ? "min" : `p${Number((p * 100).toFixed(3))}`, "label", "middle"),
      ];
    }),
    ...curves.map(({ arm, points }) =>
      svgPath(
        points.map(([nine, value]) => [x(nine), y(value)] as const),
        `curve ${arm}`,
      ),
    ),
    ...legend(
      PLOT,
      arms.map(({ arm }) => ({ className: `curve ${arm}`, text: arm })),
    ),
    svgText((PLOT.left + PLOT.right) / 2, SIZE.height - 6, "share of requests faster than this", "label", "middle"),
  ]);
}

/**
 * p50 and p99 of each block where it lies in time: shows drift, a disturbed stretch, and the order of base and head. A
 * stored baseline is drawn as the level of all its runs.
 *
 * @returns undefined if no block of the head has a latency.
 */
export function timelineChart(id: string, name: string, blocks: ArmBlocks): string | undefined {
  const head = levels(blocks.head);
  if (head.length === 0) return undefined;
  const base = blocks.sameRun ? levels(blocks.base) : [];
  const stored = blocks.sameRun ? undefined : latencyOf(blocks.base);
  const storedLevels = stored === undefined || stored.total === 0 ? [] : [quantileOf(stored, 0.5)!, quantileOf(stored, 0.99)!];
  const all = [...base, ...head];
  const start = Math.min(...all.map(({ startS }) => startS));
  const end = Math.max(...all.map(({ endS }) => endS));
  const x = linear(start, end, PLOT.left, PLOT.right);
  const seconds = [...all.flatMap(({ p50, p99 }) => [p50, p99]), ...storedLevels];
  const { y, body } = durationAxis(PLOT, Math.min(...seconds), Math.max(...seconds));
  const marks = (arm: "base" | "head", list: readonly Level[]) =>
    list.flatMap(({ startS, endS, p50, p99 }) => [
      svgLine(x(startS), y(p99), x(endS), y(p99), `tail ${arm}`),
      svgLine(x(startS), y(p50), x(endS), y(p50), `body ${arm}`),
    ]);
  const hasBase = base.length > 0 || storedLevels.length > 0;
  const order = [...base.map((level) => ({ ...level, arm: "base" })), ...head.map((level) => ({ ...level, arm: "head" }))]
    .toSorted((a, b) => a.startS - b.startS)
    .slice(0, 8);
  return svgFigure(
    id,
    SIZE,
    `Latency of ${name} over time`,
    `p50 and p99 of ${base.length} base and ${head.length} head blocks over ${formatDuration(end - start)}; in the order ${order.map(({ arm }) => arm).join(", ")}${all.length > order.length ? ", and so on" : ""}.`,
    [
      ...body,
      ...timeTicks(end - start).map((tick) => svgText(x(start + tick), PLOT.bottom + 18, formatDuration(tick), "label", "middle")),
      ...storedLevels.map((level, index) =>
        svgLine(PLOT.left, y(level), PLOT.right, y(level), `${index === 0 ? "body" : "tail"} base stored`),
      ),
      ...marks("base", base),
      ...marks("head", head),
      ...legend(PLOT, [
        ...(hasBase
          ? [
              { className: "tail base", text: "base p99" },
              { className: "body base", text: "base p50" },
            ]
          : []),
        { className: "tail head", text: "head p99" },
        { className: "body head", text: "head p50" },
      ]),
      svgText((PLOT.left + PLOT.right) / 2, SIZE.height - 6, "time, one mark per block", "label", "middle"),
    ],
  );
}

type Level = { readonly startS: number; readonly endS: number; readonly p50: number; readonly p99: number };

const levels = (blocks: readonly BlockRecord[]): readonly Level[] =>
  blocks.flatMap(({ startS, durationS, histograms }) => {
    const bins = histograms.latency === undefined ? undefined : decodeBins(histograms.latency);
    const [p50, p99] = bins === undefined ? [] : [quantileOf(bins, 0.5), quantileOf(bins, 0.99)];
    return p50 === undefined || p99 === undefined ? [] : [{ startS, endS: startS + durationS, p50, p99 }];
  });

const latencyOf = (blocks: readonly BlockRecord[]): Bins =>
  mergeBins(blocks.flatMap(({ histograms }) => (histograms.latency === undefined ? [] : [decodeBins(histograms.latency)])));

/** One point per two units of width: finer than the eye, and small. */
function curve(bins: Bins, nines: number): readonly (readonly [number, number])[] {
  const steps = Math.round((PLOT.right - PLOT.left) / 2);
  const last = Math.log10(bins.total);
  return Array.from({ length: steps + 1 }, (_, step) => (nines * step) / steps)
    .filter((nine) => nine <= last)
    .map((nine) => [nine, quantileOf(bins, 1 - 10 ** -nine) ?? 0] as const);
}

const duration = (bins: Bins, p: number): string => formatQuantity(quantileOf(bins, p) ?? Number.NaN, "s");

/** Round times from 0, at most eight. */
function timeTicks(lengthS: number): readonly number[] {
  const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200];
  const step = steps.find((candidate) => lengthS / candidate <= 7) ?? 86_400;
  return Array.from({ length: Math.floor(lengthS / step) + 1 }, (_, index) => index * step);
}

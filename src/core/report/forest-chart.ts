import type { MetricVerdict, Verdict } from "../decide/verdict.ts";
import { METRICS, worseSign } from "../metric.ts";
import { plainLine } from "./plain.ts";
import { changeText, intervalText, ORDER, WORDS } from "./row.ts";
import { at, linear, svgFigure, svgLine, svgText } from "./svg.ts";

const WIDTH = 920;
const PLOT = { left: 230, right: 600 };
const ROW = 28;
const TOP = 34;
/** More lines are a list, not a picture; the worst are shown. */
const MOST_ROWS = 40;

/**
 * Every gated change with its interval, in units of its own gate: 0 is no change, 1 is where the gate blocks, and
 * metrics of different kinds share one picture.
 *
 * @returns undefined if no gated metric was compared.
 */
export function forestChart(id: string, verdict: Verdict): string | undefined {
  const rows = verdict.scenarios
    .flatMap(({ metrics }) => metrics)
    .flatMap(toRow)
    .toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || b.worse - a.worse)
    .slice(0, MOST_ROWS);
  if (rows.length === 0) return undefined;
  const from = Math.max(-4, Math.min(-1, ...rows.map(({ low }) => low)) - 0.2);
  const to = Math.min(6, Math.max(2, ...rows.map(({ high }) => high)) + 0.2);
  const x = linear(from, to, PLOT.left, PLOT.right);
  const bottom = TOP + rows.length * ROW;
  const description = rows.map((row) => `${row.label}: ${row.text}, ${WORDS[row.verdict]}`).join("; ");
  return svgFigure(id, { width: WIDTH, height: bottom + 30 }, "Every gated change against its gate", `${description}.`, [
    `<rect class="beyond" x="${at(x(1))}" y="${TOP - 8}" width="${at(PLOT.right - x(1))}" height="${bottom - TOP + 8}"/>`,
    svgLine(x(0), TOP - 8, x(0), bottom, "zero"),
    svgLine(x(1), TOP - 8, x(1), bottom, "gate"),
    svgText(x(0) + 3, TOP - 14, "no change", "label", "end"),
    svgText(x(1) - 3, TOP - 14, "gate", "label strong"),
    svgText(PLOT.left, bottom + 20, "← better", "label"),
    svgText(PLOT.right, bottom + 20, "worse →", "label", "end"),
    ...rows.flatMap((row, index) => rowBody(row, TOP + index * ROW + ROW / 2, x, [from, to])),
  ]);
}

type Row = {
  readonly label: string;
  readonly text: string;
  readonly verdict: MetricVerdict["verdict"];
  /** In units of the gate, positive is worse. */
  readonly worse: number;
  readonly low: number;
  readonly high: number;
};

function toRow({ metric, gated, verdict, comparison }: MetricVerdict): readonly Row[] {
  const { delta, margin, scenario } = comparison;
  if (!gated || delta === undefined || margin === undefined || margin <= 0) return [];
  const difference = delta.scale === "difference";
  const [value, low, high] = difference ? [delta.absolute, delta.absoluteLow, delta.absoluteHigh] : [delta.relative, delta.low, delta.high];
  if (value === undefined || low === undefined || high === undefined) return [];
  const sign = worseSign(metric, value);
  const [first, second] = [(sign * low) / margin, (sign * high) / margin];
  const definition = METRICS[metric];
  return [
    {
      label: `${metric} · ${scenario}`,
      text: `${changeText(delta, definition)} (${intervalText(delta, definition)})`,
      verdict,
      worse: (sign * value) / margin,
      low: Math.min(first, second),
      high: Math.max(first, second),
    },
  ];
}

function rowBody(
  { label, text, verdict, worse, low, high }: Row,
  y: number,
  x: (value: number) => number,
  [from, to]: readonly [number, number],
): readonly string[] {
  const inside = (value: number) => x(Math.min(Math.max(value, from), to));
  const mark = inside(worse);
  return [
    svgText(PLOT.left - 12, y + 4, plainLine(label, 31), "label", "end"),
    svgLine(inside(low), y, inside(high), y, `interval ${verdict}`),
    ...(low < from ? [arrow(x(from), y, -1, verdict)] : [svgLine(inside(low), y - 4, inside(low), y + 4, `interval ${verdict}`)]),
    ...(high > to ? [arrow(x(to), y, 1, verdict)] : [svgLine(inside(high), y - 4, inside(high), y + 4, `interval ${verdict}`)]),
    `<rect class="estimate ${verdict}" x="${at(mark - 4)}" y="${at(y - 4)}" width="8" height="8"/>`,
    svgText(PLOT.right + 12, y + 4, `${text} ${WORDS[verdict]}`, "label"),
  ];
}

/** The interval goes on beyond the picture. */
const arrow = (x: number, y: number, direction: 1 | -1, verdict: string): string =>
  `<path class="estimate ${verdict}" d="M${at(x)} ${at(y)}l${-7 * direction} -5v10z"/>`;

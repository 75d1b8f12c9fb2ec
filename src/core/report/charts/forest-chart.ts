import { dot, link, rect, ruleX, text } from "@observablehq/plot";
import type { MetricVerdict, Verdict, VerdictWord } from "../../decide/verdict.ts";
import { METRICS, worseSign } from "../../metric.ts";
import { plainLine } from "../plain.ts";
import { changeText, intervalText, ORDER, WORDS } from "../row.ts";
import { drawPicture } from "./picture.ts";

const ROW = 28;
/** More lines are a list, not a picture: the worst are shown, and of those that pass only as many as these. */
const MOST_ROWS = 40;
const MOST_PASSING = 12;

/**
 * Every gated change with its interval, in units of its own gate: 0 is no change, 1 is where the gate blocks, and
 * metrics of different kinds share one picture.
 *
 * @returns no picture if no gated metric was compared; `left` counts the gates for which it has no room.
 */
export function forestChart(id: string, verdict: Verdict): { readonly svg: string | undefined; readonly left: number } {
  const all = verdict.scenarios
    .flatMap(({ metrics }) => metrics)
    .flatMap(toRow)
    .toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || b.worse - a.worse);
  const troubled = all.filter((row) => row.verdict !== "pass").length;
  const rows = all.slice(0, Math.min(MOST_ROWS, troubled + MOST_PASSING)).map((row, place) => ({ ...row, place }));
  if (rows.length === 0) return { svg: undefined, left: 0 };
  const from = Math.max(-4, Math.min(-1, ...rows.map(({ low }) => low)) - 0.2);
  const to = Math.min(6, Math.max(2, ...rows.map(({ high }) => high)) + 0.2);
  const inside = (value: number): number => Math.min(Math.max(value, from), to);
  const drawn = rows.map((row) => ({
    ...row,
    colour: COLOURS[row.verdict],
    from: inside(row.low),
    to: inside(row.high),
    at: inside(row.worse),
  }));
  const leaving = drawn.flatMap((row) => [
    ...(row.low < from ? [{ ...row, x: from, arrow: "◀" }] : []),
    ...(row.high > to ? [{ ...row, x: to, arrow: "▶" }] : []),
  ]);
  const last = rows.length - 0.5;
  const svg = drawPicture({
    id,
    title: "Every gated change against its gate",
    description: `${rows.map((row) => `${row.label}: ${row.text}, ${WORDS[row.verdict]}`).join("; ")}.`,
    width: 920,
    height: 64 + rows.length * ROW,
    marginLeft: 215,
    marginRight: 265,
    marginTop: 34,
    marginBottom: 30,
    x: { domain: [from, to], axis: null },
    y: { domain: [last, -0.5], axis: null },
    marks: [
      rect([{ x1: 1, x2: to, y1: -0.5, y2: last }], { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "var(--fail)", fillOpacity: 0.08 }),
      ruleX([0], { stroke: "var(--quiet)" }),
      ruleX([1], { stroke: "var(--fail)", strokeWidth: 1.5, strokeDasharray: "4 3", className: "gate" }),
      text([{ x: 0, says: "no change" }], {
        x: "x",
        text: "says",
        frameAnchor: "top",
        dy: -12,
        dx: -2,
        textAnchor: "end",
        className: "note",
      }),
      text([{ x: 1, says: "gate" }], { x: "x", text: "says", frameAnchor: "top", dy: -12, dx: 2, textAnchor: "start", className: "note" }),
      text(["← better"], { frameAnchor: "bottom-left", dy: 20, className: "note" }),
      text(["worse →"], { frameAnchor: "bottom-right", dy: 20, className: "note" }),
      text(drawn, {
        y: "place",
        text: ({ label }: Row) => plainLine(label, 31),
        frameAnchor: "left",
        textAnchor: "end",
        dx: -12,
        className: "label",
      }),
      link(drawn, { x1: "from", x2: "to", y1: "place", y2: "place", stroke: "colour", strokeWidth: 2, className: "interval" }),
      text(leaving, { x: "x", y: "place", text: "arrow", fill: "colour", className: "arrow" }),
      dot(drawn, {
        x: "at",
        y: "place",
        symbol: "square",
        r: 5,
        fill: "colour",
        className: "estimate",
        title: ({ label, text: said }: Row) => `${label}: ${said}`,
      }),
      text(drawn, {
        y: "place",
        text: ({ text: said, verdict: word }: Row) => `${said} · ${WORDS[word]}`,
        frameAnchor: "right",
        textAnchor: "start",
        dx: 12,
        className: "label",
      }),
    ],
  });
  return { svg, left: all.length - rows.length };
}

const COLOURS: Readonly<Record<VerdictWord, string>> = {
  pass: "var(--pass)",
  fail: "var(--fail)",
  inconclusive: "var(--unsure)",
  "no-baseline": "var(--unsure)",
  invalid: "var(--unsure)",
};

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
  const definition = METRICS[metric];
  const sign = worseSign(metric, value);
  const [first, second] = [(sign * low) / margin, (sign * high) / margin];
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

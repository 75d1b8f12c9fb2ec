import { formatQuantity } from "../decide/quantity.ts";
import { escapeHtml } from "./escape-html.ts";

/** The drawing area inside its axes, in SVG units. */
export type Plot = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

/** From a value to a position. */
export type Scale = (value: number) => number;

/**
 * A picture that can be read aloud: title and description belong to it by id. Colours come from the page's classes.
 *
 * @param id unique on the page, letters, digits and dashes.
 */
export function svgFigure(
  id: string,
  size: { readonly width: number; readonly height: number },
  title: string,
  description: string,
  body: readonly string[],
): string {
  return [
    `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="${id}-title ${id}-description" xmlns="http://www.w3.org/2000/svg">`,
    `<title id="${id}-title">${escapeHtml(title)}</title>`,
    `<desc id="${id}-description">${escapeHtml(description, 1000)}</desc>`,
    ...body,
    `</svg>`,
  ].join("\n");
}

export const svgLine = (x1: number, y1: number, x2: number, y2: number, className: string): string =>
  `<line class="${className}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"/>`;

export const svgText = (x: number, y: number, text: string, className = "", anchor: "start" | "middle" | "end" = "start"): string =>
  `<text${className === "" ? "" : ` class="${className}"`} x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${escapeHtml(text, 60)}</text>`;

export const svgPath = (points: readonly (readonly [number, number])[], className: string): string =>
  points.length === 0 ? "" : `<path class="${className}" d="M${points.map(([x, y]) => `${at(x)} ${at(y)}`).join("L")}"/>`;

/** Two decimals: less than a pixel, and the same bytes everywhere. */
export const at = (position: number): string => String(Number(position.toFixed(2)));

export const linear =
  (from: number, to: number, start: number, end: number): Scale =>
  (value) =>
    start + ((end - start) * (value - from)) / (to - from || 1);

/** A logarithmic axis of durations, with grid lines at 1, 2 and 5, and labels. Both bounds > 0. */
export function durationAxis(plot: Plot, from: number, to: number): { readonly y: Scale; readonly body: readonly string[] } {
  const [low, high] = [from / 1.08, to * 1.08];
  const scale = linear(Math.log(low), Math.log(high), plot.bottom, plot.top);
  const y: Scale = (seconds) => scale(Math.log(Math.max(seconds, 1e-9)));
  const ticks = logTicks(low, high);
  const body = ticks.flatMap((tick) => [
    svgLine(plot.left, y(tick), plot.right, y(tick), "grid"),
    svgText(plot.left - 8, y(tick) + 4, formatQuantity(tick, "s"), "label", "end"),
  ]);
  return { y, body };
}

/** Round numbers in [low, high], thinned to what an axis can hold; finer steps where the range is small. */
export function logTicks(low: number, high: number): readonly number[] {
  const steps = high / low < 3 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] : high / low < 12 ? [1, 1.5, 2, 3, 5, 7] : [1, 2, 5];
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
    for (const step of steps) {
      const tick = Number((step * 10 ** decade).toPrecision(3));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  const every = Math.ceil(ticks.length / 8);
  return ticks.filter((_, index) => index % every === 0);
}

/** What the lines mean, along the top. */
export function legend(plot: Plot, entries: readonly { readonly className: string; readonly text: string }[]): readonly string[] {
  const step = 128;
  return entries.flatMap(({ className, text }, index) => {
    const x = plot.left + index * step;
    return [svgLine(x, 14, x + 22, 14, className), svgText(x + 28, 18, text, "label")];
  });
}

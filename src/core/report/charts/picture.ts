import { type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { formatDuration } from "../../decide/duration.ts";
import { formatQuantity } from "../../decide/quantity.ts";

/** What a picture is called and says, for those who cannot see it, and what is drawn. */
export type Picture = Omit<PlotOptions, "document" | "className" | "figure" | "title" | "subtitle" | "caption" | "style"> & {
  /** Unique on its page. */
  readonly id: string;
  readonly title: string;
  /** The numbers behind the picture, as sentences. */
  readonly description: string;
};

/**
 * A picture as an SVG element with title and description. It carries no style of its own, because the page's policy
 * allows none: colours are the page's variables (`var(--base)`), so that one file is light and dark.
 *
 * The same input gives the same bytes. Positions have two decimals, which no screen can tell from more.
 */
export function drawPicture({ id, title, description, ...options }: Picture): string {
  const { document } = parseHTML("<!doctype html><html></html>");
  const svg = plot({ ...options, document, className: "plot" }) as unknown as Svg;
  svg.querySelector("style")?.remove();
  // Title and description say what is drawn; a group of lines has no role that could carry a name of its own.
  for (const group of svg.querySelectorAll("g[aria-label]")) {
    if (group.getAttribute("aria-label")?.endsWith("-grid") === true) group.setAttribute("class", "grid");
    group.removeAttribute("aria-label");
  }
  const named = (tag: "title" | "desc", text: string): Svg => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag) as unknown as Svg;
    element.setAttribute("id", `${id}-${tag}`);
    element.textContent = text;
    return element;
  };
  svg.prepend(named("title", title), named("desc", description));
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-labelledby", `${id}-title ${id}-desc`);
  for (const name of ["fill", "font-family", "font-size"]) svg.removeAttribute(name);
  return svg.outerHTML.replaceAll(/="[^"]*"/g, (attribute) =>
    attribute.replaceAll(LONG_NUMBER, (number) => String(Number(Number(number).toFixed(2)))),
  );
}

const LONG_NUMBER = /-?\d+\.\d{3,}(?:e-?\d+)?/g;

/** As much of the DOM as is used: it is no part of this program's types. */
type Svg = {
  readonly querySelector: (selector: string) => { readonly remove: () => void } | null;
  readonly querySelectorAll: (selector: string) => Iterable<Svg>;
  readonly prepend: (...elements: readonly Svg[]) => void;
  readonly getAttribute: (name: string) => string | null;
  readonly setAttribute: (name: string, value: string) => void;
  readonly removeAttribute: (name: string) => void;
  textContent: string;
  readonly outerHTML: string;
};

/** What lies in time is drawn as wide, and begins as far to the right, as all else of its scenario: one moment is one line. */
export const OVER_TIME = { width: 920, marginLeft: 76, marginBottom: 26 } as const;

/** Distributions stand side by side: three fit on a desk, and one on a telephone keeps its letters readable. */
export const BESIDE = { width: 400, height: 290, marginLeft: 58, marginBottom: 44 } as const;

/** Colours by arm: see the style sheet. */
export const ARM_COLOURS = { base: "var(--base)", head: "var(--head)" } as const;

export const SECONDS = (value: number): string => formatQuantity(value, "s");

/** A logarithmic axis of durations, wide enough that nothing lies on its border. */
export function durationAxis(values: Iterable<number>): NonNullable<PlotOptions["y"]> & { readonly domain: readonly [number, number] } {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (!(value > 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const domain = [low / 1.08, high * 1.08] as const;
  return { type: "log", domain, ticks: logTicks(...domain), tickFormat: SECONDS, grid: true, label: null };
}

/** Round numbers in [low, high], thinned to what an axis can hold; finer steps where the range is small. */
export function logTicks(low: number, high: number): number[] {
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

/** Nines of a percentile: 0.99 is at 2, 0.999 at 3. */
export const nineOf = (p: number): number => -Math.log10(1 - p);

/** Percentiles to label on an axis of {@link BESIDE} up to `nines`, thinned to what it can hold: the tail keeps its labels longest. */
export function nineTicks(nines: number): { readonly ticks: number[]; readonly tickFormat: (nine: number) => string } {
  const perNine = (BESIDE.width - BESIDE.marginLeft - 20) / Math.max(nines, 1e-9);
  const ticks: number[] = [];
  for (const p of TICKS_BY_WORTH) {
    const nine = nineOf(p);
    if (nine <= nines && ticks.every((other) => Math.abs(other - nine) * perNine >= LABEL_WIDTH)) ticks.push(nine);
  }
  const tickFormat = (nine: number): string => (nine === 0 ? "min" : `p${Number((100 - 100 * 10 ** -nine).toFixed(3))}`);
  return { ticks: ticks.toSorted((a, b) => a - b), tickFormat };
}

const TICKS_BY_WORTH = [0.99, 0.999, 0.9, 0.5, 0.9999, 0.99999, 0.95, 0];
const LABEL_WIDTH = 38;

/** Stretches of time, from the first begin to the last end. */
export type Stretch = { readonly startS: number; readonly endS: number };

/** @param stretches at least one. */
export const extentOf = (stretches: readonly Stretch[]): Stretch => ({
  startS: Math.min(...stretches.map(({ startS }) => startS)),
  endS: Math.max(...stretches.map(({ endS }) => endS)),
});

/** An axis of time over all these, labelled from 0. */
export function timeAxis(stretches: readonly Stretch[]): NonNullable<PlotOptions["x"]> {
  const { startS, endS } = extentOf(stretches);
  return {
    type: "linear",
    domain: [startS, Math.max(endS, startS + 1)],
    ticks: timeTicks(endS - startS).map((tick) => startS + tick),
    tickFormat: (atS: number) => formatDuration(atS - startS),
    label: null,
  };
}

/** Round times from 0, at most eight. */
function timeTicks(lengthS: number): readonly number[] {
  const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200];
  const step = steps.find((candidate) => lengthS / candidate <= 7) ?? 86_400;
  return Array.from({ length: Math.floor(lengthS / step) + 1 }, (_, index) => index * step);
}

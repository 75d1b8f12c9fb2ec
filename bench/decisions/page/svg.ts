/** A small plot as SVG that reads on light and on dark pages: colours follow the reader's preference. */
export type Plot = {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines?: readonly Line[];
  readonly points?: readonly Point[];
  /** A shaded range of y that is the goal. */
  readonly band?: readonly [number, number];
};

export type Axis = {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
};
/** `tone` numbers the colours; the first is ours. */
export type Line = { readonly name: string; readonly tone: number; readonly points: readonly (readonly [number, number])[] };
export type Point = {
  readonly name: string;
  readonly tone: number;
  readonly x: number;
  readonly y: number;
  /** Ends of a bar in y. */
  readonly bar?: readonly [number, number];
};

const [WIDTH, HEIGHT] = [720, 400];
const [LEFT, TOP, BOTTOM] = [64, 36, 52];
const COLOURS = [
  ["#0969da", "#58a6ff"],
  ["#1a7f37", "#3fb950"],
  ["#cf222e", "#ff7b72"],
  ["#9a6700", "#d29922"],
  ["#8250df", "#bc8cff"],
  ["#bf3989", "#f778ba"],
  ["#57606a", "#8b949e"],
] as const;

export function svgOf(plot: Plot): string {
  const named = (plot.lines?.length ?? 0) > 0;
  const right = named ? 190 : 24;
  const scale = { x: scaleOf(plot.x, LEFT, WIDTH - right), y: scaleOf(plot.y, HEIGHT - BOTTOM, TOP) };
  const [end, bottom] = [WIDTH - right, HEIGHT - BOTTOM];
  const parts = [
    `<text class="title" x="${LEFT}" y="20">${escape(plot.title)}</text>`,
    ...(plot.band === undefined ? [] : [bandOf(plot.band, scale.y, end)]),
    ...plot.x.ticks.map(
      ({ at, text }) =>
        `<line class="grid" x1="${n(scale.x(at))}" x2="${n(scale.x(at))}" y1="${TOP}" y2="${bottom}"/><text class="tick" text-anchor="middle" x="${n(scale.x(at))}" y="${bottom + 18}">${escape(text)}</text>`,
    ),
    ...plot.y.ticks.map(
      ({ at, text }) =>
        `<line class="grid" x1="${LEFT}" x2="${end}" y1="${n(scale.y(at))}" y2="${n(scale.y(at))}"/><text class="tick" text-anchor="end" x="${LEFT - 8}" y="${n(scale.y(at) + 4)}">${escape(text)}</text>`,
    ),
    `<text class="label" text-anchor="middle" x="${n((LEFT + end) / 2)}" y="${HEIGHT - 12}">${escape(plot.x.label)}</text>`,
    `<text class="label" text-anchor="middle" transform="translate(16 ${n((TOP + bottom) / 2)}) rotate(-90)">${escape(plot.y.label)}</text>`,
    ...(plot.lines ?? []).flatMap((line) => lineOf(line, scale)),
    ...legend(plot.lines ?? [], end),
    ...(plot.points ?? []).map((point) => pointOf(point, scale)),
    ...names(
      (plot.points ?? []).filter(({ bar }) => bar === undefined),
      scale,
      end,
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(plot.title)}">
<style>${STYLE}</style>
${parts.join("\n")}
</svg>
`;
}

type Scale = { readonly x: (value: number) => number; readonly y: (value: number) => number };

const scaleOf =
  ({ from, to }: Axis, start: number, end: number) =>
  (value: number): number =>
    start + ((Math.min(Math.max(value, from), to) - from) / (to - from)) * (end - start);

const bandOf = ([low, high]: readonly [number, number], y: Scale["y"], end: number): string =>
  `<rect class="band" x="${LEFT}" width="${end - LEFT}" y="${n(y(high))}" height="${n(y(low) - y(high))}"/>`;

function lineOf({ points, tone }: Line, { x, y }: Scale): readonly string[] {
  const drawn = points.map(([px, py]) => `${n(x(px))},${n(y(py))}`);
  return [
    `<polyline class="line t${tone}" points="${drawn.join(" ")}"/>`,
    ...points.map(([px, py]) => `<circle class="dot t${tone}" cx="${n(x(px))}" cy="${n(y(py))}" r="3"/>`),
  ];
}

const legend = (lines: readonly Line[], end: number): readonly string[] =>
  lines.map(
    ({ name, tone }, i) =>
      `<line class="line t${tone}" x1="${end + 12}" x2="${end + 30}" y1="${TOP + 12 + 20 * i}" y2="${TOP + 12 + 20 * i}"/><text class="name" x="${end + 36}" y="${TOP + 16 + 20 * i}">${escape(name)}</text>`,
  );

function pointOf({ tone, x: px, y: py, bar }: Point, { x, y }: Scale): string {
  const [cx, cy] = [x(px), y(py)];
  const drawn =
    bar === undefined ? "" : `<line class="line t${tone}" x1="${n(cx)}" x2="${n(cx)}" y1="${n(y(bar[0]))}" y2="${n(y(bar[1]))}"/>`;
  return `<circle class="dot t${tone}" cx="${n(cx)}" cy="${n(cy)}" r="4"/>${drawn}`;
}

/** Of a character and of a line, at the size of names. */
const [CHARACTER, LINE] = [6.2, 13];

/** Beside their points, and a line lower where another name or point is there already: the best rules meet in one corner. */
function names(points: readonly Point[], { x, y }: Scale, end: number): readonly string[] {
  const dots = points.map((point) => ({ from: x(point.x) - 4, to: x(point.x) + 4, y: y(point.y) }));
  const taken: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  return points.map(({ name, x: px, y: py }) => {
    const cx = x(px);
    const isLeft = cx > end - 150;
    const [from, to] = isLeft ? [cx - 8 - CHARACTER * name.length, cx - 8] : [cx + 8, cx + 8 + CHARACTER * name.length];
    let at = y(py);
    while ([...taken, ...dots].some((other) => other.from < to && from < other.to && Math.abs(other.y - at) < LINE)) at += LINE / 2;
    taken.push({ from, to, y: at });
    return `<text class="name" text-anchor="${isLeft ? "end" : "start"}" x="${n(isLeft ? to : from)}" y="${n(at + 4)}">${escape(name)}</text>`;
  });
}

const STYLE = `
text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:14px}.tick,.name{font-size:11px}
.grid{stroke:#8b949e;stroke-opacity:.25}.band{fill:#1a7f37;fill-opacity:.15}.line{fill:none;stroke-width:2}
${COLOURS.map(([light], i) => `.line.t${i}{stroke:${light}}.dot.t${i}{fill:${light}}`).join("")}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}${COLOURS.map(([, dark], i) => `.line.t${i}{stroke:${dark}}.dot.t${i}{fill:${dark}}`).join("")}}
`.trim();

const n = (value: number): string => String(Number(value.toFixed(1)));
const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

import { formatChange, formatQuantity } from "../decide/quantity.ts";
import type { MetricVerdict, ScenarioVerdict } from "../decide/verdict.ts";
import { METRICS } from "../metric.ts";

/** Where in a distribution base and head part: a line of plain text per percentile, for a fixed-width font. */
export type ShiftPicture = {
  /** `latency`, `ttft`, … */
  readonly of: string;
  /** A head line, then percentiles from the median on; at most 100 characters each. */
  readonly lines: readonly string[];
};

/** Characters of the longest bar. */
const WIDTH = 24;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * One picture for each distribution of which a gated percentile failed or could not be decided: the change of every
 * percentile that was compared, as a bar. A shift of the whole is a stack of bars of one length, a tail that got longer a
 * stair. Percentiles without a change to show are left out; with fewer than two of them there is nothing to see.
 */
export function shiftPictures({ metrics }: ScenarioVerdict): readonly ShiftPicture[] {
  const doubtful = metrics.filter(({ gated, verdict }) => gated && ["fail", "inconclusive"].includes(verdict)).flatMap(distributionOf);
  return [...new Set(doubtful)].flatMap((of) => {
    const rows = metrics.filter((metric) => distributionOf(metric)[0] === of).flatMap(rowOf);
    return rows.length < 2 ? [] : [{ of, lines: draw(rows) }];
  });
}

type Row = { readonly label: string; readonly base: string; readonly head: string; readonly change: number; readonly gate: number };

function distributionOf({ metric }: MetricVerdict): readonly string[] {
  const { measure } = METRICS[metric];
  return measure.kind === "quantile" ? [measure.of] : [];
}

function rowOf({ metric, comparison: { base, head, delta, gate } }: MetricVerdict): readonly Row[] {
  const { measure, unit } = METRICS[metric];
  if (measure.kind !== "quantile" || base === undefined || head === undefined || delta?.relative === undefined) return [];
  const label = `p${Number((measure.p * 100).toFixed(1))}`;
  const [from, to] = [formatQuantity(base.value, unit), formatQuantity(head.value, unit)];
  return [{ label, base: from, head: to, change: delta.relative, gate: gate?.regression ?? 0 }];
}

function draw(rows: readonly Row[]): readonly string[] {
  // A change far below its gate shall not look like a large one.
  const widest = Math.max(...rows.flatMap(({ change, gate }) => [Math.abs(change), gate]));
  const eighths = (change: number): number => (widest === 0 ? 0 : Math.round((Math.abs(change) / widest) * WIDTH * 8));
  const left = rows.map(({ change }) => (change < 0 ? faster(eighths(change)) : ""));
  const margin = Math.max(...left.map((bar) => bar.length));
  const head = { label: "", base: "base", head: "head", change: "change", bar: `${"".padStart(margin)}│ slower →` };
  const cells = rows.map(({ label, base, head: value, change, gate }, i) => {
    const bar = `${left[i]!.padStart(margin)}│${change > 0 ? slower(eighths(change)) : ""}${gate === 0 ? "" : `  gate ${formatChange(gate)}`}`;
    return { label, base, head: value, change: formatChange(change), bar };
  });
  const width = (of: (cell: typeof head) => string): number => Math.max(...[head, ...cells].map((cell) => of(cell).length));
  const [label, base, value, change] = [width((c) => c.label), width((c) => c.base), width((c) => c.head), width((c) => c.change)];
  return [head, ...cells].map((cell) =>
    [cell.label.padEnd(label), cell.base.padStart(base), cell.head.padStart(value), cell.change.padStart(change), cell.bar].join("  "),
  );
}

const slower = (eighths: number): string => "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
/** Fonts have the eighths for one direction only: half a character is the finest step in the other. */
const faster = (eighths: number): string => (eighths % 8 >= 4 ? "▐" : "") + "█".repeat(Math.floor(eighths / 8));

import { METRICS, type RuleName } from "../cell.ts";
import { CURVE } from "../cells.ts";
import type { Results } from "../results.ts";
import { NO_CHANGE, slower } from "../simulator/change.ts";
import { type CellResult, type Count, rateOf } from "../tally.ts";
import { type Axis, type Line, type Point, svgOf } from "./svg.ts";

/** The plots by file name; one without data is left out. */
export function plotsOf(results: Results): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [
      ["false-blocks.svg", falseBlocks(results)] as const,
      ["power.svg", power(results)] as const,
      ["coverage.svg", coverage(results)] as const,
    ].flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
}

/** Our rules by the name of the page, and where they are counted. */
const OURS: readonly { readonly rule: RuleName; readonly name: string; readonly kind: CellResult["kind"]; readonly tone: number }[] = [
  { rule: "live", name: "tailgate live", kind: "live", tone: 0 },
  { rule: "stored-8", name: "tailgate, 8 stored", kind: "stored", tone: 1 },
];

type Blocks = (factor: number) => Count | undefined;

/** How often each rule blocks a pull request of the steady world, by how much slower it is. */
function rulesOf({ cells }: Results): readonly { readonly name: string; readonly tone: number; readonly blocks: Blocks }[] {
  const at = (kind: CellResult["kind"], factor: number): CellResult | undefined =>
    cells.find(
      (cell) => cell.kind === kind && cell.worldName === "steady" && Math.abs(cell.change.factor - factor) < 1e-9 && cell.change.tail === 1,
    );
  const names = Object.keys(at("rivals", 1)?.rivals ?? {});
  return [
    ...OURS.map(({ rule, name, kind, tone }) => ({ name, tone, blocks: (factor: number) => at(kind, factor)?.rules[rule]?.words.fail })),
    ...names.map((name) => ({ name, tone: 6, blocks: (factor: number) => at("rivals", factor)?.rivals[name] })),
  ];
}

function falseBlocks(results: Results): string | undefined {
  const points = rulesOf(results).flatMap(({ name, tone, blocks }): readonly Point[] => {
    const [unchanged, slow] = [blocks(NO_CHANGE.factor), blocks(slower(10).factor)];
    return unchanged === undefined || slow === undefined ? [] : [{ name, tone, x: rateOf(unchanged), y: rateOf(slow) }];
  });
  if (points.length === 0) return undefined;
  return svgOf({
    title: "Blocks without a cause, and of +10 % in one of four scenarios (best: top left)",
    x: shares("unchanged pull requests that are blocked"),
    y: shares("+10 % that is blocked"),
    points,
  });
}

/** Rivals worth a line: the others crowd the plot without saying more. */
const DRAWN = ["p99 > +5 %", "p99 > +10 %", "Bencher t-test .99", "Kayenta, concurrent, allowedIncrease 1.1", "benchstat 10 v 10"];

function power(results: Results): string | undefined {
  const lines = rulesOf(results)
    .filter(({ name, tone }) => tone < 6 || DRAWN.includes(name))
    .map(({ name, tone, blocks }, i): Line => {
      const points = [0, ...CURVE].flatMap((percent) => {
        const count = blocks(1 + percent / 100);
        return count === undefined ? [] : [[percent, rateOf(count)] as const];
      });
      return { name: name.replace(", allowedIncrease 1.1", " 1.1"), tone: tone < 6 ? tone : i, points };
    })
    .filter(({ points }) => points.length > 1);
  if (lines.length === 0) return undefined;
  const ticks = [0, 5, 10, 15, 20].map((at) => ({ at, text: `${at === 0 ? "" : "+"}${at} %` }));
  return svgOf({
    title: "How often a slower scenario is blocked (p50 gated at 5 %, p95 and p99 at 10 %)",
    x: { label: "one of four steady scenarios is slower by", from: 0, to: 20, ticks },
    y: shares("blocked"),
    lines,
  });
}

function coverage({ cells }: Results): string | undefined {
  const shown = cells.flatMap((cell) => {
    const unchanged = cell.change.factor === 1 && cell.change.tail === 1;
    const rule = cell.kind === "live" ? cell.rules["live"] : cell.kind === "stored" ? cell.rules["stored-8"] : undefined;
    return unchanged && rule !== undefined ? [{ name: `${cell.worldName} (${cell.kind})`, of: rule.coverage.last }] : [];
  });
  if (shown.length === 0) return undefined;
  const points = shown.flatMap(({ name, of }, i): readonly Point[] =>
    of.flatMap(({ mean, error }, metric) =>
      mean === null
        ? []
        : [{ name, tone: metric, x: i + 0.25 * (metric - 1), y: mean, bar: [mean - 2 * (error ?? 0), mean + 2 * (error ?? 0)] as const }],
    ),
  );
  return svgOf({
    title: `90 % intervals that hold the truth, two standard errors: ${METRICS.map((metric) => metric.slice(8)).join(", ")} in turn`,
    x: {
      label: "cells without a change, in the order of the tables",
      from: -1,
      to: shown.length,
      ticks: shown.map((_, at) => ({ at, text: `${at + 1}` })),
    },
    y: { label: "share", from: 0.7, to: 1, ticks: [0.7, 0.8, 0.9, 1].map((at) => ({ at, text: `${Math.round(100 * at)} %` })) },
    band: [0.88, 0.92],
    points,
  });
}

const shares = (label: string): Axis => ({
  label,
  from: 0,
  to: 1,
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => ({ at, text: `${Math.round(100 * at)} %` })),
});

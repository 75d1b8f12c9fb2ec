import { type CellKind, METRICS, type RuleName } from "../cell.ts";
import { SIZE_WORLDS } from "../cells.ts";
import type { Results } from "../results.ts";
import { RIVALS } from "../rivals/all.ts";
import { describeChange } from "../simulator/change.ts";
import { type CellResult, rateOf } from "../tally.ts";
import { percent, rate, share, thousands } from "./format.ts";
import { table } from "./recorded.ts";

/** Our rule, cell by cell; the numbers of the cells are those of the coverage plot. */
export function ruleTable({ cells }: Results, kind: CellKind): string {
  const rows = cells
    .filter((cell) => cell.kind === kind)
    .flatMap((cell) =>
      Object.entries(cell.rules).map(([rule, { words, passResolvable, requests, stopped, coverage, margins, same }]) => [
        cell.worldName,
        describeChange(cell.change),
        rule,
        String(cell.replicates),
        rate(words.fail),
        rate(words.pass),
        percent(rateOf(words.undecided)),
        percent(rateOf(passResolvable)),
        thousands(requests.mean),
        endings(stopped),
        coverage.last.map(share).join(" · "),
        percent(margins[2]),
        same.n === 0 ? "–" : percent(rateOf(same)),
      ]),
    );
  const head = [
    "world",
    "change",
    "rule",
    "n",
    "blocked",
    "pass",
    "undecided",
    "pass, resolvable",
    "requests",
    kind === "stored" ? "head runs" : "ended",
    "90 % intervals hold, p50 · p95 · p99",
    "resolvable p99",
    "same twice",
  ];
  return rows.length === 0 ? NOTHING : table(head, rows);
}

const endings = (stopped: Readonly<Record<string, number>>): string =>
  Object.entries(stopped)
    .map(([why, n]) => `${why}: ${n}`)
    .join(", ");

export function powerTable({ cells }: Results): string {
  const rows = cells.flatMap((cell) =>
    Object.entries(cell.rules).flatMap(([rule, { power, margins }]) =>
      power === undefined ? [] : [[cell.worldName, rule, ...METRICS.flatMap((_, i) => [percent(margins[i]), rate(power[i])])]],
    ),
  );
  const head = ["world", "rule", ...METRICS.flatMap((metric) => [`printed, ${short(metric)}`, `blocked, ${short(metric)}`])];
  return rows.length === 0 ? NOTHING : table(head, rows);
}

/** Every rule on the same pull requests: one row a rule, one column a kind of pull request. */
export function rivalTable({ cells }: Results): string {
  const columns = cells.filter((cell) => cell.kind === "rivals" && !isSizeOnly(cell));
  if (columns.length === 0) return NOTHING;
  const twin = (column: CellResult, kind: CellKind) =>
    cells.find(
      (cell) => cell.kind === kind && cell.worldName === column.worldName && describeChange(cell.change) === describeChange(column.change),
    );
  const ours: readonly (readonly [string, RuleName, CellKind])[] = [
    ["**tailgate live**", "live", "live"],
    ["**tailgate, 8 stored**", "stored-8", "stored"],
  ];
  const rows = [
    ...ours.map(([name, rule, kind]) => [name, ...columns.map((column) => blockedBy(twin(column, kind)?.rules[rule]?.words.fail))]),
    ...RIVALS.map(({ name }) => [name, ...columns.map(({ rivals }) => blockedBy(rivals[name]))]),
  ];
  return table(["blocks", ...columns.map(({ worldName, change }) => `${worldName}, ${describeChange(change)}`)], rows);
}

const blockedBy = (count: Parameters<typeof rate>[0]): string => (count === undefined || count.n === 0 ? "–" : percent(rateOf(count)));

const isSizeOnly = ({ worldName }: CellResult): boolean => worldName !== "steady" && (SIZE_WORLDS as readonly string[]).includes(worldName);

export function efficiencyTable({ efficiency }: Results): string {
  const [first] = efficiency;
  if (first === undefined || first.points.length === 0) return NOTHING;
  const rows = efficiency.map(({ rule, points, needed }) => [
    rule,
    ...points.map(
      ({ requests, unchanged, falseBlocks, detected }) =>
        `${percent(rateOf(detected))} for ${thousands(requests)} (${percent(rateOf(falseBlocks))}${unchanged === requests ? "" : ` for ${thousands(unchanged)}`})`,
    ),
    needed === null ? "not reached" : `${needed.atMost ? "≤ " : ""}${thousands(needed.requests)}`,
  ]);
  return table(["rule", ...first.points.map(({ world }) => (world === "steady" ? "10k requests" : world)), "for 90 %"], rows);
}

/** The rivals in a sentence each. */
export const rivalList = (): string => RIVALS.map(({ name, about }) => `- **${name}**: ${about}.`).join("\n");

export function timeTable({ cells }: Results): string {
  return table(
    ["cell", "n", "s each"],
    cells.map(({ name, replicates, secondsEach }) => [name, String(replicates), secondsEach.toFixed(2)]),
  );
}

const NOTHING = "Not part of this run.";
const short = (metric: string): string => metric.slice("latency.".length);

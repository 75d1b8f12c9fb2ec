import type { Comparison, PoolFinding, StoredRunName } from "../compare/comparison.ts";
import { METRICS } from "../metric.ts";
import type { Problem } from "../record/run-record.ts";
import { formatChange, formatDifference } from "./quantity.ts";

/** Of one scenario, the metrics whose level moved with one stored run, in the order of the comparisons; at least one. */
export type Move = { readonly scenario: string; readonly metrics: readonly Moved[] };
type Moved = { readonly metric: Comparison["metric"]; readonly pool: PoolFinding & Required<Pick<PoolFinding, "moved">> };

/**
 * Warnings about the stored runs that gates stand on: the branch itself got worse, at once and unannounced, or little by
 * little. They block nothing, since the pull request at hand is not to blame.
 */
export function poolWarnings(comparisons: readonly Comparison[]): readonly Problem[] {
  const gated = comparisons.filter(isGated);
  const moves = movesOf(gated.filter(({ pool }) => pool?.moved?.isWorse === true && pool.moved.accepted === undefined && !pool.creep));
  const crept = Map.groupBy(
    gated.filter(({ pool }) => pool?.creep !== undefined),
    ({ scenario }) => scenario,
  );
  return [
    ...moves.map((move) => warning("baseline-moved", move.scenario, `the stored runs got worse: ${moveText(move)}`)),
    ...[...crept].map(([scenario, of]) => warning("baseline-creep", scenario, creepText(of))),
  ];
}

/** Metrics of a scenario move together: those that did so with one stored run are told together. */
export function movesOf(comparisons: readonly Comparison[]): readonly Move[] {
  const moved = comparisons.filter(isGated).flatMap(({ scenario, metric, pool }) => {
    const { moved } = pool ?? {};
    return pool === undefined || moved === undefined ? [] : [{ scenario, metric, pool: { ...pool, moved } }];
  });
  const groups = Map.groupBy(moved, ({ scenario, pool }) => JSON.stringify([scenario, pool.moved.at.origin]));
  return [...groups.values()].map((metrics) => ({ scenario: metrics[0]!.scenario, metrics }));
}

/** `latency.p99 moved by +24 % (+18 % … +31 %) at commit 1a2b3c4d5e (run 815); the head is compared with the 4 runs since`. */
export function moveText({ metrics }: Move): string {
  const { at, runs, accepted } = metrics[0]!.pool.moved;
  const moved = metrics.map(
    ({ metric, pool }, i) => `${metric} ${i === 0 ? "moved " : ""}by ${boundedText(metric, pool.scale, pool.moved)}`,
  );
  const why = accepted === undefined ? "" : `, accepted by ${accepted.by} in #${accepted.pull}`;
  const since = runs === 1 ? "that run alone, the only one since" : `the ${runs} runs since`;
  return `${moved.join(", ")} at ${nameText(at)}${why}; the head is compared with ${since}`;
}

/** `latency.p99 +62 %`, for every gated metric in which a stored run lies far off the others. */
export const outlyingTexts = (comparisons: readonly Comparison[], origin: string): readonly string[] =>
  comparisons.filter(isGated).flatMap(({ metric, pool }) => {
    const found = pool?.outlying.find(({ run }) => run.origin === origin);
    return pool === undefined || found === undefined ? [] : [`${metric} ${sizeText(metric, pool.scale, found.by)}`];
  });

function creepText(crept: readonly Comparison[]): string {
  const largest = crept.toSorted((a, b) => Math.abs(b.pool?.creep?.by ?? 0) - Math.abs(a.pool?.creep?.by ?? 0));
  const [{ metric, pool }, ...others] = largest as [Comparison, ...Comparison[]];
  const { runs, from, to, ...size } = pool!.creep!;
  const verb = METRICS[metric].better === "lower" ? "rose" : "fell";
  const also = others.length === 0 ? "" : `; ${others.map((other) => other.metric).join(", ")} moved as well`;
  return (
    `${metric} ${verb} by ${boundedText(metric, pool!.scale, size).replace(/^[+−]/, "")} over the last ${runs} stored runs, from ${nameText(from)} ` +
    `to ${nameText(to)}, in steps too small to be seen one by one${also}`
  );
}

/** `commit 1a2b3c4d5e (run 815)`, or as much of it as is known. */
function nameText({ origin, commit, runId }: StoredRunName): string {
  if (commit === undefined) return runId === undefined ? origin : `run ${runId}`;
  return `commit ${commit.slice(0, 10)}${runId === undefined ? "" : ` (run ${runId})`}`;
}

const isGated = ({ gate }: Comparison): boolean => gate?.regression !== undefined;

const warning = (code: string, scenario: string, message: string): Problem => ({ severity: "warning", code, message, scenario });

type Sizes = { readonly by: number; readonly low: number; readonly high: number };

const boundedText = (metric: Comparison["metric"], scale: PoolFinding["scale"], { by, low, high }: Sizes): string =>
  `${sizeText(metric, scale, by)} (${sizeText(metric, scale, low)} … ${sizeText(metric, scale, high)})`;

const sizeText = (metric: Comparison["metric"], scale: PoolFinding["scale"], by: number): string =>
  scale === "difference" ? formatDifference(by, METRICS[metric].unit) : formatChange(by);

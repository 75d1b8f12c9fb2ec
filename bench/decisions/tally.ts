import { mean, median, sampleStandardDeviation } from "simple-statistics";
import type { VerdictWord } from "../../src/core/decide/verdict.ts";
import { betaQuantile } from "../../src/core/stats/distributions.ts";
import { type Cell, isLive, type RuleName } from "./cell.ts";
import type { Observation, RuleObservation, Triple } from "./observation.ts";
import { RIVALS } from "./rivals/all.ts";

/** k of n, of which a rate is made; bounds are computed where it is printed. */
export type Count = { readonly k: number; readonly n: number };

export const rateOf = ({ k, n }: Count): number => k / n;

/** Exact one-sided 95 % bounds (Clopper–Pearson); 0 and 1 where nothing was counted. */
export const lowerBound = ({ k, n }: Count): number => (k === 0 ? 0 : betaQuantile(0.05, k, n - k + 1));
export const upperBound = ({ k, n }: Count): number => (k >= n ? 1 : betaQuantile(0.95, k + 1, n - k));

/** A mean over pull requests and its standard error; null where there are none, or only one. */
export type Mean = { readonly mean: number | null; readonly error: number | null; readonly n: number };

export type RuleResult = {
  readonly words: Readonly<Record<"fail" | "pass" | "undecided", Count>>;
  /** Passes under `decision.pass: resolvable`. */
  readonly passResolvable: Count;
  readonly requests: Mean;
  readonly stopped: Readonly<Record<string, number>>;
  /** Share of 90 % intervals that held the truth. */
  readonly coverage: { readonly first: Triple<Mean>; readonly last: Triple<Mean> };
  /** Median printed resolvable margin of the changed scenario; null where none was printed. */
  readonly margins: Triple<number | null>;
  /** Words of the changed scenario's metrics. */
  readonly metricFail: Triple<Count>;
  readonly metricPass: Triple<Count>;
  /** The same commit judged twice: the same word. */
  readonly same: Count;
  readonly power: Triple<Count> | undefined;
  readonly carriesProof: Count;
  readonly saysDifferentHosts: Count;
};

export type CellResult = Pick<Cell, "name" | "kind" | "worldName" | "world" | "change"> & {
  readonly replicates: number;
  /** Processor time per pull request, s. */
  readonly secondsEach: number;
  readonly rules: Readonly<Partial<Record<RuleName, RuleResult>>>;
  /** How often each rival failed the pull request. */
  readonly rivals: Readonly<Record<string, Count>>;
};

/** @param observations in order of their replicates. */
export function tally(cell: Cell, observations: readonly Observation[], seconds: number): CellResult {
  const { name, kind, worldName, world, change } = cell;
  const rules = cell.rules.map(
    (rule) =>
      [
        rule,
        tallyRule(
          rule,
          observations.map(({ rules }) => rules[rule]!),
        ),
      ] as const,
  );
  const rivals =
    kind === "rivals"
      ? RIVALS.map((rival) => [rival.name, countOf(observations, ({ rivals: scores }) => scores[rival.name]! >= rival.threshold)] as const)
      : [];
  return {
    name,
    kind,
    worldName,
    world,
    change,
    replicates: observations.length,
    secondsEach: seconds / observations.length,
    rules: Object.fromEntries(rules),
    rivals: Object.fromEntries(rivals),
  };
}

function tallyRule(rule: RuleName, seen: readonly RuleObservation[]): RuleResult {
  const worded = (...words: readonly VerdictWord[]) => countOf(seen, ({ word }) => words.includes(word));
  const powers = seen.flatMap(({ power }) => (power === undefined ? [] : [power]));
  return {
    words: { fail: worded("fail"), pass: worded("pass"), undecided: countOf(seen, ({ word }) => word !== "fail" && word !== "pass") },
    passResolvable: countOf(seen, ({ coarse }) => coarse === "pass"),
    requests: meanOf(seen.map(({ requests }) => requests)),
    stopped: countEach(seen.map(({ stopped }) => stopped)),
    coverage: {
      first: triple((i) => meanOf(seen.map(({ covered }) => covered.first[i]!))),
      last: triple((i) => meanOf(seen.map(({ covered }) => covered.last[i]!))),
    },
    margins: triple((i) => {
      const printed = seen.flatMap(({ margins }) => margins[i] ?? []);
      return printed.length === 0 ? null : median(printed);
    }),
    metricFail: triple((i) => countOf(seen, ({ metrics }) => metrics[i] === "fail")),
    metricPass: triple((i) => countOf(seen, ({ metrics }) => metrics[i] === "pass")),
    same: isLive(rule) ? sameInPairs(seen) : countOf(judgedTwice(seen), ({ word, again }) => word === again),
    power:
      powers.length === 0
        ? undefined
        : triple((i) => {
            const known = powers.flatMap((power) => power[i] ?? []);
            return countOf(known, (blocked) => blocked);
          }),
    carriesProof: countOf(seen, ({ carriesProof }) => carriesProof),
    saysDifferentHosts: countOf(seen, ({ saysDifferentHosts }) => saysDifferentHosts),
  };
}

/** A live run shares nothing with another one of the same commit, so that two replicates are one commit judged twice. */
function sameInPairs(seen: readonly RuleObservation[]): Count {
  const pairs = Array.from({ length: Math.floor(seen.length / 2) }, (_, i) => [seen[2 * i]!.word, seen[2 * i + 1]!.word] as const);
  return countOf(pairs, ([a, b]) => a === b);
}

const judgedTwice = (seen: readonly RuleObservation[]) => seen.filter(({ again }) => again !== undefined);

export const triple = <T>(of: (i: number) => T): Triple<T> => [of(0), of(1), of(2)];

export function countOf<T>(items: readonly T[], holds: (item: T) => boolean): Count {
  return { k: items.filter(holds).length, n: items.length };
}

export function meanOf(values: readonly number[]): Mean {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length === 0) return { mean: null, error: null, n: 0 };
  const error = known.length < 2 ? null : sampleStandardDeviation(known) / Math.sqrt(known.length);
  return { mean: mean(known), error, n: known.length };
}

function countEach(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words.toSorted()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Sum of counts; for cells that are pooled. */
export const sumOf = (counts: readonly Count[]): Count => ({
  k: counts.reduce((sum, { k }) => sum + k, 0),
  n: counts.reduce((sum, { n }) => sum + n, 0),
});

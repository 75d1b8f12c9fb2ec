import type { Candidate } from "../../../src/core/compare/baseline.ts";
import type { AcceptedChange, RunRecord } from "../../../src/core/record/run-record.ts";

/** What the stored runs of a branch went through, and the pull request that is compared with them. */
export type History = {
  readonly name: string;
  /** Of each stored run, oldest first, how much its metric is multiplied. */
  readonly factors: readonly number[];
  /** Position of the run that carries an acceptance. */
  readonly acceptedAt?: number;
  /** How much the head's metric is multiplied. */
  readonly head: number;
  /** Whether blocking the head would be right. */
  readonly isRegression: boolean;
};

const POOL = 20;
const flat = (runs: number, factor = 1): readonly number[] => Array.from({ length: runs }, () => factor);
const since = (runs: number, factor: number): readonly number[] => [...flat(POOL - runs), ...flat(runs, factor)];
const creep = Array.from({ length: POOL }, (_, k) => 1.03 ** Math.max(0, k - (POOL - 11)));
const stray = flat(POOL).map((factor, k) => (k === 12 ? 1.62 : factor));
const newestStray = since(1, 1.62);

/** Heads on the level of the branch, and 20 % beyond it. */
const both = (name: string, factors: readonly number[], more: Partial<History> = {}): readonly History[] => {
  const level = more.head ?? factors.at(-1)!;
  return [
    { name, factors, ...more, head: level, isRegression: false },
    { name, factors, ...more, head: 1.2 * level, isRegression: true },
  ];
};

export const HISTORIES: readonly History[] = [
  ...both("nothing moved", flat(POOL)),
  ...both("+20 % accepted, 1 run ago", since(1, 1.2), { acceptedAt: POOL - 1 }),
  ...both("+20 % accepted, 3 runs ago", since(3, 1.2), { acceptedAt: POOL - 3 }),
  ...both("+20 % unannounced, 3 runs ago", since(3, 1.2)),
  ...both("+20 % unannounced, 8 runs ago", since(8, 1.2)),
  ...both("20 % faster for 3 runs", since(3, 1 / 1.2)),
  ...both("20 % faster for 8 runs", since(8, 1 / 1.2)),
  ...both("ten merges of +3 %", creep),
  ...both("one run +62 %, 8 runs ago", stray),
  ...both("newest run +62 %, head as before", newestStray, { head: 1 }),
];

/** The stored runs as the search finds them: nearest first, a day apart. */
export function storedRuns(
  { acceptedAt }: Pick<History, "acceptedAt">,
  records: readonly RunRecord[],
  metric: string,
): readonly Candidate[] {
  const accepted: readonly AcceptedChange[] = [{ metric, largest: 0.3, by: "octocat", reason: "a larger model", pull: 41 }];
  return records
    .map((record, k): Candidate => {
      const day = `2026-10-${String(k + 1).padStart(2, "0")}`;
      const provenance = { commit: `c${k}`, runId: String(800 + k), ...(k === acceptedAt ? { accepted } : {}) };
      const times = { startedAt: `${day}T09:00:00.000Z`, finishedAt: `${day}T09:05:00.000Z` };
      return { origin: `run ${800 + k}`, record: { ...record, ...times, provenance } };
    })
    .toReversed();
}

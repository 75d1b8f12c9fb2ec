// Pools of stored runs with a history: npm run bench:histories [-- --write | --quick]
//
// Judges pull requests against 20 stored runs whose level moved, crept or met a bad hour, with our rule and with the plain
// mean of all runs; and counts false levels and warnings in pools in which nothing moved. Prints Markdown tables; with
// --write into docs/decisions/histories.md.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { markdownTable } from "markdown-table";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { describeMachine, sentenceOf } from "../../load/machine.ts";
import { rate } from "../page/format.ts";
import { type Endpoint, NOISES, type NoiseName, numbers, SERVED } from "./endpoint.ts";
import { HISTORIES, type History, storedRuns } from "./history.ts";
import { judgeOurs, judgePooled, suiteFor } from "./judge.ts";

/** Head runs that a commit gets while it is undecided. */
const MOST_HEADS = 3;

const { values } = parseArgs({ options: { write: { type: "boolean" }, quick: { type: "boolean" } } });
const sizes = values.quick === true ? { served: 2, numbers: 20, flat: 50 } : { served: 60, numbers: 500, flat: 2000 };

const text = `# Pools of stored runs with a history

\`npm run bench:histories -- --write\`, ${sentenceOf(describeMachine())}. A gate at 10 %, 20 stored runs; rates with exact
one-sided 95 % bounds. "First run" is the verdict on one head run; "in the end" after up to ${MOST_HEADS} head runs of the commit,
the next one for as long as nothing is decided. "Mean" is the rule without a history: the mean and the variance of all stored
runs, with the same prior and levels. "Told" is the share of pools whose report names the move (or, for merges of +3 %, warns
of a creep).

## Numbers as runs differ by 3 %

${historyTable(numbers("normal, 3 %"), sizes.numbers)}

## Simulated requests, p99

${historyTable(SERVED, sizes.served)}

## Pools in which nothing moved

Share of pools of 20 runs in which a level is found, a run is called outlying, or a creep is warned of.

${flatTable(sizes.flat)}
`;
console.log(text);
if (values.write === true) writeFileSync("docs/decisions/histories.md", text);

function historyTable(endpoint: Endpoint, replicates: number): string {
  const rows = HISTORIES.map((history) => {
    const judged = Array.from({ length: replicates }, (_, seed) => judgeBoth(endpoint, history, seed));
    const count = (is: (each: (typeof judged)[number]) => boolean) => rate({ k: judged.filter(is).length, n: replicates });
    const head = history.isRegression ? "20 % slower" : "no change";
    return [
      history.name,
      head,
      count(({ ours }) => ours.first === "fail"),
      count(({ pooled }) => pooled.first === "fail"),
      count(({ ours }) => ours.last === "fail"),
      count(({ pooled }) => pooled.last === "fail"),
      count(({ ours }) => ours.last === "pass"),
      count(({ pooled }) => pooled.last === "pass"),
      count(({ told }) => told),
    ];
  });
  const columns = ["blocked, first run", "mean", "blocked, in the end", "mean", "passed, in the end", "mean", "told"];
  return markdownTable([["stored runs", "head", ...columns], ...rows]);
}

function judgeBoth(endpoint: Endpoint, history: History, seed: number) {
  const suite = suiteFor(endpoint);
  const factors = [...history.factors, ...Array.from({ length: MOST_HEADS }, () => history.head)];
  const records = endpoint.runs(factors, seed);
  const stored = storedRuns(history, records.slice(0, history.factors.length), endpoint.metric);
  const heads = records.slice(history.factors.length);
  const first = judgeOurs(suite, stored, heads.slice(0, 1));
  const pool = first.scenarios[0]!.metrics[0]!.comparison.pool;
  const isCreep = history.name.startsWith("ten merges");
  return {
    ours: words(heads, (some) => judgeOurs(suite, stored, some).verdict),
    pooled: words(heads, (some) => judgePooled(suite, stored, some)),
    told: isCreep ? first.problems.some(({ code }) => code === "baseline-creep") : pool?.moved !== undefined,
  };
}

function words<Word extends string>(
  heads: readonly RunRecord[],
  judge: (heads: readonly RunRecord[]) => Word,
): { first: Word; last: Word } {
  const first = judge(heads.slice(0, 1));
  let last = first;
  for (let n = 2; n <= heads.length && last === "inconclusive"; n++) last = judge(heads.slice(0, n));
  return { first, last };
}

function flatTable(replicates: number): string {
  const rows = (Object.keys(NOISES) as NoiseName[]).map((noise) => {
    const endpoint = numbers(noise);
    const suite = suiteFor(endpoint);
    const found = Array.from({ length: replicates }, (_, seed) => {
      const records = endpoint.runs(
        Array.from({ length: 21 }, () => 1),
        seed,
      );
      const { scenarios, verdict } = judgeOurs(suite, storedRuns({}, records.slice(0, 20), endpoint.metric), records.slice(20));
      const { pool } = scenarios[0]!.metrics[0]!.comparison;
      return {
        moved: pool?.moved !== undefined,
        outlying: (pool?.outlying.length ?? 0) > 0,
        creep: pool?.creep !== undefined,
        fail: verdict === "fail",
      };
    });
    const count = (is: (each: (typeof found)[number]) => boolean) => rate({ k: found.filter(is).length, n: replicates });
    return [noise, count(({ moved }) => moved), count(({ outlying }) => outlying), count(({ creep }) => creep), count(({ fail }) => fail)];
  });
  return markdownTable([["how runs differ (built in: 3 %)", "a level", "an outlying run", "a creep", "unchanged head blocked"], ...rows]);
}

// How often an attribution speaks on simulated records: node bench/attribution/simulated.ts [how many]
//
// Equal builds, live and against stored runs, and builds that got slower for a reason that nothing tells of. None of them may
// be attributed to anything: 1 % is the most that is allowed.
import { compareRuns } from "../../src/core/compare/compare.ts";
import type { RunRecord } from "../../src/core/record/run-record.ts";
import { LIVE, stored } from "../../test/core/compare/judge.ts";
import { makeSuite } from "../../test/core/compare/records.ts";
import { type Served, type ServedOptions, servedRecord } from "../../test/core/compare/served-record.ts";

const times = Number(process.argv[2] ?? 2000);
const suite = makeSuite();
const small = { blocks: 10, requests: 80 } as const;

const live = (options: Omit<ServedOptions, "seed">) => (seed: number) =>
  compareRuns({ suite, heads: [servedRecord({ ...small, ...options, seed })], baseline: LIVE });
const single = (seed: number): RunRecord => servedRecord({ ...small, seed, design: "single", drift: 0.02, between: 0.02 });

const CASES = {
  "equal, live": live({ drift: 0.03 }),
  "equal, live, an environment that drifts by 10 %": live({ drift: 0.1 }),
  "equal, live, only the server's own times": live({ drift: 0.1, tells: "times" }),
  "equal, live, neither phases nor times": live({ drift: 0.1, tells: "nothing" }),
  "equal, against six stored runs that differ by about 3 %": (seed: number) =>
    compareRuns({
      suite,
      heads: [single(10 * seed)],
      baseline: stored(Array.from({ length: 6 }, (_, k) => single(10 * seed + k + 1))),
    }),
  "30 % slower, and nothing tells why": live({ drift: 0.03, tells: "nothing", head: { model: 1.3 } }),
};

for (const [name, compare] of Object.entries(CASES)) {
  const many = name.includes("stored") ? Math.ceil(times / 4) : times;
  const spoke = Array.from({ length: many }, (_, i) => compare(100_000 + i).attributions[0]).filter((found) => found !== undefined);
  const causes = spoke.map(({ causes: [first] }) => first?.kind).join(", ");
  process.stdout.write(`${name}: ${spoke.length} of ${many}${causes === "" ? "" : ` (${causes})`}\n`);
}

/** What is planted, and how often it is named first, is named at all, and something else is named beside it. */
const PLANTED: readonly (readonly [string, Served, string])[] = [
  ["a model 20 % slower", { model: 1.2 }, "model"],
  ["preprocessing of 4 ms instead of 1", { preprocess: 4 }, "preprocess"],
  ["half the batch, 2.5 times the queue", { queue: 2.5, gauges: { "batch.size": 3 } }, "batch-limit"],
  ["3 % of the requests three times as long in the model", { tailShare: 0.03, tailFactor: 3 }, "model"],
];
for (const [name, head, expected] of PLANTED) {
  const many = Math.ceil(times / 4);
  const found = Array.from({ length: many }, (_, i) => live({ head })(200_000 + i).attributions[0]?.causes ?? []);
  const first = found.filter(([cause]) => cause?.kind === expected).length;
  const others = found.filter((causes) => causes.some(({ kind }) => kind !== expected));
  const kinds = [...new Set(others.flatMap((causes) => causes.map(({ kind }) => kind)))].filter((kind) => kind !== expected);
  process.stdout.write(
    `${name}: named first in ${first} of ${many}, silent in ${found.filter((causes) => causes.length === 0).length}, something else too in ${others.length}${kinds.length === 0 ? "" : ` (${kinds.join(", ")})`}\n`,
  );
}

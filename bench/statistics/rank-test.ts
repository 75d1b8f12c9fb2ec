import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Distribution, decodeBins } from "../../src/core/record/distribution.ts";
import { mannWhitney } from "../../src/core/stats/mann-whitney.ts";
import { times } from "./big-record.ts";

/** Debian's python3-scipy belongs to the first of these; another Python may have it as well. */
const PYTHONS = ["/usr/bin/python3", "python3"];

const SCIPY = `
import json, sys, time
import numpy, scipy
from scipy import stats
head, base = (numpy.fromfile(name) for name in sys.argv[1:3])
costs = []
for _ in range(3):
    start = time.process_time()
    found = stats.mannwhitneyu(head, base, alternative="greater", method="asymptotic")
    costs.append(time.process_time() - start)
print(json.dumps({"version": scipy.__version__, "s": sorted(costs)[1], "p": found.pvalue, "u": found.statistic / len(head) / len(base)}))
`;

export type RankTest = {
  readonly values: number;
  /** CPU seconds of the test on histograms that are read already, and of reading them first; medians of several. */
  readonly oursS: number;
  readonly withReadingS: number;
  readonly p: number;
  readonly superiority: number;
  /** The sentence says why there is no number. */
  readonly scipy:
    | { readonly python: string; readonly version: string; readonly s: number; readonly p: number; readonly u: number }
    | string;
};

/** The Mann–Whitney test on `values` values an arm: ours on histograms, SciPy's on the values themselves, rounded to microseconds as ours. */
export function timeRankTest(values: number, folder: string): RankTest {
  const encoded = (["base", "head"] as const).map((arm) => {
    const next = times(arm, 7, arm === "base" ? 0.03 : 0.03003);
    const raw = Float64Array.from({ length: values }, () => Math.floor(next() * 1e6));
    writeFileSync(join(folder, `${arm}.f64`), new Uint8Array(raw.buffer));
    const distribution = new Distribution();
    for (const us of raw) distribution.recordNs(us * 1000);
    return distribution.encode();
  });
  const read = () => encoded.map(decodeBins) as [ReturnType<typeof decodeBins>, ReturnType<typeof decodeBins>];
  const runs = Array.from({ length: 15 }, () => {
    const start = process.cpuUsage();
    const [base, head] = read();
    const readAt = process.cpuUsage(start);
    const found = mannWhitney(base, head)!;
    const end = process.cpuUsage(start);
    return { found, oursS: (end.user + end.system - readAt.user - readAt.system) / 1e6, withReadingS: (end.user + end.system) / 1e6 };
  });
  const middle = (key: "oursS" | "withReadingS") => runs.map((run) => run[key]).sort((a, b) => a - b)[7]!;
  const { p, superiority } = runs[0]!.found;
  return { values, oursS: middle("oursS"), withReadingS: middle("withReadingS"), p, superiority, scipy: scipyOn(folder) };
}

function scipyOn(folder: string): RankTest["scipy"] {
  const python = PYTHONS.find((candidate) => spawnSync(candidate, ["-c", "import scipy"]).status === 0);
  if (python === undefined) return `SciPy did not run: none of ${PYTHONS.join(", ")} can import it (Debian: apt-get install python3-scipy)`;
  try {
    const text = execFileSync(python, ["-c", SCIPY, join(folder, "head.f64"), join(folder, "base.f64")], { encoding: "utf8" });
    return { python, ...JSON.parse(text) };
  } catch (error) {
    return `SciPy did not run: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  }
}

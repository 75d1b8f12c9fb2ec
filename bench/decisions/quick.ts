/**
 * How often the gate is right, on simulated runs through the product's own path (histograms, records, comparison,
 * decision): node bench/decisions/quick.ts [runs] [cell]
 */
import type { Baseline } from "../../src/core/compare/baseline.ts";
import { compareRuns } from "../../src/core/compare/compare.ts";
import { decide } from "../../src/core/decide/decide.ts";
import type { VerdictWord } from "../../src/core/decide/verdict.ts";
import { makeRecord, makeSuite, type RecordOptions } from "../../test/core/compare/records.ts";

const runs = Number(process.argv[2] ?? 200);
const only = process.argv[3] ?? "";
const METRICS = ["latency.p50", "latency.p95", "latency.p99"] as const;

type Tally = { verdicts: Map<VerdictWord, number>; covered: Map<string, [number, number, number]>; margins: number[] };

function run(label: string, options: RecordOptions, truth: number, stored = 0, pass: "strict" | "resolvable" = "strict"): void {
  if (!label.includes(only)) return;
  const suite = makeSuite({ decision: { pass } });
  const tally: Tally = { verdicts: new Map(), covered: new Map(METRICS.map((m) => [m, [0, 0, 0]])), margins: [] };
  for (let seed = 1; seed <= runs; seed++) {
    const head = makeRecord({ ...options, seed, ...(stored > 0 ? { design: "single", runDeviation: 0.03 } : {}) });
    const baseline: Baseline =
      stored === 0
        ? { kind: "live", refused: [] }
        : {
            kind: "stored",
            refused: [],
            runs: Array.from({ length: stored }, (_, k) => ({
              origin: `run ${k}`,
              record: makeRecord({ ...options, head: {}, design: "single", runDeviation: 0.03, seed: 1_000_000 + seed * 100 + k }),
            })),
          };
    const { evidence, comparisons } = compareRuns({ suite, heads: [head], baseline });
    const verdict = decide({ suite, comparisons, evidence, baseline, problems: [] });
    tally.verdicts.set(verdict.verdict, (tally.verdicts.get(verdict.verdict) ?? 0) + 1);
    for (const { metric, delta, resolvableMargin } of comparisons) {
      const counts = tally.covered.get(metric);
      if (counts === undefined || delta === undefined) continue;
      if ((delta.low ?? -1) <= truth && truth <= (delta.high ?? Infinity)) counts[0]++;
      if ((delta.high ?? Infinity) < truth) counts[1]++;
      if ((delta.low ?? -1) > truth) counts[2]++;
      if (metric === "latency.p99") tally.margins.push(resolvableMargin ?? Number.NaN);
    }
  }
  const percent = (n: number): string => ((100 * n) / runs).toFixed(1).padStart(5);
  const words = (["fail", "pass", "inconclusive"] as const).map((word) => percent(tally.verdicts.get(word) ?? 0)).join(" / ");
  const coverage = METRICS.map((metric) => tally.covered.get(metric)!.map(percent).join(" ")).join(" | ");
  const margin = tally.margins.sort((a, b) => a - b)[Math.floor(tally.margins.length / 2)] ?? Number.NaN;
  console.log(`${label.padEnd(44)} ${words}   ${coverage}   ${(100 * margin).toFixed(1)} %`);
}

console.log(`${"cell".padEnd(44)} fail / pass / undecided   coverage, high < truth, low > truth of p50 | p95 | p99   median m_eff(p99)`);
const big: RecordOptions = { blocks: 40, requestsPerBlock: 250 };
run("live 10k A/A", big, 0);
run("live 10k A/A resolvable", big, 0, 0, "resolvable");
run("live 10k +10 %", { ...big, head: { factor: 1.1 } }, 0.1);
run("live 10k +20 %", { ...big, head: { factor: 1.2 } }, 0.2);
run("live 10k slowest 2 % x1.3", { ...big, head: { tailFactor: 1.3 } }, 0);
run("live 10k slowest 2 % x1.5", { ...big, head: { tailFactor: 1.5 } }, 0);
run("live 12 pairs x 1000 A/A", { blocks: 12, requestsPerBlock: 1000 }, 0);
run("live 12 pairs x 250 A/A (n=3000)", { blocks: 12, requestsPerBlock: 250 }, 0);
run("live 12 pairs x 250 +20 %", { blocks: 12, requestsPerBlock: 250, head: { factor: 1.2 } }, 0.2);
run("live 12 pairs x 250 tail x1.5", { blocks: 12, requestsPerBlock: 250, head: { tailFactor: 1.5 } }, 0);
for (const n of [40, 60, 80, 125, 170, 250, 420])
  run(`live exceed ${((n * 12) / 100).toFixed(0)} 12 x ${n} A/A`, { blocks: 12, requestsPerBlock: n }, 0);
for (const n of [40, 60, 80, 125, 170, 250, 420])
  run(`live exceed ${((n * 24) / 100).toFixed(0)} 24 x ${n} A/A`, { blocks: 24, requestsPerBlock: n }, 0);
for (const n of [80, 125, 170, 250, 420]) {
  run(
    `live bursty few ${((n * 12) / 100).toFixed(0)} 12 x ${n} A/A`,
    { blocks: 12, requestsPerBlock: n, stallShare: 0.025, stallMemory: 0.985 },
    0,
  );
}
run("live bursty 10k A/A", { ...big, stallShare: 0.025, stallMemory: 0.985 }, 0);
for (const k of [1, 3, 8]) run(`stored K=${k} 10k A/A`, big, 0, k);
for (const k of [1, 3, 8]) run(`stored K=${k} 10k +20 %`, { ...big, head: { factor: 1.2 } }, 0.2, k);

/**
 * Reads run records and compares them, once, in a process of its own: `node compare-process.ts HEAD.json BASE.json…`.
 * Prints one line of JSON. What loading the program costs was paid before, what compiling it while it runs costs is in.
 */
import { readFileSync } from "node:fs";
import type { Baseline } from "../../src/core/compare/baseline.ts";
import { compareRuns } from "../../src/core/compare/compare.ts";
import type { MetricName } from "../../src/core/metric.ts";
import { readRunRecord } from "../../src/core/record/read.ts";
import type { Gate } from "../../src/core/suite/suite.ts";
import { makeSuite } from "../../test/core/compare/records.ts";

export type Cost = {
  readonly readS: number;
  readonly compareS: number;
  readonly metrics: number;
  /** Growth of the resident memory from before the records were read to its peak, bytes. */
  readonly memoryB: number;
};

const GATED = ["latency", "service", "ttft", "itl", "tpot"].flatMap((of) => ["p50", "p95", "p99"].map((p) => `${of}.${p}`));
const gates = GATED.map((metric): Gate => ({ metric: metric as MetricName, regression: 0.1, floor: undefined, limit: 10 }));
const suite = makeSuite({ gates });

const [head, ...bases] = process.argv.slice(2);
const memoryBefore = process.memoryUsage.rss();
const start = cpuS();
const records = [head!, ...bases].map((file) => readRunRecord(readFileSync(file, "utf8"), file));
const readS = cpuS() - start;
const baseline: Baseline =
  bases.length === 0
    ? { kind: "live", refused: [] }
    : { kind: "stored", refused: [], runs: records.slice(1).map((record, k) => ({ origin: `run ${k}`, record })) };
const beforeCompare = cpuS();
const { comparisons } = compareRuns({ suite, heads: [records[0]!], baseline });
const compareS = cpuS() - beforeCompare;
const cost: Cost = { readS, compareS, metrics: comparisons.length, memoryB: process.resourceUsage().maxRSS * 1024 - memoryBefore };
console.log(JSON.stringify(cost));

/** Of all threads: also those that compile and collect garbage. */
function cpuS(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

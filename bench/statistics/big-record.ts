import { DISTRIBUTIONS, type DistributionName } from "../../src/core/metric.ts";
import type { Arm } from "../../src/core/plan/plan.ts";
import { stream, uniform } from "../../src/core/plan/random.ts";
import { Distribution } from "../../src/core/record/distribution.ts";
import type { BlockRecord, RunRecord } from "../../src/core/record/run-record.ts";
import { makeRecord } from "../../test/core/compare/records.ts";

const PAIRS = 40;
const BLOCK_S = 10;

/**
 * A record of `requests` requests an arm, with every distribution that a block can keep, tokens and telemetry. Times are
 * log-normal with a heavy tail and differ from block to block; how they came about does not matter for what reading costs.
 */
export function bigRecord(seed: number, design: "live" | "single", requests: number): RunRecord {
  const record = makeRecord({ seed, design, blocks: 2, requestsPerBlock: 10 });
  const [scenario] = record.scenarios;
  const arms = Object.entries(scenario!.arms).map(([arm, made]) => [
    arm,
    { ...made, blocks: Array.from({ length: PAIRS }, (_, pair) => bigBlock(seed, arm as Arm, pair, design, requests / PAIRS)) },
  ]);
  return { ...record, scenarios: [{ ...scenario!, arms: Object.fromEntries(arms) }] };
}

function bigBlock(seed: number, arm: Arm, pair: number, design: "live" | "single", requests: number): BlockRecord {
  const histograms = DISTRIBUTIONS.map((name, i) => {
    const distribution = new Distribution();
    const values = times(`${arm} ${name} ${pair}`, seed, 0.01 * (i + 1));
    for (let k = 0; k < requests; k++) distribution.recordNs(values() * 1e9);
    return [name, distribution.encode()] as const satisfies readonly [DistributionName, string];
  });
  const index = design === "live" ? 2 * pair + Number(arm === "head") : pair;
  const power = 200 + (pair % 5);
  return {
    index,
    pair: design === "live" ? pair : undefined,
    startS: index * BLOCK_S,
    durationS: BLOCK_S,
    offered: requests,
    ok: requests - (pair % 3),
    failures: { status: pair % 3 },
    tokens: { output: 128 * requests, from: "usage" },
    histograms: Object.fromEntries(histograms),
    gauges: { "gpu.power": { n: 10, mean: power, min: power - 9, max: power + 9 } },
  };
}

/** Seconds: a log-normal body around a median that drifts, and a slow fiftieth. */
export function times(name: string, seed: number, medianS: number): () => number {
  const next = stream(seed, name);
  const median = medianS * (1 + 0.04 * (uniform(next) - 0.5));
  return () => {
    const z = Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));
    return median * Math.exp(0.25 * z) * (uniform(next) < 0.02 ? 2 + uniform(next) : 1);
  };
}

import { Distribution } from "../../../src/core/record/distribution.ts";
import type { BlockRecord, LooksRecord, RunRecord, ScenarioRecord } from "../../../src/core/record/run-record.ts";

/** A block as the product records it: only the histogram and the counts remain of the requests. */
export function blockOf(latenciesS: Float64Array, slot: Pick<BlockRecord, "index" | "pair">): BlockRecord {
  const latency = new Distribution();
  for (const value of latenciesS) latency.recordNs(value * 1e9);
  return {
    ...slot,
    startS: slot.index * BLOCK_S,
    durationS: BLOCK_S,
    offered: latenciesS.length,
    ok: latenciesS.length,
    failures: {},
    tokens: undefined,
    histograms: { latency: latency.encode() },
    gauges: {},
  };
}

const BLOCK_S = 10;

export type Arms = { readonly base?: readonly BlockRecord[]; readonly head: readonly BlockRecord[] };

export function scenarioOf(name: string, { base, head }: Arms, looks?: LooksRecord): ScenarioRecord {
  const arm = (blocks: readonly BlockRecord[]) => ({
    warmUp: { durationS: 5, offered: 100, ok: 100, firstRequestS: undefined },
    blocks,
    examples: {},
  });
  const requests = head.reduce((sum, { offered }) => sum + offered, 0);
  const durationS = head.length * BLOCK_S;
  return {
    name,
    load: { kind: "open", ratePerS: requests / durationS, arrivals: "poisson", durationS },
    arms: base === undefined ? { head: arm(head) } : { base: arm(base), head: arm(head) },
    ...(looks === undefined ? {} : { looks }),
  };
}

export function runRecordOf(scenarios: readonly ScenarioRecord[], environment: Readonly<Record<string, string>> = {}): RunRecord {
  return {
    schema: 1,
    tool: "tailgate laboratory",
    suite: { name: "simulated", digest: "0".repeat(64), seed: 42 },
    provenance: { commit: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d" },
    environment: { "target.protocol": "kserve-v2", ...environment },
    startedAt: "2026-11-26T09:00:00.000Z",
    finishedAt: "2026-11-26T09:04:32.000Z",
    status: "complete",
    problems: [],
    identity: undefined,
    scenarios,
  };
}

import type { MetricName } from "../../../src/core/metric.ts";
import type { Arm } from "../../../src/core/plan/plan.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import type { BlockRecord, GaugeSummary, RunRecord, ScenarioRecord } from "../../../src/core/record/run-record.ts";
import { DEFAULT_CONNECTION, DEFAULT_TLS } from "../../../src/core/suite/defaults.ts";
import { steadyRate } from "../../../src/core/suite/load.ts";
import type { Gate, Scenario, Suite } from "../../../src/core/suite/suite.ts";
import { USUAL_DECISION } from "../decision.ts";
import { type Effect, openEnvironment, openProcess, type ProcessOptions } from "./simulator.ts";

/** What one arm does, beyond the process that both share. */
export type ArmOptions = Effect & {
  /** Share of the requests that fail at once, spread evenly. */
  readonly errorRatio?: number;
  /** Of the requests, the share that runs into the deadline. */
  readonly timeoutRatio?: number;
  readonly tokensPerRequest?: number;
  readonly tokensFrom?: "usage" | "events";
  readonly gauges?: Readonly<Partial<Record<MetricName, number>>>;
};

export type RecordOptions = Omit<ProcessOptions, "name" | "seed"> & {
  readonly seed?: number;
  /** Live: base and head in turn. Single: a head arm only. */
  readonly design?: "live" | "single";
  readonly scenarios?: readonly string[];
  /** Pairs of a live run, blocks of a single one. */
  readonly blocks?: number;
  readonly requestsPerBlock?: number;
  readonly blockS?: number;
  readonly deadlineS?: number;
  readonly base?: ArmOptions;
  readonly head?: ArmOptions;
  /** Standard deviation of the drift of the environment, log units. */
  readonly environmentDeviation?: number;
  readonly overrides?: Partial<RunRecord>;
};

/** A run record with everything the product would have written, from a seeded simulation of {@link openProcess}. Same options, same bytes. */
export function makeRecord(options: RecordOptions = {}): RunRecord {
  const { seed = 1, scenarios = ["steady"], overrides } = options;
  return {
    schema: 1,
    tool: "tailgate 0.1.0",
    suite: { name: "simulated", digest: "0".repeat(64), seed: 42 },
    provenance: { commit: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d", runId: String(seed) },
    environment: { "gpu.models": "1 × NVIDIA L4", "target.protocol": "kserve-v2" },
    startedAt: "2026-11-22T09:00:00.000Z",
    finishedAt: "2026-11-22T09:04:32.000Z",
    status: "complete",
    problems: [],
    identity: undefined,
    scenarios: scenarios.map((name) => makeScenario(name, seed, options)),
    ...overrides,
  };
}

function makeScenario(name: string, seed: number, options: RecordOptions): ScenarioRecord {
  const { design = "live", blocks = 12, requestsPerBlock = 250, blockS = 10, environmentDeviation = 0.02 } = options;
  const environment = openEnvironment(seed, environmentDeviation);
  const process = {
    base: openProcess({ ...options, seed, name: `${name} base` }, environment),
    head: openProcess({ ...options, seed, name: `${name} head` }, environment),
  };
  const made: { base: BlockRecord[]; head: BlockRecord[] } = { base: [], head: [] };
  for (let pair = 0; pair < blocks; pair++) {
    // ABBA: base and head change places from pair to pair.
    const order: readonly Arm[] = design === "single" ? ["head"] : pair % 2 === 0 ? ["base", "head"] : ["head", "base"];
    for (const arm of order) {
      const index = made.base.length + made.head.length;
      const values = process[arm].next(requestsPerBlock, options[arm] ?? {});
      if (design === "live") process[arm === "head" ? "base" : "head"].pause(requestsPerBlock);
      made[arm].push(
        makeBlock(
          values,
          { index, pair: design === "live" ? pair : undefined, startS: index * blockS, durationS: blockS },
          options[arm] ?? {},
          options.deadlineS ?? 30,
        ),
      );
    }
  }
  const arm = (list: readonly BlockRecord[]) => ({
    warmUp: { durationS: 5, offered: 100, ok: 100, firstRequestS: 0.2 },
    blocks: list,
    examples: {},
  });
  return {
    name,
    load: { kind: "open", ratePerS: requestsPerBlock / blockS, arrivals: "poisson", durationS: blocks * blockS },
    arms: design === "live" ? { base: arm(made.base), head: arm(made.head) } : { head: arm(made.head) },
  };
}

type Slot = Pick<BlockRecord, "index" | "pair" | "startS" | "durationS">;

/** One block from latencies in seconds. */
export function makeBlock(latenciesS: Iterable<number>, slot: Slot, arm: ArmOptions = {}, deadlineS = 30): BlockRecord {
  const latency = new Distribution();
  const values = [...latenciesS];
  const offered = values.length;
  const failing = (share: number, i: number): boolean => Math.floor((i + 1) * share) > Math.floor(i * share);
  let failed = 0;
  let timeouts = 0;
  values.forEach((value, i) => {
    if (failing(arm.errorRatio ?? 0, i)) failed++;
    else if (failing(arm.timeoutRatio ?? 0, i)) {
      timeouts++;
      latency.recordNs(deadlineS * 1e9);
    } else latency.recordNs(value * 1e9);
  });
  const ok = offered - failed - timeouts;
  return {
    ...slot,
    offered,
    ok,
    failures: { ...(failed > 0 ? { status: failed } : {}), ...(timeouts > 0 ? { timeout: timeouts } : {}) },
    tokens:
      arm.tokensPerRequest === undefined ? undefined : { output: Math.round(arm.tokensPerRequest * ok), from: arm.tokensFrom ?? "usage" },
    histograms: latency.count > 0 ? { latency: latency.encode() } : {},
    gauges: Object.fromEntries(
      Object.entries(arm.gauges ?? {}).map(([metric, value]): [string, GaugeSummary] => [
        metric,
        { n: 10, mean: value, min: value, max: value },
      ]),
    ),
  };
}

/** The gates most suites have. */
export const USUAL_GATES: readonly Gate[] = [
  { metric: "latency.p50", regression: 0.05, floor: undefined, limit: undefined },
  { metric: "latency.p95", regression: 0.1, floor: undefined, limit: undefined },
  { metric: "latency.p99", regression: 0.1, floor: undefined, limit: undefined },
];

export function makeSuite(
  options: {
    readonly scenarios?: readonly string[];
    readonly gates?: readonly Gate[];
    readonly decision?: Partial<Suite["decision"]>;
  } = {},
): Suite {
  const { scenarios = ["steady"], gates = USUAL_GATES, decision } = options;
  return {
    version: 1,
    name: "simulated",
    seed: 42,
    target: {
      protocol: "kserve-v2",
      endpoint: undefined,
      method: "POST",
      path: undefined,
      model: undefined,
      stream: false,
      maxTokens: undefined,
      tensorEncoding: "json",
      headers: {},
      timeoutS: 30,
      maxInFlight: 1024,
      ready: { path: undefined, timeoutS: 30 },
      identity: undefined,
      check: { status: undefined, contains: undefined },
      connection: DEFAULT_CONNECTION,
      tls: DEFAULT_TLS,
      retry: undefined,
    },
    payloads: [{ name: "default", weight: 1, content: { kind: "empty" } }],
    scenarios: scenarios.map(
      (name): Scenario => ({
        name,
        load: steadyRate(25, "poisson", 120),
        mix: undefined,
        together: undefined,
        warmUp: "auto",
        block: { durationS: 10, requests: 100 },
        gates,
      }),
    ),
    telemetry: [],
    decision: {
      ...USUAL_DECISION,
      ...decision,
    },
    generator: { threads: "auto", calibration: true },
  };
}

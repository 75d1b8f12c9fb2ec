import { type Generator, stream, uniform } from "../../../src/core/plan/random.ts";
import type { RunRecord } from "../../../src/core/record/run-record.ts";
import { NO_CHANGE } from "../simulator/change.ts";
import { normal } from "../simulator/normal.ts";
import { runRecordOf, scenarioOf } from "../simulator/record.ts";
import { singleRun } from "../simulator/stored-run.ts";
import { CHANGED, STEADY_WORLD } from "../simulator/world.ts";

/** Where the records of a study come from. */
export type Endpoint = {
  readonly name: string;
  readonly metric: "latency.p99" | "gpu.power";
  /** Records of one series of runs whose metric is multiplied by these factors, in order of time. */
  readonly runs: (factors: readonly number[], seed: number) => readonly RunRecord[];
};

/** Whole runs with their requests: the steady endpoint of the laboratory, 4,000 requests, run noise 3 % (about 4 % for a p99). */
export const SERVED: Endpoint = {
  name: "simulated requests",
  metric: "latency.p99",
  runs: (factors, seed) =>
    factors.map((factor, k) =>
      singleRun({ ...STEADY_WORLD, scenarios: 1, requests: 4000 }, { ...NO_CHANGE, factor }, seed, "history", k).record(),
    ),
};

/** How one run differs from the next, log units. */
export const NOISES = {
  "normal, 3 %": (next: Generator) => () => 0.03 * normal(next),
  "normal, 1 %": (next: Generator) => () => 0.01 * normal(next),
  "normal, 6 %": (next: Generator) => () => 0.06 * normal(next),
  "Student t with 3 df, 3 %": (next: Generator) => () => (0.03 * student3(next)) / Math.sqrt(3),
  "3 %, one run of twenty +30 to +60 %": (next: Generator) => () =>
    0.03 * normal(next) + (uniform(next) < 0.05 ? Math.log(1.3 + 0.3 * uniform(next)) : 0),
  "3 %, one run of thirty on a node 10 % slower": (next: Generator) => () =>
    0.03 * normal(next) + (uniform(next) < 1 / 30 ? Math.log(1.1) : 0),
  "3 %, neighbours correlated by 0.3": (next: Generator) => correlated(next, 0.3),
  "3 %, neighbours correlated by 0.5": (next: Generator) => correlated(next, 0.5),
} as const;
export type NoiseName = keyof typeof NOISES;

/** Runs of a single number, so that thousands of pools can be judged: a gauge, whose assumed noise is 3 %. */
export const numbers = (noise: NoiseName): Endpoint => ({
  name: noise,
  metric: "gpu.power",
  runs(factors, seed) {
    const draw = NOISES[noise](stream(seed, "histories", noise));
    return factors.map((factor) => gaugeRun(200 * factor * Math.exp(draw())));
  },
});

function gaugeRun(value: number): RunRecord {
  const gauge = { n: 10, mean: value, min: value, max: value };
  const block = (index: number) => ({
    index,
    pair: undefined,
    startS: 10 * index,
    durationS: 10,
    offered: 100,
    ok: 100,
    failures: {},
    tokens: undefined,
    histograms: {},
    gauges: { "gpu.power": gauge },
  });
  const scenario = scenarioOf(CHANGED, { head: [block(0), block(1)] });
  return runRecordOf([scenario]);
}

function correlated(next: Generator, correlation: number): () => number {
  let state = normal(next);
  return () => {
    state = correlation * state + Math.sqrt(1 - correlation ** 2) * normal(next);
    return 0.03 * state;
  };
}

function student3(next: Generator): number {
  const squares = normal(next) ** 2 + normal(next) ** 2 + normal(next) ** 2;
  return normal(next) / Math.sqrt(squares / 3);
}

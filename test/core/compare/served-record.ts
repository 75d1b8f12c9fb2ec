import type { MetricName } from "../../../src/core/metric.ts";
import { type Generator, stream, uniform } from "../../../src/core/plan/random.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import type { BlockRecord, GaugeSummary, RunRecord } from "../../../src/core/record/run-record.ts";
import { makeRecord } from "./records.ts";
import { openEnvironment } from "./simulator.ts";

/** What an arm does to the parts of its requests, as factors, and what its telemetry shows. */
export type Served = {
  readonly preprocess?: number;
  readonly queue?: number;
  readonly model?: number;
  /** Seconds more that nobody tells of. */
  readonly elsewhereS?: number;
  /** Share of the requests whose time in the model is multiplied by `tailFactor`. */
  readonly tailShare?: number;
  readonly tailFactor?: number;
  /** Means of gauges, instead of the usual ones. */
  readonly gauges?: Readonly<Partial<Record<MetricName, number>>>;
  /** Bytes of memory, and seconds in preprocessing, that every block leaves behind. */
  readonly leak?: { readonly bytes: number; readonly seconds: number };
};

export type ServedOptions = {
  readonly seed: number;
  readonly base?: Served;
  readonly head?: Served;
  readonly blocks?: number;
  readonly requests?: number;
  readonly design?: "live" | "single";
  /** Whether the answers tell their phases, and the telemetry its times. */
  readonly tells?: "phases" | "times" | "nothing";
  /** Standard deviation of the drift that both arms share, log units. */
  readonly drift?: number;
  /** Standard deviation of this run against others, log units. */
  readonly between?: number;
};

/** Usual means, and how much they differ from block to block: relative, or in the unit where they are shares. */
const USUAL: Readonly<Partial<Record<MetricName, readonly [mean: number, deviation: number]>>> = {
  "gpu.utilization": [0.6, 0.04],
  "gpu.sm_clock": [1.98e9, 0.002],
  "gpu.throttled": [0, 0],
  "batch.size": [6, 0.08],
  "requests.running": [5, 0.1],
  "cache.hit_ratio": [0.5, 0.03],
  "kv_cache.utilization": [0.4, 0.04],
  preemptions: [0, 0],
  "memory.resident": [1e9, 0.004],
  "cpu.cores": [0.8, 0.05],
  "host.cpu.utilization": [0.5, 0.05],
};
const SHARES = new Set<MetricName>(["gpu.utilization", "cache.hit_ratio", "kv_cache.utilization", "host.cpu.utilization"]);

/**
 * A record of an endpoint whose requests are preprocessed (about 1 ms), wait (exponential, 3 ms), and are computed (lognormal,
 * 15 ms), with all the telemetry that an attribution reads. A drift of the environment and of the load moves all parts of
 * both arms together, and the gauges with them.
 */
export function servedRecord(options: ServedOptions): RunRecord {
  const { seed, blocks = 12, requests = 120, design = "live", drift = 0.03, between = 0 } = options;
  const next = stream(seed, "served");
  const environment = openEnvironment(seed, drift);
  const run = between * normal(next);
  const arms: { base: BlockRecord[]; head: BlockRecord[] } = { base: [], head: [] };
  for (let pair = 0; pair < blocks; pair++) {
    const order = design === "single" ? (["head"] as const) : pair % 2 === 0 ? (["base", "head"] as const) : (["head", "base"] as const);
    for (const arm of order) {
      const index = arms.base.length + arms.head.length;
      const slot = { index, pair: design === "live" ? pair : undefined, startS: index * 10, durationS: 10 };
      arms[arm].push(
        servedBlock(next, requests, { ...options, ...slot, served: options[arm] ?? {}, shared: environment() + run, turn: pair }),
      );
    }
  }
  const record = makeRecord({ seed, blocks: 1, requestsPerBlock: 1, design });
  const [scenario] = record.scenarios;
  const of = (list: readonly BlockRecord[]) => ({ ...scenario!.arms.head!, blocks: list });
  return {
    ...record,
    scenarios: [{ ...scenario!, arms: design === "live" ? { base: of(arms.base), head: of(arms.head) } : { head: of(arms.head) } }],
  };
}

type Slot = Pick<BlockRecord, "index" | "pair" | "startS" | "durationS"> & {
  readonly served: Served;
  readonly shared: number;
  readonly turn: number;
  readonly tells?: ServedOptions["tells"];
};

function servedBlock(next: Generator, requests: number, { served, shared, turn, tells = "phases", ...slot }: Slot): BlockRecord {
  const names = ["latency", "service", "firstByte", "transfer", "phase.preprocess", "phase.queue", "phase.infer"] as const;
  const kept = Object.fromEntries(names.map((name) => [name, new Distribution()])) as Record<(typeof names)[number], Distribution>;
  const sums = { preprocess: 0, queue: 0, model: 0 };
  const load = Math.exp(shared);
  for (let i = 0; i < requests; i++) {
    const slow = uniform(next) < (served.tailShare ?? 0) ? (served.tailFactor ?? 1) : 1;
    const preprocess = (served.preprocess ?? 1) * 0.001 * Math.exp(0.1 * normal(next)) + (served.leak?.seconds ?? 0) * turn;
    const queue = (served.queue ?? 1) * 0.003 * load ** 3 * -Math.log(1 - uniform(next));
    const model = (served.model ?? 1) * 0.015 * load * Math.exp(0.3 * normal(next)) * slow;
    const rest = 0.0005 * Math.exp(0.3 * normal(next)) + (served.elsewhereS ?? 0);
    const transfer = 0.0001;
    const latency = preprocess + queue + model + rest + transfer;
    const values = [latency, latency, latency - transfer, transfer, preprocess, queue, model];
    names.forEach((name, k) => {
      if (tells === "phases" || !name.startsWith("phase.")) kept[name].recordNs(values[k]! * 1e9);
    });
    sums.preprocess += preprocess / requests;
    sums.queue += queue / requests;
    sums.model += model / requests;
  }
  const gauges: Partial<Record<MetricName, GaugeSummary>> = {};
  const set = (metric: MetricName, value: number) => (gauges[metric] = { n: 10, mean: value, min: value, max: value });
  for (const [name, [usual, deviation]] of Object.entries(USUAL)) {
    const metric = name as MetricName;
    const mean = served.gauges?.[metric] ?? usual;
    // Load moves what depends on it.
    const moved = metric === "gpu.utilization" || metric === "batch.size" ? mean * load : mean;
    const noise = deviation * normal(next);
    set(metric, SHARES.has(metric) ? Math.min(1, Math.max(0, moved + noise)) : moved * (1 + noise));
  }
  if (served.leak !== undefined) set("memory.resident", gauges["memory.resident"]!.mean + served.leak.bytes * turn);
  if (tells !== "nothing") {
    set("queue.time", sums.queue);
    set("queue.depth", sums.queue * 12);
    set("preprocess.time", sums.preprocess);
    set("inference.time", sums.model);
  }
  return {
    ...slot,
    offered: requests,
    ok: requests,
    failures: {},
    tokens: undefined,
    histograms: Object.fromEntries(names.flatMap((name) => (kept[name].count > 0 ? [[name, kept[name].encode()]] : []))),
    gauges,
  };
}

const normal = (next: Generator): number => Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));

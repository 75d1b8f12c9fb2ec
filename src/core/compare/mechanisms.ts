import type { MetricName } from "../metric.ts";
import type { PartName } from "./time-parts.ts";

/**
 * How an endpoint gets slower, as far as metrics show it. The more specific come first: a batch limit keeps a GPU as busy
 * as too much work does.
 */
export const MECHANISM_KINDS = ["longer-answers", "cache", "gpu-clock", "kv-cache", "batch-limit", "host-cpu", "gpu-saturated"] as const;
export type MechanismKind = (typeof MECHANISM_KINDS)[number];

type Mechanism = {
  readonly kind: MechanismKind;
  /** The parts of the time that it makes longer. */
  readonly acts: readonly PartName[];
  /** At least one of these must have changed by `by` (relative, or in the unit where the metric changes so), with its sign. */
  readonly signals: readonly {
    readonly metric: MetricName;
    readonly by: number;
    /** What the head's value must reach. */
    readonly least?: number;
    /** What no block of the head may fall below. */
    readonly flatAbove?: number;
  }[];
  /** Metrics that are shown with it where they changed too. */
  readonly beside?: readonly MetricName[];
  /** The queue must have grown: by its part of the time, or by one of these. */
  readonly needs?: readonly MetricName[];
};

const MODEL = ["model", "prefill", "first-token", "decode"] as const satisfies readonly PartName[];

export const MECHANISMS: readonly Mechanism[] = [
  {
    kind: "longer-answers",
    acts: ["model", "decode", "network", "postprocess", "elsewhere"],
    signals: [
      { metric: "tokens.output.mean", by: 0.05 },
      { metric: "response.bytes.mean", by: 0.2 },
    ],
  },
  {
    kind: "cache",
    acts: [...MODEL, "queue"],
    signals: [{ metric: "cache.hit_ratio", by: -0.05 }],
  },
  {
    kind: "gpu-clock",
    acts: [...MODEL, "queue"],
    signals: [
      { metric: "gpu.sm_clock", by: -0.05 },
      { metric: "gpu.throttled", by: 0.05 },
    ],
    beside: ["gpu.power_capped", "gpu.temperature"],
  },
  {
    kind: "kv-cache",
    acts: [...MODEL, "queue"],
    signals: [
      { metric: "preemptions", by: 0.1 },
      { metric: "kv_cache.utilization", by: 0.05, least: 0.9 },
    ],
    beside: ["requests.running"],
  },
  {
    kind: "batch-limit",
    acts: ["queue", "first-token"],
    signals: [
      { metric: "batch.size", by: -0.05 },
      { metric: "requests.running", by: -0.05 },
    ],
    needs: ["queue.time", "queue.depth"],
  },
  {
    kind: "host-cpu",
    acts: ["preprocess", "postprocess", "elsewhere", "first-token", "network"],
    signals: [{ metric: "host.cpu.utilization", by: 0.05, least: 0.9 }],
    beside: ["cpu.cores"],
  },
  {
    kind: "gpu-saturated",
    acts: ["queue", "first-token"],
    signals: [
      { metric: "gpu.utilization", by: 0.05, least: 0.95, flatAbove: 0.9 },
      { metric: "gpu.sm_activity", by: 0.05, least: 0.9, flatAbove: 0.85 },
    ],
    beside: ["gpu.power", "queue.depth"],
  },
];

import type { DistributionName, MetricName, PhaseName } from "../metric.ts";
import type { BlockRecord } from "../record/run-record.ts";
import type { Bins } from "../stats/bins.ts";
import type { ReadBins } from "./scenario-data.ts";

/**
 * Parts of a request's time that add up to it, in the order in which they follow one another.
 * - `network`: opening connections, and the way of an answer that is no stream.
 * - `first-token`: of a stream whose server does not tell its prefill, what is left of the time to the first token.
 * - `elsewhere`: what nobody tells of: the way to the server and back, its accept queue, whatever runs before its handler.
 */
export const PARTS = ["network", "preprocess", "queue", "prefill", "first-token", "decode", "model", "postprocess", "elsewhere"] as const;
export type PartName = (typeof PARTS)[number];

/** Seconds per request, mean over a block. `total` is latency, or the time to the first token, which has no decode. */
export type BlockTimes = { readonly total: number; readonly parts: Readonly<Partial<Record<PartName, number>>> };

/** Where a part is taken from: what the answers say themselves, the server's own counters, or what the client saw. */
export type PartSource = "answers" | "telemetry" | "client";

/** What is known of a part's source in every block of both arms. */
export type PartPlan = Sources & { readonly isStream: boolean };
type Sources = Readonly<Partial<Record<PartName, PartSource>>>;

/**
 * Which parts the blocks know, each from the best source that they have. What the answers say comes before the
 * server's counters, which may count other requests too.
 *
 * @param blocks of both arms.
 */
export function planParts(blocks: readonly BlockRecord[], read: ReadBins): PartPlan {
  const all = (has: (block: BlockRecord) => boolean) => blocks.length > 0 && blocks.every(has);
  const told = (phase: PhaseName) => all((block) => read(block, `phase.${phase}`).total >= MOSTLY * read(block, "latency").total);
  const counted = (metric: MetricName) => blocks.filter(({ gauges }) => gauges[metric] !== undefined).length >= USUALLY * blocks.length;
  const from = (part: PartName, phase: PhaseName | undefined, metric: MetricName): Sources =>
    phase !== undefined && told(phase) ? { [part]: "answers" } : counted(metric) ? { [part]: "telemetry" } : {};
  const isStream = all((block) => read(block, "ttft").total >= MOSTLY * read(block, "latency").total);
  const common = {
    ...(all((block) => read(block, "transfer").total > 0) ? { network: "client" as const } : {}),
    ...from("preprocess", "preprocess", "preprocess.time"),
    ...from("queue", "queue", "queue.time"),
  };
  const prefill = from("prefill", undefined, "prefill.time");
  if (isStream) return { isStream, ...common, ...prefill, ...("prefill" in prefill ? {} : { "first-token": "client" }), decode: "client" };
  const decode = from("decode", undefined, "decode.time");
  const isSplit = "prefill" in prefill && "decode" in decode && !told("infer");
  const model = isSplit ? { ...prefill, ...decode } : from("model", "infer", "inference.time");
  const knows = "queue" in common && Object.keys(model).length > 0;
  return {
    isStream,
    ...common,
    ...model,
    ...from("postprocess", "postprocess", "postprocess.time"),
    // Without most of the server's time, what is left says nothing about where it went.
    ...(knows ? { elsewhere: "client" as const } : {}),
  };
}

/** A phase counts as a part of every request from this share of the answers on. */
const MOSTLY = 0.95;
/** A counter is read in this share of the blocks; the others are left out. */
export const USUALLY = 0.9;

const OF_PART: Readonly<Partial<Record<PartName, { readonly phase?: DistributionName; readonly metric: MetricName }>>> = {
  preprocess: { phase: "phase.preprocess", metric: "preprocess.time" },
  queue: { phase: "phase.queue", metric: "queue.time" },
  prefill: { metric: "prefill.time" },
  decode: { metric: "decode.time" },
  model: { phase: "phase.infer", metric: "inference.time" },
  postprocess: { phase: "phase.postprocess", metric: "postprocess.time" },
};

/** The metrics that tell of a part; the phase's percentiles go by its name. */
export const sourcesOf = (part: PartName) => OF_PART[part];

/**
 * The parts of one block.
 *
 * @returns undefined where there is no request in it, where a counter was not read, and where its parts are more than the
 *   whole by a tenth: then they overlap or are those of other requests.
 */
export function timesOf(block: BlockRecord, plan: PartPlan, of: "latency" | "ttft", read: ReadBins): BlockTimes | undefined {
  const latency = read(block, "latency");
  const whole = read(block, of);
  if (whole.total === 0) return undefined;
  const total = sumOf(whole) / whole.total;
  const perRequest = (name: DistributionName) => sumOf(read(block, name)) / latency.total;
  const parts: Partial<Record<PartName, number>> = {};
  for (const part of PARTS) {
    const { phase, metric } = OF_PART[part] ?? {};
    if (plan[part] === "answers" && phase !== undefined) parts[part] = perRequest(phase);
    else if (plan[part] === "telemetry" && metric !== undefined) {
      const gauge = block.gauges[metric];
      if (gauge === undefined) return undefined;
      parts[part] = gauge.mean;
    }
  }
  if (plan.network !== undefined) parts.network = perRequest("connect") + (plan.isStream ? 0 : perRequest("transfer"));
  if (plan.isStream && plan.decode === "client") {
    const first = sumOf(read(block, "ttft")) / read(block, "ttft").total;
    if (of === "latency") parts.decode = sumOf(latency) / latency.total - first;
    if (plan["first-token"] !== undefined) parts["first-token"] = first - added(parts, ["network", "preprocess", "queue"]);
  }
  if (of === "ttft") for (const after of ["decode", "model", "postprocess"] as const) delete parts[after];
  const known = added(parts, PARTS);
  if (known > MOST * total) return undefined;
  if (plan.elsewhere !== undefined) parts.elsewhere = total - known;
  return { total, parts };
}

const MOST = 1.1;

const added = (parts: BlockTimes["parts"], names: readonly PartName[]): number => names.reduce((sum, name) => sum + (parts[name] ?? 0), 0);

/** Seconds in all values together, each in the middle of its bin. */
function sumOf({ low, high, count }: Bins): number {
  let sum = 0;
  for (let i = 0; i < count.length; i++) sum += ((low[i]! + high[i]!) / 2) * count[i]!;
  return sum;
}

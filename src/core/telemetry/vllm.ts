import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, meanOf, namesOf, readServer, type ServerField } from "./server-fields.ts";

/**
 * vLLM's exposition, of its first and its second engine. Several engines behind one port (data parallelism) are told
 * apart by the label `engine`: amounts add up, and of shares the fullest counts. Of its caches only the prefix cache in
 * GPU memory is read: what an external one or the one of images knows is another thing.
 *
 * Source: the families that vLLM 0.26 registers, and captures of 0.6 to 0.30.
 */
const FIELDS: readonly ServerField[] = [
  { metrics: ["queue.depth"], gauge: "vllm:num_requests_waiting", over: "sum" },
  { metrics: ["requests.running"], gauge: "vllm:num_requests_running", over: "sum" },
  {
    metrics: ["kv_cache.utilization"],
    gauge: { names: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"] },
    over: "max",
    valid: [0, 1],
  },
  { metrics: ["preemptions"], total: { names: ["vllm:num_preemptions_total", "vllm:num_preemptions"] } },
  {
    metrics: ["cache.hit_ratio"],
    part: { names: ["vllm:prefix_cache_hits_total", "vllm:prefix_cache_hits", "vllm:gpu_prefix_cache_hits_total"] },
    whole: { names: ["vllm:prefix_cache_queries_total", "vllm:prefix_cache_queries", "vllm:gpu_prefix_cache_queries_total"] },
  },
  meanOf("request.time", ["vllm:e2e_request_latency_seconds"]),
  meanOf("queue.time", ["vllm:request_queue_time_seconds"]),
  meanOf("prefill.time", ["vllm:request_prefill_time_seconds"]),
  meanOf("decode.time", ["vllm:request_decode_time_seconds"]),
  meanOf("inference.time", ["vllm:request_inference_time_seconds"]),
  meanOf("decode.time_per_token", ["vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds"]),
];

const NAMES = namesOf(FIELDS);
export const VLLM_METRICS = filledBy(FIELDS);

export const isVllmField = (name: string): boolean => NAMES.has(bareName(name));

export const readVllm = (samples: readonly Sample[]): Scrape =>
  readServer(
    FIELDS,
    samples.map((sample) => ({ ...sample, name: bareName(sample.name) })),
  );

/** Under Ray everything has a prefix, newer ones write it without a colon, and one process per replica tells of its own. */
const bareName = (name: string): string => name.replace(/^ray_vllm[:_]/, "vllm:");

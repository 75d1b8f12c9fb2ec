import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, meanOf, namesOf, readServer, type ServerField } from "./server-fields.ts";

/**
 * What trtllm-serve tells at `/prometheus/metrics`; its `/metrics` answers JSON. Times need `return_perf_metrics: true`
 * in its configuration, queue and cache `enable_iter_perf_stats: true`. Its gauge `kv_cache_hit_rate` is a mean since
 * the start and not read: tokens are counted, and in older versions blocks of them.
 *
 * Source: its metrics collector.
 */
const FIELDS: readonly ServerField[] = [
  { metrics: ["queue.depth"], gauge: "trtllm_num_requests_waiting", over: "sum" },
  { metrics: ["requests.running"], gauge: "trtllm_num_requests_running", over: "sum" },
  { metrics: ["kv_cache.utilization"], gauge: "trtllm_kv_cache_utilization", over: "max", valid: [0, 1] },
  { metrics: ["cache.hit_ratio"], part: "trtllm_prompt_cached_tokens_total", whole: "trtllm_prompt_tokens_total" },
  {
    metrics: ["cache.hit_ratio"],
    part: "trtllm_kv_cache_reused_blocks_total",
    whole: { names: [["trtllm_kv_cache_reused_blocks_total", "trtllm_kv_cache_missed_blocks_total"]] },
  },
  meanOf("request.time", ["trtllm_e2e_request_latency_seconds"]),
  meanOf("queue.time", ["trtllm_request_queue_time_seconds"]),
  meanOf("prefill.time", ["trtllm_request_prefill_time_seconds"]),
  meanOf("decode.time", ["trtllm_request_decode_time_seconds"]),
  meanOf("inference.time", ["trtllm_request_inference_time_seconds"]),
  meanOf("decode.time_per_token", ["trtllm_time_per_output_token_seconds"]),
];

const NAMES = namesOf(FIELDS);
export const TENSORRT_LLM_METRICS = filledBy(FIELDS);

export const isTensorrtLlmField = (name: string): boolean => NAMES.has(name);
export const readTensorrtLlm = (samples: readonly Sample[]): Scrape => readServer(FIELDS, samples);

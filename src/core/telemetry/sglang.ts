import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, meanOf, namesOf, readServer, type ServerField } from "./server-fields.ts";

/**
 * The ranks of one engine, which work on the same requests and may each tell of them. Ranks of data parallelism
 * (`dp_rank`) have requests of their own, and add up.
 */
const repeatedBy = ["tp_rank", "pp_rank", "moe_ep_rank"];

/**
 * SGLang's exposition, with the labels of its older and its newer versions. Its own `cache_hit_rate` is that of the last
 * batch only, and not read: the tokens are counted. A long prompt is prefilled in chunks, which are a stage of their own.
 *
 * Source: its metrics collector of 0.5, and a capture of 0.4.
 */
const FIELDS: readonly ServerField[] = [
  { metrics: ["queue.depth"], gauge: "sglang:num_queue_reqs", over: "sum", repeatedBy },
  { metrics: ["requests.running"], gauge: "sglang:num_running_reqs", over: "sum", repeatedBy },
  { metrics: ["kv_cache.utilization"], gauge: "sglang:token_usage", over: "max", valid: [0, 1] },
  { metrics: ["preemptions"], total: "sglang:num_retracted_requests_total", repeatedBy },
  { metrics: ["cache.hit_ratio"], part: "sglang:cached_tokens_total", whole: "sglang:prompt_tokens_total", repeatedBy },
  meanOf("request.time", ["sglang:e2e_request_latency_seconds"], { repeatedBy }),
  meanOf("queue.time", ["sglang:queue_time_seconds"], { repeatedBy }),
  {
    metrics: ["prefill.time"],
    part: { names: ["sglang:per_stage_req_latency_seconds_sum"], where: { stage: /^(prefill_forward|chunked_prefill)$/ } },
    whole: { names: ["sglang:per_stage_req_latency_seconds_count"], where: { stage: /^prefill_forward$/ } },
    repeatedBy,
  },
  meanOf("decode.time_per_token", ["sglang:inter_token_latency_seconds", "sglang:time_per_output_token_seconds"], { repeatedBy }),
];

const NAMES = namesOf(FIELDS);
export const SGLANG_METRICS = filledBy(FIELDS);

export const isSglangField = (name: string): boolean => NAMES.has(bareName(name));

export const readSglang = (samples: readonly Sample[]): Scrape =>
  readServer(
    FIELDS,
    samples.map((sample) => ({ ...sample, name: bareName(sample.name) })),
  );

const bareName = (name: string): string => name.replace(/^ray_sglang[:_]/, "sglang:");

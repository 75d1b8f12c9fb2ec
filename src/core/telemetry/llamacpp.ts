import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, namesOf, readServer, type ServerField } from "./server-fields.ts";

/**
 * llama.cpp's server, started with `--metrics`. It counts seconds and tokens and no requests, so what it can tell is time
 * per token. The tokens of a prompt that it processed are those that its cache did not know. `n_busy_slots_per_decode` is
 * a mean since its start, whatever its type says, and its rates of tokens are those since somebody last asked: neither is
 * read.
 *
 * Source: its server's answers (b11549), and its documentation.
 */
const FIELDS: readonly ServerField[] = [
  { metrics: ["queue.depth"], gauge: "llamacpp:requests_deferred", over: "sum" },
  { metrics: ["requests.running"], gauge: "llamacpp:requests_processing", over: "sum" },
  {
    metrics: ["cache.hit_ratio"],
    part: "llamacpp:prompt_tokens_cached_total",
    whole: { names: [["llamacpp:prompt_tokens_cached_total", "llamacpp:prompt_tokens_total"]] },
  },
  { metrics: ["prefill.time_per_token"], part: "llamacpp:prompt_seconds_total", whole: "llamacpp:prompt_tokens_total" },
  { metrics: ["decode.time_per_token"], part: "llamacpp:tokens_predicted_seconds_total", whole: "llamacpp:tokens_predicted_total" },
];

const NAMES = namesOf(FIELDS);
export const LLAMACPP_METRICS = filledBy(FIELDS);

export const isLlamacppField = (name: string): boolean => NAMES.has(name);
export const readLlamacpp = (samples: readonly Sample[]): Scrape => readServer(FIELDS, samples);

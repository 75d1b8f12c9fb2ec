import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, meanOf, namesOf, readServer, type ServerField } from "./server-fields.ts";

/**
 * Hugging Face's Text Generation Inference. One process serves one model, and its series have no label for it.
 *
 * Source: its reference of metrics, of version 3.
 */
const FIELDS: readonly ServerField[] = [
  { metrics: ["queue.depth"], gauge: "tgi_queue_size", over: "sum" },
  { metrics: ["requests.running"], gauge: "tgi_batch_current_size", over: "sum" },
  meanOf("request.time", ["tgi_request_duration"]),
  meanOf("queue.time", ["tgi_request_queue_duration"]),
  meanOf("preprocess.time", ["tgi_request_validation_duration"]),
  meanOf("inference.time", ["tgi_request_inference_duration"]),
  meanOf("decode.time_per_token", ["tgi_request_mean_time_per_token_duration"]),
];

const NAMES = namesOf(FIELDS);
export const TGI_METRICS = filledBy(FIELDS);

export const isTgiField = (name: string): boolean => NAMES.has(name);
export const readTgi = (samples: readonly Sample[]): Scrape => readServer(FIELDS, samples);

import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, meanOf, namesOf, readServer, type ServerField } from "./server-fields.ts";

const MICROSECONDS = { scale: 1e-6 } as const;

/**
 * TensorFlow Serving, whose names begin with a colon and whose times are in microseconds. Queue and batch are told with
 * batching only. It counts requests that were answered, of all models and over both of its doors (REST and gRPC).
 *
 * Source: its exporter's test, and dashboards of its users.
 */
const FIELDS: readonly ServerField[] = [
  meanOf("request.time", [":tensorflow:serving:request_latency"], MICROSECONDS),
  meanOf("queue.time", [":tensorflow:serving:batching_session:queuing_latency"], MICROSECONDS),
  meanOf("inference.time", [":tensorflow:serving:runtime_latency"], MICROSECONDS),
  meanOf("batch.size", [":tensorflow:serving:batching_session:processed_batch_size"]),
];

const NAMES = namesOf(FIELDS);
export const TF_SERVING_METRICS = filledBy(FIELDS);

export const isTfServingField = (name: string): boolean => NAMES.has(name);
export const readTfServing = (samples: readonly Sample[]): Scrape => readServer(FIELDS, samples);

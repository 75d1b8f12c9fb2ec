import type { Sample } from "./exposition.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, meanOf, namesOf, readServer, type ServerField } from "./server-fields.ts";

/** Ray's agent of a node collects from the processes this often. */
const renewedS = 10;
const MILLISECONDS = { scale: 1e-3, renewedS } as const;

/**
 * Ray Serve, as a node's agent exposes it. A request that passes through several deployments counts in each of them: in
 * queue and running as long as it is there, in the mean of the time as one call each, which covers the deployment's own
 * code and nothing before it. What serves it within Ray (vLLM) tells of itself.
 *
 * Source: Ray's documentation of its metrics, 2.9 to 2.50.
 */
const FIELDS: readonly ServerField[] = [
  { metrics: ["queue.depth"], gauge: "ray_serve_deployment_queued_queries", over: "sum", renewedS },
  { metrics: ["requests.running"], gauge: "ray_serve_replica_processing_queries", over: "sum", renewedS },
  meanOf("request.time", ["ray_serve_http_request_latency_ms"], MILLISECONDS),
  meanOf("inference.time", ["ray_serve_deployment_processing_latency_ms"], MILLISECONDS),
];

const NAMES = namesOf(FIELDS);
export const RAY_SERVE_METRICS = filledBy(FIELDS);

export const isRayServeField = (name: string): boolean => NAMES.has(name);
export const readRayServe = (samples: readonly Sample[]): Scrape => readServer(FIELDS, samples);

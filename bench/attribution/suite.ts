/** Variables of the suite: where each arm tells of itself. */
export const VARIABLES = { head: "TAILGATE_PLANTED_HEAD", base: "TAILGATE_PLANTED_BASE" } as const;

const source = (kind: string, more = ""): string =>
  `  - ${kind}: \${env:${VARIABLES.head}}\n    baseline: \${env:${VARIABLES.base}}\n    interval: 250ms\n${more}`;

const mean = (metric: string, part: string, whole: string): string =>
  `      ${metric}: { series: tailgate_demo_${part}, whole: tailgate_demo_${whole} }\n`;

/**
 * Half of the texts are new and half are among forty known ones. Long enough for one pair of blocks a second; what the
 * server tells of itself is read four times a block.
 */
export const plantedSuite = (seed: number): string => `version: 1
name: planted
seed: ${seed}
target:
  protocol: kserve-v2
  model: sentiment
  ready: { path: /v2/health/ready, timeout: 15s }
  timeout: 5s
payloads:
  new: { weight: 50, text: { words: [20, 60] } }
  known: { weight: 50, file: known.txt }
scenarios:
  - name: steady
    load: { rate: 40/s, arrivals: poisson, duration: 12s }
    warm-up: 4s
    block: { duration: 1s, requests: 30 }
    gates:
      latency.p50: { regression: 10%, floor: 0.5ms }
      latency.p95: { regression: 10%, floor: 1ms }
telemetry:
${source("dcgm")}${source("process")}${source(
  "prometheus",
  `    metrics:
      queue.depth: tailgate_demo_queue_depth
      requests.running: tailgate_demo_running
${mean("queue.time", "queue_seconds_sum", "queue_seconds_count")}${mean("preprocess.time", "preprocess_seconds_sum", "preprocess_seconds_count")}${mean("inference.time", "infer_seconds_sum", "infer_seconds_count")}${mean("batch.size", "sequences_total", "steps_total")}${mean("cache.hit_ratio", "cache_hits_total", "cache_queries_total")}`,
)}decision: { budget: 1 }
generator: { calibration: no }
`;

const WORD = ["order", "team", "ticket", "late", "friendly", "support", "again", "refund", "quick", "question"] as const;

/** Forty texts of four to ten steps, one a line. */
export const KNOWN_TEXTS = Array.from({ length: 40 }, (_, text) => {
  const words = Array.from({ length: 48 + (text % 8) * 14 }, (_, i) => WORD[(text * 7 + i * 3) % WORD.length]);
  return [...words, `text${text}`].join(" ");
}).join("\n");

/** Names of the variables that {@link DEMO_SUITE} takes the two telemetry URLs from. */
export const DEMO_VARIABLES = { head: "TAILGATE_DEMO_HEAD", base: "TAILGATE_DEMO_BASE" } as const;

/**
 * The suite of `tailgate demo`. Three requests in a hundred are long and take about 150 ms, the others about 6 ms, so that
 * p99 lies a third of the way into the long ones, where the regressed preset is 1.5 times slower. It lies that deep on
 * both sides on purpose: a machine that is busy with other things holds up short requests by 100 ms (still no slow ones)
 * and some of the long ones (still not a third of them), and neither moves p99. 3,300 requests per arm hold enough of
 * the slowest hundredth to say that it did not move. Of the 16 places in a batch one is taken on average: nothing queues.
 * The server tells of its simulated GPU, of its process, and of its own queue and phases, all on one page.
 */
export const DEMO_SUITE = `version: 1
name: demo
seed: 42
target:
  protocol: kserve-v2
  model: sentiment
  ready: { path: /v2/health/ready, timeout: 15s }
  timeout: 5s
payloads:
  short: { weight: 97, text: { words: [4, 12] } }
  long: { weight: 3, text: { words: [596, 608] } }
scenarios:
  - name: steady
    load: { rate: 150/s, arrivals: poisson, duration: 22s }
    warm-up: 2s
    gates:
      latency.p50: { regression: 25%, floor: 2ms }
      latency.p99: { regression: 25%, floor: 5ms }
      throughput: { regression: 10% }
      errors.ratio: { limit: 1% }
      gpu.memory.peak: { regression: 5% }
telemetry:
  - dcgm: \${env:${DEMO_VARIABLES.head}}
    baseline: \${env:${DEMO_VARIABLES.base}}
    interval: 500ms
  - process: \${env:${DEMO_VARIABLES.head}}
    baseline: \${env:${DEMO_VARIABLES.base}}
    interval: 500ms
  - prometheus: \${env:${DEMO_VARIABLES.head}}
    baseline: \${env:${DEMO_VARIABLES.base}}
    interval: 500ms
    metrics:
      queue.depth: tailgate_demo_queue_depth
      queue.time: { series: tailgate_demo_queue_seconds_sum, whole: tailgate_demo_queue_seconds_count }
      preprocess.time: { series: tailgate_demo_preprocess_seconds_sum, whole: tailgate_demo_preprocess_seconds_count }
      inference.time: { series: tailgate_demo_infer_seconds_sum, whole: tailgate_demo_infer_seconds_count }
      batch.size: { series: tailgate_demo_sequences_total, whole: tailgate_demo_steps_total }
`;

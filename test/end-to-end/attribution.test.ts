import { expect, test } from "vitest";
import { startDemo } from "../../src/io/demo/start-demo.ts";
import { workplace } from "./tailgate.ts";

const mean = (metric: string, part: string, whole: string) => `${metric}: { series: tailgate_demo_${part}, whole: tailgate_demo_${whole} }`;

const SUITE = `name: planted
target: { protocol: kserve-v2, model: sentiment, ready: { path: /v2/health/ready, timeout: 15s } }
payloads: { text: { text: { words: [20, 60] } } }
scenarios:
  - name: steady
    load: { concurrency: 2, duration: 6s }
    warm-up: 1s
    block: { duration: 1s, requests: 20 }
    gates: { latency.p50: { regression: 10%, floor: 1ms } }
telemetry:
  - dcgm: \${env:HEAD_METRICS}
    baseline: \${env:BASE_METRICS}
    interval: 200ms
  - prometheus: \${env:HEAD_METRICS}
    baseline: \${env:BASE_METRICS}
    interval: 200ms
    metrics: { ${mean("queue.time", "queue_seconds_sum", "queue_seconds_count")}, ${mean("batch.size", "sequences_total", "steps_total")} }
decision: { budget: 1 }
generator: { calibration: no }
`;

/** All causes, two strengths each, and equal builds: npm run bench:attribution. */
test.each([
  ["--clock-factor", "0.4", "gpu-clock", "a slower GPU clock"],
  ["--preprocess-ms", "15", "preprocess", "slower preprocessing"],
])("what %s %s plants in the head is named", { timeout: 60_000 }, async (option, value, kind, title) => {
  const place = await workplace({ "suite.yaml": SUITE });
  const [base, head] = await Promise.all([startDemo({ preset: "base" }), startDemo({ preset: "equal", args: [option, value] })]);
  try {
    await place.tailgate(["run", "suite.yaml", "--endpoint", head.url, "--baseline-endpoint", base.url], {
      HEAD_METRICS: head.metricsUrl,
      BASE_METRICS: base.metricsUrl,
    });
  } finally {
    await Promise.all([base.stop(), head.stop()]);
  }
  expect(place.verdict().scenarios[0]!.attribution?.causes[0]?.kind).toBe(kind);
  expect(place.read("tailgate-out/comment.md")).toContain(`is consistent with ${title}`);
});

import { expect, test } from "vitest";
import { LEAST_EXCEEDANCES } from "../../../src/core/compare/shift.ts";
import { describeSuite } from "../../../src/core/suite/describe.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { EXAMPLE, MINIMAL, withScenario } from "./suites.ts";

const describe = (text: string): string => describeSuite(parseSuite(text, "suite.yaml").suite);

test("a suite is told in the words it was written in", () => {
  expect(describe(EXAMPLE)).toMatchInlineSnapshot(`
    "sentiment: kserve-v2, endpoint not named (give --endpoint), seed 42
    payloads: long 10 % (data/tickets.jsonl), medium 30 % (text), short 60 % (text)
    scenario steady: 50/s poisson for 2m: about 6000 requests per endpoint
      latency.p99: blocks when 10% worse and by at least 2ms; at most 500ms
      throughput: blocks when 10% worse
      errors.ratio: at most 0.1%
      gpu.memory.peak: blocks when 2% worse
    telemetry: dcgm http://preview:9400/metrics
    environment variables needed: API_TOKEN, GITHUB_SHA"
  `);
});

test("a load that is too small for a percentile says so before it is run", () => {
  const needed = LEAST_EXCEEDANCES * 100;
  const p99 = "gates: { latency.p99: { regression: 10% } }";
  expect(describe(withScenario(`load: { rate: ${needed - 1}/s, duration: 1s }, ${p99}`))).toContain(
    `  note: latency.p99 rests on ${LEAST_EXCEEDANCES - 1} requests; a pass needs about ${needed} requests in all`,
  );
  expect(describe(withScenario(`load: { rate: ${needed}/s, duration: 1s }, ${p99}`))).not.toContain("note:");
});

test("the usual load is enough for the usual gates", () => {
  expect(describe(MINIMAL)).toMatchInlineSnapshot(`
    "small: raw GET /, endpoint not named (give --endpoint), seed 1
    payloads: default 100 % (made by the protocol)
    scenario steady: 30/s poisson for 2m: about 3600 requests per endpoint
      latency.p50: blocks when 5% worse and by at least 1ms
      latency.p95: blocks when 10% worse and by at least 1ms
      latency.p99: blocks when 10% worse and by at least 1ms
      throughput: blocks when 5% worse
      errors.ratio: blocks when 0.5 points worse; at most 5%"
  `);
});

test("a closed loop, no warm-up and no gates are told as such", () => {
  expect(describe(withScenario("load: { concurrency: 8, duration: 90s }, warm-up: none, gates: {}"))).toMatchInlineSnapshot(`
    "small: raw GET /, endpoint not named (give --endpoint), seed 1
    payloads: default 100 % (made by the protocol)
    scenario steady: 8 at a time for 1m30s, no warm-up
      gates nothing: such a run never passes"
  `);
});

test("it names variables and never fills them in", () => {
  expect(describe(EXAMPLE)).toContain("environment variables needed: API_TOKEN, GITHUB_SHA");
});

test("how prompts begin is told beside what they are made of", () => {
  const text = `name: a
target: { protocol: openai-chat }
payloads:
  a: { text: { words: 5 }, prefix: { tokens: 900, groups: 4 }, unique: yes }
  b: { text: { words: 5 }, prefix: { words: 7 } }
  c: { from-trace: {} }
scenarios: [{ name: s, load: { trace: t.csv } }]
`;
  expect(describe(text)).toContain(
    "payloads: a 33.3 % (text, a prefix of 900 tokens in 4 versions, every prompt begins anew), b 33.3 % (text, a prefix of 7 words), c 33.3 % (from-trace, prompts begin anew in every pass)",
  );
});

import { InputErrors } from "../../../src/core/errors.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";

/** Three lines that are a suite. */
export const MINIMAL = `name: small
target: { protocol: raw }
scenarios: [{ name: steady }]
`;

/** The example of the contract, as a user would copy it. */
export const EXAMPLE = `version: 1
name: sentiment
seed: 42
target:
  protocol: kserve-v2            # raw | openai-chat | kserve-v2
  ready: { path: /v2/health/ready, timeout: 5m }
  identity: { path: /version, equals: "\${env:GITHUB_SHA}" }   # are we measuring the commit we think?
  headers: { authorization: "Bearer \${env:API_TOKEN}" }       # masked everywhere
payloads:
  short:  { weight: 60, text: { words: [5, 20] } }
  medium: { weight: 30, text: { words: [50, 200] } }
  long:   { weight: 10, file: data/tickets.jsonl }
scenarios:
  - name: steady
    load: { rate: 50/s, arrivals: poisson, duration: 2m }
    gates:
      latency.p99: { regression: 10%, floor: 2ms, limit: 500ms }
      throughput:  { regression: 10% }
      errors.ratio: { limit: 0.1% }
      gpu.memory.peak: { regression: 2% }
telemetry:
  - dcgm: http://preview:9400/metrics
`;

/** A suite around one part of it. */
export const withTarget = (target: string): string => `name: small\ntarget: ${target}\nscenarios: [{ name: steady }]\n`;
export const withScenario = (scenario: string): string =>
  `name: small\ntarget: { protocol: raw }\nscenarios: [{ name: steady, ${scenario} }]\n`;
export const withPayload = (payload: string, protocol = "raw"): string =>
  `name: small\ntarget: { protocol: ${protocol} }\npayloads: { a: ${payload} }\nscenarios: [{ name: steady }]\n`;

/** All mistakes of a suite, as a person reads them. */
export function complaints(text: string, overrides: readonly string[] = []): string {
  try {
    parseSuite(text, "suite.yaml", overrides);
  } catch (error) {
    if (error instanceof InputErrors) return error.sentence;
    throw error;
  }
  return "no complaint";
}

import { DEFAULT_CONNECTION, DEFAULT_TLS } from "../../../src/core/suite/defaults.ts";
import { steadyRate } from "../../../src/core/suite/load.ts";
import type { PayloadClass, PayloadContent, Scenario, Suite, Target } from "../../../src/core/suite/suite.ts";
import { USUAL_DECISION } from "../decision.ts";

export const target = (change: Partial<Target> = {}): Target => ({
  protocol: "raw",
  endpoint: undefined,
  method: "POST",
  path: undefined,
  model: undefined,
  // As suites have it: what generates text streams it.
  stream: change.protocol?.startsWith("openai-") === true && change.protocol !== "openai-embeddings",
  maxTokens: undefined,
  tensorEncoding: "json",
  headers: {},
  timeoutS: 30,
  maxInFlight: 256,
  ready: { path: undefined, timeoutS: 60 },
  identity: undefined,
  check: { status: undefined, contains: undefined },
  connection: DEFAULT_CONNECTION,
  tls: DEFAULT_TLS,
  retry: undefined,
  ...change,
});

export const scenario = (change: Partial<Scenario> = {}): Scenario => ({
  name: "steady",
  load: steadyRate(50, "poisson", 120),
  mix: undefined,
  together: undefined,
  warmUp: "auto",
  block: { durationS: 10, requests: 100 },
  gates: [],
  ...change,
});

export const payloadClass = (name: string, content: PayloadContent, weight = 1): PayloadClass => ({ name, weight, content });

export const suite = (change: Partial<Suite> = {}): Suite => ({
  version: 1,
  name: "sentiment",
  seed: 42,
  target: target(),
  payloads: [payloadClass("short", { kind: "text", words: [5, 20] })],
  scenarios: [scenario()],
  telemetry: [],
  decision: {
    ...USUAL_DECISION,
    pass: "resolvable",
  },
  generator: { threads: "auto", calibration: true },
  ...change,
});

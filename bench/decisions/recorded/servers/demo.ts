import { fileURLToPath } from "node:url";
import { type ServedModel, scenarioAt } from "../served-model.ts";

const SERVER = fileURLToPath(new URL("../../../../src/io/demo/demo-server.ts", import.meta.url));

export const demo: ServedModel = {
  name: "demo",
  about:
    "the server of `tailgate demo`: a small transformer with continuous batching, every step held to 4 ms as a device of that speed would; 8 to 24 words, one request in ten 200 to 260",
  suite: `version: 1
name: recorded-demo
target:
  protocol: kserve-v2
  model: sentiment
  ready: { path: /v2/health/ready, timeout: 15s }
payloads:
  short: { weight: 90, text: { words: [8, 24] } }
  long: { weight: 10, text: { words: [200, 260] } }
${scenarioAt(150)}`,
  changes: [
    { name: "every step 1.2 times as long", options: ["--slow-factor", "1.2"] },
    { name: "batches of at most 2 instead of 16", options: ["--max-batch", "2"] },
  ],
  prepare: () => undefined,
  command: (options) => ({ program: process.execPath, args: [SERVER, "--port", "0", "--with-parent", ...options] }),
};

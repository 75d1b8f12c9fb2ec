import { fileURLToPath } from "node:url";
import { type ServedModel, scenarioAt } from "../served-model.ts";

const SERVER = fileURLToPath(new URL("classifier/process.ts", import.meta.url));

export const classifier: ServedModel = {
  name: "classifier",
  about:
    "a deep averaging network of 6 layers over character n-grams in plain JavaScript, with dynamic batching; 8 to 24 words are one passage, the 480 to 512 of one request in ten are 15 or 16",
  suite: `version: 1
name: recorded-classifier
target:
  protocol: raw
  path: /classify
  ready: { path: /ready, timeout: 15s }
payloads:
  short: { weight: 90, text: { words: [8, 24] } }
  long: { weight: 10, text: { words: [480, 512] } }
${scenarioAt(150)}`,
  changes: [
    { name: "8 layers instead of 6", options: ["--layers", "8"] },
    { name: "batches of at most 2 instead of 16", options: ["--max-batch", "2"] },
  ],
  prepare: () => undefined,
  command: (options) => ({ program: process.execPath, args: [SERVER, ...options] }),
};

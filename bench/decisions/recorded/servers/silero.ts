import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ServedModel, scenarioAt } from "../served-model.ts";

const EXAMPLE = fileURLToPath(new URL("../../../../examples/silero-vad", import.meta.url));

export const silero: ServedModel = {
  name: "silero-vad",
  about:
    "the voice activity detector of examples/silero-vad on ONNX Runtime; 4 or 8 chunks of 512 samples, one request in ten 64, chunk after chunk",
  suite: `version: 1
name: recorded-silero-vad
target:
  protocol: kserve-v2
  model: silero-vad
  ready: { path: /v2/health/ready, timeout: 30s }
payloads:
  four-chunks: { weight: 60, tensors: [{ name: audio, datatype: FP32, shape: [1, 2048], range: [-0.1, 0.1] }] }
  eight-chunks: { weight: 30, tensors: [{ name: audio, datatype: FP32, shape: [1, 4096], range: [-0.1, 0.1] }] }
  two-seconds: { weight: 10, tensors: [{ name: audio, datatype: FP32, shape: [1, 32768], range: [-0.1, 0.1] }] }
${scenarioAt(100)}`,
  changes: [{ name: "two seconds of audio through the model twice", options: ["--slow", "2"] }],
  prepare: () => {
    if (existsSync(join(EXAMPLE, "node_modules/onnxruntime-node"))) return undefined;
    const { status, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: EXAMPLE, encoding: "utf8", timeout: 280_000 });
    return status === 0 ? undefined : `npm ci in examples/silero-vad failed: ${stderr.trim().slice(-300)}`;
  },
  command: (options) => ({ program: process.execPath, args: ["server.mjs", "--port", "0", ...options], cwd: EXAMPLE }),
};

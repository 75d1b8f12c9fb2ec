import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ServedModel, scenarioAt } from "../served-model.ts";

const FOLDER = fileURLToPath(new URL("python", import.meta.url));
/** A virtual environment outside the repository; made where there is none. */
const ENVIRONMENT = process.env["TAILGATE_BENCH_PYTHON"] ?? join(homedir(), ".cache/tailgate-bench-python");
const PYTHON = join(ENVIRONMENT, "bin/python");

export const python: ServedModel = {
  name: "scikit-learn",
  about:
    "TF-IDF of character n-grams and a multilayer perceptron of scikit-learn behind uvicorn, in Python; 8 to 24 words, one request in ten 180 to 220",
  suite: `version: 1
name: recorded-scikit-learn
target:
  protocol: raw
  path: /classify
  ready: { path: /ready, timeout: 30s }
payloads:
  short: { weight: 90, text: { words: [8, 24] } }
  long: { weight: 10, text: { words: [180, 220] } }
${scenarioAt(150)}`,
  changes: [
    { name: "one more layer", options: ["--layers", "2"] },
    { name: "n-grams up to 6 characters instead of 3 (slower preprocessing)", options: ["--longest-n-gram", "6"] },
  ],
  prepare: () => {
    const steps = [
      ...(existsSync(PYTHON) ? [] : [["python3", "-m", "venv", ENVIRONMENT]]),
      [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", join(FOLDER, "requirements.txt")],
    ];
    for (const [program, ...args] of steps) {
      const { status, stderr, error } = spawnSync(program!, args, { encoding: "utf8", timeout: 280_000 });
      if (status !== 0) return `${program} ${args.slice(0, 3).join(" ")} failed: ${(error?.message ?? stderr).trim().slice(-300)}`;
    }
    return undefined;
  },
  // One thread for the products: two servers and the load share the processors.
  command: (options) => ({
    program: PYTHON,
    args: [join(FOLDER, "server.py"), ...options],
    environment: { OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" },
  }),
};

// The gate on a real GPU: npm run bench:gpu [-- --layers 4 --head-layers 6 --rate 4/s --duration 60s --python PATH]
//
// Starts two processes of server.py (PyTorch), a base and a head with more layers, and runs `tailgate run` of dist/ against
// them with the telemetry of nvidia-smi. Prints the comment, and keeps the record in .cache/bench-gpu/. With two GPUs
// and `--gpus 0,1` the base runs on the first and the head on the second; else both share one, and are driven in turn.
//
// Where there is no NVIDIA GPU, no Python or no PyTorch, it says so and ends with status 2. `--device cpu` is a rehearsal of
// everything but the GPU: what it prints says nothing about one.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startServer } from "../decisions/recorded/start-server.ts";

const SERVER = fileURLToPath(new URL("server.py", import.meta.url));
const OUT = ".cache/bench-gpu";

const { values } = parseArgs({
  options: {
    layers: { type: "string", default: "8" },
    "head-layers": { type: "string", default: "10" },
    width: { type: "string", default: "1024" },
    rate: { type: "string", default: "4/s" },
    duration: { type: "string", default: "60s" },
    device: { type: "string", default: "cuda" },
    gpus: { type: "string" },
    python: { type: "string", default: process.env["TAILGATE_BENCH_PYTHON"] ?? "python3" },
    cli: { type: "string", default: "dist/cli.js" },
  },
});

const say = (text: string) => process.stderr.write(`${text}\n`);
const nvidiaSmi = process.env["TAILGATE_NVIDIA_SMI"] || "nvidia-smi";
const missing = whatIsMissing();
if (missing === undefined) process.exitCode = await measure();
else {
  say(missing);
  process.exitCode = 2;
}

/** A sentence about the first thing that this machine lacks. */
function whatIsMissing(): string | undefined {
  if (!existsSync(values.cli)) return `${values.cli} is missing: npm run build`;
  const torch = run(values.python, ["-c", "import torch; print(torch.__version__, torch.cuda.is_available())"]);
  if (torch.problem !== undefined) return `no Python with PyTorch here (${values.python}: ${torch.problem}); name one with --python`;
  say(`PyTorch ${torch.output}`);
  if (values.device !== "cuda") {
    say(`--device ${values.device}: a rehearsal, which says nothing about a GPU`);
    return undefined;
  }
  const gpus = run(nvidiaSmi, ["-L"]);
  if (gpus.problem !== undefined) return `no NVIDIA GPU here (${nvidiaSmi} -L: ${gpus.problem}): nothing was measured`;
  if (!torch.output.endsWith("True"))
    return `PyTorch ${torch.output.split(" ")[0]} sees no GPU, although nvidia-smi does: nothing was measured`;
  say(gpus.output);
  return undefined;
}

function run(program: string, args: readonly string[]): { readonly output: string; readonly problem: string | undefined } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: 120_000 });
  if (error !== undefined) return { output: "", problem: (error as NodeJS.ErrnoException).code === "ENOENT" ? "not found" : error.message };
  const last = stderr.trim().split("\n").at(-1) || stdout.trim().split("\n").at(-1);
  return { output: stdout.trim(), problem: status === 0 ? undefined : last || `status ${status}` };
}

/** The exit status of the gate. */
async function measure(): Promise<number> {
  const [baseGpu, headGpu = baseGpu] = values.gpus?.split(",") ?? [];
  mkdirSync(OUT, { recursive: true });
  const suite = join(OUT, "suite.yaml");
  writeFileSync(suite, suiteText(baseGpu, headGpu));
  const started = await Promise.allSettled([start(values.layers, baseGpu), start(values["head-layers"], headGpu)]);
  try {
    const [base, head] = started.map((each) => {
      if (each.status === "rejected") throw each.reason;
      return each.value;
    });
    say(`base: ${values.layers} layers, head: ${values["head-layers"]} layers`);
    const status = await runGate([suite, "--endpoint", head!.url, "--baseline-endpoint", base!.url, "--out", OUT]);
    const comment = join(OUT, "comment.md");
    if (existsSync(comment)) process.stdout.write(`${readFileSync(comment, "utf8")}\n`);
    say(`exit status ${status}; the record is ${join(OUT, "run.json")}`);
    return status;
  } finally {
    for (const each of started) if (each.status === "fulfilled") await each.value.stop();
  }
}

function start(layers: string, gpu: string | undefined): ReturnType<typeof startServer> {
  const threads = values.device === "cpu" ? ["--threads", "1"] : [];
  return startServer({
    program: values.python,
    args: [SERVER, "--layers", layers, "--width", values.width, "--device", values.device, ...threads],
    environment: { PYTHONUNBUFFERED: "1", ...(gpu === undefined ? {} : { CUDA_VISIBLE_DEVICES: gpu }) },
  });
}

async function runGate(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [values.cli, "run", ...args], { stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function suiteText(base: string | undefined, head: string | undefined): string {
  const gpus = head === undefined ? "nvidia-smi: all" : `nvidia-smi: "${head}"${base === head ? "" : `, baseline-gpus: "${base}"`}`;
  return `name: gpu
target:
  protocol: openai-completions
  model: transformer
  max-tokens: 32
  ready: { path: /health, timeout: 1m }
payloads:
  prompt: { text: { words: [20, 60] } }
scenarios:
  - name: steady
    load: { rate: ${values.rate}, arrivals: poisson, duration: ${values.duration} }
    gates:
      ttft.p50: { regression: 10% }
      latency.p50: { regression: 10% }
      latency.p90: { regression: 10% }
      gpu.memory.peak: { regression: 10% }
      gpu.energy_per_1k_tokens: { regression: 10% }
telemetry:
  - { ${gpus} }
`;
}

/** What one endpoint answers; `n` is the number of the answer, and moves the values. */
export type Answering = { readonly name: string; readonly textAt: (n: number) => string };

/** Ten endpoints as a deployment of two replicas has them: two large servers, three hosts with eight GPUs, five small processes. */
export const ENDPOINTS: readonly Answering[] = [
  ...[1, 2].map((i) => ({ name: `vLLM ${i}, 8 engines`, textAt: vllm })),
  ...[1, 2, 3].map((i) => ({ name: `DCGM ${i}, 8 GPUs`, textAt: (n: number) => dcgm(`node-${i}`, n) })),
  ...[1, 2, 3, 4, 5].map((i) => ({ name: `process ${i}`, textAt: small })),
];

const HISTOGRAMS = [
  "time_to_first_token_seconds",
  "inter_token_latency_seconds",
  "request_queue_time_seconds",
  "request_prefill_time_seconds",
  "request_decode_time_seconds",
  "request_inference_time_seconds",
  "e2e_request_latency_seconds",
  "request_generation_tokens",
];
const SERVER_GAUGES = ["num_requests_running", "num_requests_waiting", "kv_cache_usage_perc"];
const SERVER_COUNTERS = ["num_preemptions_total", "prefix_cache_queries_total", "prefix_cache_hits_total", "generation_tokens_total"];
const ENGINES = [0, 1, 2, 3, 4, 5, 6, 7];
const BUCKETS = 23;

/** About 200 kB: of vLLM's histograms nearly every line is a bucket, which nobody reads. */
function vllm(n: number): string {
  const labels = ENGINES.map((engine) => `engine="${engine}",model_name="meta-llama/Llama-3.1-8B-Instruct"`);
  const histograms = HISTOGRAMS.flatMap((name) => [
    ...typed(`vllm:${name}`, "histogram"),
    ...labels.flatMap((label) => [
      ...Array.from({ length: BUCKETS }, (_, i) => `vllm:${name}_bucket{${label},le="${2 ** (i - 10)}"} ${n * 10 + i}.0`),
      `vllm:${name}_bucket{${label},le="+Inf"} ${n * 10 + BUCKETS}.0`,
      `vllm:${name}_sum{${label}} ${n * 12.345}`,
      `vllm:${name}_count{${label}} ${n * 10 + BUCKETS}.0`,
    ]),
  ]);
  const single = (names: readonly string[], type: string, value: number) =>
    names.flatMap((name) => [...typed(`vllm:${name}`, type), ...labels.map((label) => `vllm:${name}{${label}} ${value}`)]);
  return text([
    ...histograms,
    ...single(SERVER_GAUGES, "gauge", (n % 10) / 10),
    ...single(SERVER_COUNTERS, "counter", n * 100),
    ...small(n).split("\n"),
  ]);
}

const GPU_FIELDS: readonly (readonly [string, string, (n: number) => number])[] = [
  ["DEV_SM_CLOCK", "gauge", () => 1980],
  ["DEV_MEM_CLOCK", "gauge", () => 2619],
  ["DEV_MEMORY_TEMP", "gauge", () => 60],
  ["DEV_GPU_TEMP", "gauge", (n) => 50 + (n % 5)],
  ["DEV_POWER_USAGE", "gauge", (n) => 600 + (n % 17)],
  ["DEV_TOTAL_ENERGY_CONSUMPTION", "counter", (n) => n * 600_000],
  ["DEV_PCIE_REPLAY_COUNTER", "counter", () => 0],
  ["DEV_GPU_UTIL", "gauge", (n) => 80 + (n % 20)],
  ["DEV_MEM_COPY_UTIL", "gauge", () => 30],
  ["DEV_ENC_UTIL", "gauge", () => 0],
  ["DEV_DEC_UTIL", "gauge", () => 0],
  ["DEV_XID_ERRORS", "gauge", () => 0],
  ["DEV_FB_FREE", "gauge", () => 10_000],
  ["DEV_FB_USED", "gauge", (n) => 70_000 + (n % 100)],
  ["DEV_FB_RESERVED", "gauge", () => 500],
  ["DEV_UNCORRECTABLE_REMAPPED_ROWS", "counter", () => 0],
  ["DEV_CORRECTABLE_REMAPPED_ROWS", "counter", () => 0],
  ["DEV_ROW_REMAP_FAILURE", "gauge", () => 0],
  ["DEV_NVLINK_BANDWIDTH_TOTAL", "counter", (n) => n * 1000],
  ["DEV_VGPU_LICENSE_STATUS", "gauge", () => 0],
  ["PROF_GR_ENGINE_ACTIVE", "gauge", () => 0.91],
  ["PROF_SM_ACTIVE", "gauge", () => 0.74],
  ["PROF_PIPE_TENSOR_ACTIVE", "gauge", () => 0.41],
  ["PROF_DRAM_ACTIVE", "gauge", () => 0.55],
  ["PROF_PCIE_TX_BYTES", "gauge", () => 1e8],
  ["PROF_PCIE_RX_BYTES", "gauge", () => 2e8],
];

function dcgm(host: string, n: number): string {
  const labels = ENGINES.map(
    (gpu) =>
      `gpu="${gpu}",UUID="GPU-6f1d9a3e-${host}-4c1b-9d2e-00000000000${gpu}",pci_bus_id="00000000:${gpu}7:00.0",device="nvidia${gpu}",modelName="NVIDIA H100 80GB HBM3",Hostname="${host}",DCGM_FI_DRIVER_VERSION="550.90.07",container="vllm",namespace="preview",pod="vllm-0"`,
  );
  return text(
    GPU_FIELDS.flatMap(([name, type, value]) => [
      ...typed(`DCGM_FI_${name}`, type),
      ...labels.map((label) => `DCGM_FI_${name}{${label}} ${value(n)}`),
    ]),
  );
}

function small(n: number): string {
  return text([
    ...typed("process_cpu_seconds_total", "counter"),
    `process_cpu_seconds_total ${n * 0.42}`,
    ...typed("process_resident_memory_bytes", "gauge"),
    `process_resident_memory_bytes ${1.2e9 + n}`,
    ...Array.from({ length: 40 }, (_, i) => `python_gc_objects_collected_total{generation="${i}"} ${n + i}`),
  ]);
}

function typed(name: string, type: string): readonly string[] {
  return [`# HELP ${name} As the server describes it.`, `# TYPE ${name} ${type}`];
}
const text = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

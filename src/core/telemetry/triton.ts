import type { MetricName } from "../metric.ts";
import type { Sample } from "./exposition.ts";
import { countersOf, type GpuField, gaugesOf, gpuReadings, MEMORY, WATTS } from "./gpu-fields.ts";
import type { Scrape } from "./scrape.ts";
import { filledBy, namesOf, readServer, type Series, type ServerField } from "./server-fields.ts";

const SUCCESS = "nv_inference_request_success";
/** µs of all requests together, over how many succeeded. */
const perRequest = (metric: MetricName, name: string): ServerField => ({
  metrics: [metric],
  part: name,
  whole: SUCCESS,
  scale: 1e-6,
});
const ofTensorrtLlm = (name: string, label: string, value: RegExp): Series => ({ names: [name], where: { [label]: value } });

/**
 * Triton's models and versions: amounts add up, and times are means over the requests to any of them. An ensemble is a
 * model beside those that it calls, and counts with each. An answer from the response cache is a request whose model
 * took no time. With the TensorRT-LLM backend requests wait in there and not in Triton's own queue.
 *
 * Source: Triton's documentation of metrics, a capture, and the backend's custom metrics.
 */
const FIELDS: readonly ServerField[] = [
  { metrics: ["queue.depth"], gauge: ofTensorrtLlm("nv_trt_llm_request_metrics", "request_type", /^waiting$/), over: "sum" },
  { metrics: ["queue.depth"], gauge: "nv_inference_pending_request_count", over: "sum" },
  { metrics: ["requests.running"], gauge: ofTensorrtLlm("nv_trt_llm_request_metrics", "request_type", /^scheduled$/), over: "sum" },
  {
    metrics: ["kv_cache.utilization"],
    gauge: ofTensorrtLlm("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", /^fraction$/),
    over: "max",
    valid: [0, 1],
  },
  { metrics: ["batch.size"], part: "nv_inference_count", whole: "nv_inference_exec_count" },
  perRequest("request.time", "nv_inference_request_duration_us"),
  perRequest("queue.time", "nv_inference_queue_duration_us"),
  perRequest("preprocess.time", "nv_inference_compute_input_duration_us"),
  perRequest("inference.time", "nv_inference_compute_infer_duration_us"),
  perRequest("postprocess.time", "nv_inference_compute_output_duration_us"),
  { metrics: ["host.cpu.utilization"], gauge: "nv_cpu_utilization", over: "max", valid: [0, 1] },
  { metrics: ["host.memory.used"], gauge: "nv_cpu_memory_used_bytes", over: "max", valid: [1, 1e14] },
];

const UTILIZATION = "nv_gpu_utilization";
const POWER = "nv_gpu_power_usage";
const ENERGY_J = "nv_energy_consumption";

/**
 * What it tells of GPUs is 0 where it could not be read. No GPU draws 0 W, has drawn 0 J or, with Triton on it, has empty
 * memory, so these are no values, and neither is a utilization of 0 beside a power of 0. Under a host engine of DCGM's own, utilization
 * comes out as a number far above 1.
 */
const GPU_FIELDS: readonly GpuField[] = [
  { names: [UTILIZATION], metrics: ["gpu.utilization"], level: "gpu", over: "mean", scale: 1, valid: [0, 1] },
  { names: ["nv_gpu_memory_used_bytes"], ...MEMORY, scale: 1, valid: [0, 1e13] },
  { names: [POWER], ...WATTS },
];

const NAMES = new Set([...namesOf(FIELDS), ...GPU_FIELDS.flatMap(({ names }) => names), ENERGY_J]);

export const TRITON_METRICS: readonly MetricName[] = [
  ...filledBy(FIELDS),
  ...GPU_FIELDS.flatMap(({ metrics }) => metrics),
  "gpu.energy_per_request",
  "gpu.energy_per_1k_tokens",
];

export const isTritonField = (name: string): boolean => NAMES.has(name);

export function readTriton(samples: readonly Sample[]): Scrape {
  const server = readServer(FIELDS, samples);
  const ofGpus = samples.flatMap(({ name, labels: { gpu_uuid: uuid }, value }) =>
    uuid === undefined ? [] : [{ name, value, uuid, gpu: `/${uuid}`, instance: `/${uuid}` }],
  );
  const unread = new Set(ofGpus.filter(({ name, value }) => name === POWER && value === 0).map(({ gpu }) => gpu));
  const readings = gpuReadings(ofGpus.filter(({ name, value, gpu }) => value !== 0 || (name === UTILIZATION && !unread.has(gpu))));
  const { gauges, gpusCounted } = gaugesOf(GPU_FIELDS, readings);
  const gpus = new Map(ofGpus.map(({ gpu, uuid }) => [gpu, { key: gpu, uuid, model: undefined, driver: undefined }]));
  return {
    ...server,
    gauges: { ...server.gauges, ...gauges },
    gpusCounted,
    energyJ: countersOf(readings, [ENERGY_J]),
    gpus: [...gpus.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

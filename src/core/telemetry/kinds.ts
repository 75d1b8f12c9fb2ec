import { type MetricName } from "../metric.ts";
import { AMD_METRICS, isAmdField, readAmd } from "./amd.ts";
import { DCGM_METRICS, isDcgmField, readDcgm } from "./dcgm.ts";
import type { Sample } from "./exposition.ts";
import { isLlamacppField, LLAMACPP_METRICS, readLlamacpp } from "./llamacpp.ts";
import { isNodeExporterField, NODE_EXPORTER_METRICS, readNodeExporter } from "./node-exporter.ts";
import { collectionFailure, EXPORTER_METRICS, isExporterField, readNvidiaExporter } from "./nvidia-exporter.ts";
import { NVIDIA_SMI_METRICS } from "./nvidia-smi.ts";
import { isProcessField, PROCESS_METRICS, readProcess } from "./process.ts";
import { isRayServeField, RAY_SERVE_METRICS, readRayServe } from "./ray-serve.ts";
import type { Scrape } from "./scrape.ts";
import { isSglangField, readSglang, SGLANG_METRICS } from "./sglang.ts";
import { isTensorrtLlmField, readTensorrtLlm, TENSORRT_LLM_METRICS } from "./tensorrt-llm.ts";
import { isTfServingField, readTfServing, TF_SERVING_METRICS } from "./tf-serving.ts";
import { isTgiField, readTgi, TGI_METRICS } from "./tgi.ts";
import { isTorchserveField, readTorchserve, TORCHSERVE_METRICS } from "./torchserve.ts";
import { isTritonField, readTriton, TRITON_METRICS } from "./triton.ts";
import { isVllmField, readVllm, VLLM_METRICS } from "./vllm.ts";

/** Expositions whose series need no mapping, and how they are read. A kind is added here and nowhere else. */
export type Exposition = {
  /** Whose it is, for people. */
  readonly title: string;
  /** What it tells of. An exporter's own process is none that serves a model: see {@link detectKinds}. */
  readonly of: "gpus" | "server" | "process" | "host";
  /** What of an answer is looked for, for people. */
  readonly expects: string;
  readonly example: string;
  /** Is this one of the series that are read? Names of two kinds never overlap. */
  readonly keeps: (name: string) => boolean;
  readonly read: (samples: readonly Sample[]) => Scrape;
  /** What the exposition says about its own failure, a sentence's end. */
  readonly failure?: (samples: readonly Sample[]) => string | undefined;
  /** What it can tell. */
  readonly fills: readonly MetricName[];
};

const KINDS = {
  dcgm: {
    title: "NVIDIA's DCGM exporter",
    of: "gpus",
    expects: "names that begin with DCGM_FI_",
    example: "http://preview:9400/metrics",
    keeps: isDcgmField,
    read: readDcgm,
    fills: DCGM_METRICS,
  },
  "nvidia-gpu-exporter": {
    title: "nvidia_gpu_exporter",
    of: "gpus",
    expects: "names that begin with nvidia_smi_",
    example: "http://preview:9835/metrics",
    keeps: isExporterField,
    read: readNvidiaExporter,
    failure: collectionFailure,
    fills: EXPORTER_METRICS,
  },
  amd: {
    title: "AMD's device metrics exporter",
    of: "gpus",
    expects: "names such as gpu_gfx_activity and gpu_used_vram",
    example: "http://preview:5000/metrics",
    keeps: isAmdField,
    read: readAmd,
    fills: AMD_METRICS,
  },
  triton: {
    title: "Triton Inference Server",
    of: "server",
    expects: "names that begin with nv_inference_, nv_gpu_ or nv_trt_llm_",
    example: "http://preview:8002/metrics",
    keeps: isTritonField,
    read: readTriton,
    fills: TRITON_METRICS,
  },
  vllm: {
    title: "vLLM, also under Ray",
    of: "server",
    expects: "names that begin with vllm:, ray_vllm: or ray_vllm_",
    example: "http://preview:8000/metrics",
    keeps: isVllmField,
    read: readVllm,
    fills: VLLM_METRICS,
  },
  sglang: {
    title: "SGLang, started with --enable-metrics",
    of: "server",
    expects: "names that begin with sglang:",
    example: "http://preview:30000/metrics",
    keeps: isSglangField,
    read: readSglang,
    fills: SGLANG_METRICS,
  },
  "tensorrt-llm": {
    title: "trtllm-serve",
    of: "server",
    expects: "names that begin with trtllm_, at /prometheus/metrics",
    example: "http://preview:8000/prometheus/metrics",
    keeps: isTensorrtLlmField,
    read: readTensorrtLlm,
    fills: TENSORRT_LLM_METRICS,
  },
  tgi: {
    title: "Text Generation Inference",
    of: "server",
    expects: "names that begin with tgi_",
    example: "http://preview:80/metrics",
    keeps: isTgiField,
    read: readTgi,
    fills: TGI_METRICS,
  },
  "llama.cpp": {
    title: "llama.cpp's server, started with --metrics",
    of: "server",
    expects: "names that begin with llamacpp:",
    example: "http://preview:8080/metrics",
    keeps: isLlamacppField,
    read: readLlamacpp,
    fills: LLAMACPP_METRICS,
  },
  torchserve: {
    title: "TorchServe, with metrics_mode=prometheus",
    of: "server",
    expects: "names that begin with ts_",
    example: "http://preview:8082/metrics",
    keeps: isTorchserveField,
    read: readTorchserve,
    fills: TORCHSERVE_METRICS,
  },
  "tf-serving": {
    title: "TensorFlow Serving, with a monitoring configuration",
    of: "server",
    expects: "names that begin with :tensorflow:serving:",
    example: "http://preview:8501/monitoring/prometheus/metrics",
    keeps: isTfServingField,
    read: readTfServing,
    fills: TF_SERVING_METRICS,
  },
  "ray-serve": {
    title: "Ray Serve, by the agent of a node",
    of: "server",
    expects: "names that begin with ray_serve_",
    example: "http://preview:8080/metrics",
    keeps: isRayServeField,
    read: readRayServe,
    fills: RAY_SERVE_METRICS,
  },
  "node-exporter": {
    title: "a host, by Prometheus's node_exporter",
    of: "host",
    expects: "node_cpu_seconds_total and node_memory_MemAvailable_bytes",
    example: "http://preview:9100/metrics",
    keeps: isNodeExporterField,
    read: readNodeExporter,
    fills: NODE_EXPORTER_METRICS,
  },
  process: {
    title: "the process of a server, by Prometheus's client libraries or process-exporter",
    of: "process",
    expects: "process_cpu_seconds_total and process_resident_memory_bytes",
    example: "http://preview:8080/metrics",
    keeps: isProcessField,
    read: readProcess,
    fills: PROCESS_METRICS,
  },
} as const satisfies Record<string, Exposition>;

export type ExpositionKind = keyof typeof KINDS;
export const EXPOSITIONS: Readonly<Record<ExpositionKind, Exposition>> = KINDS;
export const EXPOSITION_KINDS = Object.keys(KINDS) as readonly ExpositionKind[];

export type TelemetryKind = ExpositionKind | "prometheus" | "promql" | "auto" | "nvidia-smi";

/** The kinds that a source may turn out to be; none where the suite says what to read, or where there is no exposition. */
export const expositionsOf = (kind: TelemetryKind): readonly ExpositionKind[] =>
  kind === "auto" || kind === "promql" ? EXPOSITION_KINDS : kind === "prometheus" || kind === "nvidia-smi" ? [] : [kind];

/** What a source of this kind can tell, where the suite does not say it. */
export const metricsOf = (kind: TelemetryKind): readonly MetricName[] =>
  kind === "nvidia-smi" ? NVIDIA_SMI_METRICS : [...new Set(expositionsOf(kind).flatMap((each) => EXPOSITIONS[each].fills))];

/**
 * The kinds whose series an exposition holds, by the names of its series, in the order of the table. Beside the numbers
 * of an exporter, those of a process are the exporter's own, and no kind.
 */
export function detectKinds(names: Iterable<string>): readonly ExpositionKind[] {
  const present = new Set<ExpositionKind>();
  for (const name of names) {
    const kind = kindOf(name);
    if (kind !== undefined) present.add(kind);
  }
  const found = EXPOSITION_KINDS.filter((kind) => present.has(kind));
  const isExporter =
    found.some((kind) => ["gpus", "host"].includes(EXPOSITIONS[kind].of)) && !found.some((kind) => EXPOSITIONS[kind].of === "server");
  return found.filter((kind) => !isExporter || EXPOSITIONS[kind].of !== "process");
}

/** Is this a series that one of the kinds reads? */
export const keptBy =
  (kinds: readonly ExpositionKind[]): ((name: string) => boolean) =>
  (name) => {
    const kind = kindOf(name);
    return kind !== undefined && kinds.includes(kind);
  };

/** The kind that reads this series. Each name is looked at once: expositions come back every second. */
function kindOf(name: string): ExpositionKind | undefined {
  const before = kindsByName.get(name);
  if (before !== undefined || kindsByName.has(name)) return before;
  if (kindsByName.size >= MOST_NAMES) kindsByName.clear();
  const kind = EXPOSITION_KINDS.find((each) => EXPOSITIONS[each].keeps(name));
  kindsByName.set(name, kind);
  return kind;
}

const kindsByName = new Map<string, ExpositionKind | undefined>();
/** More names than any exposition has, and what an endpoint that makes up new ones may cost. */
const MOST_NAMES = 10_000;

/** What samples of several kinds tell together. Where two of them give one metric, the first in the table counts. */
export function fusedScrapes(kinds: readonly ExpositionKind[], samples: readonly Sample[]): Scrape {
  const byKind = Map.groupBy(samples, ({ name }) => kindOf(name));
  const [only, ...more] = kinds;
  const present =
    more.length === 0 && only !== undefined
      ? [only]
      : detectKinds(new Set(samples.map(({ name }) => name))).filter((kind) => kinds.includes(kind));
  const scrapes = present.map((kind) => EXPOSITIONS[kind].read(byKind.get(kind) ?? []));
  const [first = EMPTY, ...others] = scrapes;
  return others.reduce((fused, scrape) => {
    // The same GPUs, told of twice: their counters would count twice as well.
    const isNew = fused.gpus.length === 0;
    const renewedS = Object.fromEntries(
      Object.entries(scrape.renewedS ?? {}).filter(([metric]) => fused.gauges[metric as MetricName] === undefined),
    );
    return {
      ...(isNew ? { ...fused, ...scrape } : fused),
      gauges: { ...scrape.gauges, ...fused.gauges },
      gpusCounted: { ...scrape.gpusCounted, ...fused.gpusCounted },
      ...both("quotients", scrape, fused),
      ...both("totals", scrape, fused),
      ...(scrape.renewedS === undefined ? {} : { renewedS: { ...renewedS, ...fused.renewedS } }),
      energyJ: Object.keys(fused.energyJ).length > 0 ? fused.energyJ : scrape.energyJ,
    };
  }, first);
}

function both<K extends "quotients" | "totals">(key: K, later: Scrape, earlier: Scrape): Partial<Pick<Scrape, K>> {
  return later[key] === undefined && earlier[key] === undefined ? {} : ({ [key]: { ...later[key], ...earlier[key] } } as Pick<Scrape, K>);
}

const EMPTY: Scrape = { gauges: {}, gpusCounted: {}, energyJ: {}, gpus: [], lastXid: {}, throttleBits: {}, thermalViolationNs: {} };

import type { ProtocolName } from "../suite/suite.ts";
import type { ExpositionKind } from "../telemetry/kinds.ts";

/** A program that serves models, and how it is told from others. */
export type Server = {
  readonly name: string;
  /** What it speaks unless it is told otherwise. */
  readonly protocol: ProtocolName;
  /** The port that it listens on unless it is told otherwise. */
  readonly port: number;
  /** Names of packages, in any ecosystem: in a requirements file, a manifest, or a command line. */
  readonly packages: readonly string[];
  /** Found in a Dockerfile: images and commands. */
  readonly image: RegExp | undefined;
  /** Beginnings of the names of its series on `/metrics`. */
  readonly series: readonly string[];
  /** The kind of telemetry that reads them, where there is one. */
  readonly telemetry: ExpositionKind | undefined;
  /** Where it says that it is ready, below the endpoint. */
  readonly ready: string | undefined;
  /** Whether it usually runs on a GPU, which a hosted runner does not have. */
  readonly needsGpu: boolean;
};

const openai = { protocol: "openai-chat", ready: "/health", needsGpu: true } as const;

/**
 * Most special first: a program that serves through FastAPI names FastAPI as well.
 *
 * Sources: names of series as in `core/telemetry`, by the expositions of these servers; files by their usual set-up;
 * ports are the defaults of their command lines.
 */
export const SERVERS: readonly Server[] = [
  {
    ...openai,
    name: "vLLM",
    port: 8000,
    packages: ["vllm"],
    image: /\bvllm\/vllm-openai\b|\bvllm serve\b|vllm\.entrypoints/,
    series: ["vllm:", "ray_vllm"],
    telemetry: "vllm",
  },
  {
    ...openai,
    name: "SGLang",
    port: 30_000,
    packages: ["sglang"],
    image: /\blmsysorg\/sglang\b|sglang\.launch_server/,
    series: ["sglang:"],
    telemetry: "sglang",
  },
  {
    ...openai,
    name: "TGI",
    port: 80,
    packages: ["text-generation-server", "text-generation-inference"],
    image: /text-generation-inference|text-generation-launcher/,
    series: ["tgi_"],
    telemetry: "tgi",
  },
  {
    ...openai,
    name: "TensorRT-LLM",
    port: 8000,
    packages: ["tensorrt-llm", "tensorrt_llm"],
    image: /\btrtllm-serve\b|tensorrt-llm\/release/,
    series: ["trtllm_"],
    telemetry: "tensorrt-llm",
  },
  {
    ...openai,
    name: "llama.cpp",
    port: 8080,
    packages: ["llama-cpp-python"],
    image: /ggml-org\/llama\.cpp|\bllama-server\b/,
    series: ["llamacpp:"],
    telemetry: "llama.cpp",
    needsGpu: false,
  },
  {
    name: "Triton",
    protocol: "kserve-v2",
    port: 8000,
    packages: [],
    image: /nvcr\.io\/nvidia\/tritonserver|\btritonserver\b/,
    series: ["nv_inference_"],
    telemetry: "triton",
    ready: "/v2/health/ready",
    needsGpu: true,
  },
  {
    name: "MLServer",
    protocol: "kserve-v2",
    port: 8080,
    packages: ["mlserver"],
    image: /seldonio\/mlserver|\bmlserver start\b/,
    series: ["mlserver_", "model_infer_request"],
    telemetry: undefined,
    ready: "/v2/health/ready",
    needsGpu: false,
  },
  {
    name: "KServe",
    protocol: "kserve-v2",
    port: 8080,
    packages: ["kserve"],
    image: /\bkserve\/|-m kserve/,
    series: [],
    telemetry: undefined,
    ready: "/v2/health/ready",
    needsGpu: false,
  },
  {
    name: "TorchServe",
    protocol: "torchserve",
    port: 8080,
    packages: ["torchserve"],
    image: /\bpytorch\/torchserve\b|\btorchserve\b/,
    series: ["ts_"],
    telemetry: "torchserve",
    ready: "/ping",
    needsGpu: false,
  },
  {
    name: "TensorFlow Serving",
    protocol: "tf-serving",
    port: 8501,
    packages: ["tensorflow-serving-api"],
    image: /\btensorflow\/serving\b|\btensorflow_model_server\b/,
    series: [":tensorflow:"],
    telemetry: "tf-serving",
    ready: undefined,
    needsGpu: false,
  },
  web("BentoML", 3000, ["bentoml"], /\bbentoml serve\b|\bbentoml\//, { series: ["bentoml_"], ready: "/readyz" }),
  web("Ray Serve", 8000, ["ray[serve]", "ray"], /\bserve run\b|\brayproject\/ray\b/, {
    series: ["ray_serve_"],
    telemetry: "ray-serve",
    ready: "/-/healthz",
  }),
  web("LitServe", 8000, ["litserve"], undefined, { ready: "/health" }),
  web("FastAPI", 8000, ["fastapi"], /\buvicorn\b|\bfastapi run\b/),
  web("Flask", 5000, ["flask"], /\bflask run\b/),
  web("Express", 3000, ["express"], undefined),
  web("Fastify", 3000, ["fastify"], undefined),
];

/** Any web framework: what it serves is known only from its OpenAPI document, or not at all. */
function web(
  name: string,
  port: number,
  packages: readonly string[],
  image: RegExp | undefined,
  { series = [], telemetry, ready }: Partial<Pick<Server, "series" | "telemetry" | "ready">> = {},
): Server {
  return { name, protocol: "raw", port, packages, image, series, telemetry, ready, needsGpu: false };
}

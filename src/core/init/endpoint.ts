import type { ProtocolName } from "../suite/suite.ts";
import type { ExpositionKind } from "../telemetry/kinds.ts";
import { isName } from "./name.ts";
import { SERVERS, type Server } from "./servers.ts";
import { type FoundTensor, kserveTensors, tensorflowTensors } from "./tensors.ts";

/** One GET: a path below the endpoint, or one at another port of its host. */
export type Question = { readonly path: string; readonly port?: number };

/** What came back. Undefined: nothing did, in time. */
export type Heard = { readonly status: number; readonly body: string } | undefined;

/** What was asked and what was heard; a question that was not asked was not answered either. */
export type Hearing = (question: Question) => Heard;

/** One way in which an endpoint can be asked for inferences. */
export type Spoken = {
  readonly protocol: ProtocolName;
  /** What gave it away, for a person: `GET /v1/models lists demo-chat`. */
  readonly why: string;
  /** Models that it names; empty where it does not say. */
  readonly models: readonly string[];
  /** Answers 2xx when the endpoint can be asked. */
  readonly ready: string | undefined;
};

/** Where numbers come from beside the answers. */
export type FoundMetrics = {
  /** Undefined where a server's metrics are no kind of telemetry that is known. */
  readonly kind: ExpositionKind | undefined;
  readonly question: Question;
  readonly server: Server | undefined;
};

/** Asked of every endpoint, at once. */
export const FIRST_QUESTIONS: readonly Question[] = ["/v1/models", "/v2/health/ready", "/openapi.json", "/ping", "/metrics"].map(
  (path) => ({ path }),
);

const MANAGEMENT: Question = { path: "/models", port: 8081 };
const DCGM: Question = { path: "/metrics", port: 9400 };
const TRITON_METRICS: Question = { path: "/metrics", port: 8002 };
const TORCHSERVE_METRICS: Question = { path: "/metrics", port: 8082 };
const TRTLLM_METRICS: Question = { path: "/prometheus/metrics" };
const TENSORFLOW_METRICS: Question = { path: "/monitoring/prometheus/metrics" };

/**
 * What else to ask, once the first answers are known: at most four questions.
 *
 * @param isNear whether the endpoint is on this machine or in its network: only there are other ports asked.
 */
export function furtherQuestions(
  heard: Hearing,
  { model, isNear }: { readonly model: string | undefined; readonly isNear: boolean },
): readonly Question[] {
  const spoken = spokenProtocols(heard);
  const isOpen = (protocol: ProtocolName) => spoken.some((one) => one.protocol === protocol);
  const isOnly = (start: string) => spoken.length > 0 && spoken.every(({ protocol }) => protocol.startsWith(start));
  return [
    ...(isNear && seriesOn(heard({ path: "/metrics" })) === undefined ? [DCGM] : []),
    ...(isNear && isOpen("kserve-v2") ? [TRITON_METRICS] : []),
    ...(isNear && isOpen("torchserve") ? [MANAGEMENT] : []),
    ...(isNear && isOnly("torchserve") ? [TORCHSERVE_METRICS] : []),
    ...(isOnly("openai-") && seriesOn(heard({ path: "/metrics" })) === undefined ? [TRTLLM_METRICS] : []),
    ...(model === undefined
      ? []
      : isOpen("kserve-v2")
        ? [kserveModel(model)]
        : spoken.length === 0
          ? [tensorflowModel(model), TENSORFLOW_METRICS]
          : []),
  ];
}

/** For a model that became known later. */
export const kserveModel = (model: string): Question => ({ path: `/v2/models/${encodeURIComponent(model)}` });
const tensorflowModel = (model: string): Question => ({ path: `/v1/models/${encodeURIComponent(model)}/metadata` });

/** The ways in which an endpoint can be asked, the most telling first. */
export function spokenProtocols(heard: Hearing, model?: string): readonly Spoken[] {
  const found: Spoken[] = [];
  const openai = openaiModels(heard({ path: "/v1/models" }));
  if (openai.length > 0) {
    const why = `GET /v1/models lists ${openai.slice(0, 3).join(", ")}${openai.length > 3 ? ` and ${openai.length - 3} more` : ""}`;
    found.push({
      protocol: openaiProtocol(openai[0]!, routes(heard({ path: "/openapi.json" }))),
      why,
      models: openai,
      ready: "/v1/models",
    });
  }
  const predict = model === undefined ? undefined : tensorflowTensors(json(heard(tensorflowModel(model))));
  if (model !== undefined && predict !== undefined) {
    const { path } = tensorflowModel(model);
    found.push({
      protocol: "tf-serving",
      why: `GET ${path} describes a signature`,
      models: [model],
      ready: path.replace(/\/metadata$/, ""),
    });
  }
  if (isOk(heard({ path: "/v2/health/ready" }))) {
    const models = [
      ...kserveNames(heard({ path: "/v1/models" })),
      ...seriesModels(heard(TRITON_METRICS)),
      ...seriesModels(heard({ path: "/metrics" })),
    ];
    found.push({ protocol: "kserve-v2", why: "GET /v2/health/ready answers 2xx", models: [...new Set(models)], ready: "/v2/health/ready" });
  }
  if (/"status"\s*:\s*"(Partial )?Healthy"/i.test(bodyOf(heard({ path: "/ping" })))) {
    const { models } = Object(json(heard(MANAGEMENT))) as { readonly models?: unknown };
    const names = Array.isArray(models) ? models.map((one: unknown) => (Object(one) as { readonly modelName?: unknown }).modelName) : [];
    found.push({ protocol: "torchserve", why: "GET /ping says Healthy", models: names.filter(isName), ready: "/ping" });
  }
  return found;
}

/** Inputs of a model, where the endpoint describes them. */
export function modelTensors(protocol: ProtocolName, model: string, heard: Hearing): readonly FoundTensor[] | undefined {
  if (protocol === "kserve-v2") return kserveTensors(json(heard(kserveModel(model))));
  return protocol === "tf-serving" ? tensorflowTensors(json(heard(tensorflowModel(model)))) : undefined;
}

/** The OpenAPI document of the endpoint itself, if it has one. */
export function openapiOf(heard: Hearing): unknown {
  const document = json(heard({ path: "/openapi.json" }));
  return typeof document === "object" && document !== null && "paths" in document ? document : undefined;
}

/** Expositions that tailgate can read, and the server whose series they hold. */
export function foundMetrics(heard: Hearing): readonly FoundMetrics[] {
  return [{ path: "/metrics" }, DCGM, TRITON_METRICS, TORCHSERVE_METRICS, TRTLLM_METRICS, TENSORFLOW_METRICS].flatMap(
    (question): readonly FoundMetrics[] => {
      const seen = seriesOn(heard(question));
      if (seen === undefined) return [];
      if (seen.has("DCGM_")) return [{ kind: "dcgm", question, server: undefined }];
      const server = SERVERS.find(({ series }) => series.some((prefix) => seen.has(prefix)));
      return server === undefined ? [] : [{ kind: server.telemetry, question, server }];
    },
  );
}

/** Beginnings that we know of the names in an exposition; undefined if it is none. */
function seriesOn(heard: Heard): ReadonlySet<string> | undefined {
  if (!isOk(heard)) return undefined;
  const known = ["DCGM_", ...SERVERS.flatMap(({ series }) => series)];
  const lines = bodyOf(heard).split("\n");
  const found = known.filter((prefix) => lines.some((line) => line.startsWith(prefix)));
  return found.length > 0 ? new Set(found) : undefined;
}

function openaiProtocol(model: string, paths: readonly string[]): ProtocolName {
  const has = (end: string) => paths.some((path) => path.endsWith(end));
  const only = (end: string) =>
    has(end) && paths.filter((path) => /\/(chat\/completions|completions|embeddings)$/.test(path)).every((path) => path.endsWith(end));
  if (only("/embeddings") || /embed|\bbge\b|\be5\b|\bgte\b|minilm/i.test(model.replaceAll(/[-_/]/g, " "))) return "openai-embeddings";
  return has("/completions") && !has("/chat/completions") ? "openai-completions" : "openai-chat";
}

function openaiModels(heard: Heard): readonly string[] {
  const { data } = Object(json(heard)) as { readonly data?: unknown };
  return Array.isArray(data) ? data.map((one: unknown) => (Object(one) as { readonly id?: unknown }).id).filter(isName) : [];
}

/** KServe lists `{"models": ["name"]}` where OpenAI has `data`. */
function kserveNames(heard: Heard): readonly string[] {
  const { models } = Object(json(heard)) as { readonly models?: unknown };
  return Array.isArray(models) ? models.filter(isName) : [];
}

/** Triton names its models in the labels of its own metrics, and nowhere else that a GET can see. */
const seriesModels = (heard: Heard): readonly string[] =>
  isOk(heard) ? [...bodyOf(heard).matchAll(/^nv_inference_\w+\{[^}\n]*\bmodel="([^"\n]+)"/gm)].map(([, name]) => name).filter(isName) : [];

const routes = (heard: Heard): readonly string[] =>
  Object.keys(Object((Object(json(heard)) as { readonly paths?: unknown }).paths) as object);

const isOk = (heard: Heard): boolean => heard !== undefined && heard.status >= 200 && heard.status < 300;
const bodyOf = (heard: Heard): string => heard?.body ?? "";

/** Undefined for anything but a 2xx answer that is JSON. */
function json(heard: Heard): unknown {
  if (!isOk(heard)) return undefined;
  try {
    return JSON.parse(bodyOf(heard)) as unknown;
  } catch {
    return undefined;
  }
}

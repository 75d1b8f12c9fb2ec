import { describe, expect, test } from "vitest";
import {
  FIRST_QUESTIONS,
  foundMetrics,
  furtherQuestions,
  type Hearing,
  modelTensors,
  type Question,
  spokenProtocols,
} from "../../../src/core/init/endpoint.ts";
import { isName } from "../../../src/core/init/name.ts";

/** An endpoint that answers these, by path or `port path`, with JSON or text, and 404 to everything else. */
const endpoint =
  (answers: Readonly<Record<string, unknown>>): Hearing =>
  ({ path, port }: Question) => {
    const body = answers[port === undefined ? path : `${port} ${path}`];
    if (body === undefined) return port === undefined ? { status: 404, body: "not found" } : undefined;
    return { status: 200, body: typeof body === "string" ? body : JSON.stringify(body) };
  };

const OPENAI = { data: [{ id: "llama-3", object: "model" }] };

describe("what an endpoint speaks", () => {
  test.each<[string, Readonly<Record<string, unknown>>, string | undefined, readonly string[]]>([
    ["vLLM, SGLang and their like", { "/v1/models": OPENAI }, "openai-chat", ["llama-3"]],
    [
      "a model of embeddings, by its name",
      { "/v1/models": { data: [{ id: "BAAI/bge-small-en" }] } },
      "openai-embeddings",
      ["BAAI/bge-small-en"],
    ],
    [
      "an API that has completions and no chat",
      { "/v1/models": OPENAI, "/openapi.json": { paths: { "/v1/completions": {} } } },
      "openai-completions",
      ["llama-3"],
    ],
    [
      "an API that has embeddings alone",
      { "/v1/models": OPENAI, "/openapi.json": { paths: { "/v1/embeddings": {} } } },
      "openai-embeddings",
      ["llama-3"],
    ],
    [
      "Triton, which names its models in its metrics",
      {
        "/v2/health/ready": "",
        "8002 /metrics": 'nv_inference_count{model="bert",version="1"} 1\nnv_inference_count{model="bert",version="2"} 1',
      },
      "kserve-v2",
      ["bert"],
    ],
    ["KServe, which lists names", { "/v2/health/ready": "", "/v1/models": { models: ["sentiment"] } }, "kserve-v2", ["sentiment"]],
    ["TorchServe", { "/ping": { status: "Healthy" }, "8081 /models": { models: [{ modelName: "vgg" }] } }, "torchserve", ["vgg"]],
    ["a health check of somebody else", { "/ping": { status: "pong" } }, undefined, []],
    ["an answer that is no JSON", { "/v1/models": "<html>" }, undefined, []],
    [
      "names that a suite would fill in, or that hold control characters",
      { "/v1/models": { data: [{ id: "${env:API_TOKEN}" }, { id: "a\u001b[2J" }] } },
      undefined,
      [],
    ],
    ["lists of nothing", { "/v1/models": { data: [{}, null, 7] } }, undefined, []],
  ])("%s", (_, answers, protocol, models) => {
    const [first] = spokenProtocols(endpoint(answers));
    expect([first?.protocol, first?.models ?? []]).toEqual([protocol, models]);
  });

  test("TensorFlow Serving tells of a model that is named", () => {
    const inputs = { x: { dtype: "DT_FLOAT", tensor_shape: { dim: [{ size: "-1" }, { size: "4" }] } } };
    const heard = endpoint({
      "/v1/models/iris/metadata": { metadata: { signature_def: { signature_def: { serving_default: { inputs } } } } },
    });
    expect(spokenProtocols(heard)).toEqual([]);
    expect(spokenProtocols(heard, "iris")[0]).toMatchObject({ protocol: "tf-serving", ready: "/v1/models/iris" });
    expect(modelTensors("tf-serving", "iris", heard)).toEqual([{ name: "x", shape: [1, 4], datatype: "FP32", guessed: false }]);
  });

  test("the inputs of a model, with sizes where it takes any", () => {
    const inputs = [
      { name: "input_ids", datatype: "INT64", shape: [-1, -1] },
      { name: "text", datatype: "BYTES", shape: [-1, -1] },
    ];
    expect(modelTensors("kserve-v2", "a b", endpoint({ "/v2/models/a%20b": { inputs } }))).toEqual([
      { name: "input_ids", shape: [1, 128], datatype: "INT64", guessed: true },
      { name: "text", shape: [1, 1], datatype: "BYTES", guessed: true },
    ]);
  });

  test.each([
    ["a datatype that no suite can send", { name: "a", datatype: "BF16", shape: [1] }],
    ["a tensor of gigabytes", { name: "a", datatype: "FP32", shape: [1, 1e9] }],
    ["a shape that is none", { name: "a", datatype: "FP32", shape: ["x"] }],
    ["a nameless one", { datatype: "FP32", shape: [1] }],
  ])("one input of %s leaves all out: half a request is no request", (_, input) => {
    const inputs = [{ name: "ok", datatype: "FP32", shape: [1] }, input];
    expect(modelTensors("kserve-v2", "m", endpoint({ "/v2/models/m": { inputs } }))).toBeUndefined();
  });
});

test("metrics are found by the series that they hold", () => {
  const heard = endpoint({
    "/metrics": '# HELP x\nvllm:num_requests_waiting{model_name="a"} 0\n',
    "9400 /metrics": 'DCGM_FI_DEV_GPU_UTIL{gpu="0"} 12',
  });
  expect(foundMetrics(heard).map(({ kind, question, server }) => [kind, question.port, server?.name])).toEqual([
    ["vllm", undefined, "vLLM"],
    ["dcgm", 9400, undefined],
  ]);
  expect(foundMetrics(endpoint({ "/metrics": "python_info 1" }))).toEqual([]);
});

test.each([
  ["TensorRT-LLM, whose /metrics answers JSON", { "/v1/models": OPENAI, "/metrics": "[]" }, "/prometheus/metrics", "trtllm_x 1"],
  ["TorchServe", { "/ping": { status: "Healthy" } }, "8082 /metrics", "ts_inference_requests_total 1"],
  ["TensorFlow Serving", {}, "/monitoring/prometheus/metrics", ":tensorflow:serving:request_count 1"],
])("the metrics of %s are looked for where they are", (_, answers, place, series) => {
  const [path = "", port] = place.split(" ").toReversed();
  const question = port === undefined ? { path } : { path, port: Number(port) };
  expect(furtherQuestions(endpoint(answers), { model: "m", isNear: true })).toContainEqual(question);
  expect(foundMetrics(endpoint({ ...answers, [place]: series }))).toMatchObject([{ kind: expect.any(String), question }]);
});

test("at most ten questions are asked, and other ports only near by", () => {
  const all = endpoint({ "/v1/models": OPENAI, "/v2/health/ready": "", "/ping": { status: "Healthy" } });
  const near = furtherQuestions(all, { model: "m", isNear: true });
  // One more follows where the endpoint itself named the model.
  expect(FIRST_QUESTIONS.length + near.length + 1).toBeLessThanOrEqual(10);
  expect(near.map(({ port }) => port)).toEqual([9400, 8002, 8081, undefined]);
  expect(furtherQuestions(all, { model: undefined, isNear: false })).toEqual([]);
});

test.each([
  ["meta-llama/Llama-3.1-8B", true],
  ["", false],
  ["a\nb", false],
  ["x".repeat(201), false],
  ["${env:TOKEN}", false],
  ["a\u202Eb", false],
])("%j is a name: %s", (text, expected) => {
  expect(isName(text)).toBe(expected);
});

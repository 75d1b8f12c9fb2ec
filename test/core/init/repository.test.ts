import { describe, expect, test } from "vitest";
import { choosePreview } from "../../../src/core/init/preview.ts";
import { inspectRepository, WORTH_READING } from "../../../src/core/init/repository.ts";

const inspect = (files: Readonly<Record<string, string>>) => inspectRepository(new Map(Object.entries(files)));
const servers = (files: Readonly<Record<string, string>>) => inspect(files).servers.map(({ server }) => server.name);

describe("the package of the server", () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["vLLM in requirements", { "requirements.txt": "torch==2.9\nvllm>=0.11 # serves\n" }, ["vLLM"]],
    ["in a comment it is not", { "requirements.txt": "# vllm is too big for us\nfastapi\n" }, ["FastAPI"]],
    [
      "BentoML before the framework below it",
      { "pyproject.toml": '[project]\ndependencies = ["fastapi>=0.1", "bentoml[io]~=1.4"]\n' },
      ["BentoML", "FastAPI"],
    ],
    ["Ray Serve", { "requirements-serve.txt": "ray[serve]==2.50\n" }, ["Ray Serve"]],
    ["a package whose name only begins so is another one", { "requirements.txt": "vllm-tools\nraytracer\n" }, []],
    ["poetry", { "pyproject.toml": '[tool.poetry.dependencies]\nsglang = "^0.5"\n' }, ["SGLang"]],
    [
      "Express in package.json",
      { "package.json": '{ "dependencies": { "express": "5" }, "devDependencies": { "fastify": "5" } }' },
      ["Express"],
    ],
    ["an image", { Dockerfile: "FROM nvcr.io/nvidia/tritonserver:25.10-py3\n" }, ["Triton"]],
    ["a command in compose", { "compose.yaml": "services: { a: { command: torchserve --start } }" }, ["TorchServe"]],
    ["TensorFlow Serving", { "serve.Dockerfile": "FROM tensorflow/serving:2.19\n" }, ["TensorFlow Serving"]],
    ["TGI", { Dockerfile: "FROM ghcr.io/huggingface/text-generation-inference:3\n" }, ["TGI"]],
    ["a Triton model repository", { "models/bert/config.pbtxt": 'name: "bert"' }, ["Triton"]],
    ["a broken manifest says nothing", { "package.json": "{", "pyproject.toml": "" }, []],
  ])("%s", (_, files, expected) => {
    for (const path of Object.keys(files)) expect(path).toMatch(WORTH_READING);
    expect(servers(files)).toEqual(expected);
  });
});

test("a model of a Triton repository with its inputs, batch included", () => {
  const text = `name: "bert" # the large one
platform: "onnxruntime_onnx"
max_batch_size: 8
input [
  { name: "input_ids" data_type: TYPE_INT64 dims: [ -1 ] },
  { name: "words" data_type: TYPE_STRING dims: [ 1 ] }
]
output [ { name: "logits" data_type: TYPE_FP32 dims: [ 2 ] } ]
`;
  expect(inspect({ "models/bert/config.pbtxt": text }).models).toEqual([
    {
      name: "bert",
      path: "models/bert/config.pbtxt",
      tensors: [
        { name: "input_ids", shape: [1, 128], datatype: "INT64", guessed: true },
        { name: "words", shape: [1, 1], datatype: "BYTES", guessed: false },
      ],
    },
  ]);
  expect(inspect({ "models/x/config.pbtxt": "platform: 1" }).models).toEqual([
    { name: "x", path: "models/x/config.pbtxt", tensors: undefined },
  ]);
});

const DEPLOYS = "on: pull_request\njobs: { up: { environment: { name: staging, url: x }, steps: [{ run: ./up }] } }";

describe("how the workflow gets at a preview", () => {
  test.each<[string, Readonly<Record<string, string>>, object]>([
    ["another workflow deploys to an environment", { ".github/workflows/p.yml": DEPLOYS }, { kind: "deployment", environment: "staging" }],
    [
      "an environment whose name is computed cannot be waited for",
      { ".github/workflows/p.yml": DEPLOYS.replace("staging", '"pr-${{ github.event.number }}"') },
      { kind: "script" },
    ],
    [
      "one that deploys the default branch is no preview",
      { ".github/workflows/p.yml": DEPLOYS.replace("pull_request", "push") },
      { kind: "script" },
    ],
    ["a container", { "svc/Dockerfile": "FROM node:24\nEXPOSE 8000/tcp\n" }, { kind: "container", folder: "svc", port: 8000 }],
    [
      "a container that exposes nothing, of a known server",
      { Dockerfile: "FROM python\nCMD uvicorn app:app\n" },
      { kind: "container", folder: "", port: 8000 },
    ],
    ["a container that wants a GPU", { Dockerfile: "FROM vllm/vllm-openai:v0.11\nEXPOSE 8000\n" }, { kind: "script" }],
    ["a folder that a shell could read more into", { "a;b/Dockerfile": "EXPOSE 80\n" }, { kind: "script" }],
    ["nothing", {}, { kind: "script" }],
  ])("%s", (_, files, preview) => {
    expect(choosePreview(inspect(files)).preview).toEqual(preview);
  });
});

test("workflows that use tailgate, and suites that are there", () => {
  const { workflows, suites } = inspect({
    ".github/workflows/a.yml": "on: push\njobs: { a: { steps: [{ uses: tailgate-ci/tailgate@v1 }] } }",
    ".github/workflows/b.yml": "on: push\njobs: { a: { steps: [{ uses: x/tailgate-not@v1 }] } }",
    ".github/workflows/c.yml": "jobs: [",
    "perf/suite.yaml": "name: a\ntarget: { protocol: raw }\nscenarios: []",
    "suite.yaml": "tests: []",
  });
  expect(workflows.map(({ usesTailgate }) => usesTailgate)).toEqual([true, false, false]);
  expect(suites).toEqual(["perf/suite.yaml"]);
});

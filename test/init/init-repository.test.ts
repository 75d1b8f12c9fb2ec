import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { parseSuite } from "../../src/core/suite/parse.ts";
import type { Suite } from "../../src/core/suite/suite.ts";
import { type InitOptions, initRepository } from "../../src/init/init-repository.ts";
import { freePort, serve } from "../io/load/endpoint.ts";

/** A folder with these files, gone when the test ends. */
function repository(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-init-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

type Sent = { readonly method: string; readonly url: string; readonly body: string; readonly authorization: string | undefined };

/** A server that answers these, by `METHOD path`, and keeps what it was asked. */
async function endpoint(answers: Readonly<Record<string, unknown>>, other = 404): Promise<{ readonly url: string; readonly sent: Sent[] }> {
  const sent: Sent[] = [];
  const listener: RequestListener = (request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      sent.push({ method: request.method!, url: request.url!, body, authorization: request.headers.authorization });
      const answer = answers[`${request.method} ${request.url}`];
      response.writeHead(answer === undefined ? other : 200, {
        "content-type": typeof answer === "string" ? "text/event-stream" : "application/json",
      });
      response.end(answer === undefined ? "{}" : typeof answer === "string" ? answer : JSON.stringify(answer));
    });
  };
  return { url: await serve(listener), sent };
}

const options = (folder: string, more: Partial<InitOptions> = {}): InitOptions => ({
  folder,
  suite: join(folder, "tailgate.yaml"),
  workflow: "usual",
  endpoint: undefined,
  protocol: undefined,
  model: undefined,
  headers: {},
  tries: true,
  force: false,
  environment: {},
  signal: new AbortController().signal,
  person: undefined,
  tell: () => {},
  ...more,
});

const suiteIn = (folder: string): Suite => parseSuite(readFileSync(join(folder, "tailgate.yaml"), "utf8"), "tailgate.yaml").suite;
const workflowIn = (folder: string): string => readFileSync(join(folder, ".github/workflows/tailgate.yml"), "utf8");

const STREAM = `data: {"choices":[{"index":0,"delta":{"content":"Hello"}}]}

data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}

data: [DONE]

`;
const OPENAI = { "GET /v1/models": { data: [{ id: "org/llama" }, { id: "other" }] }, "POST /v1/chat/completions": STREAM };
const INPUTS = [{ name: "input_ids", datatype: "INT64", shape: [-1, 16] }];
const KSERVE = {
  "GET /v2/health/ready": {},
  "GET /v1/models": { models: ["bert"] },
  "GET /v2/models/bert": { name: "bert", inputs: INPUTS },
  "POST /v2/models/bert/infer": { outputs: [{ name: "y", shape: [1], datatype: "FP32", data: [1] }] },
};

describe("against a running endpoint", () => {
  test("an OpenAI API: its first model, one stream of tokens, and gates on tokens", async () => {
    const [folder, { url, sent }] = [repository(), await endpoint(OPENAI)];
    const done = await initRepository(options(folder, { endpoint: url }));
    expect(done.tried).toMatchObject({ answered: true });
    const { target, scenarios } = suiteIn(folder);
    expect(target).toMatchObject({
      protocol: "openai-chat",
      model: "org/llama",
      stream: true,
      maxTokens: 64,
      ready: { path: "/v1/models" },
    });
    expect(scenarios[0]!.gates.map(({ metric }) => metric)).toEqual(["ttft.p50", "ttft.p99", "tpot.p50", "errors.ratio"]);
    expect(sent.filter(({ method }) => method !== "GET")).toHaveLength(1);
    expect(sent.length).toBeLessThanOrEqual(11);
  });

  test("Open Inference Protocol: the tensors of the model", async () => {
    const [folder, { url, sent }] = [repository(), await endpoint(KSERVE)];
    const done = await initRepository(options(folder, { endpoint: url }));
    expect(done.tried).toMatchObject({ answered: true });
    const { target, payloads } = suiteIn(folder);
    expect(target).toMatchObject({ protocol: "kserve-v2", model: "bert", ready: { path: "/v2/health/ready" } });
    expect(payloads[0]!.content).toMatchObject({ kind: "tensors", tensors: [{ name: "input_ids", shape: [1, 16], datatype: "INT64" }] });
    const { inputs } = JSON.parse(sent.find(({ method }) => method === "POST")!.body) as { inputs: { data: number[] }[] };
    expect(inputs[0]!.data).toHaveLength(16);
  });

  test("a web service with an OpenAPI document: its operation, with a body that it takes", async () => {
    const schema = { type: "object", required: ["text"], properties: { text: { type: "string" } } };
    const paths = { "/predict": { post: { requestBody: { content: { "application/json": { schema } } } } }, "/healthz": { get: {} } };
    const { url, sent } = await endpoint({ "GET /openapi.json": { openapi: "3.1.0", paths }, "POST /predict": { label: "good" } });
    const folder = repository({ "requirements.txt": "fastapi\n" });
    await initRepository(options(folder, { endpoint: url }));
    expect(suiteIn(folder).target).toMatchObject({ protocol: "raw", method: "POST", path: "/predict", ready: { path: "/healthz" } });
    expect(JSON.parse(sent.at(-1)!.body)).toEqual({ text: expect.any(String) });
  });

  test("a request that is not answered is told, and the suite is there to be mended", async () => {
    const { "POST /v2/models/bert/infer": _, ...rest } = KSERVE;
    const [folder, { url }] = [repository(), await endpoint(rest)];
    const done = await initRepository(options(folder, { endpoint: url }));
    expect(done.tried).toEqual({ answered: false, reason: expect.stringMatching(/^status 404/) });
    expect(done.written).toEqual(["tailgate.yaml", ".github/workflows/tailgate.yml"]);
  });

  test("without a try nothing but GET is sent", async () => {
    const [folder, { url, sent }] = [repository(), await endpoint(KSERVE)];
    const done = await initRepository(options(folder, { endpoint: url, tries: false }));
    expect(new Set(sent.map(({ method }) => method))).toEqual(new Set(["GET"]));
    expect([done.tried, done.requests >= sent.length]).toEqual([undefined, true]);
  });

  test("what a header takes from the environment is sent and not written", async () => {
    const [folder, { url, sent }] = [repository(), await endpoint(OPENAI)];
    const headers = { authorization: "Bearer ${env:API_TOKEN}" };
    await initRepository(options(folder, { endpoint: url, headers, environment: { API_TOKEN: "s3cr3t-value" } }));
    expect(new Set(sent.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer s3cr3t-value"]));
    const texts = readFileSync(join(folder, "tailgate.yaml"), "utf8") + workflowIn(folder);
    expect(texts).not.toContain("s3cr3t");
    expect(suiteIn(folder).target.headers).toEqual(headers);
    expect(workflowIn(folder)).toContain("API_TOKEN: ${{ secrets.API_TOKEN }}");
  });

  test("a model whose name is an attack stays text", async () => {
    const hostile = 'x", protocol: raw } # }{\\';
    const answers = { "GET /v1/models": { data: [{ id: hostile }] }, "POST /v1/chat/completions": STREAM };
    const [folder, { url }] = [repository(), await endpoint(answers)];
    await initRepository(options(folder, { endpoint: url }));
    expect(suiteIn(folder).target).toMatchObject({ protocol: "openai-chat", model: hostile });
  });

  test("metrics of a server that is known are suggested, in lines that work when the # is gone", async () => {
    const [folder, { url }] = [repository(), await endpoint({ ...OPENAI, "GET /metrics": "vllm:num_requests_waiting 0\n" })];
    const done = await initRepository(options(folder, { endpoint: url }));
    expect(done.target.server?.name).toBe("vLLM");
    expect(suiteIn(folder).telemetry).toEqual([]);
    const lines = readFileSync(join(folder, "tailgate.yaml"), "utf8").replaceAll(/^# (telemetry:|  .*)$/gm, "$1");
    expect(parseSuite(lines, "tailgate.yaml").suite.telemetry).toMatchObject([{ kind: "vllm", url: `${url}/metrics`, metrics: {} }]);
  });
});

describe("nothing is written", () => {
  const refused = async (more: (folder: string) => Partial<InitOptions> | Promise<Partial<InitOptions>>, files = {}) => {
    const folder = repository(files);
    const error = await initRepository(options(folder, await more(folder))).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(existsSync(join(folder, ".github/workflows/tailgate.yml"))).toBe(false);
    return (error as InputError).sentence;
  };

  test("where nothing listens", async () => {
    const port = await freePort();
    const sentence = await refused(() => ({ endpoint: `http://127.0.0.1:${port}` }));
    expect(sentence).toMatch(
      new RegExp(`^the endpoint cannot be looked at: connection refused at 127.0.0.1:${port} .*; start it, check the URL`),
    );
  });

  test.each([["127.0.0.1:8000"], ["ftp://a"], ["nonsense"]])("for %s, which is no URL of an endpoint", async (endpoint) => {
    expect(await refused(() => ({ endpoint }))).toMatch(/URL/);
  });

  test("where everything is answered with 401", async () => {
    const { url } = await endpoint({}, 401);
    expect(await refused(() => ({ endpoint: url }))).toContain("answers 401 to everything; tell who you are: --header");
  });

  test("over a suite or a workflow that is there, until it is forced", async () => {
    expect(await refused(() => ({}), { "tailgate.yaml": "mine" })).toContain("tailgate.yaml is there already; write over it with --force");
    const folder = repository({ ".github/workflows/tailgate.yml": "name: mine" });
    await expect(initRepository(options(folder))).rejects.toThrow("is there already");
    expect(existsSync(join(folder, "tailgate.yaml"))).toBe(false);
    await initRepository(options(folder, { force: true }));
    expect(workflowIn(folder)).toContain("tailgate-ci/tailgate@v1");
  });

  test("for a variable that is not set", async () => {
    expect(await refused(() => ({ headers: { "x-key": "${env:NOT_THERE}" } }))).toContain("NOT_THERE is not set");
  });

  test("when the person says no; what they answer is taken", async () => {
    const [folder, { url }] = [repository(), await endpoint(OPENAI)];
    const asked: string[] = [];
    const answers = [url, "other", "no"];
    const person = {
      ask: (question: string) => (asked.push(question), Promise.resolve(answers[asked.length - 1]!)),
      isCancelled: () => false,
      close: () => {},
    };
    const done = await initRepository(options(folder, { person }));
    expect(asked.map((question) => question.split(" ")[0])).toEqual(["URL", "Which", "Write"]);
    expect([done.target.model, done.written, existsSync(join(folder, "tailgate.yaml"))]).toEqual(["other", [], false]);
  });
});

describe("in a checkout", () => {
  test("the workflow lies at its top, names the suite from there, and the branch that pull requests go into", async () => {
    const top = repository({ "services/a/requirements.txt": "fastapi\n", "services/a/Dockerfile": "FROM python\nEXPOSE 9000\n" });
    for (const args of [
      ["init", "-b", "trunk"],
      ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--allow-empty", "-qm", "a"],
    ]) {
      expect(spawnSync("git", ["-C", top, ...args], { env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" } }).status).toBe(0);
    }
    const folder = join(top, "services/a");
    const done = await initRepository(options(folder));
    expect(done.preview).toEqual({ kind: "container", folder: "", port: 9000 });
    expect(workflowIn(top)).toContain("branches: [trunk]");
    expect(workflowIn(top)).toContain("suite: services/a/tailgate.yaml");
  });

  test("that uses tailgate already gets a suite and no second workflow", async () => {
    const folder = repository({ ".github/workflows/perf.yml": "on: push\njobs: { a: { steps: [{ uses: tailgate-ci/tailgate@v1 }] } }" });
    expect((await initRepository(options(folder))).written).toEqual(["tailgate.yaml"]);
  });
});

describe("a model that has to be named", () => {
  const { "GET /v1/models": _, ...nameless } = KSERVE;

  test("is asked for in a sentence, where nobody is there to be asked", async () => {
    const { url } = await endpoint(nameless);
    await expect(initRepository(options(repository(), { endpoint: url }))).rejects.toThrow(
      "kserve-v2 needs the name of a model, and the endpoint does not give one",
    );
    const files = repository({ "requirements.txt": "torchserve\n" });
    await expect(initRepository(options(files))).rejects.toThrow("torchserve needs the name of a model, and no file here gives one");
  });

  test("is looked up when it is given, by an option or by a person", async () => {
    const { url } = await endpoint(nameless);
    const person = {
      ask: (question: string) => Promise.resolve(question.startsWith("Name") ? "bert" : "yes"),
      isCancelled: () => false,
      close: () => {},
    };
    for (const given of [{ model: "bert" }, { person }]) {
      const done = await initRepository(options(repository(), { endpoint: url, ...given }));
      expect([done.target.tensors?.length, done.tried?.answered]).toEqual([1, true]);
    }
  });

  test("is taken from a model repository in the files, with its inputs", async () => {
    const config = 'name: "bert"\ninput [ { name: "x" data_type: TYPE_FP32 dims: [ 3 ] } ]\n';
    const folder = repository({ "models/bert/config.pbtxt": config });
    await initRepository(options(folder));
    expect(suiteIn(folder).payloads[0]!.content).toMatchObject({ tensors: [{ name: "x", shape: [3], datatype: "FP32" }] });
  });
});

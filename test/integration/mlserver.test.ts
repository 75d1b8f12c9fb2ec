import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stream } from "../../src/core/plan/random.ts";
import { drawTensors } from "../../src/core/plan/tensors.ts";
import { binaryRequest } from "../../src/core/protocol/kserve-binary.ts";
import { workplace } from "../end-to-end/tailgate.ts";
import { type MlServer, startMlServer } from "./mlserver.ts";
import { pythonTool, useTool } from "./tools.ts";

const TEXT = "short: { text: { words: [3, 9] } }";
const TENSORS = "square: { tensors: [{ name: x, shape: [1, [8, 64]], datatype: FP32 }, { name: ids, shape: [4], datatype: INT64 }] }";
const suite = (target: string, payload: string) => `name: count
target: { ${target}, model: count, ready: { timeout: 30s } }
payloads: { ${payload} }
scenarios:
  - name: steady
    load: { rate: 20/s, duration: 4s }
    warm-up: none
    gates: { latency.p50: { limit: 2s }, errors.ratio: { limit: 10% } }
decision: { budget: 1 }
`;

describe("against MLServer, which others wrote", () => {
  const program = useTool(() => pythonTool("mlserver", "1.7.1"));
  let server: MlServer | undefined;
  beforeAll(async () => {
    if (program() !== "") server = await startMlServer(program());
  });
  afterAll(() => server?.stop());

  test.each([
    ["REST, a text", "rest", "protocol: kserve-v2", TEXT],
    ["REST, tensors as JSON", "rest", "protocol: kserve-v2", TENSORS],
    ["gRPC, a text", "grpc", "protocol: kserve-v2-grpc", TEXT],
    ["gRPC, tensors", "grpc", "protocol: kserve-v2-grpc", TENSORS],
  ] as const)("%s: every request is answered", async (_, port, target, payload) => {
    const place = await workplace({ "suite.yaml": suite(target, payload) });
    const run = await place.tailgate(["run", "suite.yaml", "--endpoint", server![port]]);
    const blocks = place.record().scenarios[0]?.arms.head?.blocks ?? [];
    expect(
      blocks.reduce((sum, { ok }) => sum + ok, 0),
      `${run.stderr}\n${JSON.stringify(place.verdict().reasons)}`,
    ).toBe(80);
    expect(blocks.flatMap(({ failures }) => Object.entries(failures))).toEqual([]);
    expect(place.verdict().verdict).not.toBe("fail");
  });

  test("what the model refuses fails by name, with its own words", async () => {
    const empty = "none: { json: { inputs: [{ name: x, shape: [0], datatype: FP32, data: [] }] } }";
    const place = await workplace({ "suite.yaml": suite("protocol: kserve-v2-grpc", empty) });
    await place.tailgate(["run", "suite.yaml", "--endpoint", server!.grpc]);
    expect(place.verdict().verdict).toBe("fail");
    expect(place.read("tailgate-out/comment.md")).toContain("the tensor is empty");
  });

  test("a model that is not there is never ready, and the report says so", async () => {
    const place = await workplace({
      "suite.yaml": suite("protocol: kserve-v2-grpc", TEXT).replace("model: count", "model: other").replace("30s", "1s"),
    });
    const { code } = await place.tailgate(["run", "suite.yaml", "--endpoint", server!.grpc]);
    expect(code).toBe(3);
    expect(place.verdict()).toMatchObject({ verdict: "invalid" });
    expect(place.read("tailgate-out/comment.md")).toContain("ModelReady of other");
  });

  // MLServer does not know the binary extension over REST; Triton's client, which it brings along, does.
  test("binary tensors are the bytes that Triton's own client sends", () => {
    const datatypes = ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BYTES"];
    const sets = datatypes.map((datatype, i) => {
      const next = stream(i, "triton");
      const of = (shape: readonly number[]) =>
        drawTensors([{ name: `t${i}`, shape, datatype, range: undefined, data: undefined }], next)[0]!;
      return [of([2, 3]), of([1])];
    });
    const script = "test/integration/mlserver/triton_bodies.py";
    const { stdout, stderr } = spawnSync(join(dirname(program()), "python"), [script], { input: JSON.stringify(sets), encoding: "utf8" });
    const lines = stdout.trim().split("\n");
    expect(lines, stderr).toHaveLength(datatypes.length);
    for (const [i, tensors] of sets.entries()) {
      const [json = "", rest] = lines[i]!.split(" ");
      const { body, jsonLength } = binaryRequest(tensors);
      expect(Buffer.from(body.subarray(jsonLength)).toString("hex"), datatypes[i]).toBe(rest);
      expect(JSON.parse(Buffer.from(body.subarray(0, jsonLength)).toString())).toEqual(JSON.parse(Buffer.from(json, "hex").toString()));
    }
  });
});

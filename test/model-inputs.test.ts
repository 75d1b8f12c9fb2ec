import { performance } from "node:perf_hooks";
import { describe, expect, test } from "vitest";
import type { Suite } from "../src/core/suite/suite.ts";
import { openProgress } from "../src/io/terminal/progress.ts";
import { metadataProblem, resolveInputs } from "../src/model-inputs.ts";
import { world } from "../src/world.ts";
import { payloadClass, suite, target } from "./core/plan/fixtures.ts";
import { freePort, serve } from "./io/load/endpoint.ts";

const ports = world(openProgress({ write: () => true }, { kind: "log", now: () => performance.now() }));
const IDS = { name: "ids", datatype: "INT64", shape: [-1, -1] };
const MASK = { name: "mask", datatype: "INT64", shape: [-1, -1] };

/** A model that tells its inputs, or does not. */
const model = (inputs: readonly object[] | undefined) =>
  serve((request, response) => {
    if (request.url !== "/v2/models/m" || inputs === undefined) response.writeHead(404);
    response.end(JSON.stringify({ name: "m", inputs }));
  });

const kserve = target({ protocol: "kserve-v2", model: "m", ready: { path: undefined, timeoutS: 2 } });
const asking = suite({ target: kserve, payloads: [payloadClass("x", { kind: "model-tensors", dimensions: { "-1": 4 }, values: {} })] });
const declaring = (name: string, change: Partial<Suite["target"]> = {}): Suite =>
  suite({
    target: { ...kserve, ...change },
    payloads: [
      payloadClass("x", { kind: "tensors", tensors: [{ name, datatype: "INT64", shape: [1, 4], range: undefined, data: undefined }] }),
    ],
  });
const input = (of: Suite, head: string, base?: string) => ({
  suite: of,
  tls: { ca: undefined, cert: undefined, key: undefined },
  endpoints: { head, base },
  signal: new AbortController().signal,
});

describe("a suite that is made from the model's metadata", () => {
  test("gets the tensors that both arms name, and the record tells them", async () => {
    const { suite: resolved, environment, obstacle } = await resolveInputs(input(asking, await model([IDS]), await model([IDS])), ports);
    expect(obstacle).toBeUndefined();
    expect(resolved.payloads[0]!.content).toMatchObject({ kind: "tensors", tensors: [{ name: "ids", shape: [1, 4] }] });
    expect(environment).toEqual({ "model.inputs": "ids INT64 [-1, -1]" });
  });

  test("is not sent where the arms differ, where one says nothing, or where one is not there", async () => {
    const told = async (head: string, base?: string) => {
      const { suite: standIn, obstacle } = await resolveInputs(input(asking, head, base), ports);
      expect(standIn.payloads[0]!.content.kind).toBe("empty");
      return obstacle;
    };
    expect(await told(await model([IDS, MASK]), await model([IDS]))).toMatchObject({
      severity: "invalid",
      code: "metadata-differs",
      message: expect.stringContaining("base ids INT64 [-1, -1]; head ids INT64 [-1, -1], mask INT64 [-1, -1]"),
    });
    expect(await told(await model(undefined))).toMatchObject({
      code: "no-metadata",
      arm: "head",
      message: expect.stringContaining("answered 404"),
    });
    expect(await told(await model([{ ...IDS, datatype: "BF16" }]))).toMatchObject({
      code: "metadata-mismatch",
      message: expect.stringContaining("BF16"),
    });
    expect(await told(`http://127.0.0.1:${await freePort()}`)).toMatchObject({ code: "endpoint-not-ready" });
  });

  test("asks nothing of an endpoint that it does not need", async () => {
    const plain = declaring("ids");
    expect(await resolveInputs(input(plain, "http://127.0.0.1:1"), ports)).toEqual({ suite: plain, environment: {} });
  });
});

describe("tensors that the suite declares", () => {
  test("stop the run before the load where they contradict the model of either arm", async () => {
    const [right, wrong] = [await model([IDS]), await model([MASK])];
    expect(await metadataProblem(input(declaring("ids"), right, right), ports)).toBeUndefined();
    expect(await metadataProblem(input(declaring("ids"), right, wrong), ports)).toMatchObject({
      severity: "invalid",
      code: "metadata-mismatch",
      arm: "base",
      message: expect.stringMatching(
        /^payload "x" does not fit the model of the base endpoint: the model has no input "ids".*target\.metadata: ignore/,
      ),
    });
  });

  test("stand where the model says nothing, or the suite says that it is wrong", async () => {
    expect(await metadataProblem(input(declaring("ids"), await model(undefined)), ports)).toBeUndefined();
    expect(await metadataProblem(input(declaring("ids"), await model([])), ports)).toBeUndefined();
    expect(await metadataProblem(input(declaring("ids", { metadata: "ignore" }), await model([MASK])), ports)).toBeUndefined();
  });
});

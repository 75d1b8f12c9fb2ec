import fc from "fast-check";
import { expect, test } from "vitest";
import type { Payload } from "../../../src/core/plan/payload.ts";
import { kserveV2 } from "../../../src/core/protocol/kserve-v2.ts";
import type { Target } from "../../../src/core/suite/suite.ts";
import { target } from "../plan/fixtures.ts";
import { bytes, cut, respond } from "./drive.ts";

const kserve = (change: Partial<Target> = {}): Target => target({ protocol: "kserve-v2", model: "bert", ...change });
const bodyOf = (payload: Payload, change: Partial<Target> = {}): unknown =>
  JSON.parse(new TextDecoder().decode(kserveV2.buildRequest(kserve(change), payload).body));
const answer = (body: string, change: Partial<Target> = {}, status = 200) =>
  respond(kserveV2.openResponse(kserve(change)), [[10, body]], { status }).result;

const INFERENCE = JSON.stringify({ model_name: "bert", outputs: [{ name: "label", shape: [1], datatype: "BYTES", data: ["positive"] }] });

test("tensors become an inference request of the model", () => {
  const tensors = [{ name: "x", shape: [1, 2], datatype: "FP32", data: [0.5, 1] }];
  expect(kserveV2.buildRequest(kserve({ model: "a/b v2" }), { kind: "tensors", tensors })).toMatchObject({
    method: "POST",
    path: "/v2/models/a%2Fb%20v2/infer",
    headers: { "content-type": "application/json", accept: "application/json" },
  });
  expect(bodyOf({ kind: "tensors", tensors })).toEqual({ inputs: tensors });
});

test("a text becomes a BYTES tensor called text, from whatever form it has", () => {
  const inputs = [{ name: "text", shape: [1], datatype: "BYTES", data: ["hi"] }];
  for (const payload of [
    { kind: "text", text: "hi" },
    { kind: "json", value: "hi" },
    { kind: "json", value: { text: "hi", id: 7 } },
    { kind: "json", value: { prompt: "hi" } },
  ] as const) {
    expect(bodyOf(payload)).toEqual({ inputs });
  }
});

test("JSON with inputs goes out as it was written", () => {
  const source = '{"inputs": [{"name": "id", "shape": [1], "datatype": "INT64", "data": [9223372036854775807]}]}';
  expect(kserveV2.buildRequest(kserve(), { kind: "json", value: JSON.parse(source), source }).body).toEqual(bytes(source));
});

test("a suite without payloads still asks something", () => {
  expect(bodyOf({ kind: "empty" })).toMatchObject({ inputs: [{ datatype: "BYTES" }] });
});

test("what cannot be carried is refused with what to give", () => {
  const build = (payload: Payload) => () => kserveV2.buildRequest(kserve(), payload);
  expect(build({ kind: "json", value: { a: 1 } })).toThrow("protocol kserve-v2 cannot carry");
  expect(build({ kind: "json", value: null })).toThrow("cannot carry");
  expect(build({ kind: "messages", messages: [] })).toThrow("cannot carry messages");
  expect(build({ kind: "body", bytes: bytes("x"), contentType: undefined })).toThrow("cannot carry a raw body");
});

test("a path needs no model; without either the suite is wrong", () => {
  const build = (change: Partial<Target>) => kserveV2.buildRequest(kserve({ model: undefined, ...change }), { kind: "empty" }).path;
  expect(build({ path: "/v2/models/m/versions/3/infer" })).toBe("/v2/models/m/versions/3/infer");
  expect(() => build({})).toThrow("needs the name of the model");
});

test("an answer with outputs is one, however it is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 120 })), (places) => {
      const arrivals = cut(bytes(INFERENCE), places).map((chunk, i) => [10 + i, chunk] as const);
      expect(respond(kserveV2.openResponse(kserve()), arrivals)).toEqual({ result: { kind: "ok", stream: undefined }, endNs: 1000 });
    }),
  );
});

test("an error in a 200 is a failed request", () => {
  expect(answer('{"error": "model bert is not ready"}')).toEqual({
    kind: "failed",
    why: "in-band",
    detail: 'the answer holds an error: "model bert is not ready"',
  });
});

test("an error status shows the server's words", () => {
  expect(answer('{"error": "no such model"}', {}, 404)).toMatchObject({
    why: "status",
    detail: String.raw`status 404, expected 2xx: "{"error": "no such model"}"`,
  });
});

test("an answer without outputs, or that is not JSON, is a failure of the body", () => {
  for (const body of ["", "{}", "null", "7", '{"outputs": []}', '{"outputs": 7}', "<html>", INFERENCE.slice(0, -1)]) {
    expect(answer(body), body).toMatchObject({ kind: "failed", why: "body" });
  }
});

test("a check looks into the answer as it came", () => {
  const check = (contains: string) => ({ check: { status: undefined, contains } });
  expect(answer(INFERENCE, check("positive")).kind).toBe("ok");
  expect(answer(INFERENCE, check("negative"))).toMatchObject({ why: "check" });
});

test("a long answer is judged by its beginning instead of stopping the clock to parse it", () => {
  const long = (start: string) => `${start}${"1,".repeat(1024 * 1024)}1]}]}`;
  expect(answer(long('{"model_name": "m", "outputs": [{"name": "mask", "data": [')).kind).toBe("ok");
  expect(answer(long('{"error": "x", "outputs": [{'))).toMatchObject({ why: "body" });
  expect(answer(long("<html>"))).toMatchObject({ why: "body" });
});

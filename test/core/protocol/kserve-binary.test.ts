import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConcreteTensor } from "../../../src/core/plan/payload.ts";
import { JSON_LENGTH_HEADER, tensorBytes } from "../../../src/core/protocol/kserve-binary.ts";
import { kserveV2 } from "../../../src/core/protocol/kserve-v2.ts";
import { target } from "../plan/fixtures.ts";
import { bytes, cut, respond } from "./drive.ts";

const binary = target({ protocol: "kserve-v2", model: "bert", tensorEncoding: "binary" });
const tensor = (datatype: string, data: ConcreteTensor["data"]): ConcreteTensor => ({ name: "x", shape: [data.length], datatype, data });
const hex = (datatype: string, data: ConcreteTensor["data"]) => Buffer.from(tensorBytes(tensor(datatype, data))).toString("hex");

describe("tensors as bytes", () => {
  // Written by hand from IEEE 754 and two's complement, little-endian.
  test.each([
    ["BOOL", [true, false, 1, 0], "01000100"],
    ["UINT8", [0, 255], "00ff"],
    ["UINT16", [258], "0201"],
    ["UINT32", [4_294_967_295], "ffffffff"],
    ["UINT64", [2 ** 53 - 1], "ffffffffffff1f00"],
    ["INT8", [-1, 127], "ff7f"],
    ["INT16", [-2], "feff"],
    ["INT32", [-2], "feffffff"],
    ["INT64", [-2], "feffffffffffffff"],
    ["FP16", [1, -2, 65_504, 0.333_251_953_125], "003c00c0ff7b5535"],
    ["FP32", [1, -0.5], "0000803f000000bf"],
    ["FP64", [1], "000000000000f03f"],
    ["BYTES", ["hé", ""], "0300000068c3a900000000"],
  ] as const)("%s %j", (datatype, data, expected) => {
    expect(hex(datatype, data)).toBe(expected);
  });

  test("floats survive the way there and back", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1 }), (data) => {
        const there = tensorBytes(tensor("FP32", data));
        const view = new DataView(there.buffer);
        expect(data.map((_, i) => view.getFloat32(4 * i, true))).toEqual(data);
      }),
    );
  });

  test("a datatype without a binary form is refused", () => {
    expect(() => tensorBytes(tensor("BF16", [1]))).toThrow('tensor "x": BF16 has no binary form here');
  });
});

test("a request is JSON, then the bytes of each tensor, and says where the one ends and the other begins", () => {
  const tensors = [tensor("FP32", [1, 2]), tensor("BYTES", ["ab"])];
  const { headers, body } = kserveV2.buildRequest(binary, { kind: "tensors", tensors });
  const length = Number(headers[JSON_LENGTH_HEADER]);
  expect(headers["content-type"]).toBe("application/octet-stream");
  expect(JSON.parse(Buffer.from(body!.subarray(0, length)).toString())).toEqual({
    inputs: [
      { name: "x", shape: [2], datatype: "FP32", parameters: { binary_data_size: 8 } },
      { name: "x", shape: [1], datatype: "BYTES", parameters: { binary_data_size: 6 } },
    ],
    parameters: { binary_data_output: true },
  });
  expect(Buffer.from(body!.subarray(length)).toString("hex")).toBe("0000803f00000040020000006162");
});

test("a request that is written as JSON stays JSON", () => {
  const source = '{"inputs": []}';
  const { headers, body } = kserveV2.buildRequest(binary, { kind: "json", value: JSON.parse(source), source });
  expect(headers["content-type"]).toBe("application/json");
  expect(body).toEqual(bytes(source));
});

describe("an answer with bytes", () => {
  const json = (sizes: readonly number[], more: object = {}) =>
    JSON.stringify({
      outputs: sizes.map((size) => ({ name: "y", shape: [1], datatype: "UINT8", parameters: { binary_data_size: size } })),
      ...more,
    });
  const answer = (text: string, data: number, jsonLength = text.length) => {
    const whole = Buffer.concat([Buffer.from(text), Buffer.alloc(data, 0xff)]);
    return (places: readonly number[] = []) =>
      respond(
        kserveV2.openResponse(binary),
        cut(whole, places).map((chunk, i) => [10 + i, chunk] as const),
        { headers: { [JSON_LENGTH_HEADER]: String(jsonLength) } },
      ).result;
  };

  test("is whole if it holds as many as it declares, however it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 200 })), (places) => {
        expect(answer(json([4, 8]), 12)(places)).toEqual({ kind: "ok", stream: undefined });
      }),
    );
  });

  test.each([
    ["too few bytes", answer(json([4, 8]), 11), "truncated", "declares"],
    ["too many bytes", answer(json([4]), 5), "body", "declares"],
    ["a length beyond its end", answer(json([4]), 4, 9999), "truncated", "says 9999 bytes of JSON"],
    ["a length inside the JSON", answer(json([4]), 4, 20), "body", "expected JSON"],
    ["no outputs", answer(json([]), 0), "body", "expected a list of outputs"],
    ["an error", answer(JSON.stringify({ error: "out of memory" }), 0), "in-band", "out of memory"],
  ])("with %s has failed", (_, read, why, detail) => {
    expect(read()).toMatchObject({ kind: "failed", why, detail: expect.stringContaining(detail) });
  });

  test("may be JSON alone: not every server knows the extension", () => {
    const reader = kserveV2.openResponse(binary);
    expect(respond(reader, [[10, '{"outputs": [{"name": "y", "data": [1]}]}']]).result).toEqual({ kind: "ok", stream: undefined });
  });

  test("of tensors longer than what is kept is judged all the same", () => {
    const size = 3 * 1024 * 1024;
    expect(answer(json([size]), size)([1_000_000, 2_000_000])).toEqual({ kind: "ok", stream: undefined });
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Payload } from "../../../src/core/plan/payload.ts";
import { type Frame, frame, openFrames } from "../../../src/core/protocol/grpc-frames.ts";
import { kserveV2Grpc } from "../../../src/core/protocol/kserve-v2-grpc.ts";
import type { Target } from "../../../src/core/suite/suite.ts";
import { target } from "../plan/fixtures.ts";
import { bytes, cut, respond } from "./drive.ts";

const grpc = (change: Partial<Target> = {}): Target =>
  target({ protocol: "kserve-v2-grpc", model: "bert", path: undefined, stream: false, ...change });
const GRPC = { headers: { "content-type": "application/grpc" }, trailers: { "grpc-status": "0" } };
/** A ModelInferResponse with one output, made by hand: field 5, length 3, holding a name (field 1) of one character. */
const RESPONSE = Uint8Array.of(0x2a, 3, 0x0a, 1, 0x79);
const answer = (arrivals: Parameters<typeof respond>[1], head: Parameters<typeof respond>[2] = GRPC, change: Partial<Target> = {}) =>
  respond(kserveV2Grpc.openResponse(grpc(change)), arrivals, head);

describe("messages", () => {
  test("come out as they went in, with the time of their first byte, however they are cut", () => {
    const message = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat({ max: 220 })), (messages, places) => {
        const whole = Buffer.concat(messages.map(frame));
        const found: Frame[] = [];
        const frames = openFrames(1000, (one) => found.push(one));
        let at = 0;
        const arrivals = new Map<number, number>();
        for (const [i, chunk] of cut(whole, places).entries()) {
          for (let k = 0; k < chunk.length; k++) arrivals.set(at + k, i);
          at += chunk.length;
          expect(frames.feed(chunk, i)).toBe(true);
        }
        expect(found.map((one) => [...one.bytes!])).toEqual(messages.map((one) => [...one]));
        let begin = 0;
        for (const [i, one] of messages.entries()) {
          expect([found[i]!.atNs, found[i]!.endNs]).toEqual([arrivals.get(begin), arrivals.get(begin + one.length + 4)]);
          begin += one.length + 5;
        }
        expect(frames.isInside()).toBe(false);
      }),
    );
  });

  test("beyond what is kept are counted", () => {
    const found: Frame[] = [];
    openFrames(3, (one) => found.push(one)).feed(frame(new Uint8Array(4)), 7);
    expect(found).toEqual([{ bytes: undefined, length: 4, atNs: 7, endNs: 7 }]);
  });
});

test("the answer is complete with its message, and counts by its status", () => {
  expect(
    answer([
      [10, frame(RESPONSE).subarray(0, 4)],
      [20, frame(RESPONSE).subarray(4)],
    ]),
  ).toEqual({
    result: { kind: "ok", stream: undefined },
    endNs: 20,
  });
});

test.each([
  ["no status", [[10, frame(RESPONSE)]], { ...GRPC, trailers: {} }, "truncated", "without a gRPC status"],
  [
    "a status in the headers",
    [],
    { headers: { ...GRPC.headers, "grpc-status": "5", "grpc-message": "no%20model" } },
    "status",
    '5 (NOT_FOUND): "no model"',
  ],
  [
    "a status that nobody knows",
    [],
    { ...GRPC, trailers: { "grpc-status": "99", "grpc-message": "%E0%A4%A" } },
    "status",
    'gRPC status 99: "%E0%A4%A"',
  ],
  ["half a message", [[10, frame(RESPONSE).subarray(0, 7)]], GRPC, "truncated", "inside a message"],
  [
    "two messages",
    [
      [10, frame(RESPONSE)],
      [11, frame(RESPONSE)],
    ],
    GRPC,
    "body",
    "expected one message, got 2",
  ],
  ["no message", [], GRPC, "body", "got none"],
  ["bytes that are no response", [[10, frame(Uint8Array.of(0xff, 0xff, 0xff))]], GRPC, "body", "got 3 bytes that are none"],
  ["a compressed message", [[10, Uint8Array.of(1, 0, 0, 0, 1, 9)]], GRPC, "body", "is compressed"],
  ["no messages at all", [[10, bytes("<html>")]], GRPC, "body", "no sequence of gRPC messages"],
  ["HTML", [[10, bytes("<html>")]], { headers: { "content-type": "text/html" } }, "body", 'expected gRPC, got text/html: "<html>"'],
  ["an HTTP status", [[10, bytes("bad gateway")]], { ...GRPC, status: 502 }, "status", "status 502"],
] as const)("a call with %s has failed", (_, arrivals, head, why, detail) => {
  expect(answer(arrivals, head).result).toMatchObject({ kind: "failed", why, detail: expect.stringContaining(detail) });
});

test("fuzzed answers end in a result, never in an exception", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 6 }), fc.boolean(), fc.boolean(), (messages, stream, framed) => {
      const arrivals = messages.map((message, i) => [i, framed ? frame(message) : message] as const);
      expect(["ok", "failed"]).toContain(answer(arrivals, GRPC, { stream }).result.kind);
    }),
  );
});

describe("a request", () => {
  const build = (payload: Payload, change: Partial<Target> = {}) => kserveV2Grpc.buildRequest(grpc(change), payload);

  test("names the method, which streams where the target does", () => {
    expect(build({ kind: "empty" })).toMatchObject({
      method: "POST",
      path: "/inference.GRPCInferenceService/ModelInfer",
      headers: { "content-type": "application/grpc", te: "trailers" },
    });
    expect(build({ kind: "empty" }, { stream: true }).path).toBe("/inference.GRPCInferenceService/ModelStreamInfer");
  });

  test("may be written as it is for REST, nested data and all", () => {
    const input = { name: "x", shape: [2, 2], datatype: "INT32" };
    const nested = build({
      kind: "json",
      value: {
        inputs: [
          {
            ...input,
            data: [
              [1, 2],
              [3, 4],
            ],
          },
        ],
      },
    });
    expect(nested.body).toEqual(build({ kind: "tensors", tensors: [{ ...input, data: [1, 2, 3, 4] }] }).body);
  });

  test.each([
    [{ inputs: [{ name: "x", shape: [3], datatype: "INT32", data: [1] }] }, "1 values for a shape of 3"],
    [{ inputs: [{ name: "x", shape: [1], data: [1] }] }, "cannot carry the input"],
    [{ inputs: "x" }, "cannot carry the input"],
    [{ inputs: [], parameters: {} }, 'does not send "parameters"'],
    [{ a: 1 }, "cannot carry"],
  ])("%j is refused", (value, message) => {
    expect(() => build({ kind: "json", value })).toThrow(message);
  });

  test("needs the model's name", () => {
    expect(() => build({ kind: "empty" }, { model: undefined })).toThrow("needs the name of the model");
  });
});

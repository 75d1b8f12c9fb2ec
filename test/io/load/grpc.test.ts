import { status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import type { Payload } from "../../../src/core/plan/payload.ts";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import type { Target } from "../../../src/core/suite/suite.ts";
import { awaitReady } from "../../../src/io/load/ready.ts";
import { target } from "../../core/plan/fixtures.ts";
import { details, drive, kinds, one, open, steady } from "./drive.ts";
import { serve } from "./endpoint.ts";
import { type InferRequest, type Model, OUTPUT, serveGrpc } from "./grpc-endpoint.ts";
import { route } from "./secure-endpoint.ts";

const grpc = protocols["kserve-v2-grpc"];
const HTTP2 = route({ connection: { http: "2" } });
const targetOf = (change: Partial<Target> = {}): Target =>
  target({ protocol: "kserve-v2-grpc", model: "bert", path: undefined, stream: false, ...change });
const TENSORS: Payload = {
  kind: "tensors",
  tensors: [
    { name: "ids", shape: [1, 3], datatype: "INT64", data: [1, -2, 300] },
    { name: "text", shape: [2], datatype: "BYTES", data: ["hé", ""] },
  ],
};

async function call(url: string, change: Partial<Target> = {}, load = one, payload = TENSORS) {
  const to = targetOf(change);
  const request = { payloadClass: "default", ...grpc.buildRequest(to, payload) };
  return (await drive(open(url, { ...HTTP2, openResponse: () => grpc.openResponse(to) }), load, { requests: [request] })).outcomes;
}

test("a gRPC server reads the request as it was meant", async () => {
  const seen: InferRequest[] = [];
  const url = await serveGrpc({
    infer: (request) => {
      seen.push(request);
      return { outputs: [OUTPUT], raw_output_contents: [Buffer.from("positive")] };
    },
  });
  expect(kinds(await call(url))).toEqual(["ok"]);
  expect(seen).toMatchObject([
    {
      model_name: "bert",
      inputs: [
        { name: "ids", datatype: "INT64", shape: [1, 3] },
        { name: "text", datatype: "BYTES", shape: [2] },
      ],
    },
  ]);
  const [ids, text] = seen[0]!.raw_input_contents;
  expect([0, 8, 16].map((at) => ids!.readBigInt64LE(at))).toEqual([1n, -2n, 300n]);
  expect(text!.toString("hex")).toBe("0300000068c3a900000000");
});

test("calls share a connection, one after another and at once", async () => {
  const url = await serveGrpc({ infer: () => ({ outputs: [OUTPUT] }) });
  const outcomes = await call(url, {}, steady(100, 0.5));
  expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
  expect(outcomes.filter(({ connectNs }) => connectNs !== undefined)).toHaveLength(1);
  for (const { wireNs, firstByteNs, endNs } of outcomes) expect(wireNs! < firstByteNs! && firstByteNs! <= endNs).toBe(true);
});

describe("a call fails by name with", () => {
  test.each<[string, Model, Partial<Target>, string, string]>([
    [
      "a gRPC status",
      { infer: () => ({ code: status.RESOURCE_EXHAUSTED, details: "queue full: 100 %, naïve" }) },
      {},
      "status",
      'gRPC status 8 (RESOURCE_EXHAUSTED): "queue full: 100 %, naïve"',
    ],
    ["a method that the server does not have", { ready: () => true }, {}, "status", "gRPC status 12 (UNIMPLEMENTED)"],
    ["an answer without outputs", { infer: () => ({ outputs: [] }) }, {}, "body", "an answer without any"],
    [
      "a missing text",
      { infer: () => ({ outputs: [OUTPUT], raw_output_contents: [Buffer.from("negative")] }) },
      { check: { status: undefined, contains: "positive" } },
      "check",
      'expected "positive"',
    ],
    [
      "an error on the stream",
      { stream: (_, send, end) => (send({ error_message: "out of KV cache" }), end()) },
      { stream: true },
      "in-band",
      "out of KV cache",
    ],
    [
      "a stream without outputs",
      { stream: (_, send, end) => (send({ infer_response: { outputs: [] } }), end()) },
      { stream: true },
      "body",
      "brought no output",
    ],
    [
      "a status after half a stream",
      { stream: (_, send, end) => (send({ infer_response: { outputs: [OUTPUT] } }), end({ code: status.UNAVAILABLE, details: "gone" })) },
      { stream: true },
      "status",
      'gRPC status 14 (UNAVAILABLE): "gone"',
    ],
  ])("%s", async (_, model, change, why, detail) => {
    const outcomes = await call(await serveGrpc(model), change);
    expect(outcomes[0]!.result).toMatchObject({ kind: "failed", why });
    expect(details(outcomes)[0]).toContain(detail);
  });

  test("an endpoint that is plain HTTP", async () => {
    const outcomes = await call(await serve((_, response) => void response.end("hello")));
    expect(outcomes[0]!.result).toMatchObject({ kind: "failed", why: "connect" });
  });
});

test("the answers of a stream are token events with their own times", async () => {
  const url = await serveGrpc({
    stream: (_, send, end) => {
      let sent = 0;
      const timer = setInterval(() => {
        send({ infer_response: { outputs: [OUTPUT] } });
        if (++sent < 4) return;
        clearInterval(timer);
        // Triton ends with an empty answer; the stream stays open a little longer, which is not the reader's time.
        send({ infer_response: { outputs: [] } });
        setTimeout(() => end(), 200);
      }, 50);
    },
  });
  const [outcome] = await call(url, { stream: true });
  expect(outcome!.result).toMatchObject({ kind: "ok", stream: { tokens: 4, tokensFrom: "events" } });
  const { stream } = outcome!.result as { stream: { firstTokenNs: number; lastTokenNs: number; gapsNs: readonly number[] } };
  expect(stream.gapsNs).toHaveLength(3);
  for (const gap of stream.gapsNs) expect(gap / 1e6).toBeGreaterThan(20);
  expect(outcome!.endNs).toBe(stream.lastTokenNs);
  expect((stream.lastTokenNs - stream.firstTokenNs) / 1e6).toBeLessThan(300);
});

describe("readiness", () => {
  const ready = (url: string, timeoutS: number) =>
    awaitReady(url, { path: undefined, timeoutS, probe: grpc.readiness!(targetOf()) }, {}, new AbortController().signal, HTTP2);

  test("is what the server says of the model", async () => {
    const asked: string[] = [];
    const url = await serveGrpc({ ready: (name) => asked.push(name) > 2 });
    expect(await ready(url, 10)).toMatchObject({ ready: true });
    expect(asked).toEqual(["bert", "bert", "bert"]);
  });

  test("never comes from a server that does not know the question", async () => {
    const answer = await ready(await serveGrpc({ infer: () => ({ outputs: [OUTPUT] }) }), 0.5);
    expect(answer).toMatchObject({ ready: false, reason: expect.stringContaining("ModelReady of bert did not say yes") });
  });
});

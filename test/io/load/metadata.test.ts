import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import { readMetadata } from "../../../src/io/load/metadata.ts";
import { target } from "../../core/plan/fixtures.ts";
import { freePort, serve } from "./endpoint.ts";
import { serveGrpc } from "./grpc-endpoint.ts";
import { route } from "./secure-endpoint.ts";

const INPUTS = [
  { name: "input_ids", datatype: "INT64", shape: [-1, -1] },
  { name: "pixels", datatype: "FP32", shape: [-1, 3, 224, 224] },
];
const rest = (url: string) =>
  readMetadata(url, protocols["kserve-v2"].metadata!(target({ protocol: "kserve-v2", model: "be rt" }))!, {}, new AbortController().signal);
const grpc = (url: string) =>
  readMetadata(
    url,
    protocols["kserve-v2-grpc"].metadata!(target({ protocol: "kserve-v2-grpc", model: "bert" }))!,
    {},
    new AbortController().signal,
    route({ connection: { http: "2" } }),
  );
const json =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) =>
    void response.writeHead(status).end(JSON.stringify(body));

test("a model's inputs are read over REST", async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url);
    response.end(
      JSON.stringify({ name: "bert", inputs: INPUTS.map((input) => ({ ...input, shape: input.shape.map(String) })), outputs: [] }),
    );
  });
  expect(await rest(url)).toEqual({ ok: true, inputs: INPUTS });
  expect(asked).toEqual(["/v2/models/be%20rt"]);
});

test("and over gRPC, from a server that knows the protocol by its description alone", async () => {
  const url = await serveGrpc({
    metadata: (name) => ({ inputs: name === "bert" ? INPUTS : [], outputs: [{ name: "y", datatype: "FP32", shape: [1] }] }),
  });
  expect(await grpc(url)).toEqual({ ok: true, inputs: INPUTS });
});

test("whatever else comes is a reason, and no crash", async () => {
  const reason = async (told: ReturnType<typeof rest>) => {
    const metadata = await told;
    return metadata.ok ? "it was read" : metadata.reason;
  };
  expect(await reason(rest(await serve(json({ error: "no such model" }, 404))))).toMatch(
    /^GET \/v2\/models\/be%20rt answered 404: "\{"error"/,
  );
  for (const wrong of [
    "<html>",
    { inputs: {} },
    { inputs: [{ name: "x", datatype: "FP32", shape: [1.5] }] },
    { inputs: [{ name: "x" }] },
    [],
    null,
  ])
    expect(await reason(rest(await serve(json(wrong)))), JSON.stringify(wrong)).toMatch(/answered something else than metadata/);
  expect(await reason(rest(`http://127.0.0.1:${await freePort()}`))).toMatch(/connection refused|ECONNREFUSED/i);
  expect(await reason(grpc(await serveGrpc({ ready: () => true })))).toMatch(
    /^ModelMetadata of bert (ended with gRPC status 12|answered something else)/,
  );
  expect(await reason(grpc(await serveGrpc({ metadata: () => ({ inputs: [], outputs: [] }) })))).toBe("it was read");
});

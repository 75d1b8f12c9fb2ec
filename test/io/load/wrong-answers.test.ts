import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import { openRecorder } from "../../../src/core/record/recorder.ts";
import { redactArm } from "../../../src/core/record/redact.ts";
import type { Target } from "../../../src/core/suite/suite.ts";
import { target } from "../../core/plan/fixtures.ts";
import { type Drive, details, drive, kinds, one, open, steady } from "./drive.ts";
import { serve } from "./endpoint.ts";

const token = `data: ${JSON.stringify({ choices: [{ delta: { content: "and so on, " } }] })}\n\n`;

/** Real requests to a real server, read by the real reader of a protocol. */
const read = (url: string, more: Partial<Target>, load = one, timeoutS = 10): Promise<Drive> => {
  const to = target(more);
  return drive(open(url, { timeoutS, openResponse: () => protocols[to.protocol].openResponse(to) }), load);
};

/** Writes as fast as the other side reads, until it is gone. */
function flood(response: ServerResponse, piece: string): void {
  while (!response.destroyed && response.write(piece));
  if (!response.destroyed) response.once("drain", () => flood(response, piece));
}

describe("a stream that never ends", () => {
  test("is a timeout at its deadline, and its connection is given up", async () => {
    let closed = 0;
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const writing = setInterval(() => response.write(token), 10);
      response.on("close", () => {
        clearInterval(writing);
        closed++;
      });
    });
    const { outcomes } = await read(url, { protocol: "openai-chat", timeoutS: 0.4 }, steady(10, 0.3), 0.4);
    expect(kinds(outcomes)).toEqual(["timeout", "timeout", "timeout"]);
    for (const { intendedNs, endNs } of outcomes) expect(endNs - intendedNs).toBe(0.4e9);
    await expect.poll(() => closed).toBe(3);
  });

  test("does not fill the memory, however fast it comes and although its text is kept to be searched", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      flood(response, token.repeat(2000));
    });
    const check = { status: undefined, contains: "the end" };
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    const watching = setInterval(() => (most = Math.max(most, process.memoryUsage().heapUsed)), 20);
    const { outcomes } = await read(url, { protocol: "openai-chat", check, timeoutS: 2 }, one, 2);
    clearInterval(watching);
    expect(kinds(outcomes)).toEqual(["timeout"]);
    // Garbage of the parser that nobody has collected yet is part of it.
    expect((most - before) / 2 ** 20).toBeLessThan(200);
  });
});

describe("an answer that is none", () => {
  test.each([
    [
      "a protocol that the endpoint does not speak",
      { protocol: "kserve-v2" },
      200,
      '{"predictions":[[1]]}',
      "body",
      "expected a list of outputs, got",
    ],
    [
      "a chat where a stream was asked for",
      { protocol: "openai-chat", stream: true },
      200,
      '{"choices":[{"message":{"content":"a"}}]}',
      "body",
      "expected a stream of events, got",
    ],
    [
      "an error inside a 200",
      { protocol: "kserve-v2" },
      200,
      '{"error":"input has 3 dimensions, 2 are expected"}',
      "in-band",
      "input has 3 dimensions",
    ],
    ["plain HTTP on a gRPC suite", { protocol: "kserve-v2-grpc" }, 200, "<html>", "body", ""],
    [
      "a 400 for a payload that does not fit",
      { protocol: "tf-serving" },
      400,
      '{"error":"Tensor x: shape [1,3]"}',
      "status",
      "Tensor x: shape [1,3]",
    ],
  ] as const)("is a failure with a name and an example: %s", async (_, more, status, body, why, example) => {
    const url = await serve((__, response) => void response.writeHead(status).end(body));
    const { outcomes } = await read(url, more);
    expect(kinds(outcomes)).toEqual([why]);
    expect(details(outcomes)[0]).toContain(example);
  });

  test("that tells a secret back keeps its first example without it", async () => {
    let asked = 0;
    const url = await serve((_, response) => void response.writeHead(401).end(`no such token: s3cr3t-${++asked}`));
    const { outcomes } = await read(url, { protocol: "raw" }, steady(20, 0.1));
    const recorder = openRecorder([{ index: 0, pair: undefined, startS: 0, durationS: 1 }], 0, { timeoutS: 1 });
    for (const outcome of outcomes) recorder.add(outcome);
    const warmUp = { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined };
    const arm = redactArm({ warmUp, blocks: recorder.finish(), examples: recorder.examples }, ["s3cr3t"]);
    expect(arm.examples).toEqual({ status: 'status 401, expected 2xx: "no such token: ***-1"' });
    expect(arm.blocks[0]!.failures).toEqual({ status: 2 });
  });
});

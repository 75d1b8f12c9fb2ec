import { createServer } from "node:http2";
import { describe, expect, onTestFinished, test } from "vitest";
import type { PreparedRequest, Segment } from "../../../src/core/plan/plan.ts";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import { openTraceIds, type TraceSource } from "../../../src/core/protocol/traceparent.ts";
import { decodeBins } from "../../../src/core/record/distribution.ts";
import type { Outcome } from "../../../src/core/record/outcome.ts";
import { openRecorder } from "../../../src/core/record/recorder.ts";
import { quantileOf } from "../../../src/core/stats/quantile.ts";
import type { Target } from "../../../src/core/suite/suite.ts";
import { openDriver } from "../../../src/io/load/open-driver.ts";
import { target } from "../../core/plan/fixtures.ts";
import { closed, GET, kinds, steady } from "./drive.ts";
import { serve } from "./endpoint.ts";
import { OUTPUT, serveGrpc } from "./grpc-endpoint.ts";
import { route, serveH2c } from "./secure-endpoint.ts";

const NO_TLS = { ca: undefined, cert: undefined, key: undefined };
const HTTP2 = route({ connection: { http: "2" } }).connection;
const TRACE: TraceSource = { run: "3f2a9c0d11e45b67", segment: 9, sampled: true };
const VALID = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/;

/** Two classes that a server can tell apart. */
const REQUESTS: readonly PreparedRequest[] = ["/short", "/long"].map((path) => ({ ...GET, path, payloadClass: path.slice(1) }));

async function drive(
  url: string,
  segment: Segment,
  change: Partial<Target> = {},
  more: { threads?: number; requests?: typeof REQUESTS; trace?: TraceSource } = {},
) {
  const of = target({ protocol: "raw", method: "GET", timeoutS: 5, check: { status: [200], contains: undefined }, ...change });
  const driver = openDriver({ url, target: of, tls: NO_TLS, threads: more.threads ?? 1 });
  onTestFinished(() => driver.close());
  const outcomes: Outcome[] = [];
  const { signal } = new AbortController();
  // Threads take their time to load, and a short closed loop would be over before they began.
  if (more.threads !== undefined && more.threads > 1) await driver.drive(steady(10, 0.1), REQUESTS, { onOutcome: () => {}, signal });
  await driver.drive(segment, more.requests ?? REQUESTS, { onOutcome: (outcome) => outcomes.push(outcome), signal, trace: more.trace });
  return outcomes;
}

/** A segment whose picks alternate in a way that no number of threads divides. */
const mixed = (segment: Segment, count: number): Segment => ({
  ...segment,
  picks: Uint32Array.from({ length: count }, (_, i) => ((i * 7) % 5) % 2),
});
const classOf =
  ({ picks }: Segment) =>
  (index: number) =>
    REQUESTS[picks[index % picks.length]!]!.payloadClass;

type Seen = { readonly path: string; readonly traceparent: string };

function checkSeen(seen: readonly Seen[], outcomes: readonly Outcome[], segment: Segment) {
  for (const { traceparent } of seen) expect(traceparent).toMatch(VALID);
  expect(new Set(seen.map(({ traceparent }) => traceparent.slice(36, 52))).size).toBe(seen.length);
  const { traceId } = openTraceIds(TRACE);
  // What the recorder computes of each outcome is what the server saw: the same ids, each with its class.
  const told = outcomes.map(({ index }) => `${traceId(index)} ${classOf(segment)(index)}`);
  expect(new Set(told).size).toBe(outcomes.length);
  expect([...new Set(seen.map(({ path, traceparent }) => `${traceparent.slice(3, 35)} ${path.slice(1)}`))].sort()).toEqual(told.sort());
}

describe("a server sees a traceparent of its own with each request", () => {
  test.each([
    ["HTTP/1.1, open loop", serve, mixed(steady(300, 0.3), 90), 1],
    ["HTTP/1.1, closed loop of three threads that goes round", serve, mixed(closed(6, 0.3), 16), 3],
    ["HTTP/2 on cold connections", serveH2c, mixed(steady(300, 0.3), 90), 1],
  ] as const)("over %s", async (_, start, segment, threads) => {
    const seen: Seen[] = [];
    const url = await (start as typeof serve)((request, response) => {
      const { traceparent } = request.headers;
      if (traceparent !== undefined) seen.push({ path: request.url!, traceparent: String(traceparent) });
      setTimeout(() => response.end("ok"), 5);
    });
    const outcomes = await drive(url, segment, start === serveH2c ? { connection: HTTP2 } : {}, { threads, trace: TRACE });
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
    checkSeen(seen, outcomes, segment);
  });

  test("over gRPC, as metadata", async () => {
    const seen: string[] = [];
    const url = await serveGrpc({
      infer: (_, metadata) => {
        seen.push(String(metadata.get("traceparent")[0]));
        return { outputs: [OUTPUT] };
      },
    });
    const of = {
      protocol: "kserve-v2-grpc",
      model: "bert",
      stream: false,
      connection: HTTP2,
      check: { status: undefined, contains: undefined },
    } as const;
    const payload = { kind: "tensors", tensors: [{ name: "ids", shape: [1], datatype: "INT64", data: [1] }] } as const;
    const requests = [{ payloadClass: "short", ...protocols["kserve-v2-grpc"].buildRequest(target(of), payload) }];
    const outcomes = await drive(url, steady(100, 0.2), of, { requests, trace: TRACE });
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
    const { traceparent } = openTraceIds(TRACE);
    expect(seen.toSorted()).toEqual(outcomes.map(({ index }) => traceparent(index, 1)).sort());
  });

  test("and each attempt of one has another parent and the same trace", async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      const trace = String(request.headers["traceparent"]);
      const isFirst = !seen.some((other) => other.slice(3, 35) === trace.slice(3, 35));
      seen.push(trace);
      response.writeHead(isFirst ? 503 : 200).end("ok");
    });
    const retry = { attempts: 3, on: [503], backoffS: 0.01, maxBackoffS: 0.01, retryAfter: "ignore" } as const;
    const outcomes = await drive(url, steady(50, 0.2), { retry }, { trace: TRACE });
    expect(outcomes.map(({ attempts }) => attempts)).toEqual(Array(10).fill(2));
    const { traceparent } = openTraceIds(TRACE);
    expect(seen.toSorted()).toEqual(outcomes.flatMap(({ index }) => [traceparent(index, 1), traceparent(index, 2)]).sort());
  });

  test("and none where nobody asked", async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers["traceparent"]);
      response.end("ok");
    });
    await drive(url, steady(50, 0.1));
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });
});

describe("the phases that a server tells reach the record", () => {
  const TIMING = 'preprocess;dur=0.5, queue;dur=2;desc="in, the; batch", infer;dur=30';
  const recorded = (outcomes: readonly Outcome[]) => {
    const recorder = openRecorder([{ index: 0, pair: undefined, startS: 0, durationS: 10 }], 0, { timeoutS: 5 });
    for (const outcome of outcomes) recorder.add(outcome);
    const { phases, histograms } = recorder.finish()[0]!;
    const ms = (of: "phase.preprocess" | "phase.queue" | "phase.infer" | "phase.postprocess") =>
      histograms[of] === undefined ? undefined : quantileOf(decodeBins(histograms[of]), 0.5)! * 1000;
    return { phases, ms: [ms("phase.preprocess"), ms("phase.queue"), ms("phase.infer"), ms("phase.postprocess")] };
  };
  const near = (ms: number) => expect.closeTo(ms, 1);

  test("from headers of HTTP/1.1, in the answers that have them", async () => {
    let count = 0;
    const url = await serve((_, response) => response.writeHead(200, count++ % 2 === 0 ? { "server-timing": TIMING } : {}).end("ok"));
    expect(recorded(await drive(url, steady(100, 0.1)))).toEqual({
      phases: { answers: 10, with: 5 },
      ms: [near(0.5), near(2), near(30), undefined],
    });
  });

  test("from two headers of one name, and from headers of other names", async () => {
    const url = await serve((_, response) =>
      response
        .writeHead(
          200,
          [
            ["server-timing", "w;dur=1"],
            ["server-timing", "w;dur=2, fwd;dur=9"],
            ["x-tokenization-time", "4"],
          ].flat(),
        )
        .end("ok"),
    );
    const phases = {
      serverTiming: { queue: ["w"], infer: ["fwd"] },
      headers: [{ phase: "preprocess", name: "x-tokenization-time", unit: "ms" }],
    } as const;
    expect(recorded(await drive(url, steady(50, 0.1), { phases }))).toEqual({
      phases: { answers: 5, with: 5 },
      ms: [near(4), near(3), near(9), undefined],
    });
  });

  test("from trailers of a stream over HTTP/1.1", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { trailer: "Server-Timing", "server-timing": "queue;dur=2" });
      response.write("some ");
      response.addTrailers({ "server-timing": "infer;dur=30, queue;dur=99" });
      response.end("more");
    });
    expect(recorded(await drive(url, steady(50, 0.1)))).toEqual({
      phases: { answers: 5, with: 5 },
      ms: [undefined, near(2), near(30), undefined],
    });
  });

  test("from headers and announced trailers of HTTP/2", async () => {
    const server = createServer();
    server.on("stream", (stream) => {
      stream.respond({ ":status": 200, trailer: "server-timing", "server-timing": "queue;dur=2" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "server-timing": "infer;dur=30" }));
      stream.end("ok");
    });
    const url = await serveH2c(() => {}, server);
    const outcomes = await drive(url, steady(100, 0.2), { connection: HTTP2 });
    expect(recorded(outcomes)).toEqual({ phases: { answers: 20, with: 20 }, ms: [undefined, near(2), near(30), undefined] });
  });

  test("from the metadata that follows a gRPC answer", async () => {
    const url = await serveGrpc({ infer: () => ({ outputs: [OUTPUT] }), trailers: { "server-timing": TIMING } });
    const of = {
      protocol: "kserve-v2-grpc",
      model: "bert",
      stream: false,
      connection: HTTP2,
      check: { status: undefined, contains: undefined },
    } as const;
    const payload = { kind: "tensors", tensors: [{ name: "ids", shape: [1], datatype: "INT64", data: [1] }] } as const;
    const requests = [{ payloadClass: "short", ...protocols["kserve-v2-grpc"].buildRequest(target(of), payload) }];
    expect(recorded(await drive(url, steady(50, 0.1), of, { requests }))).toEqual({
      phases: { answers: 5, with: 5 },
      ms: [near(0.5), near(2), near(30), undefined],
    });
  });

  test("and a hostile one is none, and no failure", async () => {
    const hostile = [
      "queue;dur=NaN",
      "queue;dur=-5",
      "queue;dur=1e300",
      `queue;desc="${"x".repeat(10_000)}`,
      ";;;,,,===",
      '"'.repeat(5_000),
    ];
    let count = 0;
    const url = await serve((_, response) => response.writeHead(200, { "server-timing": hostile[count++ % hostile.length]! }).end("ok"));
    const outcomes = await drive(url, steady(60, 0.2));
    expect(kinds(outcomes)).toEqual(Array(12).fill("ok"));
    expect(recorded(outcomes)).toEqual({ phases: undefined, ms: [undefined, undefined, undefined, undefined] });
  });
});

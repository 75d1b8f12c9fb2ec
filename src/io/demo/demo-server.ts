import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isMainThread } from "node:worker_threads";
import { runAccelerator, startAccelerator } from "./accelerator.ts";
import { Refusal, sendJson, sendText } from "./answer.ts";
import { CHAT_MODEL, completeChat } from "./chat.ts";
import { DEMO_USAGE, type DemoOptions, parseDemoOptions } from "./demo-options.ts";
import { Overloaded, openInference } from "./inference.ts";
import { inferKserve, KSERVE_METADATA, KSERVE_MODEL, type Served as KserveServed } from "./kserve.ts";
import { makeWeights, parameterCount } from "./model.ts";
import { openRequestLog } from "./request-log.ts";
import { openResultCache } from "./result-cache.ts";
import { serverExposition } from "./server-metrics.ts";
import { openServerTimes } from "./server-times.ts";
import { simulateGpu } from "./simulated-gpu.ts";

// A process entry, and its own worker thread: the accelerator. One file, so that a bundle needs one file.
if (isMainThread) main();
else runAccelerator();

function main(): void {
  let options: DemoOptions;
  try {
    options = parseDemoOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${DEMO_USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  serve(options);
}

function serve(options: DemoOptions): void {
  const times = openServerTimes();
  const inference = openInference(() => accelerator, times);
  const accelerator = startAccelerator(new URL(import.meta.url), options, inference.deliver);
  const gpu = simulateGpu({ ...options, parameters: parameterCount(makeWeights(options.seed)) }, accelerator.counters);
  const cache = openResultCache(options.cache);
  const exposition = () =>
    gpu.exposition() +
    serverExposition({ queueDepth: inference.queueDepth(), counters: accelerator.counters(), times, cache: cache.counts() });
  const served: Served = {
    options,
    kserve: { inference, times, cache, log: openRequestLog(options.leakKiB), preprocessMs: options.preprocessMs },
    exposition,
    fails: everyNth(options.errorRatio),
  };
  const server = createServer((request, response) => {
    answer(request, response, served).catch((error: unknown) => refuse(request, response, error));
  });
  server.keepAliveTimeout = 60_000;
  const stop = () => {
    server.close();
    server.closeAllConnections();
    gpu.stop();
    void accelerator.stop().finally(() => process.exit(0));
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
  if (options.withParent) process.stdin.on("error", stop).once("end", stop).once("close", stop).resume();
  server.once("error", (error) => {
    process.stderr.write(`cannot listen on ${options.host}:${options.port}: ${error.message}\n`);
    process.exit(2);
  });
  server.listen(options.port, options.host, () => {
    const { port } = server.address() as AddressInfo;
    const host = options.host.includes(":") ? `[${options.host}]` : options.host;
    process.stdout.write(`${JSON.stringify({ url: `http://${host}:${port}` })}\n`);
  });
}

type Served = {
  readonly options: DemoOptions;
  readonly kserve: KserveServed;
  readonly exposition: () => string;
  readonly fails: () => boolean;
};

async function answer(request: IncomingMessage, response: ServerResponse, { options, kserve, exposition, fails }: Served): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://demo");
  const route = `${request.method} ${pathname}`;
  switch (route) {
    case `POST /v2/models/${KSERVE_MODEL}/infer`:
    case `POST /v2/models/${KSERVE_MODEL}/versions/1/infer`:
      if (fails()) throw new Refusal(500, "a planted failure");
      return inferKserve(request, response, kserve);
    case "POST /v1/chat/completions":
      if (fails()) throw new Refusal(500, "a planted failure");
      return completeChat(request, response, kserve.inference);
    case "GET /v2":
      return sendJson(response, 200, { name: "tailgate-demo", version: options.commit, extensions: [] });
    case "GET /v2/health/live":
    case "GET /v2/health/ready":
    case `GET /v2/models/${KSERVE_MODEL}/ready`:
    case "GET /health":
      return sendJson(response, 200, { ready: true });
    case `GET /v2/models/${KSERVE_MODEL}`:
      return sendJson(response, 200, KSERVE_METADATA);
    case "GET /v1/models":
      return sendJson(response, 200, { object: "list", data: [{ id: CHAT_MODEL, object: "model", created: 0, owned_by: "tailgate" }] });
    case "GET /version":
      return sendJson(response, 200, { commit: options.commit });
    case "GET /metrics":
      return sendText(response, 200, "text/plain; version=0.0.4; charset=utf-8", exposition());
    default:
      throw new Refusal(404, `nothing answers ${route}`);
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const status = error instanceof Refusal ? error.status : error instanceof Overloaded ? 503 : 500;
  const message = error instanceof Error ? error.message : String(error);
  // What was not read of the request would be taken for the next one.
  request.resume();
  if (response.headersSent) response.destroy();
  else
    sendJson(
      response,
      status,
      request.url?.startsWith("/v1/") ? { error: { message, type: "demo_error", code: status } } : { error: message },
    );
}

/** True for the given share of the calls, evenly spread and the same in every run. */
function everyNth(ratio: number): () => boolean {
  let due = 0;
  return () => {
    due += ratio;
    if (due < 1 - 1e-9) return false;
    due -= 1;
    return true;
  };
}

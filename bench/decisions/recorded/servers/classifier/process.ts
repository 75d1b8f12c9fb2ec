// A text classifier behind POST /classify, in plain JavaScript: real tokens, real matrix products, batches. It prints its
// address as one line of JSON and ends when its standard input does.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { generator } from "../../../../../src/io/demo/model.ts";
import { createBatcher } from "./batcher.ts";
import { nGrams } from "./n-grams.ts";
import { BUCKETS, classify, makeNetwork } from "./network.ts";

const { values } = parseArgs({
  options: {
    layers: { type: "string", default: "6" },
    "max-batch": { type: "string", default: "16" },
    "window-ms": { type: "string", default: "0" },
    "longest-n-gram": { type: "string", default: "4" },
  },
});
const network = makeNetwork(Number(values.layers), generator(7));
const longest = Number(values["longest-n-gram"]);
const infer = createBatcher(
  { most: Number(values["max-batch"]), windowS: Number(values["window-ms"]) / 1000 },
  (passages: readonly (readonly number[])[]) => classify(network, passages),
);

const server = createServer((request, response) => {
  const route = `${request.method} ${request.url}`;
  if (route === "GET /ready") {
    response.end("ready");
    return;
  }
  if (route !== "POST /classify") {
    response.writeHead(404).end(`nothing answers ${route}`);
    return;
  }
  answer(request).then(
    (text) => response.setHeader("content-type", "application/json").end(text),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () =>
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`),
);
process.stdin.on("end", () => process.exit(0)).resume();

async function answer(request: IncomingMessage): Promise<string> {
  const rows = await infer(nGrams(await readText(request), longest, BUCKETS));
  const probabilities = rows[0]!.map((_, label) => rows.reduce((sum, row) => sum + row[label]!, 0) / rows.length);
  return JSON.stringify({ passages: rows.length, probabilities });
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

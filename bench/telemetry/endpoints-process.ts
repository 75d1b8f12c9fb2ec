// Ten endpoints that answer a collector: node bench/telemetry/endpoints-process.ts prints their URLs as JSON, and ends with its parent.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ENDPOINTS } from "./expositions.ts";

/** As many answers as a measurement asks for. They are written before: writing them would take more of the machine than reading them. */
const ANSWERS = 120;

const ports = await Promise.all(
  ENDPOINTS.map(async ({ textAt }) => {
    const answers = Array.from({ length: ANSWERS }, (_, n) => Buffer.from(textAt(n + 1)));
    let asked = 0;
    const server = createServer((_, response) => {
      response.setHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
      response.end(answers[asked++ % ANSWERS]);
    });
    server.keepAliveTimeout = 75_000;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }),
);
process.stdout.write(`${JSON.stringify(ports.map((port) => `http://127.0.0.1:${port}/metrics`))}\n`);
process.stdin.resume().once("close", () => process.exit());

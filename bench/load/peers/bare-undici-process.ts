// A closed loop of bare undici clients: node bench/load/peers/bare-undici-process.ts JOB
import { Client } from "undici";
import type { ClosedLoad, Request } from "../load.ts";

const { load, request } = JSON.parse(process.argv[2] ?? "") as { load: ClosedLoad; request: Request };
const { origin, pathname } = new URL(request.url);
const options = {
  path: pathname,
  method: request.body === undefined ? "GET" : "POST",
  headers: ["content-type", "application/json"],
  body: request.body === undefined ? null : Buffer.from(request.body),
};
const untilMs = performance.now() + load.durationS * 1000;
let answered = 0;

await Promise.all(
  Array.from({ length: load.concurrency }, async () => {
    const client = new Client(origin, { allowH2: false, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
    while (performance.now() < untilMs) {
      await new Promise<void>((resolve, reject) => {
        client.dispatch(options, {
          onRequestStart: () => {},
          onResponseStart: () => {},
          onResponseData: () => {},
          onResponseEnd: () => resolve(),
          onResponseError: (_, error) => reject(error),
        });
      });
      answered++;
    }
    await client.destroy();
  }),
);
console.log(answered);

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

/** What the server is started with. The message that it sends is the port on which it listens on 127.0.0.1. */
export type ReferenceJob = {
  /** `process.hrtime.bigint()` from which stamps count; that clock is the same in all threads. */
  readonly originNs: bigint;
  /** Of every request. */
  readonly body: string;
  /** Time to the answer for `POST /i`. In shared memory, as `stampsNs` is. */
  readonly serviceMs: Float64Array;
  /** For request i: at 2i when it was read, at 2i + 1 when its answer was handed to the socket; 0 until then. */
  readonly stampsNs: Float64Array;
};

const ANSWER = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");

// As little as a server can do: what Node's HTTP server does between reading a request and calling its handler would
// count as the load generator's error.
function serve({ originNs, body, serviceMs, stampsNs }: ReferenceJob, socket: Socket): void {
  const end = `\r\n\r\n${body}`;
  const now = () => Number(process.hrtime.bigint() - originNs);
  let head = "";
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    const atNs = now();
    head += chunk.toString("latin1");
    // The load generator keeps one request on a connection, and all of these have one body.
    if (!head.endsWith(end)) return;
    const index = Number(/^POST \/(\d+) /.exec(head)?.[1]);
    head = "";
    if (!(index < serviceMs.length)) return void socket.destroy();
    stampsNs[2 * index] = atNs;
    setTimeout(() => {
      stampsNs[2 * index + 1] = now();
      socket.write(ANSWER);
    }, serviceMs[index]);
  });
}

const server = createServer((socket) => serve(workerData as ReferenceJob, socket));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port));

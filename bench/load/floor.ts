import { once } from "node:events";
import { connect } from "node:net";
import { nowNs } from "./servers/due-queue.ts";
import type { Reference } from "./servers/reference.ts";

/** Of each request, ns: how late a thread that slept until its time woke up, and what the trip took beyond the service time. */
export type Trips = { readonly lateNs: readonly number[]; readonly tripNs: readonly number[] };

/**
 * A bare socket with one request at a time: the two processes' event loops and the kernel between them. No client on this
 * machine adds less.
 *
 * @param ratePerS requests are due at even times, until each of which the thread sleeps; undefined: each follows the last.
 */
export async function roundTrips(server: Reference, count: number, ratePerS?: number): Promise<Trips> {
  const { port } = new URL(server.url);
  const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  await server.takeLog();
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const [lateNs, tripNs]: [number[], number[]] = [[], []];
  const startNs = nowNs();
  for (let n = 0; n < count; n++) {
    const dueNs = ratePerS === undefined ? nowNs() : startNs + ((n + 1) * 1e9) / ratePerS;
    for (let restNs = dueNs - nowNs(); restNs > 0; restNs = dueNs - nowNs()) Atomics.wait(never, 0, 0, restNs / 1e6);
    const sentNs = nowNs();
    lateNs.push(sentNs - dueNs);
    socket.write(`GET /?n=${n} HTTP/1.1\r\nHost: floor\r\n\r\n`);
    await new Promise<void>((resolve) => {
      socket.once("data", () => {
        tripNs.push(nowNs() - sentNs);
        resolve();
      });
    });
  }
  socket.destroy();
  const { arrivalNs, answeredNs } = await server.takeLog();
  return { lateNs, tripNs: tripNs.map((ns, n) => ns - (answeredNs[n]! - arrivalNs[n]!)) };
}

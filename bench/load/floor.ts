import { once } from "node:events";
import { connect } from "node:net";
import { nowNs } from "./servers/due-queue.ts";
import type { Reference } from "./servers/reference.ts";

/**
 * What a round trip takes beyond the service time with a bare socket and one request at a time, in ns: the two
 * processes' event loops and the kernel between them. No client on this machine adds less.
 */
export async function roundTrips(server: Reference, count: number): Promise<readonly number[]> {
  const { port } = new URL(server.url);
  const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  await server.takeLog();
  const tripNs: number[] = [];
  for (let n = 0; n < count; n++) {
    const sentNs = nowNs();
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
  return tripNs.map((ns, n) => ns - (answeredNs[n]! - arrivalNs[n]!));
}

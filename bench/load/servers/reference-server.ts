// A server whose times are known: node bench/load/servers/reference-server.ts JSON prints its port.
//
// It answers each GET after a service time drawn from a seeded distribution, stalls if told to, and keeps for each
// request when it came and when its answer left, on the monotonic clock that all processes of a machine share. Plain
// sockets: a request costs it about 10 µs, and nothing of it is a library's.
import { type AddressInfo, createServer, type Socket } from "node:net";
import { exponential, stream, uniform } from "../../../src/core/plan/random.ts";
import { nowNs, openDueQueue } from "./due-queue.ts";
import type { ReferenceLog, ReferenceOptions } from "./reference.ts";

const { service, stall } = JSON.parse(process.argv[2] ?? "") as ReferenceOptions;
const draw = stream(service.kind === "mixture" ? service.seed : 0, "service");
const log = emptyLog();

const ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

const answers = openDueQueue<{ readonly socket: Socket; readonly at: number }>(({ socket, at }) => {
  // A tool that has given up is of no interest.
  if (socket.destroyed) return;
  log.answeredNs[at] = nowNs();
  socket.write(ANSWER);
});

const server = createServer({ noDelay: true }, (socket) => {
  let rest = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    const arrivalNs = nowNs();
    rest += chunk.toString("latin1");
    for (let end = rest.indexOf("\r\n\r\n"); end >= 0; end = rest.indexOf("\r\n\r\n")) {
      const head = rest.slice(0, end);
      rest = rest.slice(end + 4);
      if (head.startsWith("GET /log ")) tell(socket);
      else take(socket, head, arrivalNs);
    }
  });
});

function take(socket: Socket, head: string, arrivalNs: number): void {
  const at = log.arrivalNs.length;
  const firstNs = log.arrivalNs[0] ?? arrivalNs;
  const stallEndNs = firstNs + (stall?.toS ?? 0) * 1e9;
  const stalls = stall !== undefined && arrivalNs >= firstNs + stall.fromS * 1e9 && arrivalNs < stallEndNs;
  const dueNs = (stalls ? stallEndNs : arrivalNs) + serviceNs();
  log.number.push(head.startsWith("GET /?n=") ? Number.parseInt(head.slice(8), 10) : -1);
  log.arrivalNs.push(arrivalNs);
  log.dueNs.push(dueNs);
  log.answeredNs.push(0);
  answers.add(dueNs, { socket, at });
}

function serviceNs(): number {
  if (service.kind === "constant") return service.ms * 1e6;
  // Box and Muller (1958): one of the two normal values is enough.
  const normal = Math.sqrt(2 * exponential(draw)) * Math.cos(2 * Math.PI * uniform(draw));
  const { medianMs, sigma } = uniform(draw) < service.slow.share ? service.slow : service.fast;
  return medianMs * Math.exp(sigma * normal) * 1e6;
}

/** Tells everything so far, and begins anew. */
function tell(socket: Socket): void {
  const text = JSON.stringify(log);
  Object.assign(log, emptyLog());
  socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`);
}

function emptyLog(): { -readonly [K in keyof ReferenceLog]: number[] } {
  return { number: [], arrivalNs: [], dueNs: [], answeredNs: [] };
}

server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));

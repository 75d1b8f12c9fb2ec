// Chat completions, streamed at a known pace: node bench/load/servers/stream-server.ts JSON prints its port.
//
// Every answer is `events` token events, the next one `gapMs` after the last was due. Each event carries the time at which
// it was written, on the monotonic clock of the machine, and the log keeps it by the number in the request's path.
import { type AddressInfo, createServer, type Socket } from "node:net";
import { stream, uniform } from "../../../src/core/plan/random.ts";
import { nowNs, openDueQueue } from "./due-queue.ts";
import type { StreamLog, StreamOptions } from "./stream.ts";

type Answer = { readonly socket: Socket; readonly writtenNs: number[]; left: number };

const { events, gapMs, together } = JSON.parse(process.argv[2] ?? "") as StreamOptions;
const gapNs = gapMs * 1e6;
const draw = stream(1, "phase");
const bornNs = nowNs();
let log: Record<string, number[]> = {};

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const LAST = `${chunk('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')}0\r\n\r\n`;

const due = openDueQueue<Answer>((answer, dueNs) => {
  const { socket, writtenNs } = answer;
  if (socket.destroyed) return;
  const atNs = nowNs();
  const event = chunk(`data: {"choices":[{"index":0,"delta":{"content":" word"}}],"written":${atNs}}\n\n`);
  writtenNs.push(atNs);
  const isLast = --answer.left === 0;
  socket.write(isLast ? event + LAST : event);
  if (!isLast) due.add(dueNs + gapNs, answer);
});

const server = createServer({ noDelay: true }, (socket) => {
  let rest = "";
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    rest += bytes.toString("latin1");
    for (let end = endOfRequest(rest); end > 0; end = endOfRequest(rest)) {
      const path = /^\w+ (\S+)/.exec(rest)?.[1] ?? "/";
      rest = rest.slice(end);
      if (path === "/log") tell(socket);
      else begin(socket, path);
    }
  });
});

function begin(socket: Socket, path: string): void {
  const writtenNs: number[] = [];
  log[path.split("?n=")[1] ?? ""] = writtenNs;
  socket.write(HEAD);
  const now = nowNs();
  // A batching server emits a token of every stream in one step; others have phases of their own.
  const firstNs = together ? bornNs + Math.ceil((now - bornNs) / gapNs) * gapNs : now + uniform(draw) * gapNs;
  due.add(firstNs, { socket, writtenNs, left: events });
}

function tell(socket: Socket): void {
  const text = JSON.stringify(log satisfies StreamLog);
  log = {};
  socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`);
}

/** Length of the first request in `text`, or 0 while it is not complete. */
function endOfRequest(text: string): number {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return 0;
  const end = head + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  return end <= text.length ? end : 0;
}

server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));

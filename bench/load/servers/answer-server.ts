// Answers as model servers give them, prepared before the first request: node bench/load/servers/answer-server.ts JSON
// prints its port. Plain sockets, so that little of two cores goes to this side.
import { type AddressInfo, createServer, type Socket } from "node:net";
import { stream, uniform } from "../../../src/core/plan/random.ts";
import { type AnswerKind, type AnswerOptions, chatAnswers, wholeAnswer } from "./answers.ts";
import { nowNs, openDueQueue } from "./due-queue.ts";

type Stream = { readonly socket: Socket; readonly segments: readonly Buffer[]; next: number };

const options = JSON.parse(process.argv[2] ?? "") as AnswerOptions;
const { gapMs = 0, together = false, perSegment = 1 } = options;
const gapNs = gapMs * 1e6;
const draw = stream(1, "phase");
const bornNs = nowNs();
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

const begin = { chat: beginStream, json: answerAtOnce, binary: answerAtOnce } satisfies Record<AnswerKind, (socket: Socket) => void>;
const chats = options.kind === "chat" ? chatAnswers(perSegment) : [];
const whole = options.kind === "chat" ? Buffer.alloc(0) : wholeAnswer(options.kind);
let answered = 0;

const due = openDueQueue<Stream>((answer, dueNs) => {
  const { socket, segments } = answer;
  if (socket.destroyed) return;
  socket.write(segments[answer.next++]!);
  if (answer.next < segments.length) due.add(dueNs + gapNs * perSegment, answer);
});

function beginStream(socket: Socket): void {
  socket.write(HEAD);
  const now = nowNs();
  // A batching server emits a token of every stream in one step; others have phases of their own.
  const firstNs = together ? bornNs + Math.ceil((now - bornNs) / gapNs) * gapNs : now + uniform(draw) * gapNs;
  due.add(firstNs, { socket, segments: chats[answered++ % chats.length]!, next: 0 });
}

function answerAtOnce(socket: Socket): void {
  socket.write(whole);
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest = "";
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    rest += bytes.toString("latin1");
    for (let end = endOfRequest(rest); end > 0; end = endOfRequest(rest)) {
      rest = rest.slice(end);
      begin[options.kind](socket);
    }
  });
});

/** Length of the first request in `text`, or 0 while it is not complete. */
function endOfRequest(text: string): number {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return 0;
  const end = head + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  return end <= text.length ? end : 0;
}

server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));

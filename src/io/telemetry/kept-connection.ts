import net from "node:net";
import { StringDecoder } from "node:string_decoder";
import tls from "node:tls";
import { HTTPParser } from "http-parser-js";
import { basicAuthorization, tooLong } from "../http.ts";

/**
 * One HTTP/1.1 connection to a page that is read again and again, opened when it is needed. What comes is read into one
 * buffer that all such connections of a thread share: undici, which has a buffer for every piece and much else to do, takes a
 * third of a percent of a core more for ten large expositions a second, and that is as much as reading them.
 */
export type KeptConnection = {
  /**
   * Asks once. Any status is an answer. Where a connection that was kept has ended without a word, the page is asked for
   * on a new one.
   *
   * @throws an error with Node's code on a network failure, a TimeoutError, the reason of `signal`, an answer that is not
   *         HTTP or ends early, or one longer than 16 MiB.
   */
  readonly get: (timeoutS: number, signal?: AbortSignal) => Promise<Page>;
  readonly close: () => void;
};

export type Page = { readonly status: number; readonly body: string };

const LONGEST_PAGE = 16 * 1024 * 1024;

/** @param url `user:password@` in it becomes basic authorization. */
export function keepConnection(url: string, maxBytes = LONGEST_PAGE): KeptConnection {
  const target = new URL(url);
  const request = requestOf(target);
  let idle: Line | undefined;
  const ask = async (line: Line, timeoutS: number, signal: AbortSignal | undefined): Promise<Page> => {
    const page = await line.ask(request, timeoutS, signal);
    if (line.isOpen()) idle = line;
    return page;
  };
  return {
    get: async (timeoutS, signal) => {
      signal?.throwIfAborted();
      const kept = idle;
      idle = undefined;
      if (kept?.isOpen() === true) {
        const page = await ask(kept, timeoutS, signal).catch((error: unknown) => {
          if (error instanceof StaleError) return undefined;
          throw error;
        });
        if (page !== undefined) return page;
      }
      return ask(openLine(target, maxBytes), timeoutS, signal);
    },
    close: () => idle?.close(),
  };
}

/** One socket, one request at a time. */
type Line = {
  readonly ask: (request: string, timeoutS: number, signal: AbortSignal | undefined) => Promise<Page>;
  readonly isOpen: () => boolean;
  readonly close: () => void;
};

/** The other side had ended a kept connection before it could answer: nothing is wrong with it. */
class StaleError extends Error {}

/** Whatever has come is read before the next thing comes: no two sockets need a buffer of their own. */
const BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

function openLine(target: URL, maxBytes: number): Line {
  const parser = new HTTPParser(HTTPParser.RESPONSE);
  let pending: Pending | undefined;
  let [answered, isReusable] = [0, true];
  let failure: Error | undefined;
  const settle = (how: (settled: Pending) => void) => {
    const settled = pending;
    pending = undefined;
    socket.unref();
    if (settled !== undefined) how(settled);
  };
  const fail = (error: Error) => {
    isReusable = false;
    socket.destroy();
    settle(({ reject }) => reject(error));
  };
  const socket = connect(target, (bytes) => {
    if (pending === undefined) return fail(new Error("the endpoint sent more than its answer"));
    pending.isBegun = true;
    const read = parser.execute(BUFFER, 0, bytes);
    if (read instanceof Error) fail(new Error(`the answer is not HTTP (${read.message})`));
  });
  socket.on("error", (error) => (failure = error));
  socket.on("close", () => {
    isReusable = false;
    // An answer of unknown length ends with its connection.
    if (failure === undefined) parser.finish();
    const isStale = answered > 0 && pending?.isBegun === false;
    settle(({ reject }) => reject(isStale ? new StaleError() : (failure ?? new Error("the connection ended before the answer did"))));
  });
  parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, shouldKeepAlive }) => {
    if (pending !== undefined) pending.status = statusCode;
    if (!isInterim(statusCode)) isReusable &&= shouldKeepAlive;
  };
  parser[HTTPParser.kOnBody] = (chunk) => {
    if (pending === undefined) return;
    pending.bytes += chunk.length;
    if (pending.bytes > maxBytes) fail(tooLong(target.href, maxBytes));
    else pending.body += pending.decoder.write(chunk);
  };
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (pending === undefined || isInterim(pending.status)) return;
    answered++;
    if (!isReusable) socket.destroy();
    settle(({ status, body, decoder, resolve }) => resolve({ status, body: body + decoder.end() }));
  };
  return {
    ask: (request, timeoutS, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<Page>();
      pending = { status: 0, body: "", bytes: 0, isBegun: false, decoder: new StringDecoder("utf8"), resolve, reject };
      const abort = () => fail(signal?.reason as Error);
      const deadline = setTimeout(() => fail(new DOMException("no answer in time", "TimeoutError")), timeoutS * 1000);
      signal?.addEventListener("abort", abort, { once: true });
      socket.ref();
      socket.write(request);
      return promise.finally(() => {
        clearTimeout(deadline);
        signal?.removeEventListener("abort", abort);
      });
    },
    isOpen: () => isReusable && !socket.destroyed,
    close: () => void socket.destroy(),
  };
}

type Pending = {
  status: number;
  body: string;
  bytes: number;
  isBegun: boolean;
  readonly decoder: StringDecoder;
  readonly resolve: (page: Page) => void;
  readonly reject: (error: Error) => void;
};

const isInterim = (status: number): boolean => status < 200;

function connect({ protocol, hostname, port }: URL, heard: (bytes: number) => void): net.Socket {
  // An IPv6 address is in brackets in a URL.
  const host = hostname.replace(/^\[|\]$/g, "");
  const onread = {
    buffer: BUFFER,
    callback: (bytes: number) => {
      heard(bytes);
      return true;
    },
  };
  const isTls = protocol === "https:";
  const to = { host, port: Number(port) || (isTls ? 443 : 80), noDelay: true, onread };
  if (!isTls) return net.connect(to);
  // A name is told to the server, which may have a certificate for each; an address never is.
  return tls.connect({ ...to, ...(net.isIP(host) === 0 ? { servername: host } : {}), ALPNProtocols: ["http/1.1"] });
}

function requestOf(target: URL): string {
  const headers = { host: target.host, ...basicAuthorization(target.href) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${target.pathname}${target.search} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

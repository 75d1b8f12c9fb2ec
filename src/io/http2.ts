import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, type OutgoingHttpHeaders } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Connector, ConnectPhases } from "./connector.ts";
import type { HttpHandler, WireRequest } from "./http.ts";

/** One HTTP/2 connection, from its opening to its end: it never opens itself again, and never sends a request twice. */
export type Http2Connection = {
  readonly open: () => void;
  /** Sends a request on a stream of its own; the function that it returns gives it up and leaves all others alone. */
  readonly send: (wire: WireRequest, handler: HttpHandler, traceparent?: string) => () => void;
  /** Bytes that have come from the endpoint, of whatever stream. */
  readonly bytesRead: () => number;
  readonly destroy: () => Promise<void>;
};

export type Http2Watch = {
  /** The endpoint's SETTINGS have come: it does speak HTTP/2, and takes this many requests at once. */
  readonly opened: (mostStreams: number, phases: ConnectPhases) => void;
  /** No further request may be sent; those under way hear for themselves. With an error where it never opened. */
  readonly closed: (error: Error | undefined) => void;
};

/** Error codes of our own, for whoever explains them. */
export const NO_HTTP2 = "ERR_NO_HTTP2";
export const GOAWAY = "ERR_HTTP2_GOAWAY";
export const CLOSED = "ERR_HTTP2_CLOSED";
export const RESET = "ERR_HTTP2_RESET";

// Answers are read as they come, so a window only has to be larger than what a fast network holds.
const STREAM_WINDOW = 1024 * 1024;
const CONNECTION_WINDOW = 16 * 1024 * 1024;
const SESSION_MEMORY_MB = 1024;

/** Opens no socket yet. `origin` is scheme, host and port; with http the endpoint has to know HTTP/2 in advance (h2c). */
export function openHttp2(origin: string, connector: Connector, watch: Http2Watch): Http2Connection {
  const isTls = origin.startsWith("https:");
  let giveUp = () => {};
  let session: ClientHttp2Session | undefined;
  let transport: TLSSocket | undefined;
  let [isOpen, isClosed] = [false, false];
  let goaway: { readonly code: number; readonly lastId: number } | undefined;
  let broken: Error | undefined;
  const closed = (error?: Error) => {
    if (isClosed) return;
    isClosed = true;
    watch.closed(isOpen ? undefined : (error ?? failure(CLOSED, "the endpoint closed the connection before it spoke HTTP/2")));
  };

  function begin(socket: TLSSocket, phases: ConnectPhases): void {
    if (isTls && socket.alpnProtocol !== "h2") {
      socket.destroy();
      return closed(failure(NO_HTTP2, "the endpoint does not offer HTTP/2 over TLS (ALPN)"));
    }
    transport = socket;
    session = connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
      maxSessionMemory: SESSION_MEMORY_MB,
    });
    session.once("connect", () => session?.setLocalWindowSize(CONNECTION_WINDOW));
    session.once("remoteSettings", ({ maxConcurrentStreams = Number.POSITIVE_INFINITY }) => {
      if (maxConcurrentStreams === 0)
        return closed(failure(NO_HTTP2, "the endpoint takes no request (SETTINGS_MAX_CONCURRENT_STREAMS is 0)"));
      isOpen = true;
      return watch.opened(maxConcurrentStreams, phases);
    });
    session.on("goaway", (code: number, lastId: number) => {
      goaway ??= { code, lastId };
      closed(failure(GOAWAY, `the endpoint closed the connection at once (GOAWAY, ${nameOfCode(code)})`));
    });
    session.on("error", (error: Error) => {
      broken ??= error;
      // Whatever came over a plain connection, it was no HTTP/2.
      closed(!isTls && (error as NodeJS.ErrnoException).code?.startsWith("ERR_HTTP2_") === true ? noPriorKnowledge() : error);
    });
    session.on("close", () => closed());
  }

  /** Why a stream ended without its whole answer. */
  function reasonOf(stream: ClientHttp2Stream, error: Error | undefined): Error {
    if (goaway !== undefined && (stream.id ?? Number.POSITIVE_INFINITY) > goaway.lastId)
      return failure(GOAWAY, `the endpoint was closing the connection and did not take the request (GOAWAY, ${nameOfCode(goaway.code)})`);
    if (goaway !== undefined && goaway.code !== constants.NGHTTP2_NO_ERROR)
      return failure(CLOSED, `the endpoint closed the connection (GOAWAY, ${nameOfCode(goaway.code)})`);
    const { code } = (error ?? {}) as NodeJS.ErrnoException;
    // The error of the connection comes to its streams first.
    if (code !== undefined && code !== "ERR_HTTP2_STREAM_ERROR") return error!;
    if (broken !== undefined) return broken;
    const { rstCode } = stream;
    if (rstCode === constants.NGHTTP2_REFUSED_STREAM)
      return failure(
        RESET,
        "the endpoint refused the request (REFUSED_STREAM); if it takes fewer at once, lower target.connection.streams",
      );
    if (rstCode === constants.NGHTTP2_CANCEL || rstCode === constants.NGHTTP2_NO_ERROR || rstCode === undefined)
      return session?.destroyed === true || session?.closed === true
        ? failure(CLOSED, "the endpoint closed the connection")
        : failure(RESET, "the endpoint ended the answer before it was complete");
    return failure(RESET, `the endpoint reset the request (${nameOfCode(rstCode)})`, error);
  }

  return {
    open() {
      giveUp = connector.connect(undefined, (error, socket, phases) => {
        if (error === null) begin(socket as TLSSocket, phases);
        else closed(isNoAlpn(error) ? failure(NO_HTTP2, "the endpoint does not offer HTTP/2 over TLS (ALPN)", error) : error);
      });
    },
    send(wire, handler, traceparent) {
      handler.onRequestStart();
      let stream: ClientHttp2Stream;
      try {
        if (session === undefined) throw failure(CLOSED, "the connection is not open");
        const headers = headersOf(wire, origin);
        stream = session.request(traceparent === undefined ? headers : { ...headers, traceparent }, { endStream: wire.body === null });
      } catch (error) {
        handler.onResponseError(undefined, error as Error);
        return () => {};
      }
      let isOver = false;
      let [status, received] = [0, 0];
      let length: number | undefined;
      let trailers: Record<string, string | string[] | undefined> | undefined;
      let hasEnded = false;
      let expectsTrailers = wire.headers.includes("trailers");
      const end = () => {
        isOver = true;
        handler.onResponseEnd(undefined, trailers);
      };
      const fail = (error: Error | undefined) => {
        if (isOver) return;
        isOver = true;
        handler.onResponseError(undefined, reasonOf(stream, error));
      };
      stream.on("response", (headers) => {
        if (isOver) return;
        status = headers[":status"] ?? 0;
        const { "content-length": declared } = headers;
        expectsTrailers ||= headers.trailer !== undefined;
        if (declared !== undefined && wire.method !== "HEAD" && status !== 304) length = Number(declared);
        handler.onResponseStarted();
        handler.onResponseStart(undefined, status, regular(headers));
      });
      stream.on("data", (chunk: Buffer) => {
        received += chunk.length;
        if (!isOver) handler.onResponseData(undefined, chunk);
      });
      stream.on("end", () => {
        // A stream that was reset ends as well; its error and its close follow.
        if (isOver || status === 0 || (stream.rstCode ?? 0) !== constants.NGHTTP2_NO_ERROR) return;
        if (length !== undefined && length !== received) return fail(undefined);
        hasEnded = true;
        // Trailers come with the end, and Node may tell of the end first.
        if (trailers !== undefined || !expectsTrailers) end();
      });
      stream.on("trailers", (headers) => {
        trailers = regular(headers);
        if (hasEnded && !isOver) end();
      });
      stream.on("error", fail);
      stream.on("close", () => {
        if (hasEnded && !isOver) end();
        else fail(undefined);
      });
      if (wire.body !== null) stream.end(wire.body);
      return () => {
        isOver = true;
        stream.close(constants.NGHTTP2_CANCEL);
      };
    },
    bytesRead: () => transport?.bytesRead ?? 0,
    async destroy() {
      isClosed = true;
      giveUp();
      if (session === undefined || session.destroyed) return;
      await new Promise<void>((resolve) => {
        session?.once("close", resolve);
        session?.destroy();
      });
    },
  };
}

const failure = (code: string, message: string, cause?: Error): Error =>
  Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code });

const noPriorKnowledge = (): Error => failure(NO_HTTP2, "the endpoint does not speak HTTP/2 without TLS (h2c by prior knowledge)");

const isNoAlpn = (error: Error): boolean => /NO_APPLICATION_PROTOCOL/.test((error as NodeJS.ErrnoException).code ?? "");

/** RFC 9113 §7, by their number. */
// biome-ignore format: a list reads best in rows
const CODES = [
  "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
  "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
];

const nameOfCode = (code: number): string => CODES[code] ?? `code ${code}`;

/** Made once a request: it is sent again and again, perhaps with a body of the same length that begins differently. */
const known = new WeakMap<WireRequest["headers"], OutgoingHttpHeaders>();

function headersOf(wire: WireRequest, origin: string): OutgoingHttpHeaders {
  const before = known.get(wire.headers);
  if (before !== undefined) return before;
  const { protocol, host } = new URL(origin);
  const headers: OutgoingHttpHeaders = { ":method": wire.method, ":scheme": protocol.slice(0, -1), ":authority": host, ":path": wire.path };
  for (let i = 0; i < wire.headers.length; i += 2) {
    const name = wire.headers[i]!.toLowerCase();
    if (name === "host") headers[":authority"] = wire.headers[i + 1];
    else if (name !== "connection") headers[name] = wire.headers[i + 1];
  }
  if (wire.body !== null) headers["content-length"] = wire.body.byteLength;
  known.set(wire.headers, headers);
  return headers;
}

function regular(headers: Readonly<Record<string, string | string[] | number | undefined>>): Record<string, string | string[] | undefined> {
  const rest: Record<string, string | string[] | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    if (!name.startsWith(":")) rest[name] = typeof value === "number" ? String(value) : value;
  }
  return rest;
}

import { StringDecoder } from "node:string_decoder";
import type { TLSSocket } from "node:tls";
import { Agent, Client } from "undici";
import undici from "undici/package.json" with { type: "json" };
import type { Connector, ConnectPhases } from "./connector.ts";

/** Version of the HTTP client. It changes measured latency, hence belongs to a run's environment. */
export const undiciVersion: string = undici.version;

/** Hears of one request, from its first byte to its end. The last call is `onResponseEnd` or `onResponseError`. */
export type HttpHandler = {
  readonly onRequestStart: () => void;
  readonly onResponseStarted: () => void;
  readonly onResponseStart: (controller: unknown, status: number, headers: Record<string, string | string[] | undefined>) => void;
  readonly onResponseData: (controller: unknown, chunk: Buffer) => void;
  readonly onResponseEnd: (controller?: unknown, trailers?: Record<string, string | string[] | undefined>) => void;
  readonly onResponseError: (controller: unknown, error: Error) => void;
};

/** One request in the form in which it is sent again and again: `headers` alternates names and values. */
export type WireRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: Buffer | null;
};

/** Exactly one HTTP/1.1 connection at a time, opened by the first request and again after it broke. One request at a time. */
export type Connection = {
  /** `last`: tells the endpoint that the connection ends with this request. `traceparent`: a header of this one alone. */
  readonly dispatch: (request: WireRequest, handler: HttpHandler, last?: boolean, traceparent?: string) => void;
  /** Closes once what is under way has ended. */
  readonly close: () => Promise<void>;
  /** Aborts what is under way, also a connection attempt. Its handler still hears of an error. */
  readonly destroy: () => Promise<void>;
};

/** Hears when a connection attempt (DNS, TCP, TLS) begins, and when it succeeded (then with its phases) or failed. */
export type ConnectWatch = { readonly began: () => void; readonly ended: (phases: ConnectPhases | undefined) => void };

/** Opens no socket yet. `origin` is scheme, host and port. */
export function openConnection(origin: string, connector: Connector, watch: ConnectWatch): Connection {
  let giveUp = () => {};
  const client = new Client(origin, {
    allowH2: false,
    pipelining: 1,
    // No deadline of the client's own (its timers tick every half second): the caller keeps deadlines.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Only the server ends an idle connection. A hint of its own (`Keep-Alive: timeout=5`) is respected half a second early.
    keepAliveTimeout: 3_600_000,
    keepAliveMaxTimeout: 3_600_000,
    keepAliveTimeoutThreshold: 500,
    connect: ({ servername }, callback) => {
      watch.began();
      giveUp = connector.connect(servername ?? undefined, (error, socket, phases) => {
        giveUp = () => {};
        watch.ended(error === null ? phases : undefined);
        if (error === null) callback(null, socket as TLSSocket);
        else callback(error, null);
      });
    },
  });
  return {
    dispatch: (wire, handler, last, traceparent) => {
      const traced = traceparent === undefined ? wire : { ...wire, headers: [...wire.headers, "traceparent", traceparent] };
      client.dispatch(last ? { ...traced, reset: true } : traced, handler);
    },
    close: () => client.close(),
    destroy: () => {
      giveUp();
      return client.destroy();
    },
  };
}

/** A whole small answer. Header names are lower case. */
export type TextResponse = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

const agent = new Agent({ allowH2: false, connections: 4, pipelining: 1, keepAliveTimeout: 10_000 });

const LONGEST_ANSWER = 16 * 1024 * 1024;

/**
 * One small GET beside the load, of telemetry for instance. Any HTTP status is an answer. `user:password@` in the URL
 * becomes basic authorization.
 *
 * @throws the client's own error on a network failure, a deadline, or a body longer than `maxBytes` (16 MiB).
 */
export async function getText(
  url: string,
  options: {
    readonly timeoutS: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    readonly maxBytes?: number;
  },
): Promise<TextResponse> {
  const { signal } = options;
  signal?.throwIfAborted();
  const maxBytes = options.maxBytes ?? LONGEST_ANSWER;
  const { origin, pathname, search } = new URL(url);
  const headers = { ...basicAuthorization(url), ...options.headers };
  // Neither by `request` nor with signals that are made for one answer: both cost more than reading some hundred kilobytes.
  return new Promise((resolve, reject) => {
    let [status, received, size] = [0, {} as TextResponse["headers"], 0];
    const decoder = new StringDecoder("utf8");
    let body = "";
    let over: unknown;
    // Heard also while there is no connection yet.
    let stop: (reason: unknown) => void = reject;
    const give = (reason: unknown) => {
      over = reason;
      stop(reason);
    };
    const abort = () => give(signal?.reason);
    const deadline = setTimeout(() => give(new DOMException("no answer in time", "TimeoutError")), options.timeoutS * 1000).unref();
    signal?.addEventListener("abort", abort, { once: true });
    const done = (end: () => void) => {
      clearTimeout(deadline);
      signal?.removeEventListener("abort", abort);
      end();
    };
    agent.dispatch(
      { origin, path: pathname + search, method: "GET", headers },
      {
        onRequestStart: (controller) => {
          stop = (reason) => controller.abort(reason as Error);
          if (over !== undefined) stop(over);
        },
        onResponseStart: (_, statusCode, raw) => {
          status = statusCode;
          received = flatHeaders(raw);
        },
        onResponseData: (controller, chunk) => {
          size += chunk.length;
          if (size > maxBytes) controller.abort(tooLong(url, maxBytes));
          else body += decoder.write(chunk);
        },
        onResponseEnd: () => done(() => resolve({ status, headers: received, body: body + decoder.end() })),
        onResponseError: (_, error) => done(() => reject(error)),
      },
    );
  });
}

/** The header that `user:password@` in a URL becomes; none without. */
export function basicAuthorization(url: string): Readonly<Record<string, string>> {
  if (!url.includes("@")) return {};
  const { username, password } = new URL(url);
  if (username === "") return {};
  return { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}` };
}

export const withDeadline = (timeoutS: number, signal: AbortSignal | undefined): AbortSignal => {
  const deadline = AbortSignal.timeout(Math.ceil(timeoutS * 1000));
  return signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
};

/** Names the URL as it may be shown: without user, password and query. */
export function tooLong(url: string, maxBytes: number): Error {
  const { origin, pathname } = new URL(url);
  return new Error(`the answer of ${origin}${pathname} is longer than ${maxBytes} bytes`);
}

/** Joins the values of a repeated header with a comma; headers of which none is repeated are returned as they are. */
export function flatHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  for (const name in headers) {
    if (typeof headers[name] !== "string") return joined(headers);
  }
  return headers as Readonly<Record<string, string>>;
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === "string" ? value : value.join(", ");
  }
  return flat;
}

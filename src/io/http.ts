import type { Socket } from "node:net";
import { Agent, buildConnector, Client, type Dispatcher, request } from "undici";
import undici from "undici/package.json" with { type: "json" };

/** Version of the HTTP client. It changes measured latency, hence belongs to a run's environment. */
export const undiciVersion: string = undici.version;

export type HttpHandler = Dispatcher.DispatchHandler;

/** One request in the form in which it is sent again and again: `headers` alternates names and values. */
export type WireRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: Buffer | null;
};

/** Exactly one HTTP/1.1 connection at a time, opened by the first request and again after it broke. One request at a time. */
export type Connection = {
  readonly dispatch: (request: WireRequest, handler: HttpHandler) => void;
  /** Aborts what is under way, also a connection attempt. Its handler still hears of an error. */
  readonly destroy: () => Promise<void>;
};

/** Hears when a connection attempt (DNS, TCP, TLS) begins and when it succeeded or failed. */
export type ConnectWatch = { readonly began: () => void; readonly ended: (connected: boolean) => void };

// No deadline of the client's own (its timers tick every half second): the caller keeps deadlines. TLS sessions are not
// resumed, so that every new connection does the same handshake and connect times are comparable.
const connectSocket = buildConnector({ allowH2: false, timeout: 0, maxCachedSessions: 0 });

/** Opens no socket yet. `origin` is scheme, host and port. Certificates are verified; `NODE_EXTRA_CA_CERTS` adds authorities. */
export function openConnection(origin: string, watch: ConnectWatch): Connection {
  let connecting: Socket | undefined;
  const client = new Client(origin, {
    allowH2: false,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    // Only the server ends an idle connection. A hint of its own (`Keep-Alive: timeout=5`) is respected half a second early.
    keepAliveTimeout: 3_600_000,
    keepAliveMaxTimeout: 3_600_000,
    keepAliveTimeoutThreshold: 500,
    connect: (options, callback) => {
      watch.began();
      const answer = (...result: Parameters<typeof callback>) => {
        connecting = undefined;
        watch.ended(result[0] === null);
        callback(...result);
      };
      // The connector returns its socket, which its type does not say. Only through it can an attempt be given up.
      connecting = connectSocket(options, answer) as unknown as Socket;
    },
  });
  return {
    dispatch: (wire, handler) => void client.dispatch(wire, handler),
    destroy: () => {
      connecting?.destroy();
      return client.destroy();
    },
  };
}

/** A whole small answer. Header names are lower case. */
export type TextResponse = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

const agent = new Agent({ allowH2: false, connections: 4, pipelining: 1, keepAliveTimeout: 10_000 });

/**
 * One small GET beside the load: readiness, identity, telemetry. Any HTTP status is an answer.
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
  const deadline = AbortSignal.timeout(Math.ceil(options.timeoutS * 1000));
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const { statusCode, headers, body } = await request(url, { dispatcher: agent, signal, headers: { ...options.headers } });
  const maxBytes = options.maxBytes ?? 16 * 1024 * 1024;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      body.destroy();
      throw new Error(`the answer of ${url} is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: statusCode, headers: flatHeaders(headers), body: Buffer.concat(chunks).toString("utf8") };
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

import { openConnector, type Route } from "./connector.ts";
import { flatHeaders, type HttpHandler, openConnection, type TextResponse, tooLong, type WireRequest, withDeadline } from "./http.ts";
import { openHttp2 } from "./http2.ts";

const LONGEST_ANSWER = 16 * 1024 * 1024;

/** Of a GET nothing but the URL is needed. */
export type Question = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
};

export type Answer = TextResponse & { readonly bytes: Uint8Array };

const GET: Question = { method: "GET", headers: {}, body: undefined };

/**
 * One small request on a connection of its own, opened the way in which the load will be: same HTTP version, certificates,
 * name and proxy. What it meets, the load would meet. Any HTTP status is an answer.
 *
 * @throws the error of the connection, the deadline's or the signal's reason, or an answer longer than 16 MiB.
 */
export async function ask(
  url: string,
  route: Route,
  options: { readonly timeoutS: number; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  { method, headers, body }: Question = GET,
): Promise<Answer> {
  const { origin, pathname, search } = new URL(url);
  const wire = {
    method,
    path: pathname + search,
    headers: Object.entries({ ...options.headers, ...headers }).flat(),
    body: body === undefined ? null : Buffer.from(body),
  };
  const signal = withDeadline(options.timeoutS, options.signal);
  signal.throwIfAborted();
  const answered = Promise.withResolvers<Answer>();
  const sent = send(origin, route, wire, collect(url, answered));
  const giveUp = () => answered.reject(signal.reason as Error);
  signal.addEventListener("abort", giveUp);
  try {
    return await answered.promise;
  } finally {
    signal.removeEventListener("abort", giveUp);
    await sent.destroy();
  }
}

function send(origin: string, route: Route, wire: WireRequest, handler: HttpHandler): { readonly destroy: () => Promise<void> } {
  const connector = openConnector(origin, route);
  if (route.connection.http === "1.1") {
    const connection = openConnection(origin, connector, { began: () => {}, ended: () => {} });
    connection.dispatch(wire, handler, true);
    return connection;
  }
  const connection = openHttp2(origin, connector, {
    opened: () => void connection.send(wire, handler),
    closed: (error) => {
      if (error !== undefined) handler.onResponseError(undefined, error);
    },
  });
  connection.open();
  return connection;
}

function collect(url: string, { resolve, reject }: PromiseWithResolvers<Answer>): HttpHandler {
  const chunks: Buffer[] = [];
  let [status, size] = [0, 0];
  let headers: TextResponse["headers"] = {};
  return {
    onRequestStart: () => {},
    onResponseStarted: () => {},
    onResponseStart(_controller, code, received) {
      if (code < 200) return;
      status = code;
      headers = flatHeaders(received);
    },
    onResponseData(_controller, chunk) {
      size += chunk.length;
      if (size > LONGEST_ANSWER) reject(tooLong(url, LONGEST_ANSWER));
      else chunks.push(chunk);
    },
    onResponseEnd: () => {
      const bytes = Buffer.concat(chunks);
      resolve({ status, headers, body: bytes.toString("utf8"), bytes });
    },
    onResponseError: (_controller, error) => reject(error),
  };
}

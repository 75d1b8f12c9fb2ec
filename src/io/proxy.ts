import { request } from "node:http";
import type { Socket } from "node:net";
import { InputError } from "../core/errors.ts";

/** An HTTP proxy that opens tunnels (RFC 9110 §9.3.6, CONNECT). */
export type Proxy = {
  readonly host: string;
  readonly port: number;
  /** The proxy itself is reached over TLS. */
  readonly isTls: boolean;
  readonly authorization: string | undefined;
};

/** An error that is the proxy's, not the endpoint's. `heals`: waiting may mend it. */
export type ProxyError = Error & { readonly proxy: string; readonly heals?: boolean };

/** @throws {InputError} on what is no http or https URL; it may hold a password and is not shown. */
export function readProxy(url: string): Proxy {
  const parsed = URL.parse(url);
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol))
    throw new InputError("target.connection.proxy is not an http or https URL", { hint: "write it like http://proxy.internal:3128" });
  const { username, password, hostname, port, protocol } = parsed;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
    isTls: protocol === "https:",
    authorization: username === "" && password === "" ? undefined : `Basic ${Buffer.from(pair).toString("base64")}`,
  };
}

export const nameOf = ({ host, port }: Pick<Proxy, "host" | "port">): string => `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** Marks an error of the way to the proxy as the proxy's. */
export const blameProxy = (error: Error, proxy: Proxy): ProxyError => Object.assign(error, { proxy: nameOf(proxy) });

/**
 * Asks the proxy at the other end of a socket for a tunnel.
 *
 * @param authority host and port of the endpoint.
 * @param done called once: with the socket, which now leads to the endpoint, or with what the proxy said instead.
 */
export function openTunnel(proxy: Proxy, socket: Socket, authority: string, done: (error: ProxyError | undefined) => void): void {
  const asking = request({
    method: "CONNECT",
    path: authority,
    headers: { host: authority, ...(proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization }) },
    createConnection: () => socket,
  });
  asking.once("connect", ({ statusCode = 0 }, _socket, head) => {
    if (statusCode >= 200 && statusCode < 300) {
      // What the endpoint sent already (a greeting) came with the proxy's answer.
      if (head.length > 0) socket.unshift(head);
      return done(undefined);
    }
    socket.destroy();
    return done(refusal(proxy, authority, statusCode));
  });
  // A proxy that does not know CONNECT may answer it like any other request.
  asking.once("response", ({ statusCode = 0 }) => {
    socket.destroy();
    done(refusal(proxy, authority, statusCode));
  });
  asking.once("error", (error: Error) => done(blameProxy(error, proxy)));
  asking.end();
}

function refusal(proxy: Proxy, authority: string, status: number): ProxyError {
  const what = `the proxy ${nameOf(proxy)} answered ${status} to CONNECT ${authority}`;
  const [meaning, heals] = MEANINGS[status] ?? ["is it an HTTP proxy that allows tunnels to this port?", false];
  return Object.assign(new Error(`${what}; ${meaning}`), { code: "ERR_PROXY_STATUS", proxy: nameOf(proxy), heals });
}

const UNREACHED = "it could not reach the endpoint";
const MEANINGS: Readonly<Record<number, readonly [string, boolean]>> = {
  403: ["it does not allow this host or port", false],
  407: ["it wants other credentials: write user:password@ into target.connection.proxy", false],
  502: [UNREACHED, true],
  503: [UNREACHED, true],
  504: [UNREACHED, true],
};

import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import {
  createServer as createH2cServer,
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { type Route, USUAL_ROUTE } from "../../../src/io/connector.ts";
import { listen } from "./endpoint.ts";

export const pem = (name: string): string => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), "utf8");

/** A certificate of the test's authority, and its key. */
export const identity = (name: "server" | "elsewhere" | "client" | "stranger") => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });

type Change = { readonly [K in "connection" | "tls" | "material"]?: Partial<Route[K]> };

/** The usual way to an endpoint, and the test's authority is trusted. */
export const route = ({ connection, tls, material }: Change = {}): Route => ({
  connection: { ...USUAL_ROUTE.connection, ...connection },
  tls: { ...USUAL_ROUTE.tls, ...tls },
  material: { ...USUAL_ROUTE.material, ca: pem("ca.pem"), ...material },
});

export async function serveTls(
  listener: (request: IncomingMessage & { readonly socket: Socket }, response: import("node:http").ServerResponse) => void,
  options: ServerOptions = identity("server"),
): Promise<string> {
  return `https://127.0.0.1:${await listen(createHttpsServer(options, listener as never))}`;
}

export type H2Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** HTTP/2 without TLS. */
export async function serveH2c(listener: H2Listener, server: Http2Server = createH2cServer(listener)): Promise<string> {
  closeSessions(server);
  return `http://127.0.0.1:${await listen(server)}`;
}

/** HTTP/2 over TLS, and nothing else. */
export async function serveH2(
  listener: H2Listener,
  server: Http2SecureServer = createSecureServer(identity("server"), listener),
): Promise<string> {
  closeSessions(server);
  return `https://127.0.0.1:${await listen(server)}`;
}

function closeSessions(server: Http2Server | Http2SecureServer): void {
  server.on("sessionError", () => {});
  server.on("session", (session) => {
    session.on("error", () => {});
    onTestFinished(() => session.destroy());
  });
}

export type ProxyLog = { readonly url: string; readonly authorities: string[]; readonly authorizations: (string | undefined)[] };

/** An HTTP proxy that opens tunnels, or answers CONNECT with another status. */
export async function serveProxy(refuse?: number): Promise<ProxyLog> {
  const [authorities, authorizations]: [string[], (string | undefined)[]] = [[], []];
  const server = createHttpServer((_, response) => void response.writeHead(405).end());
  server.on("connect", (request, client: Socket, head: Buffer) => {
    authorities.push(request.url ?? "");
    authorizations.push(request.headers["proxy-authorization"]);
    client.on("error", () => {});
    if (refuse !== undefined) return client.end(`HTTP/1.1 ${refuse} No\r\ncontent-length: 0\r\n\r\n`);
    const [host, port] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"));
    client.on("close", () => upstream.destroy());
    return upstream;
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, authorities, authorizations };
}

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import { onTestFinished } from "vitest";

/** A real HTTP server on a free port of 127.0.0.1, gone with its connections when the test ends. */
export async function serve(listener: RequestListener, server: Server = createServer(listener)): Promise<string> {
  return `http://127.0.0.1:${await listen(server)}`;
}

/** Likewise, where what was asked counts: `listener` is called when the whole body of a request has come. */
export const serveBodies = (listener: (request: IncomingMessage, response: ServerResponse, body: string) => void): Promise<string> =>
  serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => listener(request, response, Buffer.concat(chunks).toString()));
  });

/** A server that speaks bytes. */
export const serveBytes = async (onConnection: (socket: Socket) => void): Promise<string> =>
  `http://127.0.0.1:${await listen(createTcpServer((socket) => onConnection(socket.on("error", () => {}))))}`;

/** An HTTPS server whose certificate nobody has signed but itself. */
export async function serveSelfSigned(listener: RequestListener): Promise<string> {
  return `https://127.0.0.1:${await listen(createTlsServer(certificate(), listener))}`;
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Listens on a free port of 127.0.0.1 until the test ends. */
export async function listen(server: TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.on("close", () => sockets.delete(socket))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

function certificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const read = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url));
  return { key: read("key"), cert: read("cert") };
}

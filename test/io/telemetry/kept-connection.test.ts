import type { Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { type KeptConnection, keepConnection } from "../../../src/io/telemetry/kept-connection.ts";
import { freePort, serveBytes, serveSelfSigned } from "../load/endpoint.ts";
import { identity, pem, serveTls } from "../load/secure-endpoint.ts";
import { serve } from "./serve.ts";

const keep = (url: string, maxBytes?: number): KeptConnection => {
  const connection = keepConnection(url, maxBytes);
  onTestFinished(() => connection.close());
  return connection;
};

/** Answers the n-th request of each connection, from 1. */
const answering = (answer: (socket: Socket, n: number) => void): Promise<string> =>
  serveBytes((socket) => {
    let n = 0;
    socket.on("data", () => answer(socket, ++n));
  });

/** Bytes that come in pieces, each on its own. */
async function inPieces(socket: Socket, bytes: Buffer, size: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) {
    socket.write(bytes.subarray(at, at + size));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe("a page that is read again and again", () => {
  test("is asked for on one connection, whatever its status and however its length is told", async () => {
    const connections = new Set<Socket>();
    let asked = 0;
    const url = await serve((request, response) => {
      connections.add(request.socket);
      asked++;
      expect(request.headers).toEqual({ host: new URL(url).host });
      if (asked === 2) response.statusCode = 503;
      if (asked !== 3) return response.end(`${request.url} ${asked}`);
      response.write("in ");
      response.end("chunks");
    });
    const page = keep(`${url}?name[]=a b`);
    expect(await page.get(5)).toEqual({ status: 200, body: "/metrics?name[]=a%20b 1" });
    expect(await page.get(5)).toEqual({ status: 503, body: "/metrics?name[]=a%20b 2" });
    expect(await page.get(5)).toEqual({ status: 200, body: "in chunks" });
    expect(connections.size).toBe(1);
  });

  test.each([1, 2, 3, 7, 64])("is the same in pieces of %i bytes", async (size) => {
    const body = Buffer.from("grüß 😀");
    // The chunks end inside of characters.
    const chunks = [body.subarray(0, 3), body.subarray(3, 9), body.subarray(9)];
    const bytes = Buffer.concat([
      Buffer.from("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
      Buffer.from("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"),
      ...chunks.flatMap((chunk) => [Buffer.from(`${chunk.length};x=y\r\n`), chunk, Buffer.from("\r\n")]),
      Buffer.from("0\r\nafter: all\r\n\r\n"),
    ]);
    const url = await answering((socket) => void inPieces(socket, bytes, size));
    const page = keep(url);
    for (let i = 0; i < 2; i++) expect(await page.get(5)).toEqual({ status: 200, body: "grüß 😀" });
  });

  test.each(["HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\n"])(
    "may end with its connection: %j",
    async (head) => {
      let connections = 0;
      const url = await serveBytes((socket) => {
        connections++;
        socket.on("data", () => socket.end(`${head}a 1`));
      });
      const page = keep(url);
      for (let i = 0; i < 3; i++) expect(await page.get(5)).toEqual({ status: 200, body: "a 1" });
      expect(connections).toBe(3);
    },
  );

  test("is not asked for again on a connection that was said to end, though it does not", async () => {
    let connections = 0;
    const url = await serveBytes((socket) => {
      connections++;
      socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\na 1"));
    });
    const page = keep(url);
    for (let i = 0; i < 2; i++) expect((await page.get(5)).body).toBe("a 1");
    expect(connections).toBe(2);
  });

  test("needs its user and password where the URL has them", async () => {
    const url = await serve((request, response) => response.end(request.headers.authorization));
    expect((await keep(url.replace("//", "//me:pass%20word@")).get(5)).body).toBe(`Basic ${btoa("me:pass word")}`);
  });

  test("is asked for anew where the kept connection had ended without a word", async () => {
    const OK = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na 1";
    const url = await answering((socket, n) => (n === 1 ? socket.write(OK) : socket.destroy()));
    const page = keep(url);
    for (let i = 0; i < 3; i++) expect((await page.get(5)).body).toBe("a 1");
  });

  test("does not keep a connection that sent more than was asked for", async () => {
    let connections = 0;
    const url = await serveBytes((socket) => {
      connections++;
      socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na 1"));
      socket.on("data", () => setTimeout(() => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na 2"), 10));
    });
    const page = keep(url);
    expect((await page.get(5)).body).toBe("a 1");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await page.get(5)).body).toBe("a 1");
    expect(connections).toBe(2);
  });
});

describe("a page that does not come", () => {
  test("in time, also in its middle, is a deadline missed; the next is asked for on a new connection", async () => {
    let asked = 0;
    const url = await serve((_, response) => (++asked === 1 ? void response.write("half") : void response.end("whole")));
    const page = keep(url);
    await expect(page.get(0.2)).rejects.toMatchObject({ name: "TimeoutError" });
    expect((await page.get(5)).body).toBe("whole");
  });

  test("before it is cancelled fails by the reason for that", async () => {
    const page = keep(await serve(() => {}));
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 50);
    await expect(page.get(20, cancel.signal)).rejects.toMatchObject({ name: "AbortError" });
    await expect(page.get(20, cancel.signal)).rejects.toMatchObject({ name: "AbortError" });
  });

  test("because nobody listens, or nobody has that name, fails by Node's code", async () => {
    await expect(keep(`http://127.0.0.1:${await freePort()}/`).get(5)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(keep("http://nobody.invalid/").get(5)).rejects.toMatchObject({ code: expect.stringMatching(/^E(NOTFOUND|AI_AGAIN)$/) });
  });

  test("whole is no page, on a kept connection as on a new one", async () => {
    let asked = 0;
    const half = "HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\nhalf";
    const url = await answering((socket, n) => {
      asked++;
      if (n === 1 && asked === 1) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na 1");
      else socket.end(half);
    });
    const page = keep(url);
    expect((await page.get(5)).body).toBe("a 1");
    for (let i = 0; i < 2; i++) await expect(page.get(5)).rejects.toThrow("the connection ended before the answer did");
    expect(asked).toBe(3);
  });

  test("within the longest that it may be is refused", async () => {
    const url = await serve((_, response) => void response.end("x".repeat(1001)));
    await expect(keep(url, 1000).get(5)).rejects.toThrow(/longer than 1000 bytes/);
    expect((await keep(url, 1001).get(5)).body).toHaveLength(1001);
    const secret = `${url.replace("//", "//me:pass@")}?token=key`;
    await expect(keep(secret, 1000).get(5)).rejects.toThrow(`the answer of ${url} is longer`);
  });

  test.each(["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n", "\0\x01\x02\r\n\r\n"])(
    "in HTTP is called that: %j",
    async (bytes) => {
      const url = await answering((socket) => socket.write(bytes));
      await expect(keep(url).get(5)).rejects.toThrow(/^the answer is not HTTP \(/);
    },
  );

  test("from a server whose certificate nobody trusts fails by OpenSSL's code", async () => {
    const url = await serveSelfSigned((_, response) => void response.end("a 1"));
    await expect(keep(url).get(5)).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });
});

describe("over TLS", () => {
  const trusting = () => {
    const before = getCACertificates("default");
    setDefaultCACertificates([pem("ca.pem")]);
    onTestFinished(() => setDefaultCACertificates(before));
  };

  test("a page comes on one connection, from a server whose certificate is for it", async () => {
    trusting();
    const sockets = new Set<Socket>();
    const url = await serveTls((request, response) => {
      sockets.add(request.socket);
      expect((request.socket as TLSSocket).alpnProtocol).toBe("http/1.1");
      response.end("x".repeat(200_000));
    });
    const page = keep(url);
    for (let i = 0; i < 3; i++) expect((await page.get(5)).body).toHaveLength(200_000);
    expect(sockets.size).toBe(1);
  });

  test("a certificate for another name is none", async () => {
    trusting();
    const url = await serveTls((_, response) => void response.end("a 1"), identity("elsewhere"));
    await expect(keep(url).get(5)).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });
});

import { describe, expect, test } from "vitest";
import { block, details, drive, GET, kinds, one, open, plainReader, steady } from "./drive.ts";
import { freePort, serve, serveBytes, serveSelfSigned } from "./endpoint.ts";

const POST = { ...GET, method: "POST", body: new TextEncoder().encode("hello") };

describe("a request that gets no answer in time", () => {
  test("is censored exactly at its deadline, counted from its intended start", async () => {
    const url = await serve(() => {});
    const { outcomes } = await drive(open(url, { timeoutS: 0.25 }), steady(20, 0.3));
    expect(kinds(outcomes)).toEqual(Array<string>(6).fill("timeout"));
    for (const { intendedNs, endNs, wireNs, firstByteNs } of outcomes) {
      expect(endNs - intendedNs).toBe(250e6);
      expect(wireNs!).toBeLessThan(endNs);
      expect(firstByteNs).toBeUndefined();
    }
    expect(details(outcomes)[0]).toBe("no complete answer within 0.25 s: no answer began");
  });

  test("is censored in the middle of an answer too", async () => {
    const url = await serve((_, response) => void response.write("half"));
    const { outcomes } = await drive(open(url, { timeoutS: 0.25 }), one);
    expect(outcomes[0]).toMatchObject({ status: 200, endNs: 250e6, result: { why: "timeout" } });
    expect(outcomes[0]!.firstByteNs!).toBeLessThan(250e6);
  });

  test("gives its connection up, and the next request opens another", async () => {
    let requests = 0;
    const url = await serve((_, response) => void (++requests > 1 && response.end()));
    const { outcomes } = await drive(open(url, { timeoutS: 0.2 }), steady(2, 1));
    expect(kinds(outcomes)).toEqual(["timeout", "ok"]);
    expect(outcomes[1]!.connectNs).toBeGreaterThan(0);
  });

  test("is not sent at all when our own pause outlasted its deadline", async () => {
    let arrived = 0;
    const url = await serve((_, response) => response.end(String(arrived++)));
    const driver = open(url, { timeoutS: 0.1 });
    const { outcomes } = await drive(driver, steady(100, 0.5), { onOutcome: ({ index }) => index === 10 && block(300) });
    const tooLate = outcomes.filter(({ dispatchedNs, endNs }) => dispatchedNs >= endNs);
    expect(tooLate.length).toBeGreaterThan(5);
    expect(new Set(kinds(tooLate))).toEqual(new Set(["timeout"]));
    for (const { intendedNs, endNs, wireNs } of tooLate) expect([endNs - intendedNs, wireNs]).toEqual([100e6, undefined]);
    expect(outcomes.length).toBe(50);
    expect(arrived).toBeLessThanOrEqual(50 - tooLate.length);
  });
});

describe("a connection that does not come about", () => {
  test("is refused, in words", async () => {
    const port = await freePort();
    const { outcomes } = await drive(open(`http://127.0.0.1:${port}`), steady(50, 0.06));
    expect(kinds(outcomes)).toEqual(["connect", "connect", "connect"]);
    expect(details(outcomes)[0]).toBe(`connection refused at 127.0.0.1:${port} (ECONNREFUSED)`);
    expect(outcomes[0]).toMatchObject({ wireNs: undefined, connectNs: undefined, status: undefined });
  });

  test("fails on a name that does not resolve", async () => {
    const { outcomes } = await drive(open("http://tailgate.invalid"), one);
    expect(kinds(outcomes)).toEqual(["connect"]);
    expect(details(outcomes)[0]).toMatch(/name/);
  });

  test("fails on a self-signed certificate, which is verified by default", async () => {
    const url = await serveSelfSigned((_, response) => void response.end());
    const { outcomes } = await drive(open(url), steady(10, 0.2));
    expect(kinds(outcomes)).toEqual(["connect", "connect"]);
    expect(details(outcomes)[0]).toMatch(
      /^the TLS certificate is self-signed at 127\.0\.0\.1:\d+; .*target\.tls\.ca.* \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
    );
  });

  test("says so when plain HTTP is spoken on an https port", async () => {
    const url = await serve((_, response) => void response.end());
    const { outcomes } = await drive(open(url.replace("http:", "https:")), one);
    expect(kinds(outcomes)).toEqual(["connect"]);
    expect(details(outcomes)[0]).toMatch(/speaks plain HTTP .*write http:\/\//);
  });

  test("says so when TLS is spoken on an http port", async () => {
    // What OpenSSL's servers answer to plain HTTP: a fatal alert.
    const url = await serveBytes((socket) =>
      socket.once("data", () => socket.end(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]))),
    );
    const { outcomes } = await drive(open(url), one);
    expect(kinds(outcomes)).toEqual(["connect"]);
    expect(details(outcomes)[0]).toMatch(/speaks TLS .*write https:\/\//);
  });

  test("that hangs in its handshake runs into the deadline of its request, and is given up", async () => {
    const gone = Promise.withResolvers<void>();
    const url = await serveBytes((socket) => void socket.resume().on("close", () => gone.resolve()));
    const { outcomes } = await drive(open(url.replace("http:", "https:"), { timeoutS: 0.2 }), one);
    expect(outcomes[0]).toMatchObject({ endNs: 200e6, wireNs: undefined, result: { why: "timeout" } });
    expect(details(outcomes)[0]).toMatch(/the request was not sent yet$/);
    await gone.promise;
  });
});

describe("a connection that breaks", () => {
  test("is a reset in the middle of an answer", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => setTimeout(() => response.destroy(), 20));
    });
    const { outcomes } = await drive(open(url), steady(10, 0.2));
    expect(kinds(outcomes)).toEqual(["reset", "reset"]);
    expect(outcomes[0]!.status).toBe(200);
    expect(details(outcomes)[0]).toMatch(/^the connection broke during the answer: /);
  });

  test("is a reset before an answer on a new connection", async () => {
    const url = await serveBytes((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const { outcomes } = await drive(open(url), one);
    expect(kinds(outcomes)).toEqual(["reset"]);
    expect(details(outcomes)[0]).toMatch(/^the connection broke before any answer: .*ECONNRESET/);
  });

  test("is stale when a kept-alive connection is closed under its next request", async () => {
    const url = await serveBytes((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        socket.once("data", () => socket.destroy());
      });
    });
    const { outcomes } = await drive(open(url), steady(10, 0.4), { requests: [POST] });
    expect(kinds(outcomes)).toEqual(["ok", "stale", "ok", "stale"]);
    expect(details(outcomes)[0]).toMatch(/^a kept-alive connection was closed under the request: /);
    expect(outcomes[2]!.connectNs).toBeGreaterThan(0);
  });

  test("is not stale when it was opened anew for the request", async () => {
    let connections = 0;
    const url = await serveBytes((socket) => {
      const first = ++connections === 1;
      socket.once("data", () => {
        if (!first) return socket.destroy();
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        return setTimeout(() => socket.end(), 20);
      });
    });
    const { outcomes } = await drive(open(url), steady(5, 0.4));
    expect(kinds(outcomes)).toEqual(["ok", "reset"]);
  });

  test("is no failure when the server had closed it between two requests", async () => {
    const url = await serveBytes((socket) => {
      socket.on("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        setTimeout(() => socket.end(), 20);
      });
    });
    const { outcomes } = await drive(open(url), steady(10, 0.5));
    expect(kinds(outcomes)).toEqual(Array<string>(5).fill("ok"));
    expect(outcomes.every(({ connectNs }) => connectNs !== undefined)).toBe(true);
  });

  test("may be closed by the server after each answer", async () => {
    const url = await serve((_, response) => void response.writeHead(200, { connection: "close" }).end("x"));
    const { outcomes } = await drive(open(url), steady(50, 0.4));
    expect(kinds(outcomes)).toEqual(Array<string>(20).fill("ok"));
    expect(outcomes.every(({ connectNs }) => connectNs !== undefined)).toBe(true);
  });
});

describe("an answer", () => {
  test("that is no HTTP is a failed body", async () => {
    const url = await serveBytes((socket) => socket.once("data", () => socket.end("HELLO\r\n\r\n")));
    const { outcomes } = await drive(open(url), one);
    expect(kinds(outcomes)).toEqual(["body"]);
    expect(details(outcomes)[0]).toMatch(/^the answer is not HTTP\/1\.1: /);
  });

  test("with headers beyond the client's limit is a failed body", async () => {
    const url = await serve((_, response) => void response.writeHead(200, { "x-long": "x".repeat(100_000) }).end());
    const { outcomes } = await drive(open(url), one);
    expect(kinds(outcomes)).toEqual(["body"]);
    expect(details(outcomes)[0]).toMatch(/^the headers of the answer are too large/);
  });

  test("is judged by its reader, which sees the status", async () => {
    let sent = 0;
    const url = await serve((_, response) => void response.writeHead(++sent % 2 === 0 ? 500 : 200).end("x"));
    const { outcomes } = await drive(open(url), steady(20, 0.2));
    expect(kinds(outcomes)).toEqual(["ok", "status", "ok", "status"]);
    expect(outcomes[1]).toMatchObject({ status: 500 });
    expect(outcomes[1]!.connectNs).toBeUndefined();
  });

  test("is not announced by a 1xx", async () => {
    const url = await serveBytes((socket) =>
      socket.on("data", () => socket.write("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n")),
    );
    const starts: number[] = [];
    const reader = () => ({ ...plainReader(), start: (status: number) => void starts.push(status) });
    const { outcomes } = await drive(open(url, { openResponse: reader }), one);
    expect(starts).toEqual([201]);
    expect(outcomes[0]!.status).toBe(201);
  });
});

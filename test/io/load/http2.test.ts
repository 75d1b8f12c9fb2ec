import { constants, createSecureServer, createServer, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { closed, details, drive, GET, kinds, latenciesMs, one, open, steady } from "./drive.ts";
import { serve, serveBytes } from "./endpoint.ts";
import { identity, pem, route, serveH2, serveH2c, serveTls } from "./secure-endpoint.ts";

const HTTP2 = route({ connection: { http: "2" } });
const http2 = (streams: number) => route({ connection: { http: "2", streams } });
const POST = { ...GET, method: "POST", path: "/x?y=1", headers: { "x-a": "b" }, body: new TextEncoder().encode("hello") };

const after = (ms: number, then: () => void): void => void setTimeout(then, ms);

/** Counts sessions, and how many streams each had at most at once. */
function counting(server: ReturnType<typeof createServer>) {
  const most: number[] = [];
  server.on("session", (session: ServerHttp2Session) => {
    const at = most.push(0) - 1;
    let now = 0;
    session.on("stream", (stream) => {
      most[at] = Math.max(most[at]!, ++now);
      stream.on("close", () => now--);
    });
  });
  return most;
}

describe("HTTP/2", () => {
  test.each(["h2c", "h2"])("is spoken over %s, with method, path, headers and body", async (kind) => {
    const seen: string[] = [];
    const listener = async (request: import("node:http2").Http2ServerRequest, response: import("node:http2").Http2ServerResponse) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const { ":scheme": scheme, "x-a": header, "content-length": length } = request.headers;
      seen.push([request.httpVersion, scheme, request.method, request.url, String(header), length, body].join(" "));
      response.end("answer");
    };
    const url = await (kind === "h2" ? serveH2 : serveH2c)((request, response) => void listener(request, response));
    const { outcomes } = await drive(open(url, HTTP2), steady(20, 0.2), { requests: [POST] });
    expect(kinds(outcomes)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(seen).toEqual(Array(4).fill(`2.0 ${kind === "h2" ? "https" : "http"} POST /x?y=1 b 5 hello`));
    expect(outcomes.map(({ connectNs }) => connectNs !== undefined)).toEqual([true, false, false, false]);
    expect(outcomes[0]!.tlsNs !== undefined).toBe(kind === "h2");
    for (const { wireNs, firstByteNs, endNs } of outcomes) expect(wireNs! < firstByteNs! && firstByteNs! <= endNs).toBe(true);
  });

  test("shares one connection, up to the streams that the suite wants, and opens another beyond", async () => {
    const server = createServer((_, response) => after(300, () => response.end()));
    const most = counting(server);
    const url = await serveH2c(() => {}, server);
    const { outcomes } = await drive(open(url, http2(10)), closed(25, 0.7));
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
    expect(most).toEqual([10, 10, 5]);
    // Only the three that opened a connection say what it took; the others waited for it, which is not our own delay.
    expect(outcomes.filter(({ connectNs }) => connectNs !== undefined).length).toBe(3);
    const first = outcomes.slice(0, 25);
    expect(first.filter(({ awaitedNs }) => awaitedNs !== undefined).length).toBe(22);
    for (const { wireNs, attemptNs, connectNs, awaitedNs } of first)
      expect(wireNs! - attemptNs - (connectNs ?? 0) - (awaitedNs ?? 0)).toBeLessThan(20e6);
  });

  test("keeps to the streams that the endpoint allows, where they are fewer", async () => {
    const server = createServer({ settings: { maxConcurrentStreams: 4 } }, (_, response) => after(200, () => response.end()));
    const most = counting(server);
    const url = await serveH2c(() => {}, server);
    const { outcomes } = await drive(open(url, http2(100)), closed(10, 0.5));
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
    expect(Math.max(...most)).toBe(4);
    expect(most.reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(10);
  });

  test("loses one request at its deadline, and none of the others on its connection", async () => {
    let connections = 0;
    const server = createServer((request, response) => {
      if (request.url === "/never") return;
      after(200, () => response.end());
    });
    server.on("session", () => connections++);
    const url = await serveH2c(() => {}, server);
    const requests = [GET, { ...GET, path: "/never" }];
    const load = steady(40, 0.5);
    load.picks.forEach((_, i) => void (load.picks[i] = i === 3 ? 1 : 0));
    const { outcomes } = await drive(open(url, { ...HTTP2, timeoutS: 0.3 }), load, { requests });
    expect(kinds(outcomes)).toEqual(Array.from({ length: 20 }, (_, i) => (i === 3 ? "timeout" : "ok")));
    expect(connections).toBe(1);
  });

  test("gives a connection up that has gone silent, once a request ran into its deadline on it", async () => {
    const silent = new Set<ServerHttp2Session>();
    let sessions = 0;
    const server = createServer((request, response) => {
      if (silent.has(request.stream.session as ServerHttp2Session)) return;
      response.end();
    });
    server.on("session", (session: ServerHttp2Session) => {
      if (++sessions > 1) return;
      // From now on nothing comes back, as behind a broken path.
      after(200, () => silent.add(session));
    });
    const url = await serveH2c(() => {}, server);
    const { outcomes } = await drive(open(url, { ...HTTP2, timeoutS: 0.3 }), steady(20, 1));
    expect(kinds(outcomes.slice(0, 3))).toEqual(["ok", "ok", "ok"]);
    expect(kinds(outcomes)).toContain("timeout");
    expect(kinds(outcomes.slice(-5))).toEqual(Array(5).fill("ok"));
    expect(sessions).toBe(2);
  });

  test("opens a new connection for every request with reuse: new, and after so many with requests-each", async () => {
    let sessions = 0;
    const server = createServer((_, response) => response.end());
    server.on("session", () => sessions++);
    const url = await serveH2c(() => {}, server);
    const each = await drive(open(url, route({ connection: { http: "2", reuse: "new" } })), steady(20, 0.5));
    expect(kinds(each.outcomes)).toEqual(Array(10).fill("ok"));
    expect(sessions).toBe(10);
    const churn = await drive(open(url, route({ connection: { http: "2", requestsEach: 4 } })), steady(20, 0.5));
    expect(kinds(churn.outcomes)).toEqual(Array(10).fill("ok"));
    expect(churn.outcomes.map(({ connectNs }) => connectNs !== undefined)).toEqual(Array.from({ length: 10 }, (_, i) => i % 4 === 0));
  });
});

describe("an endpoint that does not speak HTTP/2", () => {
  test("over TLS is told by ALPN, and nothing falls back", async () => {
    let asked = 0;
    const url = await serveTls((_, response) => void (asked++, response.end()));
    const { outcomes } = await drive(open(url, HTTP2), steady(10, 0.2));
    expect(kinds(outcomes)).toEqual(["connect", "connect"]);
    expect(details(outcomes)[0]).toMatch(/^the endpoint does not offer HTTP\/2 over TLS \(ALPN\) at 127\.0\.0\.1:\d+; write http: "1\.1"/);
    expect(asked).toBe(0);
  });

  test("without TLS is told by what it answers", async () => {
    const url = await serve((_, response) => void response.end());
    const { outcomes } = await drive(open(url, HTTP2), one);
    expect(kinds(outcomes)).toEqual(["connect"]);
    expect(details(outcomes)[0]).toMatch(/^the endpoint does not speak HTTP\/2 without TLS \(h2c by prior knowledge\) at 127/);
  });

  test("may close the connection before it said anything", async () => {
    const url = await serveBytes((socket) => socket.end());
    const { outcomes } = await drive(open(url, HTTP2), one);
    expect(kinds(outcomes)).toEqual(["connect"]);
    expect(details(outcomes)[0]).toMatch(/^the endpoint closed the connection before it spoke HTTP\/2/);
  });

  test("and hangs, runs into the deadline of its requests", async () => {
    const gone = Promise.withResolvers<void>();
    const url = await serveBytes((socket) => void socket.resume().on("close", () => gone.resolve()));
    const { outcomes } = await drive(open(url, { ...HTTP2, timeoutS: 0.2 }), one);
    expect(kinds(outcomes)).toEqual(["timeout"]);
    expect(details(outcomes)[0]).toMatch(/the request was not sent yet$/);
    await gone.promise;
  });
});

describe("an HTTP/2 connection that ends", () => {
  test("in order is no failure: what it took is answered, what comes later goes to another", async () => {
    const server = createServer((_, response) => after(100, () => response.end()));
    server.on("session", (session: ServerHttp2Session) => after(250, () => session.close()));
    const url = await serveH2c(() => {}, server);
    const { outcomes } = await drive(open(url, HTTP2), steady(40, 1));
    const lost = outcomes.filter(({ result }) => result.kind === "failed");
    // A request that crosses the GOAWAY on its way is stale, and nothing else may fail.
    expect(new Set(kinds(lost))).toEqual(new Set(lost.length === 0 ? [] : ["stale"]));
    expect(lost.length).toBeLessThan(5);
    expect(outcomes.filter(({ connectNs }) => connectNs !== undefined).length).toBeGreaterThan(2);
  });

  test("under a request that it did not take makes a stale one, which is not sent again", async () => {
    let arrived = 0;
    const server = createServer();
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      if (++arrived === 1) return void (stream.respond({ ":status": 200 }), stream.end());
      // The last stream that is answered is the first one: this one may be sent again, says the protocol.
      return stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 1);
    });
    const url = await serveH2c(() => {}, server);
    const { outcomes } = await drive(open(url, HTTP2), steady(10, 0.2), { requests: [POST] });
    expect(kinds(outcomes)).toEqual(["ok", "stale"]);
    expect(details(outcomes)[0]).toMatch(/kept-alive connection was closed .*did not take the request \(GOAWAY, NO_ERROR\)/);
    expect(arrived).toBe(2);
  });

  test("by a refused stream fails that request alone, and it is not sent again", async () => {
    let [arrived, sessions] = [0, 0];
    const server = createServer();
    server.on("session", () => sessions++);
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      if (++arrived % 2 === 0) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
      stream.respond({ ":status": 200 });
      return void stream.end();
    });
    const url = await serveH2c(() => {}, server);
    const { outcomes } = await drive(open(url, HTTP2), steady(20, 0.2));
    expect(kinds(outcomes)).toEqual(["ok", "reset", "ok", "reset"]);
    expect(details(outcomes)[0]).toMatch(/^the endpoint refused the request \(REFUSED_STREAM\)/);
    expect([arrived, sessions]).toEqual([4, 1]);
  });

  test("by an error fails all that was under way on it", async () => {
    const server = createServer();
    let arrived = 0;
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      if (++arrived === 3) stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    });
    const url = await serveH2c(() => {}, server);
    const { outcomes } = await drive(open(url, { ...HTTP2, timeoutS: 2 }), steady(30, 0.1));
    expect(kinds(outcomes)).toEqual(["reset", "reset", "reset"]);
    expect(details(outcomes)[0]).toMatch(/GOAWAY, ENHANCE_YOUR_CALM/);
  });

  test("without a word fails its requests: stale where it was idle before, else reset", async () => {
    const server = createServer();
    const sockets: Socket[] = [];
    server.on("connection", (socket: Socket) => sockets.push(socket));
    let arrived = 0;
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      if (++arrived === 1) return void (stream.respond({ ":status": 200 }), stream.end());
      if (arrived === 2) after(100, () => sockets[0]?.resetAndDestroy());
    });
    const url = await serveH2c(() => {}, server);
    const { outcomes } = await drive(open(url, { ...HTTP2, timeoutS: 2 }), steady(25, 0.12));
    expect(kinds(outcomes)).toEqual(["ok", "stale", "reset"]);
  });

  test("in the middle of an answer makes a reset", async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("half");
      after(30, () => response.stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    });
    const url = await serveH2c(() => {}, server);
    const { outcomes } = await drive(open(url, HTTP2), one);
    expect(kinds(outcomes)).toEqual(["reset"]);
    expect(details(outcomes)[0]).toMatch(/^the connection broke during the answer: .*INTERNAL_ERROR/);
    expect(outcomes[0]!.status).toBe(200);
  });
});

test("HTTP/2 over TLS with a client certificate", async () => {
  const server = createSecureServer({ ...identity("server"), ca: pem("ca.pem"), requestCert: true }, (request, response) =>
    response.end(String((request.socket as import("node:tls").TLSSocket).getPeerCertificate().subject?.CN)),
  );
  const url = await serveH2(() => {}, server);
  const driver = open(url, route({ connection: { http: "2" }, material: identity("client") }));
  const { outcomes } = await drive(driver, closed(4, 0.2));
  expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
  expect(latenciesMs(outcomes).length).toBeGreaterThan(10);
});

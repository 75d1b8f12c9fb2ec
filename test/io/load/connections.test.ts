import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { openAddresses } from "../../../src/io/addresses.ts";
import { closed, details, drive, kinds, one, open, steady } from "./drive.ts";
import { freePort, serve, serveBytes } from "./endpoint.ts";
import { identity, pem, route, serveH2, serveProxy, serveTls } from "./secure-endpoint.ts";

describe("how connections are kept", () => {
  test("with reuse: new, each request opens its own and says that it closes it", async () => {
    const [ports, said] = [new Set<number>(), new Set<string | undefined>()];
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort!);
      said.add(request.headers.connection);
      response.end("x");
    });
    const { outcomes } = await drive(open(url, route({ connection: { reuse: "new" } })), steady(50, 0.4));
    expect(kinds(outcomes)).toEqual(Array(20).fill("ok"));
    expect(ports.size).toBe(20);
    expect(said).toEqual(new Set(["close"]));
    for (const { connectNs, wireNs, attemptNs } of outcomes) {
      expect(connectNs).toBeGreaterThan(0);
      expect(wireNs! - attemptNs).toBeGreaterThanOrEqual(connectNs!);
    }
  });

  test("with requests-each, one is closed after so many, also in a closed loop", async () => {
    const requests = new Map<number, number>();
    const url = await serve((request, response) => {
      const port = request.socket.remotePort!;
      requests.set(port, (requests.get(port) ?? 0) + 1);
      response.end("x");
    });
    const { outcomes } = await drive(open(url, route({ connection: { requestsEach: 5 } })), closed(3, 0.3));
    expect(new Set(kinds(outcomes))).toEqual(new Set(["ok"]));
    expect(outcomes.length).toBeGreaterThan(30);
    expect(Math.max(...requests.values())).toBe(5);
    // Of the last ones some are not used up.
    expect([...requests.values()].filter((n) => n < 5).length).toBeLessThanOrEqual(3);
  });

  test("a server that closes idle connections makes stale requests at worst, never resets, under load", async () => {
    // It closes just when the next request comes, without a hint of it before.
    const url = await serveBytes((socket) => {
      let idle: NodeJS.Timeout | undefined;
      socket.on("data", () => {
        clearTimeout(idle);
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        idle = setTimeout(() => socket.destroy(), 22);
      });
    });
    const { outcomes } = await drive(open(url), steady(45, 2));
    const failed = outcomes.filter(({ result }) => result.kind === "failed");
    expect(new Set(kinds(failed))).toEqual(new Set(failed.length === 0 ? [] : ["stale"]));
    expect(outcomes.filter(({ connectNs }) => connectNs !== undefined).length).toBeGreaterThan(20);
  });
});

describe("names", () => {
  test("are resolved for each new connection, which says how long it took", async () => {
    const url = (await serve((_, response) => void response.end())).replace("127.0.0.1", "localhost");
    const { outcomes } = await drive(open(url, route({ connection: { reuse: "new" } })), steady(20, 0.2));
    expect(kinds(outcomes)).toEqual(Array(4).fill("ok"));
    for (const { dnsNs, connectNs, tlsNs } of outcomes) {
      expect(dnsNs).toBeGreaterThan(0);
      expect(dnsNs).toBeLessThanOrEqual(connectNs!);
      expect(tlsNs).toBeUndefined();
    }
  });

  test("are resolved once with dns: once, before the first request", async () => {
    const server = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://localhost:${port}`;
    const addresses = openAddresses("localhost", "once");
    await addresses.prepare();
    const turns = [addresses.next(), addresses.next(), addresses.next(), addresses.next()];
    expect(turns).not.toContain("localhost");
    expect(turns.slice(2)).toEqual(turns.slice(0, 2));
    // Whether the name has one address here or two: one of them is where the server listens.
    const { outcomes } = await drive(open(url, route({ connection: { reuse: "new", dns: "once" } })), steady(20, 0.2));
    server.close();
    const ok = outcomes.filter(({ result }) => result.kind === "ok");
    expect(ok.length).toBe(new Set(turns).size === 1 ? 4 : 2);
    for (const { dnsNs, connectNs } of ok) expect([dnsNs, connectNs! > 0]).toEqual([undefined, true]);
  });

  test("are not looked for in an address", async () => {
    const url = await serve((_, response) => void response.end());
    const { outcomes } = await drive(open(url), one);
    expect([outcomes[0]!.dnsNs, outcomes[0]!.connectNs! > 0]).toEqual([undefined, true]);
  });
});

describe("TLS", () => {
  test("trusts the suite's own authority besides the machine's, and says how long the handshake took", async () => {
    const url = await serveTls((_, response) => void response.end());
    const { outcomes } = await drive(open(url, route()), steady(10, 0.2));
    expect(kinds(outcomes)).toEqual(["ok", "ok"]);
    expect(outcomes[0]!.tlsNs).toBeGreaterThan(0);
    expect(outcomes[0]!.tlsNs).toBeLessThan(outcomes[0]!.connectNs!);
    expect(outcomes[1]!.tlsNs).toBeUndefined();
  });

  test("does a whole handshake for every connection: no session is resumed", async () => {
    let resumed = 0;
    const url = await serveTls((request, response) => {
      if ((request.socket as import("node:tls").TLSSocket).isSessionReused()) resumed++;
      response.end();
    });
    const { outcomes } = await drive(open(url, route({ connection: { reuse: "new" } })), steady(20, 0.3));
    expect(kinds(outcomes)).toEqual(Array(6).fill("ok"));
    expect(resumed).toBe(0);
  });

  test("names the names of a certificate for another host", async () => {
    const url = await serveTls((_, response) => void response.end(), identity("elsewhere"));
    const { outcomes } = await drive(open(url, route()), one);
    expect(kinds(outcomes)).toEqual(["connect"]);
    expect(details(outcomes)[0]).toMatch(
      /^the TLS certificate is for elsewhere\.internal and not for 127\.0\.0\.1 at 127\.0\.0\.1:\d+; if that is right, see target\.tls\.server-name/,
    );
  });

  test("accepts it under its own name with server-name, which the server hears", async () => {
    const heard: (string | false | undefined)[] = [];
    const url = await serveTls((request, response) => {
      heard.push((request.socket as import("node:tls").TLSSocket & { servername?: string | false }).servername);
      response.end();
    }, identity("elsewhere"));
    const { outcomes } = await drive(open(url, route({ tls: { serverName: "elsewhere.internal" } })), one);
    expect(kinds(outcomes)).toEqual(["ok"]);
    expect(heard).toEqual(["elsewhere.internal"]);
  });

  test("accepts anything with verify: no", async () => {
    const url = await serveTls((_, response) => void response.end(), identity("elsewhere"));
    const driver = open(url, route({ tls: { verify: false }, material: { ca: undefined } }));
    expect(kinds((await drive(driver, one)).outcomes)).toEqual(["ok"]);
  });

  test("says that the authority is unknown, and where to name it", async () => {
    const url = await serveTls((_, response) => void response.end());
    const { outcomes } = await drive(open(url, route({ material: { ca: undefined } })), one);
    expect(details(outcomes)[0]).toMatch(
      /^the TLS certificate('s| was signed by an) .*authority.*; for an authority of your own, name its file in target\.tls\.ca/,
    );
  });
});

describe("an endpoint that asks for client certificates", () => {
  const asking = () =>
    serveTls(
      (request, response) => response.end(String((request.socket as import("node:tls").TLSSocket).getPeerCertificate().subject?.CN)),
      {
        ...identity("server"),
        ca: pem("ca.pem"),
        requestCert: true,
        rejectUnauthorized: true,
      },
    );

  test("gets the suite's", async () => {
    const { outcomes } = await drive(open(await asking(), route({ material: identity("client") })), one);
    expect(kinds(outcomes)).toEqual(["ok"]);
  });

  test("and gets none, is a connection that did not come about", async () => {
    const { outcomes } = await drive(open(await asking(), route()), steady(20, 0.2));
    expect(new Set(kinds(outcomes))).toEqual(new Set(["connect"]));
    expect(details(outcomes)[0]).toMatch(/^the endpoint asks for a client certificate at 127\.0\.0\.1:\d+; see target\.tls\.cert and key/);
  });

  test("and gets one that it does not know, is told from a request that was answered", async () => {
    const { outcomes } = await drive(open(await asking(), route({ material: identity("stranger") })), steady(20, 0.2));
    expect(kinds(outcomes)).not.toContain("ok");
    expect(kinds(outcomes)).not.toContain("stale");
  });
});

describe("a proxy", () => {
  test.each(["http", "https"])("tunnels to a %s endpoint, and gets its credentials", async (kind) => {
    const proxy = await serveProxy();
    const url = await (kind === "https" ? serveTls : serve)((_, response) => void response.end());
    const withUser = proxy.url.replace("//", "//me:s%20cret@");
    const { outcomes } = await drive(open(url, route({ connection: { proxy: withUser } })), steady(20, 0.2));
    expect(kinds(outcomes)).toEqual(Array(4).fill("ok"));
    expect(proxy.authorities).toEqual([new URL(url).host]);
    expect(proxy.authorizations).toEqual([`Basic ${btoa("me:s cret")}`]);
    expect(outcomes[0]!.tlsNs !== undefined).toBe(kind === "https");
    expect(outcomes[0]!.connectNs).toBeGreaterThan(outcomes[0]!.tlsNs ?? 0);
  });

  test.each([
    [407, /^the proxy 127\.0\.0\.1:\d+ answered 407 to CONNECT .*; it wants other credentials/],
    [403, /answered 403 to CONNECT .*; it does not allow this host or port/],
    [502, /answered 502 to CONNECT .*; it could not reach the endpoint/],
  ])("that answers %d is blamed itself", async (status, words) => {
    const proxy = await serveProxy(status);
    const url = await serve((_, response) => void response.end());
    const { outcomes } = await drive(open(url, route({ connection: { proxy: proxy.url } })), one);
    expect(kinds(outcomes)).toEqual(["connect"]);
    expect(details(outcomes)[0]).toMatch(words);
  });

  test("that cannot be reached is blamed itself, and so is its name", async () => {
    const port = await freePort();
    const url = await serve((_, response) => void response.end());
    const dead = await drive(open(url, route({ connection: { proxy: `http://127.0.0.1:${port}` } })), one);
    expect(details(dead.outcomes)[0]).toBe(
      `the proxy 127.0.0.1:${port} cannot be used: connection refused (ECONNREFUSED); check target.connection.proxy`,
    );
    const unknown = await drive(open(url, route({ connection: { proxy: "http://tailgate.invalid:3128" } })), one);
    expect(details(unknown.outcomes)[0]).toMatch(/^the proxy tailgate\.invalid:3128 cannot be used: .*name/);
  });

  test("that is no proxy is told so", async () => {
    const url = await serve((_, response) => void response.end());
    const { outcomes } = await drive(open(url, route({ connection: { proxy: url } })), one);
    expect(kinds(outcomes)).toEqual(["connect"]);
    expect(details(outcomes)[0]).toMatch(/^the proxy 127\.0\.0\.1:\d+ cannot be used: /);
  });

  test("is not blamed for a certificate of the endpoint", async () => {
    const proxy = await serveProxy();
    const url = await serveTls((_, response) => void response.end(), identity("elsewhere"));
    const { outcomes } = await drive(open(url, route({ connection: { proxy: proxy.url } })), one);
    expect(details(outcomes)[0]).toMatch(/^the TLS certificate is for elsewhere\.internal/);
  });

  test("carries HTTP/2 as well", async () => {
    const proxy = await serveProxy();
    const url = await serveH2((_, response) => void response.end());
    const { outcomes } = await drive(open(url, route({ connection: { proxy: proxy.url, http: "2" } })), steady(20, 0.2));
    expect(kinds(outcomes)).toEqual(Array(4).fill("ok"));
    expect(proxy.authorities.length).toBe(1);
  });
});

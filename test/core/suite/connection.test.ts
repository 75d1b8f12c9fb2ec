import { describe, expect, test } from "vitest";
import { describeSuite } from "../../../src/core/suite/describe.ts";
import { suiteDigest } from "../../../src/core/suite/digest.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { redact, resolveEnvironment } from "../../../src/core/suite/secrets.ts";
import { complaints, withTarget } from "./suites.ts";

const target = (more: string, overrides: readonly string[] = []) =>
  parseSuite(withTarget(`{ protocol: raw, ${more} }`), "suite.yaml", overrides).suite.target;
const wrong = (more: string) => complaints(withTarget(`{ protocol: raw, ${more} }`));

describe("a target without connection, tls or retry", () => {
  test("keeps connections of HTTP/1.1, verifies certificates and sends once", () => {
    const { connection, tls, retry } = target("path: /");
    expect(connection).toEqual({ reuse: "keep-alive", requestsEach: undefined, http: "1.1", streams: 100, dns: "each", proxy: undefined });
    expect(tls).toEqual({ ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true });
    expect(retry).toBeUndefined();
  });

  test("has the digest that it had before there were any; what is not the usual changes it, certificates do not", () => {
    const digest = (more: string) => suiteDigest(parseSuite(withTarget(`{ protocol: raw${more} }`), "s").suite, new Map());
    expect(digest(', connection: { reuse: keep-alive, http: "1.1" }, tls: { verify: yes }')).toBe(digest(""));
    expect(digest(", tls: { ca: ca.pem, verify: yes }")).toBe(digest(""));
    expect(
      new Set([digest(""), digest(", connection: { reuse: new }"), digest(", connection: { http: 2 }"), digest(", retry: {}")]).size,
    ).toBe(4);
  });
});

describe("what is written", () => {
  test("is read in full", () => {
    const { connection, tls, retry } = target(
      'connection: { requests-each: 100, http: "2", streams: 50, dns: once, proxy: "http://proxy:3128" }, tls: { ca: a.pem, cert: c.pem, key: c.key, server-name: preview.internal }, retry: { attempts: 5, on: [429, connect, stale, reset], backoff: 200ms, max-backoff: 2s, retry-after: ignore }',
    );
    expect(connection).toEqual({ reuse: "keep-alive", requestsEach: 100, http: "2", streams: 50, dns: "once", proxy: "http://proxy:3128" });
    expect(tls).toEqual({ ca: "a.pem", cert: "c.pem", key: "c.key", serverName: "preview.internal", verify: true });
    expect(retry).toEqual({ attempts: 5, on: [429, "connect", "stale", "reset"], backoffS: 0.2, maxBackoffS: 2, retryAfter: "ignore" });
  });

  test("of a retry may be nothing: three attempts on the answers that ask for it", () => {
    expect(target("retry: {}").retry).toEqual({ attempts: 3, on: [429, 503], backoffS: 0.1, maxBackoffS: 5, retryAfter: "respect" });
  });

  test.each(["2", '"2"', "2.0"])("http: %s is HTTP/2", (written) => {
    expect(target(`connection: { http: ${written} }`).connection.http).toBe("2");
  });

  test.each([
    ["no", false],
    ["false", false],
    ["yes", true],
    ["true", true],
  ])("verify: %s", (written, verify) => {
    expect(target(`tls: { verify: ${written} }`).tls.verify).toBe(verify);
    expect(target("tls: {}", [`target.tls.verify=${written}`]).tls.verify).toBe(verify);
  });

  test("can be set from the command line", () => {
    expect(target("path: /", ["target.connection.http=2", "target.retry.attempts=4"])).toMatchObject({
      connection: { http: "2" },
      retry: { attempts: 4 },
    });
  });
});

describe("a mistake is told with its place:", () => {
  test.each([
    ["connection: { reuse: never }", 'target.connection.reuse: "never" is not known here; write new'],
    ["connection: { http: 3 }", "target.connection.http: 3 is none of 1.1, 2"],
    ['connection: { http: "h3" }', 'target.connection.http: "h3" is not supported yet; use http: "2"'],
    ['connection: { http: "http/2" }', 'target.connection.http: "http/2" is not known here; write "2"'],
    [
      "connection: { reuse: new, requests-each: 5 }",
      "target.connection.requests-each: with reuse: new a connection serves one request; leave it out, or write reuse: keep-alive",
    ],
    ["connection: { requests-each: 0 }", "target.connection.requests-each: 0 is too small; write 1 or more"],
    ["connection: { streams: 5 }", 'target.connection.streams: HTTP/1.1 has no streams; leave it out, or add http: "2"'],
    [
      "connection: { http: 2, reuse: new, streams: 5 }",
      "target.connection.streams: with reuse: new a connection serves one request; leave it out",
    ],
    [
      "connection: { proxy: proxy.internal:3128 }",
      'target.connection.proxy: "proxy.internal:3128" is not an http or https URL; write http://proxy.internal:3128',
    ],
    ["connection: { keepalive: yes }", 'target.connection: unknown key "keepalive"'],
    ["tls: { key: a.key }", "target.tls.key: a key without its certificate; add cert: certs/client.pem"],
    ["tls: { cert: a.pem }", "target.tls.cert: a certificate without its key; add key: certs/client.key"],
    ["tls: { ca: a.pem, verify: no }", "target.tls.ca: with verify: no nobody looks at authorities; remove verify: no, or leave ca out"],
    ["tls: { server-name: http://x }", 'target.tls.server-name: "http://x" is not usable here; write for example preview.internal'],
    [
      "endpoint: http://x, tls: { ca: a.pem }",
      "target.tls: the endpoint is plain http, where there are no certificates; write https:// in target.endpoint, or leave tls out",
    ],
    ["retry: { attempts: 1 }", "target.retry.attempts: 1 is too small; write 2 or more"],
    ["retry: { on: [200] }", "target.retry.on.0: 200 is not the status of a failed answer; write 400 to 599"],
    [
      "retry: { on: [timeout] }",
      "target.retry.on.0: a request that ran into its deadline has no time left to be sent again; leave it out, or raise target.timeout",
    ],
    ["retry: { on: [conect] }", 'target.retry.on.0: "conect" is not known here; did you mean "connect"?'],
    ['retry: { on: ["503"] }', 'target.retry.on.0: "503" is text; write 503 without quotes'],
    ["retry: { on: [] }", "target.retry.on: this list is empty; write [429, 503, connect]"],
    ["retry: { on: 503 }", "target.retry.on: 503 is not a list"],
    [
      "retry: { backoff: 10s }",
      "target.retry.backoff: the longest wait (max-backoff) is shorter than the first (backoff); raise max-backoff or lower backoff",
    ],
    [
      "retry: { on: [404] }, check: { status: [200, 404] }",
      "target.retry.on.0: target.check accepts status 404, so it is never sent again; remove it here or there",
    ],
  ])("%s", (written, said) => {
    const complaint = wrong(written);
    expect(complaint).toContain(said);
    expect(complaint).toMatch(/^suite\.yaml:2:\d+: /);
    expect(complaint.split("\n").length).toBe(1);
  });

  test("a gate on retries without a retry policy", () => {
    const suite = (retry: string) =>
      `name: a\ntarget: { protocol: raw${retry} }\nscenarios: [{ name: s, gates: { retried.ratio: { limit: 1% } } }]\n`;
    expect(complaints(suite(""))).toContain("without target.retry nothing is sent again");
    expect(complaints(suite(", retry: {}"))).toBe("no complaint");
  });
});

describe("a proxy's URL", () => {
  const resolve = (proxy: string, env: Record<string, string>) =>
    resolveEnvironment(parseSuite(withTarget(`{ protocol: raw, connection: { proxy: "${proxy}" } }`), "suite.yaml"), env);

  test("is filled from the environment, and its credentials are masked", () => {
    const { suite, secrets } = resolve("${env:PROXY_URL}", { PROXY_URL: "http://robot:pass-word@proxy.internal:3128" });
    expect(suite.target.connection.proxy).toBe("http://robot:pass-word@proxy.internal:3128");
    expect(redact("at proxy.internal:3128 with robot and pass-word", secrets)).toBe("at proxy.internal:3128 with *** and ***");
  });

  test("is told where its variable is missing, or no URL", () => {
    expect(() => resolve("${env:PROXY_URL}", {})).toThrow(
      "target.connection.proxy: the environment variable PROXY_URL is not set or empty",
    );
    expect(() => resolve("${env:PROXY_URL}", { PROXY_URL: "proxy:3128" })).toThrow("this is not an http or https URL");
  });
});

test("what is not the usual is described, without credentials", () => {
  const described = (more: string) => describeSuite(parseSuite(withTarget(`{ protocol: raw, ${more} }`), "s").suite).split("\n");
  expect(described("path: /").some((line) => /^(connection|tls|retry):/.test(line))).toBe(false);
  expect(
    described(
      'connection: { http: 2, streams: 50, requests-each: 100, dns: once, proxy: "http://me:secret@proxy:3128" }, tls: { verify: no }, retry: {}',
    ),
  ).toEqual(
    expect.arrayContaining([
      "connection: HTTP/2, up to 50 streams on a connection, a connection is closed after 100 requests, the name is resolved once, through the proxy proxy:3128",
      "tls: certificates are not verified",
      "retry: up to 3 attempts on 429, 503, after 100ms and up to 5s or as Retry-After says",
    ]),
  );
  expect(
    described('connection: { reuse: new, proxy: "${env:PROXY_URL}" }, tls: { ca: ca.pem, cert: c.pem, key: c.key, server-name: a.b }'),
  ).toEqual(
    expect.arrayContaining([
      "connection: a new connection for each request, through the proxy ${env:PROXY_URL}",
      "tls: an authority of its own (ca.pem), a client certificate (c.pem), under the name a.b",
      "environment variables needed: PROXY_URL",
    ]),
  );
});

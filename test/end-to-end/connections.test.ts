import { createSecureServer } from "node:http2";
import { describe, expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { identity, pem, serveH2, serveTls } from "../io/load/secure-endpoint.ts";
import { expectNothingPassed } from "./expectations.ts";
import { CALM_LOAD, EASY_LIMIT, suite } from "./suites.ts";
import { workplace } from "./tailgate.ts";

const CERTIFICATES = {
  "certs/ca.pem": pem("ca.pem"),
  "certs/client.pem": pem("client.pem"),
  "certs/client.key": pem("client.key"),
  "certs/server.key": pem("server.key"),
};
const MTLS = "tls: { ca: certs/ca.pem, cert: certs/client.pem, key: certs/client.key }";
const small = (target: string) =>
  suite({ target: `protocol: raw, ${target}`, ready: "timeout: 300ms", gates: EASY_LIMIT, load: CALM_LOAD });

describe("a run is invalid, with the reason,", () => {
  test.each([
    ["elsewhere", "tls: { ca: certs/ca.pem }", "the TLS certificate is for elsewhere.internal and not for 127.0.0.1"],
    ["server", "tls: { verify: yes }", "name its file in target.tls.ca"],
    ["server", 'tls: { ca: certs/ca.pem }, connection: { http: "2" }', "the endpoint does not offer HTTP/2 over TLS (ALPN)"],
  ] as const)("when the endpoint called %s is asked with %s", async (name, target, words) => {
    const url = await serveTls((_, response) => void response.end("ok"), identity(name));
    const place = await workplace({ ...CERTIFICATES, "suite.yaml": small(target) });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
    expectNothingPassed(place, ended, 3, "invalid");
    expect(ended.stdout).toContain(words);
    expect(place.record().problems).toMatchObject([{ severity: "invalid", code: "endpoint-not-ready", arm: "head" }]);
    expect(place.record().problems[0]!.message).toContain(words);
    // What waiting cannot mend is not waited for.
    expect(place.record().problems[0]!.message).not.toContain("attempts in");
  });

  test("when the endpoint asks for a client certificate", async () => {
    const options = { ...identity("server"), ca: pem("ca.pem"), requestCert: true, rejectUnauthorized: true };
    const url = await serveTls((_, response) => void response.end("ok"), options);
    const place = await workplace({ ...CERTIFICATES, "suite.yaml": small("tls: { ca: certs/ca.pem }") });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
    expectNothingPassed(place, ended, 3, "invalid");
    expect(ended.stdout).toContain("the endpoint asks for a client certificate");
  });
});

describe("certificates of a suite", () => {
  test.each([
    ["tls: { ca: certs/none.pem }", "suite.yaml:2:", "target.tls.ca: there is no certificate file certs/none.pem"],
    [
      "tls: { ca: certs/client.key }",
      "suite.yaml:2:",
      "target.tls.ca: certs/client.key holds a key and no certificate; is it the file for tls.key?",
    ],
    ["tls: { ca: suite.yaml }", "suite.yaml:2:", "target.tls.ca: suite.yaml holds no certificate in PEM"],
    [
      "tls: { cert: certs/client.pem, key: certs/client.pem }",
      "suite.yaml:2:",
      "holds a certificate and no key; is it the file for tls.cert?",
    ],
    [
      "tls: { cert: certs/client.pem, key: certs/server.key }",
      "suite.yaml:2:",
      "certs/server.key is not the key of the certificate certs/client.pem",
    ],
  ])("with %s are a wrong input", async (target, position, words) => {
    const place = await workplace({ ...CERTIFICATES, "suite.yaml": small(target) });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", "https://127.0.0.1:9"]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(position);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).not.toContain("PRIVATE KEY-----");
  });
});

describe("a run", () => {
  test("over HTTP/2 with a client certificate asks everything the same way, and says how in its record and report", async () => {
    const server = createSecureServer(
      { ...identity("server"), ca: pem("ca.pem"), requestCert: true, rejectUnauthorized: true },
      (request, response) => response.end(request.url === "/version" ? "1234567" : "ok"),
    );
    const url = await serveH2(() => {}, server);
    const target = `connection: { http: 2, streams: 8 }, ${MTLS}, identity: { path: /version, equals: "1234567" }`;
    const place = await workplace({ ...CERTIFICATES, "suite.yaml": small(target) });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    const { environment, identity: seen, problems, scenarios } = place.record();
    expect(environment["client.http"]).toMatch(/^node:http2 \(nghttp2 .*\) http\/2$/);
    expect(environment["client.connection"]).toBe("HTTP/2, up to 8 streams on a connection");
    expect(environment["client.tls"]).toBe("an authority of its own (certs/ca.pem), a client certificate (certs/client.pem)");
    expect(seen?.matches).toBe(true);
    expect(problems.filter(({ code }) => code === "tls-not-verified")).toEqual([]);
    expect(Object.keys(scenarios[0]!.arms.head!.blocks[0]!.histograms)).toEqual(
      expect.arrayContaining(["connect", "tls", "firstByte", "transfer"]),
    );
    expect(place.read("tailgate-out/comment.md")).toContain("Where the time goes");
    for (const { name, text } of place.texts().filter(({ name }) => !name.endsWith(".key")))
      expect(text, name).not.toContain("PRIVATE KEY-----");
  });

  test("that does not verify certificates says so", async () => {
    const url = await serveTls((_, response) => void response.end("ok"), identity("elsewhere"));
    const place = await workplace({ "suite.yaml": small("tls: { verify: no }") });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
    expect(ended.code).toBe(0);
    expect(place.record().problems[0]).toMatchObject({ severity: "warning", code: "tls-not-verified" });
    expect(place.read("tailgate-out/comment.md")).toContain("certificates were not verified");
  });

  test("with retries counts them, and says what they cost", async () => {
    let n = 0;
    const url = await serve((_, response) => void response.writeHead(++n % 10 === 0 ? 503 : 200).end("ok"));
    const place = await workplace({ "suite.yaml": small("retry: { backoff: 1ms }") });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
    expect(ended.code).toBe(0);
    const blocks = place.record().scenarios[0]!.arms.head!.blocks;
    const [sent, retried, offered, ok] = [
      blocks.reduce((sum, { attempts }) => sum + attempts!.sent, 0),
      blocks.reduce((sum, { attempts }) => sum + attempts!.retried, 0),
      blocks.reduce((sum, block) => sum + block.offered, 0),
      blocks.reduce((sum, block) => sum + block.ok, 0),
    ];
    expect(retried).toBeGreaterThan(0);
    expect(sent).toBeGreaterThanOrEqual(offered + retried);
    expect(sent / n).toBeGreaterThan(0.95);
    // Without them a tenth would have failed.
    expect(ok / offered).toBeGreaterThan(0.97);
    expect(place.read("tailgate-out/comment.md")).toMatch(/sent more than once/);
    expect(place.verdict().scenarios[0]!.metrics.map(({ metric }) => metric)).toContain("retried.ratio");
  });
});

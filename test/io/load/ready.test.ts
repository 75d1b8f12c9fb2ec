import { describe, expect, test } from "vitest";
import { awaitReady } from "../../../src/io/load/ready.ts";
import { freePort, serve, serveBytes, serveSelfSigned } from "./endpoint.ts";

const wait = (url: string, path: string | undefined, timeoutS: number, headers = {}, signal = new AbortController().signal) =>
  awaitReady(url, { path, timeoutS }, headers, signal);
const reason = async (...input: Parameters<typeof wait>): Promise<string> => {
  const answer = await wait(...input);
  return answer.ready ? "ready" : answer.reason;
};

describe("an endpoint is ready", () => {
  test("once its path answers 2xx, asked with the target's headers below its URL", async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      const right = request.url === "/v2/health/ready" && request.headers.authorization === "Bearer t";
      response.writeHead(right ? (++asked < 3 ? 503 : 204) : 404).end();
    });
    const answer = await wait(`${url}/v2/`, "/health/ready", 10, { authorization: "Bearer t" });
    expect(answer.ready).toBe(true);
    expect(answer.waitedS).toBeGreaterThan(0.2);
    expect(answer.waitedS).toBeLessThan(5);
    expect(asked).toBe(3);
  });

  test("without a path, once it gives any HTTP answer", async () => {
    const url = await serve((_, response) => void response.writeHead(500).end());
    expect(await wait(url, undefined, 5)).toMatchObject({ ready: true });
  });
});

describe("an endpoint that does not become ready", () => {
  test("is given up at the timeout, with what was seen last and what to check", async () => {
    const port = await freePort();
    const answer = await wait(`http://127.0.0.1:${port}`, undefined, 0.6);
    expect(answer).toMatchObject({ ready: false });
    expect(answer.waitedS).toBeLessThan(1.5);
    expect(answer.ready ? "" : answer.reason).toMatch(
      new RegExp(
        `^connection refused at 127\\.0\\.0\\.1:${port} \\(ECONNREFUSED\\), [2-9] attempts in 0\\.\\d+ s; check that the preview is deployed`,
      ),
    );
  });

  test("says which status it answered instead", async () => {
    const url = await serve((_, response) => void response.writeHead(503).end());
    expect(await reason(url, "/ready", 0.3)).toMatch(
      /^\/ready answered 503 instead of 2xx, \d attempts? in .* s; check target\.ready\.path/,
    );
  });

  test("may be silent", async () => {
    const url = await serve(() => {});
    expect(await reason(url, "/ready", 0.3)).toMatch(/^no answer from 127\.0\.0\.1:\d+ in time, \d attempts? in /);
  });

  test("may break the connection", async () => {
    const url = await serveBytes((socket) => socket.once("data", () => socket.destroy()));
    expect(await reason(url, undefined, 0.2)).toMatch(/closed the connection.*, 2 attempts/);
  });

  test("is given up as soon as the wait is cancelled", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const answer = await wait(url, undefined, 30, {}, AbortSignal.timeout(150));
    expect(answer).toMatchObject({ ready: false, reason: "cancelled while waiting" });
    expect(answer.waitedS).toBeLessThan(3);
  });
});

describe("what waiting cannot mend is told at once", () => {
  test("a self-signed certificate", async () => {
    const url = await serveSelfSigned((_, response) => void response.end());
    const answer = await wait(url, undefined, 30);
    expect(answer.waitedS).toBeLessThan(5);
    expect(answer.ready ? "" : answer.reason).toMatch(/^the TLS certificate is self-signed at .*target\.tls\.ca/);
  });

  test("plain HTTP on an https port", async () => {
    const url = await serve((_, response) => void response.end());
    expect(await reason(url.replace("http:", "https:"), undefined, 30)).toMatch(/speaks plain HTTP/);
  });

  test.each([
    ["nonsense", /is not a URL/],
    ["ftp://127.0.0.1", /only http:\/\/ and https:\/\//],
  ])("the URL %j", async (url, words) => {
    expect(await reason(url, undefined, 30)).toMatch(words);
  });
});

describe("the line for a heading says whose fault it was", () => {
  const short = async (...input: Parameters<typeof wait>): Promise<string> => {
    const answer = await wait(...input);
    return answer.ready ? "ready" : answer.short;
  };

  test("nobody listens", async () => {
    const port = await freePort();
    expect(await short(`http://127.0.0.1:${port}`, undefined, 1)).toMatch(
      new RegExp(`^could not be reached for (1s|\\d+ms): connection refused at 127\\.0\\.0\\.1:${port}$`),
    );
  });

  test("its name does not resolve", async () => {
    expect(await short("http://preview.invalid", undefined, 0.3)).toMatch(
      /^could not be reached for \d+(ms|s): the name (of the host does not resolve|server does not answer) at preview\.invalid$/,
    );
  });

  test("it answers that it is not ready", async () => {
    const url = await serve((_, response) => void response.writeHead(503).end());
    expect(await short(url, "/ready", 0.3)).toMatch(/^was not ready for \d+ms: \/ready answered 503 instead of 2xx$/);
  });

  test("it is silent", async () => {
    const url = await serve(() => {});
    expect(await short(url, "/ready", 0.3)).toMatch(/^did not answer for \d+ms: no answer from 127\.0\.0\.1:\d+ in time$/);
  });

  test("its certificate is not trusted", async () => {
    const url = await serveSelfSigned((_, response) => void response.end());
    expect(await short(url, undefined, 30)).toMatch(/^cannot be reached: the TLS certificate is self-signed at 127\.0\.0\.1:\d+$/);
  });

  test("its URL is none", async () => {
    expect(await short("nonsense", undefined, 30)).toMatch(/^cannot be reached: .*is not a URL/);
  });
});

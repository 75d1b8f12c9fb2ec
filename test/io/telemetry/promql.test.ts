import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { TelemetrySource } from "../../../src/core/suite/suite.ts";
import { probeTelemetry, startSampler } from "../../../src/io/telemetry/sampler.ts";

// What a real Prometheus answers is held by test/integration/prometheus.test.ts. This one keeps a clock that is wrong.
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const AHEAD_MS = 90_000;
const now = () => process.hrtime.bigint();
const wallMs = (atNs: bigint) => Date.now() - Number(now() - atNs) / 1e6;
const success = (data: unknown) => JSON.stringify({ status: "success", data });

type Asked = { readonly path: string; readonly parameters: URLSearchParams; readonly headers: IncomingHttpHeaders };

/** A Prometheus that has scraped `q` every second since 1970: its value is the second, on its own clock. */
async function serve(answer: (asked: Asked) => string | undefined = () => undefined): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(({ url = "", headers }, response) => {
    const { pathname, searchParams } = new URL(url, "http://x");
    const one = { path: pathname, parameters: searchParams, headers };
    asked.push(one);
    const own = answer(one);
    if (own !== undefined) return response.writeHead(Number(own.slice(0, 3))).end(own.slice(3));
    const nowS = (Date.now() + AHEAD_MS) / 1000;
    if (pathname.endsWith("/values")) return response.end(success(["q", "up"]));
    if (searchParams.get("query") === "time()") return response.end(success({ resultType: "scalar", result: [nowS, nowS.toFixed(3)] }));
    const toS = Number(searchParams.get("time"));
    const rangeS = Number(/\[(\d+)ms\]/.exec(searchParams.get("query")!)![1]) / 1000;
    const values = Array.from({ length: Math.floor(toS) - Math.ceil(toS - rangeS) + 1 }, (_, i) => {
      const second = Math.ceil(toS - rangeS) + i;
      return [second, String(second)];
    });
    response.end(success({ resultType: "matrix", result: [{ metric: { __name__: "q", job: "preview", instance: "a" }, values }] }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const source = (rest: Partial<TelemetrySource> = {}): TelemetrySource => ({
  kind: "promql",
  url: "http://unused",
  baselineUrl: undefined,
  intervalS: 1,
  metrics: { "queue.depth": { series: "q", labels: {}, aggregate: "sum", scale: 1 } },
  labels: { job: "preview" },
  ...rest,
});

describe("a Prometheus server whose clock is ahead", () => {
  test("tells each sample once, at its place on our clock, until the load has ended", { timeout: 20_000 }, async () => {
    const { url, asked } = await serve();
    const sampler = startSampler([{ source: source(), arm: "head", url: url.replace("//", "//user:p%40ss@") }], now);
    await sleep(2500);
    const endNs = now();
    const [sampled] = await sampler.stop();
    const { scrapes, clock, failures } = sampled!;
    expect([failures, sampled!.source.intervalS]).toEqual([0, 1]);
    // The second that a sample holds is the one at which it was taken, 90 s ahead of ours.
    for (const { atNs, scrape } of scrapes) {
      const secondMs = scrape.gauges["queue.depth"]! * 1000;
      expect(Math.abs(wallMs(atNs) + AHEAD_MS - secondMs)).toBeLessThan(100 + clock!.uncertaintyS * 1000);
    }
    const seconds = scrapes.map(({ scrape }) => scrape.gauges["queue.depth"]!);
    expect(seconds).toEqual(seconds.map((_, i) => seconds[0]! + i));
    expect(scrapes.at(-1)!.atNs).toBeGreaterThan(endNs);
    expect(clock!.aheadS).toBeCloseTo(90, 0);
    expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Basic ${Buffer.from("user:p@ss").toString("base64")}`]),
    );
  });

  test("that refuses is left alone when the load has ended, with its own reason", async () => {
    const { url } = await serve(({ path }) =>
      path.endsWith("/query")
        ? '422{"status":"error","errorType":"execution","error":"query processing would load too many samples"}'
        : undefined,
    );
    const sampler = startSampler([{ source: source(), arm: "head", url }], now);
    await sleep(200);
    const startMs = performance.now();
    const [sampled] = await sampler.stop();
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect(sampled).toMatchObject({ scrapes: [], firstFailure: "HTTP status 422: query processing would load too many samples" });
  });

  test("is not waited for when the run was aborted", async () => {
    const { url } = await serve();
    const sampler = startSampler([{ source: source(), arm: "head", url }], now);
    await sleep(300);
    const startMs = performance.now();
    const [sampled] = await sampler.stop(AbortSignal.abort());
    expect(performance.now() - startMs).toBeLessThan(500);
    expect(sampled!.failures).toBe(0);
  });
});

describe("the probe", () => {
  const probe = (url: string, rest: Partial<TelemetrySource> = {}) => probeTelemetry({ source: source(rest), arm: "head", url });

  test("accepts a server that has the series, below a path and with api/v1 or without", async () => {
    const { url, asked } = await serve();
    expect(await probe(`${url}/prometheus/api/v1/`)).toEqual({ ok: true });
    expect(await probe(`${url}/prometheus`)).toEqual({ ok: true });
    expect(new Set(asked.map(({ path }) => path))).toEqual(
      new Set(["/prometheus/api/v1/query", "/prometheus/api/v1/label/__name__/values"]),
    );
  });

  test.each([
    ["nothing with these labels", '200{"status":"success","data":[]}', 'Prometheus has no series {job="preview"}'],
    ["nothing that is looked for", '200{"status":"success","data":["up"]}', 'none of the 1 series {job="preview"} is one that can be read'],
  ])("says that there is %s", async (_, answer, reason) => {
    const { url } = await serve(({ path }) => (path.endsWith("/values") ? answer : undefined));
    expect(await probe(url)).toEqual({ ok: false, reason });
  });

  test("says that an expression is wrong, or gives several values", async () => {
    const matrix = (result: unknown) => `200${success({ resultType: "matrix", result })}`;
    const answers: Record<string, string> = {
      "bad(": '400{"status":"error","error":"parse error: unclosed left parenthesis"}',
      q: matrix([
        { metric: { a: "1" }, values: [] },
        { metric: { a: "2" }, values: [] },
      ]),
      none: matrix([]),
    };
    const { url } = await serve(({ path, parameters }) => (path.endsWith("/query_range") ? answers[parameters.get("query")!] : undefined));
    const reasonOf = async (query: string) => probe(url, { metrics: {}, queries: { "queue.depth": query } });
    expect(await reasonOf("bad(")).toEqual({
      ok: false,
      reason: "the query of queue.depth: HTTP status 400: parse error: unclosed left parenthesis",
    });
    expect(await reasonOf("q")).toEqual({
      ok: false,
      reason: "the query of queue.depth gives 2 series; write sum(…), max(…) or avg(…) around it",
    });
    expect(await reasonOf("none")).toEqual({ ok: false, reason: "the queries give no usable value" });
  });
});

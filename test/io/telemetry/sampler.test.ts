import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { TelemetrySource } from "../../../src/core/suite/suite.ts";
import { probeTelemetry, startSampler } from "../../../src/io/telemetry/sampler.ts";
import { closeNewest, serve } from "./serve.ts";

const source = (intervalS: number): TelemetrySource => ({
  kind: "prometheus",
  url: "http://unused",
  baselineUrl: undefined,
  intervalS,
  metrics: { "queue.depth": { series: "depth", labels: {}, aggregate: "sum", scale: 1 } },
});
const now = () => process.hrtime.bigint();

describe("the sampler", () => {
  test("asks every interval and stamps the scrapes in ascending order between start and stop", async () => {
    let count = 0;
    const url = await serve((_, response) => response.end(`depth ${count++}\n`));
    const startNs = now();
    const sampler = startSampler([{ source: source(0.1), arm: "head", url }], now);
    while (count < 6) await sleep(20);
    const [sampled] = await sampler.stop();
    const endNs = now();
    const values = sampled!.scrapes.map(({ scrape }) => scrape.gauges["queue.depth"]);
    expect(values.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    const times = [startNs, ...sampled!.scrapes.map(({ atNs }) => atNs), endNs];
    expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : 1)));
    // Five intervals lie between the first and the sixth scrape, whatever the machine does.
    expect(Number(times.at(6)! - times[1]!)).toBeGreaterThan(400e6);
    expect(sampled).toMatchObject({ arm: "head", url, failures: 0, firstFailure: undefined });
  });

  test("never asks one source twice at once, and skips what a slow answer made it miss", async () => {
    let open = 0;
    let most = 0;
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.end("depth 1\n");
      }, 250);
    });
    const sampler = startSampler([{ source: source(0.1), arm: "both", url }], now);
    await sleep(1100);
    await sampler.stop();
    expect(most).toBe(1);
    expect(asked).toBeLessThanOrEqual(5);
  });

  test("keeps failures apart from scrapes, with the reason of the first", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      response.statusCode = asked++ === 0 ? 503 : 200;
      response.end(asked === 2 ? "<html>" : "depth 1\n");
    });
    const sampler = startSampler([{ source: source(0.05), arm: "both", url }], now);
    while (asked < 5) await sleep(10);
    const [sampled] = await sampler.stop();
    expect(sampled).toMatchObject({ failures: 2, firstFailure: "HTTP status 503" });
    expect(sampled!.scrapes.length).toBeGreaterThanOrEqual(2);
  });

  test("hands over every source in order when one of them hangs, without waiting for it", async () => {
    const hanging = await serve(() => undefined);
    const fine = await serve((_, response) => response.end("depth 1\n"));
    const sampler = startSampler(
      [
        { source: source(0.1), arm: "base", url: hanging },
        { source: source(0.1), arm: "head", url: fine },
      ],
      now,
    );
    await sleep(300);
    const start = performance.now();
    const [base, head] = await sampler.stop();
    expect(performance.now() - start).toBeLessThan(2000);
    expect([base!.scrapes.length, base!.failures, base!.url]).toEqual([0, 0, hanging]);
    expect(head!.scrapes.length).toBeGreaterThan(0);
  });

  test("reads once more when the load has ended, because counters of the last block end there", async () => {
    let asked = 0;
    const url = await serve((_, response) => response.end(`depth ${++asked}\n`));
    const sampler = startSampler([{ source: source(60), arm: "both", url }], now);
    while (asked < 1) await sleep(10);
    const endNs = now();
    const [sampled] = await sampler.stop();
    expect(sampled!.scrapes.map(({ scrape }) => scrape.gauges["queue.depth"])).toEqual([1, 2]);
    expect(sampled!.scrapes[1]!.atNs).toBeGreaterThan(endNs);
  });

  test("reads nothing more when the run was aborted", async () => {
    let asked = 0;
    const url = await serve((_, response) => response.end(`depth ${++asked}\n`));
    const sampler = startSampler([{ source: source(60), arm: "both", url }], now);
    while (sampler.soFar()[0]!.scrapes.length < 1) await sleep(10);
    await sampler.stop(AbortSignal.abort());
    expect(asked).toBe(1);
  });

  test("shares the list of GPUs between scrapes", async () => {
    const url = await serve((_, response) => response.end('DCGM_FI_DEV_POWER_USAGE{UUID="GPU-1",modelName="T4"} 50\n'));
    const sampler = startSampler([{ source: { ...source(0.05), kind: "dcgm" }, arm: "both", url }], now);
    await sleep(400);
    const [sampled] = await sampler.stop();
    expect(sampled!.scrapes.length).toBeGreaterThan(1);
    expect(sampled!.scrapes[0]!.scrape.gpus).toHaveLength(1);
    expect(sampled!.scrapes[1]!.scrape.gpus).toBe(sampled!.scrapes[0]!.scrape.gpus);
  });
});

describe("the probe", () => {
  test("accepts a URL that holds the expected series", async () => {
    const url = await serve((_, response) => response.end("depth 0\n"));
    expect(await probeTelemetry({ source: source(1), arm: "both", url })).toEqual({ ok: true });
  });

  test("says what a wrong path answers", async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    expect(await probeTelemetry({ source: source(1), arm: "both", url })).toEqual({ ok: false, reason: "HTTP status 404" });
  });

  test("says which series are missing", async () => {
    const url = await serve((_, response) => response.end("other 1\n"));
    expect(await probeTelemetry({ source: source(1), arm: "both", url })).toEqual({
      ok: false,
      reason: "the answer holds none of the expected series (depth)",
    });
  });

  test("says why there is no connection", async () => {
    const url = await serve(() => undefined);
    await closeNewest();
    expect(await probeTelemetry({ source: source(1), arm: "both", url })).toEqual({
      ok: false,
      reason: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

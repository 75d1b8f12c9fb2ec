import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { SourceAt } from "../../../src/core/telemetry/scrape.ts";
import { startSamplerThread } from "../../../src/io/telemetry/sampler-thread.ts";
import { serve } from "./serve.ts";

const now = () => process.hrtime.bigint();
const at = (url: string, intervalS = 0.1): SourceAt => ({
  source: { kind: "auto", url, baselineUrl: undefined, intervalS, metrics: {} },
  arm: "head",
  url,
});
const dcgm = (watts: number) =>
  `DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-1",hostname="a"} ${watts}\nDCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1",hostname="a"} 50\n`;

test("a sampler in a thread of its own tells every scrape once, in order, on the clock of the load, while it samples and at the end", async () => {
  let count = 0;
  const url = await serve((_, response) => response.end(dcgm(count++)));
  const refusing = await serve((_, response) => response.writeHead(500).end());
  const startNs = now();
  const sampler = await startSamplerThread([at(url), at(refusing)], now);
  while ((sampler.soFar()[0]?.scrapes.length ?? 0) < 4) await sleep(20);
  const before = sampler.soFar()[0]!.scrapes.length;
  const [sampled, failed] = await sampler.stop();
  const endNs = now();
  expect(sampled!.scrapes.length).toBeGreaterThan(before);
  expect(sampled!.scrapes.map(({ scrape }) => scrape.gauges["gpu.power"])).toEqual(sampled!.scrapes.map((_, i) => i));
  const times = [startNs, ...sampled!.scrapes.map(({ atNs }) => atNs), endNs];
  expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : 1)));
  // An hour of samples stays small: they share the list of GPUs.
  expect(new Set(sampled!.scrapes.map(({ scrape }) => scrape.gpus)).size).toBe(1);
  expect(sampled).toMatchObject({ arm: "head", url, failures: 0, firstFailure: undefined });
  expect(failed).toMatchObject({ url: refusing, scrapes: [], firstFailure: "HTTP status 500" });
  expect(failed!.failures).toBeGreaterThan(2);
});

test("it ends at once when nothing more is wanted, with a request under way", async () => {
  const url = await serve(() => undefined);
  const sampler = await startSamplerThread([at(url)], now);
  const startMs = performance.now();
  const [sampled] = await sampler.stop(AbortSignal.abort());
  expect(performance.now() - startMs).toBeLessThan(900);
  expect(sampled).toMatchObject({ scrapes: [], failures: 0 });
});

test("a thread that ends by itself is a failure of its sources, and no silence", async () => {
  const broken = { ...at("http://127.0.0.1:9/metrics"), source: undefined } as unknown as SourceAt;
  const sampler = await startSamplerThread([broken], now);
  expect(sampler.soFar()).toMatchObject([
    { failures: 1, firstFailure: expect.stringMatching(/^the thread that reads telemetry ended: .*undefined/) as string },
  ]);
  expect(await sampler.stop()).toEqual(sampler.soFar());
});

import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { sleeping } from "./answers.ts";
import { suite } from "./suites.ts";
import { workplace } from "./tailgate.ts";

/** Fails for a while after its first request, then answers like {@link sleeping}. It says that it is ready all the same. */
function waking(afterMs: number): RequestListener {
  const awake = sleeping(20);
  let firstMs: number | undefined;
  return (request, response) => {
    if (request.url === "/ready") return response.end("yes");
    firstMs ??= performance.now();
    if (performance.now() - firstMs < afterMs) setTimeout(() => response.writeHead(503).end(), 20);
    else awake(request, response);
    return undefined;
  };
}

const READY = "path: /ready, timeout: 1s";

const warmUpOf = (place: Awaited<ReturnType<typeof workplace>>) => place.record().scenarios[0]!.arms.head!.warmUp;

test("without a warm-up, the first measured requests tell how the endpoint started, and a limit is decided by that", async () => {
  const gates = "cold.first_success: { limit: 500ms }, errors.ratio: { limit: 99% }";
  const place = await workplace({ "suite.yaml": suite({ load: "concurrency: 4, duration: 3s", gates, ready: READY }) });
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(waking(1000))]);
  expect(ended.code, ended.stdout + ended.stderr).toBe(1);
  expect(ended.stdout).toMatch(/cold\.first_success is \d[\d.]* m?s, over its limit of 500 ms: a fact of this run/);
  expect(warmUpOf(place)).toMatchObject({ durationS: 0, offered: 0 });
  expect(Math.abs(warmUpOf(place).firstSuccessS! - 1)).toBeLessThan(0.4);
  expect(warmUpOf(place)).not.toHaveProperty("firstRequestS");
});

test("an automatic warm-up ends when the answers are steady, and what came before is no part of the measurement", async () => {
  const gates = "cold.first_success: { limit: 8s }, cold.steady: { limit: 8s }, errors.ratio: { limit: 1% }";
  const text = suite({ load: "concurrency: 4, duration: 16s", gates, ready: READY }).replace("warm-up: none", "warm-up: auto");
  const place = await workplace({ "suite.yaml": text });
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(waking(500))]);
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  const warmUp = warmUpOf(place);
  expect(warmUp.steady).toBe(true);
  expect(warmUp.durationS).toBeLessThan(8);
  expect(warmUp.offered - warmUp.ok).toBeGreaterThan(50);
  expect(warmUp.firstSuccessS).toBeGreaterThan(0.3);
  expect(warmUp.steadyS).toBeGreaterThanOrEqual(warmUp.firstSuccessS!);
  expect(place.record().scenarios[0]!.arms.head!.blocks.every(({ offered, ok }) => offered === ok)).toBe(true);
});

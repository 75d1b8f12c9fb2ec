import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { MetricName } from "../../../src/core/metric.ts";
import { parseExposition } from "../../../src/core/telemetry/exposition.ts";
import { detectKinds, EXPOSITIONS, type ExpositionKind, type TelemetryKind } from "../../../src/core/telemetry/kinds.ts";
import { readScrape, type Scrape } from "../../../src/core/telemetry/scrape.ts";
import { source, toldBy } from "./sampled.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/telemetry/${name}`, import.meta.url), "utf8");
const result = (text: string, kind: TelemetryKind) => readScrape(source({ kind }), text);
const read = (text: string, kind: TelemetryKind): Scrape => {
  const found = result(text, kind);
  if (found.kind === "useless") throw new Error(found.why);
  return found.scrape;
};
const whyNot = (text: string, kind: TelemetryKind) => {
  const found = result(text, kind);
  return found.kind === "useless" ? found.why : undefined;
};
/** Numbers of quotients are exact up to rounding. */
const near = (values: Readonly<Partial<Record<MetricName, number>>>) =>
  Object.fromEntries(Object.entries(values).map(([metric, value]) => [metric, expect.closeTo(value, 9)]));

/** Worked out by hand: each counter rose from 0 to what the fixture shows, within two seconds. */
const TOLD: readonly (readonly [string, ExpositionKind, Readonly<Partial<Record<MetricName, number>>>])[] = [
  [
    "triton.prom",
    "triton",
    {
      "queue.depth": 5,
      "batch.size": 240 / 60,
      "request.time": 0.01,
      "queue.time": 0.0025,
      "preprocess.time": 0.0005,
      "inference.time": 0.006,
      "postprocess.time": 0.0001,
      "host.cpu.utilization": 0.25,
      "host.memory.used": 8e9,
      "gpu.utilization": 0.75,
      "gpu.memory.used": 3e9,
      "gpu.memory.peak": 3e9,
      "gpu.power": 61.5,
    },
  ],
  ["triton-tensorrt-llm.prom", "triton", { "queue.depth": 9, "requests.running": 6, "kv_cache.utilization": 0.62, "queue.time": 0.00005 }],
  [
    "vllm-two-engines.prom",
    "vllm",
    {
      "queue.depth": 3,
      "requests.running": 13,
      "kv_cache.utilization": 0.81,
      preemptions: 3,
      "cache.hit_ratio": 300 / 800,
      "request.time": 2.6,
      "queue.time": 0.4,
      "prefill.time": 0.15,
      "decode.time": 2,
      "inference.time": 2.15,
      "decode.time_per_token": 0.02,
    },
  ],
  ["ray-vllm.prom", "vllm", { "queue.depth": 3, "requests.running": 4, "kv_cache.utilization": 0.2, "decode.time_per_token": 0.05 }],
  [
    "sglang.prom",
    "sglang",
    {
      "queue.depth": 2826,
      "requests.running": 162,
      "kv_cache.utilization": 0.28,
      "cache.hit_ratio": 0.25,
      "request.time": 250,
      "decode.time_per_token": 0.02,
    },
  ],
  [
    "sglang-ranks.prom",
    "sglang",
    {
      "queue.depth": 14,
      "requests.running": 28,
      "kv_cache.utilization": 0.61,
      preemptions: 3,
      "cache.hit_ratio": 0.5,
      "queue.time": 0.1,
      "prefill.time": 0.15,
      "decode.time_per_token": 0.02,
    },
  ],
  [
    "tensorrt-llm.prom",
    "tensorrt-llm",
    {
      "queue.depth": 7,
      "requests.running": 12,
      "kv_cache.utilization": 0.62,
      "cache.hit_ratio": 0.3,
      "request.time": 1.5,
      "queue.time": 0.2,
      "prefill.time": 0.1,
      "decode.time": 1.1,
      "inference.time": 1.2,
      "decode.time_per_token": 0.015,
    },
  ],
  [
    "tgi.prom",
    "tgi",
    {
      "queue.depth": 6,
      "requests.running": 4,
      "request.time": 2.1,
      "preprocess.time": 0.005,
      "queue.time": 0.095,
      "inference.time": 2,
      "decode.time_per_token": 0.025,
    },
  ],
  [
    "llamacpp.json",
    "llama.cpp",
    { "queue.depth": 1, "requests.running": 2, "cache.hit_ratio": 0.5, "prefill.time_per_token": 0.0005, "decode.time_per_token": 0.025 },
  ],
  [
    "torchserve.prom",
    "torchserve",
    {
      "request.time": 0.1,
      "queue.time": 0.015,
      "inference.time": 0.085,
      "gpu.utilization": 0.7,
      "gpu.memory.used": 1024 * 1024 ** 2,
      "gpu.memory.peak": 1024 * 1024 ** 2,
      "host.memory.used": 8192.5 * 1024 ** 2,
    },
  ],
  ["tf-serving.prom", "tf-serving", { "request.time": 0.0025, "queue.time": 0.0003, "inference.time": 0.0015, "batch.size": 4 }],
  ["ray-serve.prom", "ray-serve", { "queue.depth": 5, "requests.running": 8, "request.time": 0.12, "inference.time": 0.08 }],
  [
    "node-exporter.prom",
    "node-exporter",
    {
      "host.cpu.utilization": 600 / 2000,
      "host.memory.used": 1.6e10,
      "network.rx": 2000,
      "network.tx": 2500,
      "disk.read": 500,
      "disk.written": 2000,
    },
  ],
  ["process-exporter.prom", "process", { "cpu.cores": 80, "memory.resident": 4e9, "memory.resident.peak": 4e9 }],
];

describe("the exposition of a server", () => {
  test.each(TOLD)("%s is read as a person reads it", (name, kind, told) => {
    const scrape = read(fixture(name), kind);
    expect(toldBy(scrape)).toEqual(near(told));
    expect(EXPOSITIONS[kind].fills).toEqual(expect.arrayContaining(Object.keys(told)));
  });

  test.each(TOLD)("%s is known by its series, and read the same where nothing names it", (name, kind) => {
    const text = fixture(name);
    const names = parseExposition(text).samples.map((sample) => sample.name);
    const withProcess = name === "vllm-two-engines.prom";
    expect(detectKinds(names)).toEqual(withProcess ? [kind, "process"] : [kind]);
    expect(read(text, "auto")).toMatchObject(withProcess ? { quotients: read(text, kind).quotients! } : read(text, kind));
  });

  test("that a server begins with the name of another is not mistaken for it", () => {
    for (const name of TOLD.flatMap(([file]) => parseExposition(fixture(file)).samples.map((sample) => sample.name)))
      expect(Object.values(EXPOSITIONS).filter(({ keeps }) => keeps(name)).length, name).toBeLessThan(2);
    for (const name of ["vllm:external_prefix_cache_hits_total", "vllm:mm_cache_queries_total", "vllm:num_requests_waiting_by_reason"])
      expect(detectKinds([name])).toEqual([]);
  });

  test("is told with its process, and that of an exporter is not", () => {
    const auto = toldBy(read(fixture("vllm-two-engines.prom"), "auto"));
    expect(auto).toMatchObject({ "cpu.cores": 6.25, "memory.resident": 1.5e9, "queue.depth": 3 });
    expect(toldBy(read(fixture("node-exporter.prom"), "auto"))).not.toHaveProperty("cpu.cores");
    const gpus = `${fixture("dcgm-two-gpus.prom")}process_resident_memory_bytes 2e+07\n`;
    expect(read(gpus, "auto").gauges).not.toHaveProperty("memory.resident");
  });

  test("that answers JSON is told where its exposition is", () => {
    expect(whyNot('[{"iterLatencyMS": 4.5}]', "tensorrt-llm")).toBe(
      "the answer is JSON and not a Prometheus exposition; trtllm-serve has one at /prometheus/metrics",
    );
    expect(whyNot(" {}", "auto")).toMatch(/JSON.*\/prometheus\/metrics/);
    expect(whyNot('{"a":\n1}', "vllm")).toBe("the answer is JSON and not a Prometheus exposition");
  });
});

describe("Triton", () => {
  test("names its GPUs and counts their energy; what could not be read is 0 and no value", () => {
    const scrape = read(fixture("triton.prom"), "triton");
    expect(scrape.gpus.map(({ uuid }) => uuid)).toEqual(["GPU-aaaa", "GPU-bbbb"]);
    expect(scrape.gpusCounted).toEqual({ "gpu.utilization": 1, "gpu.memory.used": 1, "gpu.memory.peak": 1, "gpu.power": 1 });
    expect(scrape.energyJ).toEqual({ "/GPU-aaaa": 5000.5 });
  });

  test("an idle GPU has a utilization of 0 all the same", () => {
    const idle = fixture("triton.prom").replace(/(nv_gpu_utilization\{gpu_uuid="GPU-aaaa"\}) .*/, "$1 0");
    expect(read(idle, "triton").gauges["gpu.utilization"]).toBe(0);
  });
});

describe("TensorRT-LLM", () => {
  test("counts blocks of the cache where it does not count tokens", () => {
    const older = fixture("tensorrt-llm.prom").replaceAll(/^trtllm_prompt_cached_tokens_total.*\n/gm, "");
    expect(toldBy(read(older, "tensorrt-llm"))["cache.hit_ratio"]).toBe(0.25);
  });
});

describe("vLLM", () => {
  test("under a newer Ray has no colon in its names", () => {
    const newer = fixture("vllm-two-engines.prom").replaceAll(/^vllm:/gm, "ray_vllm_");
    expect(read(newer, "vllm")).toEqual(read(fixture("vllm-two-engines.prom"), "vllm"));
  });
});

test("Ray Serve and TorchServe say how seldom they renew what they tell", () => {
  expect(read(fixture("ray-serve.prom"), "auto").renewedS).toMatchObject({ "queue.depth": 10, "inference.time": 10 });
  expect(read(fixture("torchserve.prom"), "auto").renewedS).toEqual({
    "gpu.utilization": 60,
    "gpu.memory.used": 60,
    "gpu.memory.peak": 60,
    "host.memory.used": 60,
  });
});

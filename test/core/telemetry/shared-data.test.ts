import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MetricName } from "../../../src/core/metric.ts";
import { parseExposition } from "../../../src/core/telemetry/exposition.ts";
import { detectKinds } from "../../../src/core/telemetry/kinds.ts";
import { knownFields, readNvidiaSmi, readRow, refusedField } from "../../../src/core/telemetry/nvidia-smi.ts";
import { readScrape, type Scrape } from "../../../src/core/telemetry/scrape.ts";
import { source, toldBy } from "./sampled.ts";

/** Captures of real servers and exporters, which are no part of the project. The fixtures beside these tests have their quirks. */
const FOLDER = "../shared/data";
const isHere = existsSync(FOLDER);
const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");
const autoScrape = (name: string): Scrape => {
  const result = readScrape(source({ kind: "auto" }), read(name));
  if (result.kind === "useless") throw new Error(result.why);
  return result.scrape;
};
const near = (value: number) => expect.closeTo(value, 6);
const MIB = 1024 ** 2;

test.skipIf(isHere)("NOT CHECKED: ../shared/data is not here", () => undefined);

describe.runIf(isHere)("the captures in ../shared/data", () => {
  const memory = (bytes: number) => ({ "gpu.memory.used": bytes, "gpu.memory.peak": bytes });
  const exporter: readonly (readonly [string, string, Partial<Record<MetricName, number>>, Partial<Scrape>])[] = [
    [
      "nvidia_gpu_exporter__nvidia-h200__590.48.01__load.prom",
      "NVIDIA H200",
      {
        "gpu.utilization": 1,
        "gpu.memory.utilization": 0.07,
        ...memory(33_934_016_512),
        "gpu.power": 627.4,
        "gpu.temperature": 52,
        "gpu.sm_clock": 1.98e9,
      },
      { throttleBits: { "/00000000-0000-0000-0000-000000000000": 0 } },
    ],
    [
      "nvidia_gpu_exporter__nvidia-h200__590.48.01__idle.prom",
      "NVIDIA H200",
      { "gpu.utilization": 0, "gpu.memory.utilization": 0, ...memory(0), "gpu.power": 77.71, "gpu.temperature": 28, "gpu.sm_clock": 345e6 },
      { throttleBits: { "/00000000-0000-0000-0000-000000000000": 1 } },
    ],
    [
      "nvidia_gpu_exporter__nvidia-h100-80gb-hbm3__590.48.01__load.prom",
      "NVIDIA H100 80GB HBM3",
      {
        "gpu.utilization": 1,
        "gpu.memory.utilization": 0.11,
        ...memory(20_780_679_168),
        "gpu.power": 631.95,
        "gpu.temperature": 59,
        "gpu.sm_clock": 1.98e9,
      },
      {},
    ],
    [
      "nvidia_gpu_exporter__nvidia-h100-mig__590.48.01__load.prom",
      "NVIDIA H100 80GB HBM3",
      { ...memory(11_665_408_000), "gpu.power": 433.78, "gpu.temperature": 53, "gpu.sm_clock": 1.98e9 },
      {
        processes: {
          "/00000000-0000-0000-0000-000000000000": ["21180 /root/tools/memhog", "21181 /root/tools/memhog", "21198 ./gpu_burn"],
        },
      },
    ],
  ];
  test.each(exporter)("%s is read as a person reads it", (name, model, gauges, rest) => {
    const scrape = autoScrape(name);
    expect(scrape.gauges).toEqual(gauges);
    expect(scrape.gpus).toMatchObject([{ model, driver: "590.48.01", ...(name.includes("-mig") ? { mig: "enabled" } : {}) }]);
    expect(scrape).toMatchObject({ energyJ: {}, ...rest });
  });

  test("dcgm_exporter.prom holds GPUs of several hosts, old names, dummies and a blank", () => {
    const scrape = autoScrape("dcgm_exporter.prom");
    expect(scrape.energyJ).toEqual({ "424773df46e0/GPU-20c56d28-0da5-6d26-a36a-e7af1ce2586e": 128_996.013 });
    expect(scrape.gpus).toContainEqual({
      key: "424773df46e0/GPU-20c56d28-0da5-6d26-a36a-e7af1ce2586e",
      uuid: "GPU-20c56d28-0da5-6d26-a36a-e7af1ce2586e",
      model: "Tesla T4",
      driver: "460.106.00",
    });
    expect(scrape.gauges).toMatchObject({ "gpu.power": near(8.969), "gpu.temperature": 25, "gpu.memory.used": 0 });
    // 300 MHz of the T4 and 139 MHz of the one in the exporter's own documentation.
    expect(scrape.gauges["gpu.sm_clock"]).toBe(219.5e6);
    expect(scrape.throttleBits).toEqual({ "551bdf382151/GPU-9ef1b6d0-3643-5dd7-b823-c0ec20dcf2d5": 1 });
  });

  test("amd_device_metrics_exporter.prom is read, also the lines that were only written about", () => {
    const scrape = autoScrape("amd_device_metrics_exporter.prom");
    expect(scrape.gauges).toEqual({ "gpu.utilization": 0, "gpu.power": 41, "gpu.sm_clock": 132e6 });
    const received = [0, 2.776148269e9, 2.914491813e9, 2.853215723e9, 2.857943554e9, 2.859773597e9, 2.852296682e9, 2.757052542e9];
    const sent = [0, 3.539423344e9, 3.708415141e9, 3.639806555e9, 3.675549728e9, 3.657430314e9, 3.646094607e9, 3.545990503];
    const bytes = [...received, ...sent].reduce((sum, kilobytes) => sum + kilobytes * 1024, 0);
    expect(scrape.linkBytes!["xxxx/xxxx#0"]! / bytes).toBeCloseTo(1, 9);
  });

  describe("the session of nvidia-smi", () => {
    const text = isHere ? read("nvidia-smi_capture__h200__590.48.01.txt") : "";
    const answers = text
      .split("\n")
      .flatMap((line, i, all) => (line.startsWith("timestamp, driver_version, ") ? [{ header: line, line: all[i + 1]! }] : []));
    const rows = answers.map(({ header, line }) => {
      const fields = header.split(", ").map((field) => field.replace(/ \[.*\]$/, ""));
      return readRow(fields, line)!;
    });

    test("lists the fields that are asked for, under the newest of their names", () => {
      expect(knownFields(text)).toEqual(expect.arrayContaining(["uuid", "clocks.sm", "clocks_event_reasons.active", "power.draw"]));
      expect(knownFields(text)).toHaveLength(24);
      expect(refusedField(text)).toBeUndefined();
    });

    test("is read idle and loaded, with the units that it was recorded with", () => {
      // The session asked for clocks.current.sm, which is another name of clocks.sm.
      const [idle, load] = rows.map((row) => readNvidiaSmi([{ ...row, "clocks.sm": row["clocks.current.sm"]! }]));
      expect(idle!.gauges).toMatchObject({ "gpu.utilization": 0, "gpu.power": 77.71, "gpu.temperature": 28, "gpu.sm_clock": 345e6 });
      expect(load!.gauges).toEqual({
        "gpu.utilization": 1,
        "gpu.memory.utilization": near(0.07),
        ...memory(32_362 * MIB),
        "gpu.power": 627.4,
        "gpu.temperature": 52,
        "gpu.sm_clock": 1.98e9,
      });
      expect([idle, load].map((scrape) => Object.values(scrape!.throttleBits))).toEqual([[1], [0]]);
      expect(load).toMatchObject({ gpus: [{ model: "NVIDIA H200", driver: "590.48.01" }], collectedAt: "2026/07/03 22:11:09.763" });
    });
  });

  const servers: readonly (readonly [string, readonly string[], Readonly<Partial<Record<MetricName, number>>>])[] = [
    [
      "triton.prom",
      ["triton"],
      {
        "queue.depth": 0,
        "batch.size": 1,
        "request.time": 1.327965 / 3,
        "queue.time": 0.000145 / 3,
        "preprocess.time": 0.000626 / 3,
        "inference.time": 1.326831 / 3,
        "postprocess.time": 0.000061 / 3,
        "host.cpu.utilization": 0,
        "gpu.utilization": 0,
        ...memory(266_338_304),
        "gpu.power": 32.09,
      },
    ],
    // An idle server, and below it counters of another one; nothing was taken from the cache.
    [
      "vllm_v1.prom",
      ["vllm"],
      { "queue.depth": 0, "requests.running": 0, "kv_cache.utilization": 0, preemptions: 0, "cache.hit_ratio": 0 },
    ],
    [
      "ray_vllm.prom",
      ["vllm"],
      {
        "queue.depth": 0,
        "requests.running": 0,
        "kv_cache.utilization": 5.882698982295764e-5,
        "decode.time_per_token": 16.178537607192993 / 299,
      },
    ],
    // An overloaded server with 2826 requests waiting, and below it two ranks of one engine, which has 11.
    [
      "sglang.prom",
      ["sglang"],
      {
        "queue.depth": 2826 + 11,
        "requests.running": 162,
        "kv_cache.utilization": 0.42,
        "request.time": 3_116_093.850019932 / 11_228,
      },
    ],
    // Its hit rate of 0.38 is a mean since the start.
    ["trtllm.prom", ["tensorrt-llm"], { "kv_cache.utilization": 0.62 }],
    [
      "torchserve_metrics.prom",
      ["torchserve"],
      {
        "request.time": 0.290371129 / 3,
        "queue.time": 0.00036521 / 3,
        "inference.time": (0.290371129 - 0.00036521) / 3,
        "host.memory.used": 8245.62109375 * MIB,
      },
    ],
    ["tensorflow_serving.prom", ["tf-serving"], { "request.time": 0.004821 / 3 }],
    [
      "llamacpp.prom",
      ["llama.cpp"],
      { "queue.depth": 1, "requests.running": 2, "prefill.time_per_token": 4 / 120, "decode.time_per_token": 7 / 210 },
    ],
  ];
  test.each(servers)("%s is read as a person reads it, as if all of it had been counted just now", (name, kinds, told) => {
    expect(detectKinds(parseExposition(read(name)).samples.map((sample) => sample.name))).toEqual(kinds);
    expect(toldBy(autoScrape(name))).toEqual(
      Object.fromEntries(Object.entries(told).map(([metric, value]) => [metric, expect.closeTo(value, 9)])),
    );
  });

  test("triton.prom tells the energy of its GPU", () => {
    expect(autoScrape("triton.prom").energyJ).toEqual({ "/GPU-951eeeeb-d284-d263-688e-d98a5306389b": 4_879_631.328000044 });
  });

  test("ray_serve.prom is read where the documentation's dots are no part of it", () => {
    const text = read("ray_serve.prom").replaceAll("..., ", "");
    const result = readScrape(source({ kind: "auto" }), text);
    expect(result.kind === "scrape" && toldBy(result.scrape)).toEqual({ "inference.time": expect.closeTo(48.160_671_949_386_6 / 48, 9) });
  });

  test("of the families of vLLM 0.26 those are read that are meant", () => {
    const families = read("vllm_metric_families_v0.26.0.txt")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.split(" ") as [string, string]);
    const series = families.flatMap(([name, type]) => (type === "histogram" ? [`${name}_sum`, `${name}_count`, `${name}_bucket`] : [name]));
    const times = [
      "e2e_request_latency",
      "inter_token_latency",
      ...["decode", "inference", "prefill", "queue"].map((of) => `request_${of}_time`),
    ];
    expect(series.filter((name) => detectKinds([name]).length > 0).toSorted()).toEqual(
      [
        ...times.flatMap((name) => [`vllm:${name}_seconds_sum`, `vllm:${name}_seconds_count`]),
        "vllm:kv_cache_usage_perc",
        "vllm:num_preemptions_total",
        "vllm:num_requests_running",
        "vllm:num_requests_waiting",
        "vllm:prefix_cache_hits_total",
        "vllm:prefix_cache_queries_total",
      ].toSorted(),
    );
  });

  test("every exposition parses, and of the renamed fields of DCGM those that are read are read under both names", () => {
    for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(".prom"))) {
      const { samples, broken } = parseExposition(read(name));
      const lines = read(name)
        .split("\n")
        .filter((line) => line.trim() !== "" && !line.startsWith("#")).length;
      expect([name, samples.length + broken.lines]).toEqual([name, lines]);
      // Two of the captures quote documentation, with dots or without a value.
      if (!["ray_serve.prom", "amd_device_metrics_exporter.prom"].includes(name)) expect([name, broken.first]).toEqual([name, undefined]);
    }
    const renames = ["dcgm_4.6_renames_of_default_counters.txt", "dcgm_4.6_all_deprecated_names.txt"].flatMap((name) =>
      read(name)
        .trim()
        .split("\n")
        .filter((line) => !line.startsWith("#"))
        .map((line) => line.split(/ -> | /)),
    );
    expect(renames.length).toBe(34 + 325);
    const oneSided = renames.filter(([old, now]) => detectKinds([old!]).length !== detectKinds([now!]).length);
    expect(oneSided).toEqual([]);
  });
});

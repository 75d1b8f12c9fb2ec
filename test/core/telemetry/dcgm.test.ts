import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isDcgmField, readDcgm } from "../../../src/core/telemetry/dcgm.ts";
import { parseExposition } from "../../../src/core/telemetry/exposition.ts";
import { settleScrapes } from "../../../src/core/telemetry/settle.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/telemetry/${name}`, import.meta.url), "utf8");
const read = (text: string) => readDcgm(parseExposition(text, isDcgmField).samples);
const gpu = (uuid: string, host = "h") => `gpu="0",UUID="${uuid}",hostname="${host}"`;

describe("two GPUs under the old names", () => {
  const scrape = read(fixture("dcgm-two-gpus.prom"));

  test("become our metrics in base units, summed, averaged or the highest as each is defined", () => {
    expect(scrape.gauges).toEqual({
      "gpu.utilization": 0.6,
      "gpu.sm_activity": 0.5,
      "gpu.memory.used": 1536 * 1024 ** 2,
      "gpu.memory.peak": 1536 * 1024 ** 2,
      "gpu.power": 400,
      "gpu.temperature": 57,
      "gpu.sm_clock": 1_490_000_000,
    });
  });

  test("say which GPUs they are, with model and driver", () => {
    expect(scrape.gpus).toEqual([
      { key: "node-1/GPU-aaaa", uuid: "GPU-aaaa", model: "NVIDIA H100 80GB HBM3", driver: "550.144.03" },
      { key: "node-1/GPU-bbbb", uuid: "GPU-bbbb", model: "NVIDIA H100 80GB HBM3", driver: "550.144.03" },
    ]);
  });

  test("count energy in joules, however large the counter", () => {
    expect(scrape.energyJ).toEqual({ "node-1/GPU-aaaa": 128_996.013, "node-1/GPU-bbbb": 140_737_488_355_329 });
  });

  test("tell of Xids and throttling per GPU", () => {
    expect(scrape.lastXid).toEqual({ "node-1/GPU-aaaa": 31, "node-1/GPU-bbbb": 0 });
    expect(scrape.throttleBits).toEqual({ "node-1/GPU-aaaa": 4, "node-1/GPU-bbbb": 1 });
  });

  test("say over how many GPUs each metric was taken", () => {
    expect(scrape.gpusCounted).toMatchObject({ "gpu.sm_activity": 1, "gpu.memory.used": 2 });
  });
});

test("the names of DCGM 4.6 mean the same", () => {
  const scrape = read(fixture("dcgm-new-names.prom"));
  const [settled] = settleScrapes([{ scrape }]);
  expect(settled!.scrape.gauges).toEqual({
    "gpu.utilization": 0.87,
    "gpu.sm_activity": 0.61,
    "gpu.tensor_activity": 0.22,
    "gpu.dram_activity": 0.33,
    "gpu.memory.used": 2 * 1024 ** 3,
    "gpu.memory.peak": 2 * 1024 ** 3,
    "gpu.power": 627.4,
    "gpu.temperature": 52,
  });
  expect(scrape).toMatchObject({
    energyJ: { "node-1/GPU-aaaa": 5 },
    gpus: [{ driver: "590.48.01", model: "NVIDIA H200" }],
    throttleBits: { "node-1/GPU-aaaa": 32 },
    thermalViolationNs: { "node-1/GPU-aaaa": 1_200_000 },
  });
});

describe("MIG", () => {
  const scrape = read(fixture("dcgm-mig.prom"));

  test("counts memory and activity per instance, without the GPU that is split", () => {
    expect(scrape.gauges["gpu.memory.used"]).toBe(3000 * 1024 ** 2);
    expect(scrape.gauges["gpu.utilization"]).toBeCloseTo(0.5);
    expect(scrape.gpus.map(({ key }) => key)).toEqual(["node-1/GPU-aaaa/1", "node-1/GPU-aaaa/2"]);
  });

  test("counts power once per GPU, although every instance repeats it", () => {
    expect(scrape.gauges["gpu.power"]).toBe(300);
  });

  test("drops an activity far above 1", () => {
    expect(scrape.gauges).not.toHaveProperty("gpu.sm_activity");
  });
});

describe("values that are none", () => {
  test.each([
    "9223372036854775792",
    "9223372036854775793",
    "9223372036854775794",
    "9223372036854775795",
    "140737488355328",
    "140737488355331",
    "NaN",
    "+Inf",
    "7407936",
    "-1",
  ])("%s is dropped from gauges", (value) => {
    const text = ["DCGM_FI_DEV_GPU_UTIL", "DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_GPU_TEMP", "DCGM_FI_PROF_SM_ACTIVE"]
      .map((name) => `${name}{${gpu("a")}} ${name.endsWith("TEMP") && value === "-1" ? "NaN" : value}`)
      .join("\n");
    expect(read(text).gauges).toEqual({});
  });

  test.each(["9223372036854775794", "140737488355329", "NaN"])("%s is dropped from counters", (value) => {
    const { energyJ, lastXid } = read(
      `DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${gpu("a")}} ${value}\nDCGM_FI_DEV_XID_ERRORS{${gpu("a")}} ${value}`,
    );
    expect([energyJ, lastXid]).toEqual([{}, {}]);
  });
});

test("equal indices on two hosts are two GPUs", () => {
  const text = `DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="x",hostname="h1"} 100\nDCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="x",hostname="h2"} 50`;
  expect(read(text).gauges["gpu.power"]).toBe(150);
});

test("an activity that overshoots 1 by rounding counts as 1", () => {
  expect(read(`DCGM_FI_PROF_SM_ACTIVE{${gpu("a")}} 1.01`).gauges["gpu.sm_activity"]).toBe(1);
});

test("without utilization, the engine's activity stands for it; with it, not", () => {
  const engine = `DCGM_FI_PROF_GR_ENGINE_ACTIVE{${gpu("a")}} 0.4`;
  expect(read(engine).gauges["gpu.utilization"]).toBe(0.4);
  expect(read(`${engine}\nDCGM_FI_DEV_GPU_UTIL{${gpu("a")}} 70`).gauges["gpu.utilization"]).toBeCloseTo(0.7);
});

describe("settling all scrapes of a source", () => {
  const utilization = (...values: number[]) =>
    settleScrapes(values.map((value) => ({ scrape: read(`DCGM_FI_DEV_GPU_UTIL_RATIO{${gpu("a")}} ${value}`) }))).map(
      ({ scrape }) => scrape.gauges["gpu.utilization"],
    );

  test("reads a utilization ratio as percent once any sample is above 1", () => {
    expect(utilization(1, 0, 50)).toEqual([0.01, 0, 0.5]);
  });

  test("reads it as a ratio when none is", () => {
    expect(utilization(1, 0, 0.5)).toEqual([1, 0, 0.5]);
  });

  test("drops a sum that lacks a GPU which other scrapes have", () => {
    const both = `DCGM_FI_DEV_FB_USED{${gpu("a")}} 10\nDCGM_FI_DEV_FB_USED{${gpu("b")}} 10`;
    const lacking = `DCGM_FI_DEV_FB_USED{${gpu("a")}} 10\nDCGM_FI_DEV_FB_USED{${gpu("b")}} 9223372036854775792`;
    const settled = settleScrapes([both, lacking, both].map((text) => ({ scrape: read(text) })));
    expect(settled.map(({ scrape }) => scrape.gauges["gpu.memory.used"])).toEqual([20 * 1024 ** 2, undefined, 20 * 1024 ** 2]);
  });
});

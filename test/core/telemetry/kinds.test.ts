import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GAUGE_NAMES } from "../../../src/core/metric.ts";
import type { TelemetrySource } from "../../../src/core/suite/suite.ts";
import { parseExposition } from "../../../src/core/telemetry/exposition.ts";
import {
  detectKinds,
  EXPOSITION_KINDS,
  EXPOSITIONS,
  type ExpositionKind,
  metricsOf,
  type TelemetryKind,
} from "../../../src/core/telemetry/kinds.ts";
import { readScrape, type Scrape } from "../../../src/core/telemetry/scrape.ts";
import { source } from "./sampled.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/telemetry/${name}`, import.meta.url), "utf8");
const read = (text: string, kind: TelemetryKind, rest: Partial<TelemetrySource> = {}): Scrape => {
  const result = readScrape(source({ kind, ...rest }), text);
  if (result.kind === "useless") throw new Error(result.why);
  return result.scrape;
};
const whyNot = (text: string, kind: TelemetryKind) => {
  const result = readScrape(source({ kind }), text);
  return result.kind === "useless" ? result.why : undefined;
};

describe("nvidia_gpu_exporter", () => {
  const scrape = read(fixture("nvidia-exporter-two-hosts.prom"), "nvidia-gpu-exporter");

  test("is read over the GPUs of several hosts, each metric as it is defined", () => {
    expect(scrape.gauges).toEqual({
      "gpu.utilization": 0.75,
      "gpu.memory.utilization": 0.08,
      "gpu.memory.used": 34_934_016_512,
      "gpu.memory.peak": 34_934_016_512,
      "gpu.power": 727.4,
      "gpu.temperature": 61,
      "gpu.sm_clock": 1_950_000_000,
      "gpu.pcie.rx": 1.5e9,
    });
    expect(scrape.gpusCounted).toMatchObject({ "gpu.power": 2, "gpu.pcie.rx": 1 });
  });

  test("names its GPUs, whose own label is the UUID alone, with what its info series says", () => {
    expect(scrape.gpus).toEqual([
      { key: "a/1111", uuid: "1111", model: "NVIDIA H200", driver: "590.48.01" },
      { key: "b/1111", uuid: "1111", model: "NVIDIA H200", driver: "590.48.01" },
    ]);
  });

  test("counts energy, held time and errors in base units, and knows both names of the reasons", () => {
    expect(scrape).toMatchObject({
      energyJ: { "a/1111": 8_128_902, "b/1111": 5 },
      throttleBits: { "a/1111": 4, "b/1111": 0x40 },
      thermalViolationNs: { "a/1111": 0.5e9 },
      powerCappedNs: { "a/1111": 12e9 },
      errorCounts: { "Xid 79 on b/1111": 2, "uncorrected ECC errors on a/1111": 0 },
      processes: { "a/1111": ["10309 python3 -m serve, v2"], "b/1111": [] },
    });
  });

  test("takes MIG instances instead of their GPU, and power and temperature once", () => {
    const mig = read(fixture("nvidia-exporter-mig.prom"), "nvidia-gpu-exporter");
    expect(mig.gauges).toEqual({
      "gpu.utilization": 0.5,
      "gpu.memory.used": 3e9,
      "gpu.memory.peak": 3e9,
      "gpu.power": 433.78,
      "gpu.temperature": 53,
    });
    expect(mig.gpus.map(({ key, mig: profile }) => [key, profile])).toEqual([
      ["/2222/1", "1g.10gb"],
      ["/2222/2", "1g.10gb"],
    ]);
  });

  test("without instances of its own says that its GPU is split", () => {
    const text = fixture("nvidia-exporter-mig.prom").replaceAll(/^nvidia_smi_mig_(?!mode).*\n/gm, "");
    expect(read(text, "nvidia-gpu-exporter").gpus).toMatchObject([{ key: "/2222", mig: "enabled" }]);
  });

  test("says itself when it could not ask the driver, and is believed", () => {
    const text = fixture("nvidia-exporter-two-hosts.prom").replace("last_collect_success 1", "last_collect_success 0");
    expect(whyNot(text, "nvidia-gpu-exporter")).toContain("last collection failed");
    expect(whyNot(text, "auto")).toContain("last collection failed");
  });

  test("that collects no processes is not one that sees none", () => {
    const text = fixture("nvidia-exporter-two-hosts.prom").replaceAll(/^nvidia_smi_compute_app.*\n/gm, "");
    expect(read(text, "nvidia-gpu-exporter").processes).toBeUndefined();
  });
});

describe("AMD's exporter", () => {
  const scrape = read(fixture("amd-mi300x.prom"), "amd");

  test("is read in base units: MiB, µJ, MHz of the compute units, percent", () => {
    expect(scrape.gauges).toEqual({
      "gpu.utilization": expect.closeTo(0.6),
      "gpu.memory.utilization": expect.closeTo(0.3),
      "gpu.memory.used": 1536 * 1024 ** 2,
      "gpu.memory.peak": 1536 * 1024 ** 2,
      "gpu.power": 1000,
      "gpu.temperature": 61,
      "gpu.sm_clock": 2_100_000_000,
      "gpu.throttled": 0,
      "gpu.power_capped": expect.closeTo(0.2),
    });
    expect(scrape.energyJ).toEqual({ "node/6920#0": 5_000_000, "node/6921#1": 7 });
    expect(scrape.linkBytes).toEqual({ "node/6920#0": 3000 * 1024, "node/6921#1": 3000 * 1024 });
    expect(scrape.throttleBits).toEqual({ "node/6920#0": 0, "node/6921#1": 4 });
  });

  test("may put a prefix before its names", () => {
    const prefixed = fixture("amd-mi300x.prom").replaceAll(/^gpu_/gm, "amd_gpu_");
    expect(read(prefixed, "amd")).toEqual(scrape);
  });

  test("has had other labels and millions of bytes, and a line that nobody can read spoils nothing", () => {
    const old = read(fixture("amd-old-labels.prom"), "amd");
    expect(old.gauges).toEqual({ "gpu.utilization": 0, "gpu.memory.used": 1e9, "gpu.memory.peak": 1e9, "gpu.power": 41 });
    expect(old.gpus).toEqual([{ key: "/6699", uuid: "6699", model: undefined, driver: undefined }]);
  });

  test("counts the partitions of a chip one by one", () => {
    const split = fixture("amd-mi300x.prom")
      .replaceAll('"spx"', '"CPX"')
      .replaceAll(/gpu_id="1",gpu_partition_id="0"/g, 'gpu_id="0",gpu_partition_id="1"')
      .replaceAll('"6921"', '"6920"');
    expect(read(split, "amd").gpus.map(({ key, mig }) => [key, mig])).toEqual([
      ["node/6920#0/0", "CPX"],
      ["node/6920#0/1", "CPX"],
    ]);
    expect(read(split, "amd").gauges).toMatchObject({ "gpu.memory.used": 1536 * 1024 ** 2, "gpu.power": 700 });
  });
});

describe("DCGM", () => {
  test("tells held time, links and errors, and blanks of both kinds are no values", () => {
    const scrape = read(fixture("dcgm-throttled.prom"), "dcgm");
    expect(scrape.gauges).toEqual({
      "gpu.memory.utilization": expect.closeTo(0.07),
      "gpu.memory.used": 100 * 1024 ** 2,
      "gpu.memory.peak": 100 * 1024 ** 2,
      "gpu.sm_clock": 1_410_000_000,
      "gpu.pcie.rx": 2.5e9,
      "gpu.nvlink": 150,
    });
    expect(scrape).toMatchObject({
      thermalViolationNs: { "n/GPU-aaaa": 5e9 },
      slowedNs: { "n/GPU-aaaa": 7 },
      powerCappedNs: {},
      linkBytes: { "n/GPU-aaaa": 10_000 },
      errorCounts: { "uncorrected ECC errors on n/GPU-aaaa": 3 },
    });
  });

  test("names the profile of an instance", () => {
    expect(read(fixture("dcgm-mig.prom"), "dcgm").gpus.map(({ mig }) => mig)).toEqual(["3g.40gb", "3g.40gb"]);
  });
});

describe("the kind of an exposition", () => {
  test.each([
    ["dcgm-two-gpus.prom", ["dcgm"]],
    ["dcgm-new-names.prom", ["dcgm"]],
    ["nvidia-exporter-two-hosts.prom", ["nvidia-gpu-exporter"]],
    ["amd-mi300x.prom", ["amd"]],
    ["amd-old-labels.prom", ["amd"]],
  ])("of %s is seen by what it exposes, and it reads the same as if it were named", (name, kinds) => {
    const text = fixture(name);
    expect(detectKinds(parseExposition(text).samples.map((sample) => sample.name))).toEqual(kinds);
    expect(read(text, "auto")).toEqual(read(text, kinds[0] as TelemetryKind));
  });

  test("is no kind where nothing is known", () => {
    expect(detectKinds(["up", "go_goroutines", "nvidia_smi_fan_speed_ratio", "gpu_nodes_total"])).toEqual([]);
    expect(whyNot("up 1\n", "auto")).toMatch(/none of the expected series \(of the kinds dcgm, .*, vllm, /);
    expect(whyNot("up 1\n", "dcgm")).toContain("none of the expected series (names that begin with DCGM_FI_)");
  });

  test("may be two: then each metric is taken once, and counters from the first", () => {
    const both = `${fixture("dcgm-two-gpus.prom")}\n${fixture("nvidia-exporter-two-hosts.prom")}`;
    const [dcgm, auto] = [read(both, "dcgm"), read(both, "auto")];
    expect(auto.gauges).toMatchObject({ ...dcgm.gauges, "gpu.pcie.rx": 1.5e9 });
    expect([auto.energyJ, auto.gpus]).toEqual([dcgm.energyJ, dcgm.gpus]);
  });

  test("decides which series are read, and no two kinds read the same", () => {
    const names = [
      "dcgm-two-gpus.prom",
      "dcgm-new-names.prom",
      "dcgm-throttled.prom",
      "nvidia-exporter-mig.prom",
      "amd-mi300x.prom",
    ].flatMap((name) => parseExposition(fixture(name)).samples.map((sample) => sample.name));
    for (const name of names) expect(EXPOSITION_KINDS.filter((kind) => EXPOSITIONS[kind].keeps(name)).length, name).toBeLessThan(2);
  });

  test("fills what it says it fills", () => {
    const told = {
      dcgm: ["dcgm-two-gpus.prom", "dcgm-new-names.prom", "dcgm-throttled.prom"],
      "nvidia-gpu-exporter": ["nvidia-exporter-two-hosts.prom", "nvidia-exporter-mig.prom"],
      amd: ["amd-mi300x.prom", "amd-old-labels.prom"],
    } as const;
    for (const [kind, names] of Object.entries(told) as [ExpositionKind, readonly string[]][]) {
      const gauges = names.flatMap((name) => Object.keys(read(fixture(name), kind).gauges));
      expect(metricsOf(kind), kind).toEqual(expect.arrayContaining(gauges));
    }
    for (const kind of EXPOSITION_KINDS) expect(GAUGE_NAMES, kind).toEqual(expect.arrayContaining([...metricsOf(kind)]));
  });
});

import { describe, expect, test } from "vitest";
import { cutTelemetry } from "../../../src/core/telemetry/cut.ts";
import { gpuEnvironment } from "../../../src/core/telemetry/gpu-health.ts";
import type { Gpu, Scrape } from "../../../src/core/telemetry/scrape.ts";
import { sampled, source, timed, window } from "./sampled.ts";

const gpu = (key: string, model = "NVIDIA H100", driver = "550"): Gpu => ({ key, uuid: key, model, driver });
/** A scrape every second from 0 to 20 s; `at` changes single ones. */
const everySecond = (at: (second: number) => Partial<Scrape>) =>
  Array.from({ length: 21 }, (_, second) => timed(second, { gauges: { "gpu.power": 100 }, ...at(second) }));
const blocks = [window("1", 2, 10), window("2", 10, 18)];
const problemsOf = (at: (second: number) => Partial<Scrape>) => cutTelemetry([sampled({ scrapes: everySecond(at) })], blocks).problems;

describe("sampling", () => {
  test("a source that answered as often as asked is no problem", () => {
    expect(problemsOf(() => ({}))).toEqual([]);
  });

  test("a silent source is lost, with the reason of its first failure", () => {
    const lost = sampled({ arm: "base", failures: 20, firstFailure: "HTTP status 404" });
    const { problems } = cutTelemetry([lost], [window("1", 2, 12, { arm: "base" })]);
    expect(problems).toEqual([
      {
        severity: "warning",
        code: "telemetry-lost",
        arm: "base",
        message: "dcgm http://gpu:9400/metrics gave 0 of 10 expected samples in the measured blocks; first failure: HTTP status 404",
      },
    ]);
  });

  test("the source of an arm without blocks is not missed", () => {
    expect(cutTelemetry([sampled({ arm: "base" })], blocks).problems.map(({ code }) => code)).toEqual([]);
  });

  test("a long silence in an otherwise sampled run is a gap", () => {
    const scrapes = Array.from({ length: 61 }, (_, second) => timed(second)).filter(
      ({ atNs }) => atNs < 20_000_000_000n || atNs > 25_000_000_000n,
    );
    const { problems } = cutTelemetry(
      [sampled({ scrapes, firstFailure: "no answer within 5 s" })],
      [window("1", 0, 30), window("2", 30, 60)],
    );
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      [
        "telemetry-gap",
        "dcgm http://gpu:9400/metrics was silent for 7.0 s during the measured blocks; first failure: no answer within 5 s",
      ],
    ]);
  });

  test("fewer than two samples per block are coarse", () => {
    const often = Array.from({ length: 10 }, (_, index) => window(`${index}`, index * 2, index * 2 + 1.5));
    const slow = Array.from({ length: 21 }, (_, index) => timed(index));
    const codes = cutTelemetry(
      [sampled({ scrapes: slow })],
      often.map((block) => ({ ...block, endNs: block.startNs + 900_000_000n })),
    ).problems;
    expect(codes.map(({ code }) => code)).toEqual(["telemetry-coarse"]);
  });

  test("an exporter that repeats itself is coarse, however often it is asked", () => {
    const steps = problemsOf((second) => ({ energyJ: { g: second < 15 ? 100 : 130 } }));
    expect(steps.map(({ code }) => code)).toEqual(["telemetry-coarse"]);
    expect(problemsOf((second) => ({ energyJ: { g: second } }))).toEqual([]);
  });
});

describe("GPUs", () => {
  const codes = (at: (second: number) => Partial<Scrape>) => problemsOf(at).map(({ severity, code }) => `${severity} ${code}`);

  test("that change between blocks make the run invalid", () => {
    expect(codes((second) => ({ gpus: second < 12 ? [gpu("a"), gpu("b")] : [gpu("a")] }))).toEqual(["invalid gpu-set-changed"]);
  });

  test("that change before or after the measured blocks do not", () => {
    expect(codes((second) => ({ gpus: second < 2 || second > 18 ? [] : [gpu("a")] }))).toEqual([]);
  });

  test.each([
    [0x08, "invalid gpu-throttled"],
    [0x20, "invalid gpu-throttled"],
    [0x40, "invalid gpu-throttled"],
    [0x80, "invalid gpu-throttled"],
    [0x04, "warning gpu-power-capped"],
  ])("with throttle bits %i are: %s", (bits, expected) => {
    expect(codes((second) => ({ throttleBits: { a: second === 5 ? bits : 0 } }))).toEqual([expected]);
  });

  test.each([0x00, 0x01, 0x02, 0x10, 0x100])("idle or set to a clock (%i) are not throttled", (bits) => {
    expect(codes(() => ({ throttleBits: { a: bits } }))).toEqual([]);
  });

  test("throttled outside the blocks do not count", () => {
    expect(codes((second) => ({ throttleBits: { a: second === 1 ? 0x40 : 0 } }))).toEqual([]);
  });

  test("whose time slowed by heat grows are throttled", () => {
    expect(codes((second) => ({ thermalViolationNs: { a: second < 5 ? 1000 : 2000 } }))).toEqual(["invalid gpu-throttled"]);
    expect(codes(() => ({ thermalViolationNs: { a: 1000 } }))).toEqual([]);
  });

  test("with a new Xid make the run invalid, with an old one they do not", () => {
    expect(codes((second) => ({ lastXid: { a: second < 8 ? 0 : 79 } }))).toEqual(["invalid gpu-xid"]);
    expect(codes((second) => ({ lastXid: { a: second < 8 ? 31 : 79 } }))).toEqual(["warning gpu-xid", "invalid gpu-xid"]);
    expect(codes(() => ({ lastXid: { a: 31 } }))).toEqual(["warning gpu-xid"]);
    expect(codes(() => ({ lastXid: { a: 0 } }))).toEqual([]);
  });

  test("of another kind on the other arm make the run invalid", () => {
    const arms = (model: string) => [
      sampled({ arm: "base", source: source(), scrapes: [timed(1, { gpus: [gpu("a", "Tesla T4")] })] }),
      sampled({ arm: "head", source: source(), scrapes: [timed(1, { gpus: [gpu("b", model)] })] }),
    ];
    const windows = [window("b", 0, 1, { arm: "base" }), window("h", 1, 2)];
    expect(cutTelemetry(arms("NVIDIA A10G"), windows).problems.filter(({ code }) => code === "gpu-set-changed")).toEqual([
      { severity: "invalid", code: "gpu-set-changed", message: "base and head ran on different GPUs: Tesla T4 against NVIDIA A10G" },
    ]);
    expect(cutTelemetry(arms("Tesla T4"), windows).problems.filter(({ code }) => code === "gpu-set-changed")).toEqual([]);
  });
});

describe("the environment", () => {
  test("names models, driver and the GPUs of each arm", () => {
    const base = sampled({ arm: "base", scrapes: [timed(1, { gpus: [gpu("h/a")] })] });
    const head = sampled({ arm: "head", scrapes: [timed(0), timed(1, { gpus: [gpu("h/b"), gpu("h/c")] })] });
    expect(gpuEnvironment([base, head])).toEqual({
      "gpu.driver": "550",
      "gpu.models": "2 × NVIDIA H100",
      "gpu.uuids.base": "h/a",
      "gpu.uuids.head": "h/b, h/c",
    });
  });

  test("says nothing that telemetry does not say", () => {
    expect(gpuEnvironment([sampled({ scrapes: [timed(1)] })])).toEqual({});
  });
});

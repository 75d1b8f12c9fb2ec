import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutTelemetry } from "../../../src/core/telemetry/cut.ts";
import { gpuEnvironment } from "../../../src/core/telemetry/gpu-health.ts";
import type { Gpu, Scrape } from "../../../src/core/telemetry/scrape.ts";
import { settleScrapes } from "../../../src/core/telemetry/settle.ts";
import { sampled, source, timed, window } from "./sampled.ts";

const gpu = (key: string, model = "NVIDIA H100", driver = "550"): Gpu => ({ key, uuid: key, model, driver });
/** A scrape every second from 0 to 20 s; `at` changes single ones. */
const everySecond = (at: (second: number) => Partial<Scrape>) =>
  Array.from({ length: 21 }, (_, second) => timed(second, { gauges: { "gpu.temperature": 50 }, ...at(second) }));
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

describe("a server beside an exporter", () => {
  const model = (key: string, uuid: string, of?: string): Gpu => ({ key, uuid, model: of, driver: undefined });
  const told = (gpus: readonly Gpu[], url: string, arm: "both" | "head" | "base" = "both") =>
    sampled({ url, arm, scrapes: everySecond(() => ({ gauges: { "gpu.power": 60, "queue.depth": 1 }, gpus })) });
  const dcgm = told([model("h/GPU-AB", "GPU-AB", "NVIDIA L4")], "http://a/m");
  const triton = told([model("/GPU-ab", "GPU-ab")], "http://b/m");

  test("tells of the same GPUs, and that is no overlap", () => {
    const messages = cutTelemetry([dcgm, triton], blocks).problems.map(({ code, message }) => [code, message]);
    expect(messages).toContainEqual(["telemetry-overlap", "http://a/m and http://b/m both give queue.depth; only the first is used"]);
    expect(messages.join()).not.toContain("gpu.power;");
    const other = told([model("/GPU-cd", "GPU-cd")], "http://b/m");
    expect(
      cutTelemetry([dcgm, other], blocks)
        .problems.map(({ message }) => message)
        .join(),
    ).toContain("both give gpu.power, queue.depth");
  });

  test("adds no GPU to the environment or to an arm", () => {
    for (const sources of [
      [dcgm, triton],
      [triton, dcgm],
    ])
      expect(gpuEnvironment(sources)).toMatchObject({ "gpu.models": "1 × NVIDIA L4", "gpu.uuids.head": "h/GPU-AB" });
    const [base, head] = [
      { ...dcgm, arm: "base" as const },
      { ...dcgm, arm: "head" as const },
    ];
    const arms = [window("1", 2, 10, { arm: "base" }), window("2", 10, 18)];
    const codes = (sources: (typeof dcgm)[]) => cutTelemetry(sources, arms).problems.map(({ code }) => code);
    expect(codes([base, head, { ...triton, arm: "head" }])).not.toContain("gpu-set-changed");
    expect(codes([base, head, { ...told([model("/cd", "cd")], "http://b/m"), arm: "head" }])).toContain("gpu-set-changed");
  });
});

describe("a server that renews its values every ten seconds", () => {
  const found = (where: typeof blocks) => {
    const scrapes = everySecond(() => ({ gauges: { "queue.depth": 2 }, renewedS: { "queue.depth": 10, "inference.time": 10 } }));
    return cutTelemetry([sampled({ source: source({ kind: "ray-serve" }), scrapes })], where).problems.map(({ code, message }) => [
      code,
      message,
    ]);
  };

  test("is coarse for shorter blocks than two of these", () => {
    expect(found(blocks)).toEqual([
      [
        "telemetry-coarse",
        "ray-serve http://gpu:9400/metrics renews queue.depth, inference.time every 10 s, so that a block has fewer than two values: measure longer blocks",
      ],
    ]);
    expect(found([window("1", 0, 20)])).toEqual([]);
  });
});

describe("samples that tell nothing new, or not of everything", () => {
  const found = (at: (second: number) => Partial<Scrape>, where = blocks) =>
    cutTelemetry([sampled({ scrapes: everySecond(at) })], where).problems.map(({ severity, code, message }) => [severity, code, message]);

  test("a source that repeats its own time is stale, with the longest time that it did", () => {
    const stuck = found((second) => ({ collectedAt: `${second < 4 || second > 9 ? second : 4}` }));
    expect(stuck).toEqual([
      [
        "warning",
        "telemetry-stale",
        "dcgm http://gpu:9400/metrics repeated itself for 5.0 s during the measured blocks: nothing was read in between",
      ],
    ]);
    expect(found((second) => ({ collectedAt: `${second}` }))).toEqual([]);
  });

  test("a metric that most samples have and some have not is named, with both numbers", () => {
    const gaps = found((second) => ({
      gauges: second % 4 === 0 ? { "gpu.temperature": 50 } : { "gpu.temperature": 50, "gpu.sm_activity": 0.5 },
    }));
    expect(gaps).toEqual([
      [
        "warning",
        "telemetry-discarded",
        "dcgm http://gpu:9400/metrics left out samples of the measured blocks: gpu.sm_activity in 4 of 18 (no usable value)",
      ],
    ]);
  });

  test("the number of GPUs of most samples counts: one that saw more takes nothing from the others", () => {
    const at = (second: number): Partial<Scrape> => ({
      gauges: { "gpu.memory.used": second === 5 ? 20 : 10 },
      gpusCounted: { "gpu.memory.used": second === 5 ? 2 : 1 },
    });
    const { gauges } = cutTelemetry([sampled({ scrapes: everySecond(at) })], blocks);
    expect(gauges.get("1")!["gpu.memory.used"]).toMatchObject({ n: 8, max: 10 });
    expect(found(at)).toEqual([
      [
        "warning",
        "telemetry-discarded",
        "dcgm http://gpu:9400/metrics left out samples of the measured blocks: gpu.memory.used in 1 of 18 (1 of them over another number of GPUs than most)",
      ],
      ["warning", "telemetry-partial", "dcgm http://gpu:9400/metrics does not tell of all GPUs: gpu.memory.used is over 1 of 2 GPUs"],
    ]);
  });

  test("never are more than half of a metric's samples dropped, however the number of GPUs jumps", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 40 }), (counts) => {
        const scrapes = counts.map((count, second) => timed(second, { gauges: { "gpu.power": 1 }, gpusCounted: { "gpu.power": count } }));
        const kept = settleScrapes(scrapes).filter(({ scrape }) => scrape.gauges["gpu.power"] !== undefined).length;
        expect(2 * kept).toBeGreaterThanOrEqual(counts.length);
      }),
    );
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

describe("GPUs during a run", () => {
  const told = (at: (second: number) => Partial<Scrape>) => problemsOf(at).map(({ severity, code, message }) => [severity, code, message]);

  test("split otherwise than before are another set, under the same keys", () => {
    const at = (second: number) => ({ gpus: [{ ...gpu("h/a/1"), mig: second < 12 ? "3g.40gb" : "1g.10gb" }] });
    expect(told(at)).toEqual([
      [
        "invalid",
        "gpu-set-changed",
        "the GPUs changed during the run: h/a/1 (MIG 3g.40gb), then h/a/1 (MIG 1g.10gb) (http://gpu:9400/metrics)",
      ],
    ]);
  });

  test("slowed by a power brake or a fault are throttled", () => {
    expect(told((second) => ({ slowedNs: { a: second < 5 ? 0 : 7 } }))).toEqual([
      ["invalid", "gpu-throttled", "a power brake or a fault slowed a during the measured blocks (http://gpu:9400/metrics)"],
    ]);
  });

  test("with errors that were counted make it invalid: those of the run, not those from before", () => {
    const at = (second: number) => ({ errorCounts: { "uncorrected ECC errors on a": 3, ...(second < 8 ? {} : { "Xid 79 on a": 2 }) } });
    expect(told(at)).toEqual([["invalid", "gpu-xid", "Xid 79 on a: 2 during the run (http://gpu:9400/metrics)"]]);
    expect(told((second) => ({ errorCounts: { "uncorrected ECC errors on a": second < 8 ? 3 : 4 } }))).toEqual([
      ["invalid", "gpu-memory-errors", "uncorrected ECC errors on a: 1 during the run (http://gpu:9400/metrics)"],
    ]);
  });

  test("with a process that comes or goes are named, with who was there", () => {
    const at = (second: number) =>
      second % 5 === 0 ? { processes: { a: second < 10 ? ["1 serve"] : ["1 serve", "2 train"], b: [] } } : {};
    expect(told(at)).toEqual([
      [
        "warning",
        "gpu-processes-changed",
        "the processes on a changed during the run: 1 serve at first, 1 serve, 2 train later (http://gpu:9400/metrics)",
      ],
    ]);
    expect(told(() => ({ processes: { a: ["1 serve"] } }))).toEqual([]);
  });

  test("whose energy counter falls have begun it anew", () => {
    expect(told((second) => ({ energyJ: { a: second < 12 ? 1000 + second : second } }))).toEqual([
      ["warning", "gpu-counter-reset", "the energy counter of a began anew once during the run (http://gpu:9400/metrics)"],
    ]);
  });

  test("without an energy counter have their power added up, and that is said", () => {
    const scrapes = everySecond(() => ({ gauges: { "gpu.power": 100 } }));
    const { gauges, problems } = cutTelemetry([sampled({ scrapes })], [window("1", 2, 10, { ok: 100, tokens: 2000 })]);
    expect(problems.map(({ code }) => code)).toEqual(["gpu-energy-integrated"]);
    expect(gauges.get("1")).toMatchObject({ "gpu.energy_per_request": { mean: 8 }, "gpu.energy_per_1k_tokens": { mean: 400 } });
  });

  test("at other clocks for the head than for the base are named, a small difference is not", () => {
    const clocks = (head: number) =>
      cutTelemetry(
        [sampled({ scrapes: everySecond((second) => ({ gauges: { "gpu.sm_clock": second < 10 ? 1_980_000_000 : head } })) })],
        [window("b", 2, 9, { arm: "base" }), window("h", 11, 18)],
      ).problems.map(({ severity, code, message }) => [severity, code, message]);
    expect(clocks(1_785_000_000)).toEqual([
      [
        "warning",
        "gpu-clocks-differ",
        "the GPUs ran at 1785 MHz for the head and at 1980 MHz for the base (−10 %): a part of the change in times may come from the clock",
      ],
    ]);
    expect(clocks(1_900_000_000)).toEqual([]);
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

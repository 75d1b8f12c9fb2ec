import { describe, expect, test } from "vitest";
import { cutTelemetry } from "../../../src/core/telemetry/cut.ts";
import { sampled, scrape, source, timed, window } from "./sampled.ts";

const powers = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([atS, watts]) => timed(atS, { gauges: { "gpu.power": watts } }));
const gaugesOf = (scrapes: ReturnType<typeof powers>, ...windows: ReturnType<typeof window>[]) =>
  cutTelemetry([sampled({ scrapes })], windows).gauges;

describe("a gauge in a block", () => {
  test("is the mean, lowest and highest of the samples inside, edges included", () => {
    const gauges = gaugesOf(powers([0.9, 999], [1, 100], [2, 200], [3, 600], [3.1, 999]), window("a", 1, 3));
    expect(gauges.get("a")!["gpu.power"]).toEqual({ n: 3, mean: 300, min: 100, max: 600 });
  });

  test("is absent, not zero, without a sample", () => {
    expect(gaugesOf(powers([0, 1], [5, 1]), window("a", 1, 3)).get("a")).toEqual({});
  });

  test("has a mean within its extremes, whatever rounding does", () => {
    const { mean, min, max } = gaugesOf(powers([0, 0.1], [1, 0.1], [2, 0.1]), window("a", 0, 2)).get("a")!["gpu.power"]!;
    expect([mean >= min, mean <= max]).toEqual([true, true]);
  });

  test("comes from the source of its arm, and from the one of both arms", () => {
    const sources = [
      sampled({ arm: "base", scrapes: powers([1, 10]) }),
      sampled({ arm: "head", scrapes: powers([1, 20]) }),
      sampled({ scrapes: [timed(1, { gauges: { "queue.depth": 3 } })] }),
    ];
    const { gauges } = cutTelemetry(sources, [window("b", 0, 2, { arm: "base" }), window("h", 0, 2)]);
    expect(gauges.get("b")).toMatchObject({ "gpu.power": { mean: 10 }, "queue.depth": { mean: 3 } });
    expect(gauges.get("h")).toMatchObject({ "gpu.power": { mean: 20 }, "queue.depth": { mean: 3 } });
  });

  test("comes from the first of two sources that have it, with a warning", () => {
    const two = [sampled({ scrapes: powers([1, 10]) }), sampled({ url: "http://other/metrics", scrapes: powers([1, 99]) })];
    const { gauges, problems } = cutTelemetry(two, [window("a", 0, 2)]);
    expect(gauges.get("a")).toMatchObject({ "gpu.power": { mean: 10 } });
    expect(problems.map(({ code }) => code)).toContain("telemetry-overlap");
  });
});

describe("energy per request", () => {
  const energy = (...pairs: readonly (readonly [number, Record<string, number>])[]) =>
    pairs.map(([atS, energyJ]) => timed(atS, { energyJ }));

  test("is the joules of all GPUs in the block over the requests answered correctly", () => {
    const scrapes = energy([0, { a: 0, b: 100 }], [1, { a: 100, b: 110 }], [2, { a: 200, b: 120 }]);
    const gauges = gaugesOf(scrapes, window("x", 0.5, 1.5, { ok: 50 }));
    expect(gauges.get("x")!["gpu.energy_per_request"]).toEqual({ n: 1, mean: 2.2, min: 2.2, max: 2.2 });
  });

  test("is absent when nothing was answered, or a GPU is not known over the whole block", () => {
    const scrapes = energy([0, { a: 0 }], [1, { a: 10, b: 5 }], [2, { a: 20, b: 6 }]);
    expect(gaugesOf(scrapes, window("x", 1, 2, { ok: 0 })).get("x")).toEqual({});
    expect(gaugesOf(scrapes, window("x", 0.5, 1.5, { ok: 5 })).get("x")).toEqual({});
  });
});

test("every window has an entry, also without any source", () => {
  expect([...cutTelemetry([], [window("a", 0, 1), window("b", 1, 2)]).gauges]).toEqual([
    ["a", {}],
    ["b", {}],
  ]);
});

test("no windows, no problems: nothing was measured that telemetry could lack", () => {
  expect(cutTelemetry([sampled({ scrapes: [], failures: 3 })], []).problems).toEqual([]);
});

test("a source's utilization is settled over all its samples before it is cut", () => {
  const counted = { "gpu.utilization": 1 };
  const scrapes = [1, 80].map((percent, i) => ({
    atNs: BigInt(i) * 1_000_000_000n,
    scrape: scrape({ gauges: { "gpu.utilization": percent }, gpusCounted: counted }),
  }));
  const { gauges } = cutTelemetry([sampled({ source: source({ kind: "dcgm" }), scrapes })], [window("a", 0, 1)]);
  expect(gauges.get("a")!["gpu.utilization"]).toMatchObject({ min: 0.01, max: 0.8 });
});

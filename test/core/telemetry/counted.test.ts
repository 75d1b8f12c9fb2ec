import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countedGauges } from "../../../src/core/telemetry/counted.ts";
import { counterIncrease, integrated } from "../../../src/core/telemetry/energy.ts";
import type { Scrape } from "../../../src/core/telemetry/scrape.ts";
import { sampled, timed, window } from "./sampled.ts";

/** One scrape a second, from 0 to 10 s. */
const over = (at: (second: number) => Partial<Scrape>) =>
  sampled({ scrapes: Array.from({ length: 11 }, (_, second) => timed(second, at(second))) });
const counted = (at: (second: number) => Partial<Scrape>, block = window("a", 2.5, 7.5, { ok: 50, tokens: 4000 })) =>
  countedGauges(over(at), block);

describe("time that a GPU was held down", () => {
  test("is the share of the block that its counters grew, of the cause and the GPU that held most", () => {
    const gauges = counted((second) => ({
      thermalViolationNs: { a: 1e8 * second, b: 2e8 * second },
      slowedNs: { a: 3e8 * second },
      powerCappedNs: { a: 9e8 * second },
    }));
    expect(gauges["gpu.throttled"]).toEqual({ n: 5, mean: expect.closeTo(0.3), min: expect.closeTo(0.3), max: expect.closeTo(0.3) });
    expect(gauges["gpu.power_capped"]!.mean).toBeCloseTo(0.9);
  });

  test("is the share of the samples that say so where nothing counts it", () => {
    const gauges = counted((second) => ({ throttleBits: { a: second === 4 ? 0x40 : 0x04, b: 0 } }));
    expect([gauges["gpu.throttled"]!.mean, gauges["gpu.power_capped"]!.mean]).toEqual([0.2, 0.8]);
  });

  test("is never more than all of it", () => {
    expect(counted((second) => ({ thermalViolationNs: { a: 1.01e9 * second } }))["gpu.throttled"]!.mean).toBe(1);
  });

  test("is unknown where nobody tells", () => {
    expect(counted(() => ({}))).toEqual({});
  });
});

test("bytes over links are a rate, over all GPUs", () => {
  expect(counted((second) => ({ linkBytes: { a: 100 * second, b: 1e6 + 50 * second } }))["gpu.nvlink"]!.mean).toBeCloseTo(150);
});

describe("energy", () => {
  test("is divided by answers and by thousands of tokens", () => {
    const gauges = counted((second) => ({ energyJ: { a: 100 * second, b: 60 * second } }));
    expect(gauges["gpu.energy_per_request"]!.mean).toBeCloseTo((160 * 5) / 50);
    expect(gauges["gpu.energy_per_1k_tokens"]!.mean).toBeCloseTo((160 * 5) / 4);
  });

  test("without tokens is only that of requests", () => {
    expect(Object.keys(counted((second) => ({ energyJ: { a: second } }), window("a", 1, 2)))).toEqual(["gpu.energy_per_request"]);
  });

  test("is never the integral of power where a counter exists, not even where the counter has a gap", () => {
    const gap = (second: number): Partial<Scrape> => ({
      gauges: { "gpu.power": 100 },
      energyJ: second > 2 && second < 7 ? {} : { a: 100 * second },
    });
    expect(counted(gap)["gpu.energy_per_request"]).toBeUndefined();
    expect(counted(() => ({ gauges: { "gpu.power": 100 } }))["gpu.energy_per_request"]!.mean).toBeCloseTo(10);
  });

  test("of sampled power is unknown over a gap", () => {
    const silent = over(() => ({ gauges: { "gpu.power": 100 } }));
    const scrapes = silent.scrapes.filter(({ atNs }) => atNs < 3_000_000_000n || atNs > 6_500_000_000n);
    expect(countedGauges({ ...silent, scrapes }, window("a", 2.5, 7.5))["gpu.energy_per_request"]).toBeUndefined();
  });
});

test("the integral of a power that is a line is exact between samples", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1000, noNaN: true }),
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.integer({ min: 1, max: 9 }),
      (from, slope, at) => {
        const powers = Array.from({ length: 11 }, (_, second) => ({ atNs: BigInt(second) * 1_000_000_000n, value: from + slope * second }));
        const joules = counterIncrease(integrated(powers), 0n, BigInt(at) * 1_000_000_000n, 3_000_000_000n)!;
        expect(joules).toBeCloseTo(from * at + (slope * at * at) / 2, 6);
      },
    ),
  );
});

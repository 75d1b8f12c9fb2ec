import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SeriesSelector } from "../../../src/core/suite/suite.ts";
import { cutTelemetry } from "../../../src/core/telemetry/cut.ts";
import { readScrape, type TimedScrape } from "../../../src/core/telemetry/scrape.ts";
import { sampled, source, timed, window } from "./sampled.ts";

const VLLM = {
  "cache.hit_ratio": {
    series: "vllm:prefix_cache_hits_total",
    labels: {},
    aggregate: "sum",
    scale: 1,
    whole: { series: "vllm:prefix_cache_queries_total", labels: {} },
  },
} as const satisfies Record<string, SeriesSelector>;
const quotientsOf = (text: string, metrics: Record<string, SeriesSelector> = VLLM) => {
  const result = readScrape(source({ kind: "prometheus", metrics }), text);
  return result.kind === "scrape" ? result.scrape.quotients : result.why;
};

/** Scrapes once a second, of counters that stand so. */
const counted = (...values: readonly (readonly [part: Record<string, number>, whole: Record<string, number>])[]): readonly TimedScrape[] =>
  values.map(([part, whole], atS) => timed(atS, { quotients: { "cache.hit_ratio": { part, whole } } }));
const ratio = (scrapes: readonly TimedScrape[], fromS: number, toS: number) =>
  cutTelemetry([sampled({ scrapes })], [window("a", fromS, toS)]).gauges.get("a")!["cache.hit_ratio"];

describe("a share of counters", () => {
  const text = `vllm:prefix_cache_queries_total{engine="0",model_name="m"} 800.0
vllm:prefix_cache_queries_created{engine="0",model_name="m"} 1.77e+09
vllm:prefix_cache_queries_total{engine="1",model_name="m"} 100.0
vllm:prefix_cache_hits_total{engine="0",model_name="m"} 400.0
vllm:prefix_cache_hits_total{engine="1",model_name="m"} 5.0
`;

  test("is read by series, of vLLM's two engines", () => {
    const { part, whole } = (quotientsOf(text) as Exclude<ReturnType<typeof quotientsOf>, string | undefined>)["cache.hit_ratio"]!;
    expect([Object.values(part), Object.values(whole)]).toEqual([
      [400, 5],
      [800, 100],
    ]);
  });

  test("needs the whole, and can do without a part that was never counted", () => {
    expect(quotientsOf('sglang:prompt_tokens_total{m="a"} 7\n')).toMatch(
      /none of the expected series \(vllm:prefix_cache_hits_total, vllm:pre/,
    );
    expect(quotientsOf(text.replaceAll(/.*hits.*\n/g, ""))).toMatchObject({ "cache.hit_ratio": { part: {} } });
    expect(quotientsOf(text.replace("400.0", "NaN"))).toMatch(/no usable value/);
  });

  test("is the increase of the part over that of the whole in the block, over all series", () => {
    const scrapes = counted(
      [
        { a: 100, b: 0 },
        { x: 200, y: 0 },
      ],
      [
        { a: 140, b: 10 },
        { x: 280, y: 20 },
      ],
      [
        { a: 180, b: 20 },
        { x: 360, y: 40 },
      ],
      [
        { a: 180, b: 20 },
        { x: 460, y: 40 },
      ],
    );
    expect(ratio(scrapes, 0, 2)).toEqual({ n: 3, mean: 0.5, min: 0.5, max: 0.5 });
    expect(ratio(scrapes, 2, 3)!.mean).toBe(0);
    expect(ratio(scrapes, 1.5, 2.5)!.mean).toBeCloseTo(0.25, 12);
  });

  test("survives a restart of the server, and a series that begins with its first event", () => {
    expect(ratio(counted([{ a: 50 }, { x: 100 }], [{ a: 60 }, { x: 120 }], [{ a: 10 }, { x: 40 }]), 0, 2)!.mean).toBeCloseTo(20 / 60, 12);
    expect(ratio(counted([{}, { x: 100 }], [{}, { x: 120 }], [{ a: 30 }, { x: 140 }]), 0, 2)!.mean).toBe(0.75);
  });

  test("is absent, not zero, where nothing was counted, readings are missing, or the part was never seen", () => {
    expect(ratio(counted([{ a: 5 }, { x: 9 }], [{ a: 5 }, { x: 9 }]), 0, 1)).toBeUndefined();
    expect(ratio(counted([{ a: 5 }, { x: 9 }], [{ a: 6 }, { x: 11 }]), 0, 3)).toBeUndefined();
    expect(ratio(counted([{}, { x: 9 }], [{}, { x: 11 }]), 0, 1)).toBeUndefined();
  });

  test("lies between 0 and 1, whatever counters do, and never throws", () => {
    const value = fc.integer({ min: 0, max: 1000 });
    const counters = fc.dictionary(fc.constantFrom("a", "b"), value);
    fc.assert(
      fc.property(fc.array(fc.tuple(counters, counters), { minLength: 1, maxLength: 8 }), (values) => {
        const found = ratio(counted(...values), 0, values.length - 1);
        expect(found === undefined || (found.mean >= 0 && found.mean <= 1)).toBe(true);
      }),
    );
  });
});

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

/** Scrapes once a second, of counters that stand so; undefined: the series is not there. */
const totals = (...values: readonly Readonly<Record<string, number>>[]): readonly TimedScrape[] =>
  values.map((counters, atS) => timed(atS, { totals: { preemptions: counters } }));
const rate = (scrapes: readonly TimedScrape[], fromS: number, toS: number) =>
  cutTelemetry([sampled({ scrapes })], [window("a", fromS, toS)]).gauges.get("a")!["preemptions"];

describe("an increase per second", () => {
  test("is that of all series together, interpolated at the edges of the block", () => {
    const scrapes = totals({ a: 10, b: 0 }, { a: 14, b: 2 }, { a: 18, b: 2 }, { a: 18, b: 2 });
    expect(rate(scrapes, 0, 2)).toEqual({ n: 3, mean: 5, min: 5, max: 5 });
    expect(rate(scrapes, 0.5, 1.5)!.mean).toBeCloseTo(3 + 2, 12);
    expect(rate(scrapes, 1, 3)!.mean).toBe(2);
  });

  test("is 0 where nothing was counted, and absent where it is not known", () => {
    expect(rate(totals({ a: 7 }, { a: 7 }, { a: 7 }), 0, 2)!.mean).toBe(0);
    expect(rate([], 0, 2)).toBeUndefined();
    expect(rate(totals({ a: 7 }, { a: 8 }), 0, 2)).toBeUndefined();
    expect(rate([timed(0), timed(1), timed(2)], 0, 2)).toBeUndefined();
  });

  test("survives the restart of one of several servers, which begins at 0", () => {
    expect(rate(totals({ a: 100, b: 50 }, { a: 110, b: 60 }, { a: 120, b: 4 }), 0, 2)!.mean).toBe((20 + 10 + 4) / 2);
  });

  test("of a series that is born late counts from 0, and of one that went away is not known", () => {
    expect(rate(totals({ a: 5 }, { a: 5 }, { a: 5, b: 6 }), 0, 2)!.mean).toBe(3);
    expect(rate(totals({ a: 5, b: 1 }, { a: 5, b: 2 }, { a: 5 }), 0, 2)).toBeUndefined();
  });

  test("over a gap is not known", () => {
    const [first, ...later] = totals({ a: 0 }, { a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }, { a: 5 }, { a: 6 });
    expect(rate([first!, later.at(-1)!], 0, 6)).toBeUndefined();
    expect(rate([first!, ...later], 0, 6)!.mean).toBe(1);
  });

  test("is told by a suite's own mapping, with labels and a scale", () => {
    const metrics = {
      "network.rx": { series: "if_kbit_total", labels: { dev: "eth0" }, aggregate: "sum", scale: 125, rate: true },
    } as const satisfies Record<string, SeriesSelector>;
    const answers = [
      'if_kbit_total{dev="eth0"} 8\nif_kbit_total{dev="lo"} 5\n',
      'if_kbit_total{dev="eth0"} 24\nif_kbit_total{dev="lo"} 9\n',
    ];
    const scrapes = answers.map((text, atS) => {
      const result = readScrape(source({ kind: "prometheus", metrics }), text);
      return timed(2 * atS, result.kind === "scrape" ? result.scrape : {});
    });
    const gauges = cutTelemetry([sampled({ scrapes })], [window("a", 0, 2)]).gauges.get("a")!;
    expect(gauges["network.rx"]!.mean).toBe((16 * 125) / 2);
  });
});

describe("a quotient of counters", () => {
  const times = (...values: readonly (readonly [part: number, less: number, whole: number])[]) =>
    values.map(([part, less, whole], atS) =>
      timed(atS, { quotients: { "inference.time": { part: { a: part }, less: { b: less }, whole: { c: whole } } } }),
    );
  const mean = (scrapes: readonly TimedScrape[]) =>
    cutTelemetry([sampled({ scrapes })], [window("a", 0, scrapes.length - 1)]).gauges.get("a")!["inference.time"]?.mean;

  test("may be above 1 where it is no share, and what is no part of it is taken off", () => {
    expect(mean(times([100, 10, 5], [130, 20, 15]))).toBe((30 - 10) / 10);
    expect(mean(times([0, 0, 0], [50, 10, 4]))).toBe(10);
  });

  test("is never below 0", () => {
    expect(mean(times([100, 10, 5], [101, 20, 15]))).toBe(0);
  });

  test("is told by a suite's own mapping: the sum of a histogram in ms over its count", () => {
    const metrics = {
      "queue.time": { series: "wait_ms_sum", labels: {}, aggregate: "sum", scale: 0.001, whole: { series: "wait_ms_count", labels: {} } },
    } as const satisfies Record<string, SeriesSelector>;
    const scrapes = ["wait_ms_sum 100\nwait_ms_count 1\n", "wait_ms_sum 400\nwait_ms_count 7\n"].map((text, atS) => {
      const result = readScrape(source({ kind: "prometheus", metrics }), text);
      return timed(atS, result.kind === "scrape" ? result.scrape : {});
    });
    expect(cutTelemetry([sampled({ scrapes })], [window("a", 0, 1)]).gauges.get("a")!["queue.time"]!.mean).toBeCloseTo(0.05, 12);
  });
});

import { describe, expect, test } from "vitest";
import type { BlockRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { steadyUsers } from "../../../src/core/suite/load.ts";
import { codes, judge, storedRuns } from "./judge.ts";
import { makeRecord, makeSuite } from "./records.ts";

const SMALL = { blocks: 24, requestsPerBlock: 250 } as const;
/** Enough where no number but the hit ratio matters. */
const TINY = { blocks: 4, requestsPerBlock: 30 } as const;
const hits = (base: number, head: number, more: { readonly factor?: number } = {}, size: typeof SMALL | typeof TINY = SMALL) =>
  makeRecord({ ...size, base: { gauges: { "cache.hit_ratio": base } }, head: { ...more, gauges: { "cache.hit_ratio": head } } });
const gates = (metric: "latency.p50" | "cache.hit_ratio", regression: number) =>
  makeSuite({ gates: [{ metric, regression, floor: undefined, limit: undefined }] });
const WIDE = gates("latency.p50", 0.1);

const changeBlocks = (record: RunRecord, change: (block: BlockRecord, arm: "base" | "head") => BlockRecord): RunRecord => ({
  ...record,
  scenarios: record.scenarios.map((scenario) => ({
    ...scenario,
    arms: {
      base: { ...scenario.arms.base!, blocks: scenario.arms.base!.blocks.map((block) => change(block, "base")) },
      head: { ...scenario.arms.head!, blocks: scenario.arms.head!.blocks.map((block) => change(block, "head")) },
    },
  })),
});

describe("Prefix caches that knew unequal shares of the prompts", () => {
  test("keep a head that looks worse from failing, with both numbers and what to do", () => {
    const { verdict, reasons } = judge({ heads: [hits(0.9, 0.1, { factor: 1.6 })], suite: WIDE });
    expect(judge({ heads: [hits(0.9, 0.9, { factor: 1.6 })], suite: WIDE }).verdict).toBe("fail");
    expect(verdict).toBe("inconclusive");
    expect(reasons[0]).toMatch(
      /but the prefix cache knew 90 % of the base's prompts and 10 % of the head's \(cache-differs; 5 % apart is tolerated\): measure with unique prompts, or with both endpoints equally warm; gate cache\.hit_ratio where the cache is what changed$/,
    );
  });

  test("keep a head that looks better, or unchanged, from passing", () => {
    for (const factor of [0.5, 1]) {
      const { verdict, of } = judge({ heads: [hits(0.1, 0.9, { factor })], suite: WIDE });
      expect(verdict).toBe("inconclusive");
      expect(of("latency.p50").moreData).toBeUndefined();
    }
    expect(judge({ heads: [hits(0.9, 0.9)], suite: WIDE }).verdict).toBe("pass");
  });

  test("matter beyond the tolerance of the suite only", () => {
    const seen = (base: number, head: number, cacheTolerance = 0.05) =>
      codes(judge({ heads: [hits(base, head, {}, TINY)], suite: makeSuite({ decision: { cacheTolerance } }) }).of("latency.p50")).includes(
        "cache-differs",
      );
    expect([seen(0.5, 0.54), seen(0.5, 0.56), seen(0.56, 0.5), seen(0.5, 0.54, 0.01), seen(0, 1, 1)]).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test("say nothing where one arm does not tell", () => {
    const record = makeRecord({ ...TINY, head: { gauges: { "cache.hit_ratio": 0.9 } } });
    expect(codes(judge({ heads: [record] }).of("latency.p50"))).not.toContain("cache-differs");
  });

  test("concern times, and the throughput of a closed loop, but not errors or the throughput of an open loop", () => {
    const head = hits(0.1, 0.9, {}, TINY);
    const told = (record: RunRecord, metric: "latency.p99" | "throughput" | "errors.ratio" | "cache.hit_ratio") =>
      codes(judge({ heads: [record] }).of(metric)).includes("cache-differs");
    const closed = {
      ...head,
      scenarios: head.scenarios.map((scenario) => ({
        ...scenario,
        load: { kind: "closed" as const, concurrency: steadyUsers(4, 1).concurrency, durationS: 240 },
      })),
    };
    expect([told(head, "latency.p99"), told(head, "throughput"), told(head, "errors.ratio"), told(head, "cache.hit_ratio")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(told(closed, "throughput")).toBe(true);
  });

  test("are seen against stored runs too", () => {
    const options = { ...TINY, design: "single" } as const;
    const head = makeRecord({ ...options, head: { gauges: { "cache.hit_ratio": 0.9 } } });
    const baseline = (ratio: number) => storedRuns(3, { ...options, head: { gauges: { "cache.hit_ratio": ratio } } });
    expect(codes(judge({ heads: [head], baseline: baseline(0.2) }).of("latency.p50"))).toContain("cache-differs");
    expect(codes(judge({ heads: [head], baseline: baseline(0.9) }).of("latency.p50"))).not.toContain("cache-differs");
  });

  test("are weighed by the tokens of the prompts where these are known", () => {
    const ratio = (mean: number) => ({ "cache.hit_ratio": { n: 1, mean, min: mean, max: mean } });
    // In every other block a cold cache, which in one arm met a tenth of the tokens.
    const record = changeBlocks(makeRecord(TINY), (block, arm) => {
      const isCold = Math.floor(block.index / 2) % 2 === 0;
      return { ...block, gauges: ratio(isCold ? 0 : 1), prompt: { tokens: isCold && arm === "head" ? 100 : 1000, cached: 0 } };
    });
    const found = judge({ heads: [record] })
      .of("latency.p50")
      .obstacles.find(({ code }) => code === "cache-differs");
    expect(found?.detail).toEqual({ base: 0.5, head: expect.closeTo(10 / 11, 9) as number, tolerance: 0.05 });
  });

  test("are themselves a metric: a head whose cache knows less fails its gate", () => {
    const noisy = changeBlocks(hits(0.9, 0.6), (block) => {
      const gauge = block.gauges["cache.hit_ratio"]!;
      const mean = gauge.mean + 0.01 * Math.sin(block.index);
      return { ...block, gauges: { ...block.gauges, "cache.hit_ratio": { n: 5, mean, min: mean, max: mean } } };
    });
    const { verdict, reasons } = judge({ heads: [noisy], suite: gates("cache.hit_ratio", 0.05) });
    expect(verdict).toBe("fail");
    expect(reasons[0]).toMatch(/^steady: cache\.hit_ratio changed by −30 points/);
  });
});

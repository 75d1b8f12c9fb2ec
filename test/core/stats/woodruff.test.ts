import fc from "fast-check";
import { expect, test } from "vitest";
import { EMPTY_BINS } from "../../../src/core/stats/bins.ts";
import { betaCdf } from "../../../src/core/stats/distributions.ts";
import { armQuantile, quantileBounds, shareBounds } from "../../../src/core/stats/woodruff.ts";
import oracle from "../../oracle/clopper-pearson.json" with { type: "json" };
import { binsOf } from "./some-bins.ts";

const LEVELS = { low: 0.05, high: 0.05 };

test("bounds of a share from one batch are Clopper and Pearson's, to 1e-9", () => {
  for (const { k, n, confidence, low, high } of oracle.cases) {
    const tail = (1 - confidence) / 2;
    const bounds = shareBounds([{ part: k, whole: n }], { low: tail, high: tail })!;
    expect(Math.abs(bounds.low - low), `low of ${k}/${n}`).toBeLessThan(1e-9);
    expect(Math.abs(bounds.high - high), `high of ${k}/${n}`).toBeLessThan(1e-9);
  }
});

test("each bound of a percentile is where the exact test rejects at its own level, to 1e-9", () => {
  // Blocks that agree are independent trials, and in one bin the share beyond a value is linear in its logarithm.
  const block = { low: new Float64Array([1]), high: new Float64Array([2]), count: new Uint32Array([100]), total: 100 };
  const { low, high } = quantileBounds([block, block, block, block], 0.7, { low: 0.01, high: 0.2 });
  const beyond = (log: number) => 400 * (1 - log / Math.LN2);
  expect(betaCdf(0.3, beyond(high!) + 1, 400 - beyond(high!))).toBeCloseTo(1 - 0.2, 9);
  expect(betaCdf(0.3, beyond(low!), 400 - beyond(low!) + 1)).toBeCloseTo(0.01, 9);
});

test("no failure among n requests says at most about 3/n", () => {
  const { value, low, high } = shareBounds(
    [
      { part: 0, whole: 1000 },
      { part: 0, whole: 2000 },
    ],
    LEVELS,
  )!;
  expect([value, low]).toEqual([0, 0]);
  expect(high * 3000).toBeCloseTo(3, 1);
});

test("failures in one burst say less than the same number spread out", () => {
  const spread = Array.from({ length: 10 }, () => ({ part: 5, whole: 500 }));
  const burst = spread.map((batch, i) => ({ ...batch, part: i === 0 ? 50 : 0 }));
  expect(shareBounds(burst, LEVELS)!.high).toBeGreaterThan(2 * shareBounds(spread, LEVELS)!.high);
});

test("no request has no share of failures", () => {
  expect(shareBounds([], LEVELS)).toBeUndefined();
  expect(shareBounds([{ part: 0, whole: 0 }], LEVELS)).toBeUndefined();
});

/** Blocks of equal and independent content: the design effect is 1. */
const blocks = (count: number, size: number) =>
  Array.from({ length: count }, (_, block) =>
    binsOf(Array.from({ length: size }, (_, i) => 0.01 * Math.exp(3 * ((i * 0.618 + block * 0.377) % 1)))),
  );

test("the bounds of a quantile enclose it and widen with the confidence asked for", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.3, max: 0.97, noNaN: true }), (p) => {
      const parts = blocks(8, 200);
      const arm = armQuantile(parts, p)!;
      const narrow = quantileBounds(parts, p, { low: 0.2, high: 0.2 });
      const wide = quantileBounds(parts, p, { low: 0.01, high: 0.01 });
      expect([wide.low!, narrow.low!, arm.log, narrow.high!, wide.high!]).toEqual(
        [wide.low!, narrow.low!, arm.log, narrow.high!, wide.high!].toSorted((a, b) => a - b),
      );
    }),
  );
});

test("the 99th percentile has an upper bound from about 299 requests on, and not before", () => {
  const bound = (n: number) => {
    const parts = blocks(10, n / 10);
    // The blocks are so even that only their number limits the bound.
    return quantileBounds(parts, 0.99, LEVELS).high;
  };
  expect(bound(290)).toBeUndefined();
  expect(bound(300)).toBeDefined();
});

test("one block has a quantile and no error, no block has neither", () => {
  const [only] = blocks(1, 100);
  const arm = armQuantile([only!], 0.5)!;
  expect(arm.standardError).toBeUndefined();
  expect(quantileBounds([only!], 0.5, LEVELS)).toEqual({ low: undefined, high: undefined });
  expect(armQuantile([EMPTY_BINS], 0.5)).toBeUndefined();
});

test("a narrow distribution that drifts is bounded near where it lies, however its middle jumps from block to block", () => {
  const drifting = [1, 1.004, 0.997, 1.006, 0.999].map((drift) =>
    binsOf(Array.from({ length: 160 }, (_, i) => 0.101 * drift * (1 + 0.0005 * ((i * 0.618) % 1)))),
  );
  for (const blocksSeen of [2, 3, 5]) {
    const { low, high } = quantileBounds(drifting.slice(0, blocksSeen), 0.5, { low: 0.005, high: 0.05 });
    expect(Math.exp(low!)).toBeGreaterThan(0.095);
    expect(Math.exp(high!)).toBeLessThan(0.107);
  }
});

test("blocks that differ from one another make the quantile less certain", () => {
  const even = blocks(10, 100);
  const uneven = even.map((_, i) => binsOf(Array.from({ length: 100 }, (__, k) => (1 + 0.1 * i) * 0.01 * Math.exp(3 * ((k * 0.618) % 1)))));
  expect(armQuantile(uneven, 0.5)!.standardError!).toBeGreaterThan(1.4 * armQuantile(even, 0.5)!.standardError!);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { EMPTY_BINS, mergeBins } from "../../../src/core/stats/bins.ts";
import { binsOf, latencies } from "./some-bins.ts";

test("merging is the same as having recorded everything together", () => {
  fc.assert(
    fc.property(fc.array(latencies(), { maxLength: 7 }), (parts) => {
      const merged = mergeBins(parts.map(binsOf));
      const together = binsOf(parts.flat());
      expect([merged.total, [...merged.low], [...merged.high], [...merged.count]]).toEqual([
        together.total,
        [...together.low],
        [...together.high],
        [...together.count],
      ]);
    }),
  );
});

test("nothing merged is empty, and empty parts add nothing", () => {
  const bins = binsOf([0.01, 0.02]);
  expect(mergeBins([])).toBe(EMPTY_BINS);
  expect(mergeBins([EMPTY_BINS, bins, EMPTY_BINS])).toBe(bins);
});

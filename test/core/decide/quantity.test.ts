import fc from "fast-check";
import { expect, test } from "vitest";
import { formatChange, formatDifference, formatPercent, formatQuantity } from "../../../src/core/decide/quantity.ts";

test.each([
  [0, "s", "0 µs"],
  [0.0000004, "s", "0.4 µs"],
  [0.0384, "s", "38.4 ms"],
  [0.0381499, "s", "38.1 ms"],
  [0.5, "s", "500 ms"],
  [0.99996, "s", "1 s"],
  [75.26, "s", "75.3 s"],
  [3723, "s", "3,723 s"],
  [48.25, "1/s", "48.3/s"],
  [12_345.6, "1/s", "12,346/s"],
  [0.0012, "ratio", "0.12 %"],
  [0.973, "ratio", "97.3 %"],
  [1, "ratio", "100 %"],
  [17_179_869_184, "B", "16 GiB"],
  [900 * 1024 ** 2, "B", "900 MiB"],
  [512, "B", "512 B"],
  [1_980_000_000, "Hz", "1.98 GHz"],
  [412.37, "W", "412 W"],
  [0.35, "J", "350 mJ"],
  [71, "°C", "71 °C"],
  [3.14159, "1", "3.14"],
  [-0.002, "s", "−2 ms"],
  [Number.NaN, "s", "n/a"],
  [Number.POSITIVE_INFINITY, "B", "n/a"],
] as const)("%d %s reads %s", (value, unit, text) => {
  expect(formatQuantity(value, unit)).toBe(text);
});

test.each([
  [0.234, "23 %"],
  [0.1, "10 %"],
  [0.0996, "10 %"],
  [0.0512, "5.1 %"],
  [0.005, "0.5 %"],
  [0.00012, "0.012 %"],
  [12.3, "1,230 %"],
  [-0.05, "−5 %"],
  [0, "0 %"],
  [Number.NaN, "n/a"],
])("a share of %d reads %s", (ratio, text) => {
  expect(formatPercent(ratio)).toBe(text);
});

test("a change carries its sign, and none where it is zero", () => {
  expect([0.234, -0.05, 0, Number.NaN].map(formatChange)).toEqual(["+23 %", "−5 %", "±0 %", "n/a"]);
});

test("a tenfold change and more is a factor", () => {
  expect([9, 446.4, 8.9].map(formatChange)).toEqual(["×10", "×447", "+890 %"]);
});

test("what rounds to nothing has no sign", () => {
  expect([formatChange(1e-9), formatPercent(-1e-9), formatDifference(-1e-9, "ratio")]).toEqual(["±0 %", "0 %", "±0 points"]);
});

test("a difference of ratios is counted in points, others in their unit", () => {
  expect(formatDifference(0.004, "ratio")).toBe("+0.4 points");
  expect(formatDifference(-0.04, "ratio")).toBe("−4 points");
  expect(formatDifference(0, "ratio")).toBe("±0 points");
  expect(formatDifference(0.0072, "s")).toBe("+7.2 ms");
  expect(formatDifference(-3, "°C")).toBe("−3 °C");
});

test("what is printed lies within half a percent of the value", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-5, max: 900, noNaN: true }), (value) => {
      const [, number = "", prefix = ""] = /^([\d.,]+) (µs|ms|s)$/.exec(formatQuantity(value, "s")) ?? [];
      const read = Number(number.replaceAll(",", "")) * { µs: 1e-6, ms: 1e-3, s: 1 }[prefix]!;
      expect(Math.abs(read / value - 1)).toBeLessThanOrEqual(0.005 + 1e-9);
    }),
  );
});

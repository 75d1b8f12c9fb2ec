import type { Bins } from "./bins.ts";

/** Every value times a factor > 0. The result is on a grid of its own. */
export const scaleBins = (bins: Bins, factor: number): Bins => ({
  low: bins.low.map((edge) => edge * factor),
  high: bins.high.map((edge) => edge * factor),
  count: bins.count,
  total: bins.total,
});

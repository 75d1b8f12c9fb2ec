import { expect, test } from "vitest";
import { gamma } from "../../../src/core/plan/gamma.ts";
import { stream } from "../../../src/core/plan/random.ts";
import oracle from "../../oracle/gamma.json" with { type: "json" };

test("draws have the mean, the variance and the quantiles of the distribution", () => {
  for (const { shape, x: quantiles } of oracle.quantiles) {
    const next = stream(5, "gamma", shape);
    const draws = Float64Array.from({ length: 200_000 }, () => gamma(shape, next)).sort();
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean / shape - 1), `mean of ${shape}`).toBeLessThan(5 / Math.sqrt(shape * draws.length));
    expect(Math.abs(variance / shape - 1), `variance of ${shape}`).toBeLessThan(5 * Math.sqrt((2 + 6 / shape) / draws.length));
    for (const [i, p] of oracle.ps.entries()) {
      const below = draws.filter((draw) => draw <= quantiles[i]!).length / draws.length;
      expect(Math.abs(below - p), `${p} of ${shape}`).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / draws.length));
    }
  }
});

test("of a tiny shape most draws are next to nothing, and none is less or no number", () => {
  const next = stream(1);
  for (let i = 0; i < 10_000; i++) {
    const draw = gamma(0.01, next);
    expect(draw >= 0 && Number.isFinite(draw)).toBe(true);
  }
});

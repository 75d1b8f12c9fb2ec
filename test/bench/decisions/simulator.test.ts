import { expect, test } from "vitest";
import { NO_CHANGE, slower, slowerTail } from "../../../bench/decisions/simulator/change.ts";
import { undisturbed } from "../../../bench/decisions/simulator/endpoint.ts";
import { normal } from "../../../bench/decisions/simulator/normal.ts";
import { drawRunEffects } from "../../../bench/decisions/simulator/run-effects.ts";
import { truthOf } from "../../../bench/decisions/truth.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { normalCdf } from "../../../src/core/stats/distributions.ts";

const quantile = (values: Float64Array, p: number): number => values.toSorted()[Math.floor(p * values.length)]!;

test("normal values follow the normal distribution, tails included", () => {
  const next = stream(1, "normal");
  const values = Float64Array.from({ length: 200_000 }, () => normal(next)).sort();
  // Kolmogorov's statistic: beyond 1.95 / √n in one case of a thousand.
  const distance = values.reduce((most, value, i) => Math.max(most, Math.abs(normalCdf(value) - (i + 0.5) / values.length)), 0);
  expect(distance).toBeLessThan(1.95 / Math.sqrt(values.length));
  const beyond = values.filter((value) => Math.abs(value) > 3.442619855899).length;
  expect(beyond / values.length).toBeCloseTo(2 * (1 - normalCdf(3.442619855899)), 3);
  expect(beyond).toBeGreaterThan(0);
});

test("runs differ as they were told to, and share most of it over their scenarios", () => {
  const draws = Array.from({ length: 4000 }, (_, k) => drawRunEffects(stream(k, "run"), 2, 0.03));
  const mean = (of: (draw: (typeof draws)[number]) => number) => draws.reduce((sum, draw) => sum + of(draw), 0) / draws.length;
  expect(Math.sqrt(mean(([a]) => a!.level ** 2))).toBeCloseTo(0.03, 2.5);
  expect(mean(([a, b]) => a!.level * b!.level) / 0.03 ** 2).toBeCloseTo(0.7, 1);
  expect(Math.sqrt(mean(([a]) => a!.stalls ** 2))).toBeCloseTo(0.045, 2.5);
});

test.each(["steady", "bursty", "bimodal"] as const)("%s: changes make just the difference that coverage is measured against", (process) => {
  const [base, all, tail] = [NO_CHANGE, slower(10), slowerTail(1.3)].map((change) => undisturbed(process, change, 60)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const [i, p] of [0.5, 0.95, 0.99].entries()) {
    expect(Math.log(quantile(all, p) / quantile(base, p))).toBeCloseTo(truthOf(process, slower(10))[i]!, 9);
    expect(Math.log(quantile(tail, p) / quantile(base, p))).toBeCloseTo(truthOf(process, slowerTail(1.3))[i]!, 9);
  }
});

test("a queue answers slower than its service alone, and a slower service costs it more than that", () => {
  const [base, slow] = [NO_CHANGE, slower(10)].map((change) => undisturbed("queue", change, 60)) as [Float64Array, Float64Array];
  // The shortest possible answer: the window, the fixed part and a short payload's unit.
  expect(quantile(base, 0.5)).toBeGreaterThan(0.006);
  expect(quantile(slow, 0.95) / quantile(base, 0.95)).toBeGreaterThan(1.1);
});

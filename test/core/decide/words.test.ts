import { expect, test } from "vitest";
import { changeSentence, resolvableText } from "../../../src/core/decide/words.ts";
import type { MetricName } from "../../../src/core/metric.ts";
import { makeComparison } from "../report/fixtures.ts";

const sentence = (metric: MetricName, base: number, head: number, spread: number) =>
  changeSentence(makeComparison("steady", metric, { base, head, spread }));

test("two values that read the same and may be the same are unchanged", () => {
  expect(sentence("latency.p99", 0.12201, 0.12196, 0.02)).toBe("is unchanged (122 ms, 90 % interval −2 % … +2 %)");
  expect(sentence("errors.ratio", 0.01, 0.01001, 0.002)).toBe("is unchanged (1 %, 90 % interval −0.2 points … +0.2 points)");
});

test("two values that read the same and surely differ are a change", () => {
  expect(sentence("latency.p99", 0.12201, 0.12196, 0.0001)).toBe("is 0.041 % faster (122 ms, 90 % interval −0.051 % … −0.031 %)");
});

test("two values that read differently are a change, though it may be chance", () => {
  expect(sentence("latency.p99", 0.1, 0.102, 0.1)).toBe("is 2 % slower (100 ms → 102 ms, 90 % interval −8 % … +12 %)");
});

test("a bound that the data does not set is unbounded", () => {
  const comparison = makeComparison("steady", "latency.p99", { base: 0.1, head: 0.12, spread: 0.1 });
  const delta = { ...comparison.delta!, high: undefined };
  expect(changeSentence({ ...comparison, delta })).toBe("is 20 % slower (100 ms → 120 ms, 90 % interval +10 % … unbounded)");
});

test("what would be caught is a number only as far as such changes occur", () => {
  const of = (size: number, metric: MetricName = "latency.p99") =>
    resolvableText(makeComparison("steady", metric, { base: 0.1, head: 0.1, spread: 0.1 }), size);
  expect([of(0.12), of(12), of(3e14), of(0.12, "throughput"), of(0.01, "errors.ratio")]).toEqual([
    "+12 %",
    "×13",
    "> ×100",
    "−12 %",
    "+1 points",
  ]);
});

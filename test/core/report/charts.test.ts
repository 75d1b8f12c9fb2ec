import fc from "fast-check";
import { expect, test } from "vitest";
import { forestChart } from "../../../src/core/report/forest-chart.ts";
import { percentileChart, timelineChart } from "../../../src/core/report/latency-charts.ts";
import { logTicks } from "../../../src/core/report/svg.ts";
import { gateOf, judge, makeComparison, makeRecord, makeVerdict } from "./fixtures.ts";

const { base, head } = makeRecord(["steady"], { base: { blocks: 4 }, head: { blocks: 4, tail: 1.5 } }).scenarios[0]!.arms;
const blocks = { base: base!.blocks, head: head!.blocks, sameRun: true };

test("the percentile picture says the numbers that it draws", () => {
  expect(percentileChart("p", "steady", blocks)).toMatch(/<desc[^>]*>base: p50 24(\.\d)? ms, p90 [\d.]+ ms, .*p99\.9 [\d.]+ ms; head: p50/);
});

test("a slower tail is drawn higher, the body at the same height", () => {
  const curves = [...percentileChart("p", "steady", blocks)!.matchAll(/class="curve (?:base|head)" d="M([^"]+)"/g)].map(([, d]) =>
    d!.split("L").map((point) => Number(point.split(" ")[1])),
  );
  const [baseCurve, headCurve] = curves;
  expect(headCurve!.at(-1)!).toBeLessThan(baseCurve!.at(-1)! - 10);
  expect(Math.abs(headCurve![20]! - baseCurve![20]!)).toBeLessThan(1);
});

test("a curve ends at the percentile that one of its requests stands for", () => {
  const [baseEnd, headEnd] = [
    ...percentileChart("p", "s", { ...blocks, head: head!.blocks.slice(0, 1) })!.matchAll(/class="curve (?:base|head)" d="M([^"]+)"/g),
  ].map(([, d]) => Number(d!.split("L").at(-1)!.split(" ")[0]));
  expect(baseEnd).toBe(544);
  expect(headEnd!).toBeLessThan(490);
});

test("the timeline draws p50 and p99 of every block, in the order in which they ran", () => {
  const chart = timelineChart("t", "steady", blocks)!;
  expect(chart.match(/class="tail (base|head)" x1/g)?.length).toBe(8 + 2);
  expect(chart).toContain("in the order base, head, head, base, base, head, head, base.");
});

test("a stored baseline is a level, not blocks of another day", () => {
  const chart = timelineChart("t", "steady", { ...blocks, sameRun: false })!;
  expect(chart.match(/base stored/g)?.length).toBe(2);
});

test("without a latency there is no picture", () => {
  const none = { base: [], head: [], sameRun: true };
  expect([percentileChart("p", "s", none), timelineChart("t", "s", none)]).toEqual([undefined, undefined]);
});

test("the forest draws a change of exactly the gate on the gate's line", () => {
  const comparison = makeComparison("steady", "latency.p99", { base: 0.05, head: 0.055, spread: 0.02 }, gateOf("latency.p99"));
  const chart = forestChart(
    "f",
    makeVerdict("inconclusive", [{ name: "steady", verdict: "inconclusive", metrics: [judge(comparison, "inconclusive", "")] }], []),
  )!;
  const gate = Number(/class="gate" x1="([\d.]+)"/.exec(chart)![1]);
  const estimate = Number(/class="estimate inconclusive" x="([\d.]+)"/.exec(chart)![1]);
  expect(estimate + 4).toBeCloseTo(gate, 1);
});

test("in the forest, less throughput lies on the worse side", () => {
  const comparison = makeComparison("steady", "throughput", { base: 50, head: 40, spread: 0.01 }, gateOf("throughput"));
  const chart = forestChart("f", makeVerdict("fail", [{ name: "steady", verdict: "fail", metrics: [judge(comparison, "fail", "")] }], []))!;
  expect(Number(/class="estimate fail" x="([\d.]+)"/.exec(chart)![1])).toBeGreaterThan(
    Number(/class="gate" x1="([\d.]+)"/.exec(chart)![1]),
  );
});

test("an interval that leaves the picture ends in an arrow at its edge", () => {
  const comparison = makeComparison("steady", "latency.p99", { base: 0.05, head: 0.5, spread: 20 }, gateOf("latency.p99"));
  const chart = forestChart("f", makeVerdict("fail", [{ name: "steady", verdict: "fail", metrics: [judge(comparison, "fail", "")] }], []))!;
  expect(chart.match(/<path class="estimate fail"/g)?.length).toBe(2);
});

test("an axis has at most eight labels, in range and ascending", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 3600, noNaN: true }), fc.double({ min: 1.17, max: 1e6, noNaN: true }), (low, ratio) => {
      const ticks = logTicks(low, low * ratio);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
      for (const tick of ticks) expect(tick >= low && tick <= low * ratio).toBe(true);
    }),
  );
});

import { expect, test } from "vitest";
import { shiftPictures } from "../../../src/core/report/shift-picture.ts";
import { gateOf, judge, makeComparison, makeScenario } from "./fixtures.ts";

const GATE = gateOf("latency.p99");
const scenarioWith = (...values: readonly (readonly ["latency.p50" | "latency.p99" | "latency.p999" | "ttft.p95", number, number])[]) => ({
  ...makeScenario("steady"),
  metrics: values.map(([metric, base, head]) => {
    const gated = metric === "latency.p99";
    return judge(makeComparison("steady", metric, { base, head, spread: 0.01 }, gated ? GATE : undefined), gated ? "fail" : "pass", "");
  }),
});

test("a tail that got longer is a stair, with its gate beside it", () => {
  const [picture] = shiftPictures(scenarioWith(["latency.p50", 0.02, 0.02], ["latency.p99", 0.05, 0.06], ["latency.p999", 0.1, 0.14]));
  expect(picture).toEqual({
    of: "latency",
    lines: [
      "         base    head  change  │ slower →",
      "p50     20 ms   20 ms    ±0 %  │",
      "p99     50 ms   60 ms   +20 %  │████████████  gate +10 %",
      "p99.9  100 ms  140 ms   +40 %  │████████████████████████",
    ],
  });
});

test("what got faster goes the other way", () => {
  const [picture] = shiftPictures(scenarioWith(["latency.p50", 0.02, 0.01], ["latency.p99", 0.05, 0.0625]));
  expect(picture!.lines.slice(1)).toEqual([
    "p50  20 ms    10 ms   −50 %  ████████████████████████│",
    "p99  50 ms  62.5 ms   +25 %                          │████████████  gate +10 %",
  ]);
});

test("a change far below its gate looks small", () => {
  const [picture] = shiftPictures(scenarioWith(["latency.p50", 0.02, 0.02], ["latency.p99", 1, 1.01]));
  expect(picture!.lines.at(-1)).toMatch(/│██▍ {2}gate \+10 %$/);
});

test("there is none for what passed, for a distribution without a gate, or of a single percentile", () => {
  expect(shiftPictures(makeScenario("steady"))).toEqual([]);
  expect(shiftPictures(scenarioWith(["latency.p99", 0.05, 0.06], ["ttft.p95", 0.1, 0.2]))).toEqual([]);
});

test("every line is as short as a code block on a phone allows, whatever the numbers", () => {
  const [picture] = shiftPictures(scenarioWith(["latency.p50", 1e-6, 3600], ["latency.p99", 1234.5678, 0.00001], ["latency.p999", 0, 1]));
  for (const line of picture!.lines) expect(line.length).toBeLessThanOrEqual(100);
});

import { afterEach, describe, expect, test } from "vitest";
import { isRegression } from "../../../src/core/decide/grounds.ts";
import { METRICS, type MetricName } from "../../../src/core/metric.ts";
import type { Gate } from "../../../src/core/suite/suite.ts";
import { judge, stored, storedRuns } from "./judge.ts";
import { type ArmOptions, makeRecord, makeSuite, type RecordOptions } from "./records.ts";

const GAUGES = { "gpu.memory.peak": 8e9, "gpu.utilization": 0.6, "gpu.sm_clock": 1.4e9, "queue.depth": 3 } as const;
const ARM: ArmOptions = { tokensPerRequest: 100, gauges: GAUGES, errorRatio: 0.02 };

function plantedOf(metric: MetricName, regression: number, options: RecordOptions = {}) {
  const gates: readonly Gate[] = [{ metric, regression, floor: undefined, limit: undefined }];
  const record = makeRecord({ blocks: 24, base: ARM, head: ARM, ...options });
  return judge({ heads: [record], suite: makeSuite({ gates }) }).of(metric).planted;
}

describe("the self-test", () => {
  test.each([
    ["latency.p50", 0.1],
    ["latency.p99", 0.3],
    ["throughput", 0.05],
    ["throughput.tokens", 0.05],
    ["errors.ratio", 0.05],
    ["gpu.memory.peak", 0.1],
    ["gpu.utilization", 0.05],
    ["gpu.sm_clock", 0.1],
    ["queue.depth", 0.5],
  ] as const)("a margin of %s that the data can show is caught", (metric, regression) => {
    const planted = plantedOf(metric, regression)!;
    expect(planted.size).toBeCloseTo(regression, 12);
    expect(planted.worse).toBeCloseTo(regression, 4);
    expect(isRegression(planted)).toBe(true);
  });

  test("it is the margin that is planted, whatever the head's own change was", () => {
    for (const factor of [0.8, 1, 1.4]) expect(plantedOf("latency.p95", 0.2, { head: { ...ARM, factor } })!.worse).toBeCloseTo(0.2, 5);
  });

  test("a margin under the noise is not caught", () => {
    expect(isRegression(plantedOf("latency.p99", 0.01, { blocks: 12 })!)).toBe(false);
  });

  test("stored runs: caught where eight runs can show it, not where one can", () => {
    const gates: readonly Gate[] = [{ metric: "latency.p50", regression: 0.14, floor: undefined, limit: undefined }];
    const single = { design: "single", runDeviation: 0.03 } as const;
    const caught = (count: number) =>
      isRegression(
        judge({ heads: [makeRecord(single)], baseline: storedRuns(count), suite: makeSuite({ gates }) }).of("latency.p50").planted!,
      );
    expect([caught(8), caught(1)]).toEqual([true, false]);
  });

  test("nothing is planted where nothing can be: no gate, no spread, a share of nothing", () => {
    const record = makeRecord({ blocks: 24 });
    expect(judge({ heads: [record] }).of("throughput").planted).toBeUndefined();
    expect(plantedOf("latency.p99", 0.1, { blocks: 1 })).toBeUndefined();
    const gates: readonly Gate[] = [{ metric: "queue.depth", regression: 0.1, floor: undefined, limit: undefined }];
    const empty = { gauges: { "queue.depth": 0 } };
    const none = judge({ heads: [makeRecord({ blocks: 12, base: empty, head: empty })], suite: makeSuite({ gates }) });
    expect(none.of("queue.depth").planted).toBeUndefined();
    expect(stored([]).kind).toBe("stored");
  });

  describe("with a direction that is the wrong way round", () => {
    const table = METRICS as unknown as Record<string, { better: string }>;
    afterEach(() => {
      table["latency.p95"]!.better = "lower";
    });

    test("it misses what was planted", () => {
      table["latency.p95"]!.better = "higher";
      expect(isRegression(plantedOf("latency.p95", 0.2)!)).toBe(false);
    });
  });
});

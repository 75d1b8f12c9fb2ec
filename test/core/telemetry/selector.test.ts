import { describe, expect, test } from "vitest";
import type { SeriesSelector, TelemetrySource } from "../../../src/core/suite/suite.ts";
import { readScrape, shownUrl } from "../../../src/core/telemetry/scrape.ts";

const selector = (series: string, rest: Partial<SeriesSelector> = {}): SeriesSelector => ({
  series,
  labels: {},
  aggregate: "sum",
  scale: 1,
  ...rest,
});
const source = (metrics: Record<string, SeriesSelector>): TelemetrySource => ({
  kind: "prometheus",
  url: "http://x/metrics",
  baselineUrl: undefined,
  intervalS: 1,
  metrics,
});
const gauges = (text: string, metrics: Record<string, SeriesSelector>) => {
  const result = readScrape(source(metrics), text);
  return result.kind === "scrape" ? result.scrape.gauges : result.why;
};

describe("selected series", () => {
  const text =
    'vllm:num_requests_waiting{engine="0"} 2\nvllm:num_requests_waiting{engine="1"} 4\nvllm:num_requests_waiting_by_reason{engine="0"} 9\n';

  test.each([
    ["sum", 6],
    ["mean", 3],
    ["max", 4],
  ] as const)("are aggregated by %s, matched by exact name", (aggregate, value) => {
    expect(gauges(text, { "queue.depth": selector("vllm:num_requests_waiting", { aggregate }) })).toEqual({ "queue.depth": value });
  });

  test("are filtered by labels", () => {
    expect(gauges(text, { "queue.depth": selector("vllm:num_requests_waiting", { labels: { engine: "1" } }) })).toEqual({
      "queue.depth": 4,
    });
  });

  test("are scaled to the base unit", () => {
    expect(
      gauges("GPUMemoryUsed{} 3\nqueue 1", {
        "gpu.memory.used": selector("GPUMemoryUsed", { scale: 1024 ** 2 }),
        "queue.depth": selector("queue"),
      }),
    ).toEqual({
      "gpu.memory.used": 3 * 1024 ** 2,
      "queue.depth": 1,
    });
  });

  test("leave the metric out when one of them is no number", () => {
    const metrics = { "queue.depth": selector("q"), "gpu.power": selector("w") };
    expect(gauges('q{a="1"} NaN\nq{a="2"} 5\nw 1\n', metrics)).toEqual({ "gpu.power": 1 });
  });

  test("of energy stay counters, one per series, in joules", () => {
    const result = readScrape(
      source({ "gpu.energy_per_request": selector("energy_mj", { scale: 0.001 }) }),
      'energy_mj{g="0"} 2000\nenergy_mj{g="1"} 500\n',
    );
    expect(result).toMatchObject({ kind: "scrape", scrape: { gauges: {} } });
    expect(result.kind === "scrape" && Object.values(result.scrape.energyJ).sort((a, b) => a - b)).toEqual([0.5, 2]);
  });
});

describe("an answer without what is expected says why", () => {
  const metrics = { "queue.depth": selector("q") };
  test("when the series are missing", () => {
    expect(gauges("other 1\n", metrics)).toBe("the answer holds none of the expected series (q)");
  });
  test("when it is something else", () => {
    expect(gauges("<html>\n<p>404", metrics)).toBe('the answer is not a Prometheus exposition: line 1 reads "<html>"');
  });
  test("when the series hold nothing usable", () => {
    expect(gauges("q NaN\n", metrics)).toContain("no usable value");
  });
  test("for DCGM, too", () => {
    expect(readScrape({ ...source({}), kind: "dcgm" }, "q 1\n")).toMatchObject({
      kind: "useless",
      why: expect.stringContaining("DCGM_FI_"),
    });
  });
});

test("a shown URL has no user, password or query", () => {
  expect(shownUrl("http://user:secret@host:9400/metrics?token=secret")).toBe("http://host:9400/metrics");
  expect(shownUrl("nonsense")).toBe("(not a URL)");
});

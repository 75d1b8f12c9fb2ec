import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MetricName } from "../../src/core/metric.ts";
import type { Arm } from "../../src/core/plan/plan.ts";
import type { RunRecord } from "../../src/core/record/run-record.ts";
import type { TelemetrySource } from "../../src/core/suite/suite.ts";
import { type BlockGauges, cutTelemetry, type SampledSource, type TelemetryWindow } from "../../src/core/telemetry/cut.ts";
import { type Demo, startDemo } from "../../src/io/demo/start-demo.ts";
import { startSampler } from "../../src/io/telemetry/sampler.ts";
import { openWorkplace } from "../end-to-end/tailgate.ts";
import { type PrometheusServer, startPrometheus } from "./prometheus-server.ts";
import { prometheus, useTool } from "./tools.ts";

const ARMS = ["base", "head"] as const satisfies readonly Arm[];
const JOBS = { base: "base", head: "preview" } as const;
const SCRAPED_EVERY_S = 1;
const QUERIES = { "gpu.sm_activity": "avg(DCGM_FI_PROF_SM_ACTIVE{$labels})", "gpu.temperature": "max(DCGM_FI_DEV_GPU_TEMP{$labels})" };

const suite = (url: string) => `version: 1
name: prometheus
target: { protocol: kserve-v2, model: sentiment, ready: { path: /v2/health/ready }, timeout: 5s }
payloads:
  text: { text: { words: [40, 80] } }
scenarios:
  - name: steady
    load: { rate: 60/s, duration: 9s }
    warm-up: 1s
    block: { duration: 3s }
    gates: { gpu.energy_per_request: { limit: 100J }, errors.ratio: { limit: 1% } }
telemetry:
  - { promql: ${url}, labels: { job: preview }, baseline-labels: { job: base } }
generator: { calibration: no }
decision: { budget: 1 }
`;

const now = () => process.hrtime.bigint();
const seconds = (value: number) => BigInt(Math.round(value * 1e9));
const source = (kind: TelemetrySource["kind"], url: string, rest: Partial<TelemetrySource> = {}): TelemetrySource => ({
  kind,
  url,
  baselineUrl: undefined,
  intervalS: SCRAPED_EVERY_S,
  metrics: {},
  ...rest,
});

/**
 * No reading before or after bounds another closer than what the device rounds to. The simulated memory follows the requests
 * under way when it is read, a MiB each.
 */
const ROUNDED_TO: Partial<Record<MetricName, number>> = {
  "gpu.memory.used": 1024 ** 2,
  "gpu.memory.peak": 1024 ** 2,
  "gpu.temperature": 1,
  "gpu.utilization": 0.01,
};

function expectWithin(mean: number, metric: MetricName, { min, max }: { readonly min: number; readonly max: number }, key: string): void {
  const step = (ROUNDED_TO[metric] ?? 0) + 1e-9;
  expect(mean, `${key} ${metric}`).toBeGreaterThanOrEqual(min - step);
  expect(mean, `${key} ${metric}`).toBeLessThanOrEqual(max + step);
}

/** A GPU idles while the other endpoint is driven: telemetry that is cut a second too early or too late shows. */
describe("a real Prometheus that scrapes two demo servers", () => {
  const program = useTool(prometheus);
  const demos: Demo[] = [];
  let server: PrometheusServer | undefined;
  let record: RunRecord;
  /** The same servers asked directly, four times as often. */
  let direct: readonly SampledSource[];
  let queried: readonly SampledSource[];
  let windows: readonly TelemetryWindow[];

  beforeAll(async () => {
    if (program() === "") return;
    demos.push(await startDemo({ preset: "base" }), await startDemo({ preset: "equal", args: ["--memory-extra", "512"] }));
    const [base, head] = demos as [Demo, Demo];
    const place = ({ url }: Demo) => new URL(url).host;
    server = await startPrometheus(program(), { base: [place(base)], preview: [place(head)] });
    const { url } = server;
    const asked = startSampler(
      [
        ...ARMS.map((arm) => ({ arm, url: (arm === "base" ? base : head).metricsUrl, source: source("dcgm", "", { intervalS: 0.25 }) })),
        ...ARMS.map((arm) => ({ arm, url, source: source("promql", url, { queries: QUERIES, labels: { job: JOBS[arm] } }) })),
      ],
      now,
    );
    const workshop = await openWorkplace({ "suite.yaml": suite(url) });
    const { code, stderr } = await workshop.tailgate(["run", "suite.yaml", "--endpoint", head.url, "--baseline-endpoint", base.url]);
    const sampled = await asked.stop();
    [direct, queried] = [sampled.slice(0, 2), sampled.slice(2)];
    expect([0, 1, 3], stderr).toContain(code);
    record = workshop.record();
    await workshop.close();
    windows = windowsOf(record);
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await Promise.all(demos.map((demo) => demo.stop()));
  });

  test("each block has every metric that direct scraping has, and within the scrape interval the same value", () => {
    const { gauges } = cutTelemetry(direct, windows);
    expect(windows.length).toBeGreaterThanOrEqual(6);
    for (const window of windows) {
      const [told, truth] = [toldIn(window.key), gauges.get(window.key)!];
      expect(Object.keys(told).toSorted(), window.key).toEqual(Object.keys(truth).toSorted());
      const around = cutTelemetry(direct, [widened(window)]).gauges.get(window.key)!;
      for (const [metric, { mean }] of Object.entries(told) as [MetricName, { mean: number }][]) {
        if (metric === "gpu.energy_per_request") continue;
        expectWithin(mean, metric, around[metric]!, window.key);
      }
      // A counter is interpolated at both edges, each time over one interval at most.
      const { min, max } = around["gpu.power"]!;
      const off = Math.abs(told["gpu.energy_per_request"]!.mean - truth["gpu.energy_per_request"]!.mean) * window.ok;
      expect(off, `${window.key} energy`).toBeLessThan(SCRAPED_EVERY_S * (max - min) * 0.5 + 1);
    }
  });

  test.each(["gpu.power", "gpu.energy_per_request"] as const)("%s stands at its place in time", (metric) => {
    const off = (shiftS: number) => {
      const shifted = windows.map((window) => ({
        ...window,
        startNs: window.startNs + seconds(shiftS),
        endNs: window.endNs + seconds(shiftS),
      }));
      const { gauges } = cutTelemetry(direct, shifted);
      return windows.reduce((sum, { key }) => sum + Math.abs(toldIn(key)[metric]!.mean - (gauges.get(key)![metric]?.mean ?? 0)), 0);
    };
    expect(off(0)).toBeLessThan(Math.min(off(-SCRAPED_EVERY_S), off(SCRAPED_EVERY_S)));
  });

  test("expressions give the same, each as old as one scrape", () => {
    const { gauges, problems } = cutTelemetry(queried, windows);
    expect(problems).toEqual([]);
    for (const window of windows) {
      const [told, around] = [gauges.get(window.key)!, cutTelemetry(direct, [widened(window)]).gauges.get(window.key)!];
      expect(Object.keys(told)).toEqual(Object.keys(QUERIES));
      for (const metric of Object.keys(QUERIES) as MetricName[]) {
        expect(told[metric]!.n).toBeGreaterThanOrEqual(2);
        expectWithin(told[metric]!.mean, metric, around[metric]!, window.key);
      }
    }
  });

  test("the run has no complaint about its telemetry, and knows both GPUs", () => {
    expect(record.problems.filter(({ code }) => code.startsWith("telemetry-"))).toEqual([]);
    expect(record.environment["gpu.models"]).toBe("1 × simulated");
  });

  const toldIn = (key: string): BlockGauges => {
    const [arm, index] = key.split(" ");
    return record.scenarios[0]!.arms[arm as Arm]!.blocks.find((block) => block.index === Number(index))!.gauges;
  };
});

/** The blocks of a record on this process's monotonic clock. */
function windowsOf({ startedAt, scenarios }: RunRecord): readonly TelemetryWindow[] {
  const startedNs = now() - BigInt(Math.round((Date.now() - Date.parse(startedAt)) * 1e6));
  return ARMS.flatMap((arm) =>
    scenarios[0]!.arms[arm]!.blocks.map(({ index, startS, durationS, ok }) => ({
      key: `${arm} ${index}`,
      arm,
      ok,
      startNs: startedNs + seconds(startS),
      endNs: startedNs + seconds(startS + durationS),
    })),
  );
}

const widened = (window: TelemetryWindow): TelemetryWindow => ({
  ...window,
  startNs: window.startNs - seconds(SCRAPED_EVERY_S),
  endNs: window.endNs + seconds(SCRAPED_EVERY_S),
});

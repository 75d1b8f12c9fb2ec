import { describe, expect, test } from "vitest";
import { cutTelemetry } from "../../../src/core/telemetry/cut.ts";
import { openPrometheusSamples } from "../../../src/core/telemetry/prometheus-samples.ts";
import { expressionsOf, readNames, readSeries, readTime, samplesQuery } from "../../../src/core/telemetry/promql.ts";
import { type SourceAt, shownSource } from "../../../src/core/telemetry/scrape.ts";
import { sampled, scrape, source, window } from "./sampled.ts";

const at = (rest: Partial<SourceAt["source"]> = {}, arm: SourceAt["arm"] = "head"): SourceAt => ({
  source: source({ kind: "promql", labels: { job: "preview" }, ...rest }),
  arm,
  url: "http://prometheus:9090",
});
const answer = (result: unknown, more: object = {}) =>
  JSON.stringify({ status: "success", data: { resultType: "matrix", result }, ...more });
/** One series of a target, sampled at these seconds. */
const series = (name: string, instance: string, points: Readonly<Record<number, number>>, labels: object = {}) => ({
  labels: { __name__: name, job: "preview", instance, ...labels },
  points: Object.entries(points).map(([second, value]) => ({ atMs: Number(second) * 1000, value })),
});

describe("a query", () => {
  test("names series and labels as Prometheus reads them", () => {
    const quoted = at({ labels: { job: 'a "b"', pod: "x" } });
    expect(samplesQuery(quoted, ["vllm:num_requests_waiting", "a.b"], 2500.2)).toBe(
      String.raw`{__name__=~"vllm:num_requests_waiting|a\\.b",job="a \"b\"",pod="x"}[2501ms]`,
    );
  });

  test("asks for the baseline by its own labels, where it has some", () => {
    const both = { baselineLabels: { job: "base" }, queries: { "queue.depth": "sum(q{$labels, x='$&'})" } };
    expect(expressionsOf(at(both))).toEqual([["queue.depth", `sum(q{job="preview", x='$&'})`]]);
    expect(expressionsOf(at(both, "base"))).toEqual([["queue.depth", `sum(q{job="base", x='$&'})`]]);
    expect(shownSource(at(both, "base"))).toBe('promql http://prometheus:9090/ {job="base"}');
    expect(shownSource(at({}, "base"))).toBe('promql http://prometheus:9090/ {job="preview"}');
  });
});

describe("an answer", () => {
  test("holds series with their values, infinite and missing ones too", () => {
    const text = answer([{ metric: { __name__: "x" }, values: [[1.5, "2"], [2, "+Inf"], [3, "NaN"], ["odd"]] }]);
    expect(readSeries(200, text)).toEqual({
      kind: "answer",
      value: [
        {
          labels: { __name__: "x" },
          points: [
            { atMs: 1500, value: 2 },
            { atMs: 2000, value: Number.POSITIVE_INFINITY },
            { atMs: 3000, value: Number.NaN },
          ],
        },
      ],
    });
    expect(readTime(200, '{"status":"success","data":{"resultType":"scalar","result":[1.25,"1.25"]}}')).toEqual({
      kind: "answer",
      value: 1250,
    });
    expect(readNames(200, '{"status":"success","data":["up"]}')).toEqual({ kind: "answer", value: ["up"] });
  });

  test.each([
    [
      400,
      '{"status":"error","errorType":"bad_data","error":"parse error: unexpected end"}',
      "HTTP status 400: parse error: unexpected end",
    ],
    [401, "Unauthorized", "HTTP status 401"],
    [200, "<html>", "the answer is none of Prometheus's API"],
    [200, '{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}', "the answer is none of Prometheus's API"],
    [200, answer([], { warnings: ["store 10.0.0.1 is down"] }), "Prometheus warns: store 10.0.0.1 is down"],
  ])("%i %s is none", (status, text, why) => {
    expect(readSeries(status, text)).toEqual({ kind: "useless", why });
  });
});

describe("what Prometheus has seen", () => {
  const depth = { metrics: { "queue.depth": { series: "q", labels: {}, aggregate: "sum", scale: 1 } } } as const;
  const read = (rounds: ReturnType<ReturnType<typeof openPrometheusSamples>["take"]>) =>
    rounds.map(({ atMs, result }) => [atMs / 1000, result.kind === "scrape" ? result.scrape.gauges["queue.depth"] : result.why]);

  test("is taken once, however often it is told, and not before it has settled", () => {
    const samples = openPrometheusSamples(at(depth));
    expect(samples.sinceMs(1e6)).toBe(1e6 - 130_000);
    expect(read(samples.take([series("q", "a", { 1: 1, 2: 2, 3: 3 })], 4000, false))).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(samples.sinceMs(4000)).toBe(2000);
    expect(read(samples.take([series("q", "a", { 2: 9, 3: 3, 4: 4 })], 6000, false))).toEqual([
      [3, 3],
      [4, 4],
    ]);
    expect(read(samples.take([series("q", "a", { 5: 5 })], 6000, true))).toEqual([[5, 5]]);
    expect([samples.isToldUntil(5000, 6000), samples.isToldUntil(5001, 6000)]).toEqual([true, false]);
  });

  test("of replicas is added up", () => {
    const samples = openPrometheusSamples(at(depth));
    const told = samples.take([series("q", "a", { 1: 1, 2: 2 }), series("q", "b", { 1: 10, 2: 20 })], 9000, false);
    expect(read(told)).toEqual([
      [1, 11],
      [2, 22],
    ]);
  });

  test("of targets that expose different things is kept apart, and the process of an exporter is none of the endpoint's", () => {
    const samples = openPrometheusSamples(at());
    const told = samples.take(
      [
        series("vllm:num_requests_waiting", "server", { 1: 3, 2: 4 }, { engine: "0" }),
        series("process_resident_memory_bytes", "server", { 1: 1e9, 2: 1e9 }),
        series("DCGM_FI_DEV_POWER_USAGE", "exporter", { 0: 500 }, { UUID: "GPU-1", gpu: "0" }),
        series("process_resident_memory_bytes", "exporter", { 0: 1e6 }),
      ],
      9000,
      false,
    );
    const gauges = told.map(({ group, result }) => [group, result.kind === "scrape" ? result.scrape.gauges : {}] as const);
    expect(gauges).toEqual([
      ["vllm,process", expect.objectContaining({ "queue.depth": 3, "memory.resident": 1e9 })],
      ["vllm,process", expect.objectContaining({ "queue.depth": 4, "memory.resident": 1e9 })],
      ["dcgm", { "gpu.power": 500 }],
    ]);
  });

  test("is read anew after Prometheus was out of reach, but not for ever", () => {
    const samples = openPrometheusSamples(at(depth));
    samples.take([series("q", "a", { 1: 1, 2: 2 })], 4000, false);
    expect(samples.sinceMs(5000)).toBe(2000);
    expect(samples.sinceMs(300_000)).toBe(2000);
    expect(samples.sinceMs(2_000_000)).toBe(2_000_000 - 600_000);
  });
});

describe("a clock that is off", () => {
  const problemsWith = (clock: { aheadS: number; movedS: number; uncertaintyS: number }) => {
    const scrapes = Array.from({ length: 21 }, (_, second) => ({
      atNs: BigInt(second * 1e9),
      scrape: scrape({ gauges: { "queue.depth": 1 } }),
    }));
    const own = { ...sampled({ ...at(), scrapes }), clock };
    // One server, two groups of targets.
    return cutTelemetry([own, own], [window("1", 2, 18)]).problems.filter(({ code }) => code === "telemetry-clock");
  };

  test("by less than a second is corrected without a word", () => {
    expect(problemsWith({ aheadS: -0.9, movedS: 0.5, uncertaintyS: 0.2 })).toEqual([]);
  });

  test("by more is told once", () => {
    expect(problemsWith({ aheadS: -90.04, movedS: 3, uncertaintyS: 0.01 })).toEqual([
      {
        severity: "warning",
        code: "telemetry-clock",
        arm: "head",
        message:
          "the clock of http://prometheus:9090/ is 90 s behind this machine's, and it moved by 3 s during the run; the times of its samples were corrected by what it said itself",
      },
    ]);
  });
});

test("scrapes that are further apart than blocks are long are coarse, and their interval is Prometheus's", () => {
  const scrapes = [0, 15, 30, 45, 60].map((second) => ({ atNs: BigInt(second * 1e9), scrape: scrape({ gauges: { "queue.depth": 1 } }) }));
  const blocks = [window("1", 1, 11), window("2", 11, 21), window("3", 21, 31), window("4", 31, 41), window("5", 41, 51)];
  const { problems } = cutTelemetry([sampled({ ...at({ intervalS: 15 }), scrapes })], blocks);
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    [
      "telemetry-coarse",
      'promql http://prometheus:9090/ {job="preview"} gave 3 different samples in 5 blocks, fewer than two per block: Prometheus scrapes it every 15 s; let it collect at least every second, or measure longer blocks',
    ],
  ]);
});

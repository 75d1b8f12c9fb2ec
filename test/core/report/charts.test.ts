import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { BlockRecord } from "../../../src/core/record/run-record.ts";
import { type ArmBlocks, drawnScenario } from "../../../src/core/report/charts/arm-blocks.ts";
import { changeChart } from "../../../src/core/report/charts/change-chart.ts";
import { densityChart } from "../../../src/core/report/charts/density-chart.ts";
import { drawCharts } from "../../../src/core/report/charts/draw-charts.ts";
import { forestChart } from "../../../src/core/report/charts/forest-chart.ts";
import { gaugeCharts } from "../../../src/core/report/charts/gauge-charts.ts";
import { heatChart } from "../../../src/core/report/charts/heat-chart.ts";
import { loadChart } from "../../../src/core/report/charts/load-chart.ts";
import { percentileChart } from "../../../src/core/report/charts/percentile-chart.ts";
import { logTicks } from "../../../src/core/report/charts/picture.ts";
import { timelineChart } from "../../../src/core/report/charts/timeline-chart.ts";
import { gateOf, judge, LIVE, makeComparison, makeRecord, makeVerdict } from "./fixtures.ts";

const { base, head } = makeRecord(["steady"], { base: { blocks: 4 }, head: { blocks: 4, tail: 1.5 } }).scenarios[0]!.arms;
const blocks: ArmBlocks = { base: base!.blocks, head: head!.blocks, sameRun: true };
const drawn = (changes: Partial<ArmBlocks> = {}) => drawnScenario("steady", { ...blocks, ...changes }, { ...blocks, ...changes });
const nothing = drawn({ base: [], head: [] });

type Element = { readonly getAttribute: (name: string) => string | null };
/** Elements of a picture in the groups of a class. */
const inGroup = (chart: string, className: string, tag: string): readonly Element[] => [
  ...(parseHTML(`<body>${chart}</body>`).document.querySelectorAll(`g[class="${className}"] ${tag}`) as unknown as Iterable<Element>),
];
const attribute = (element: Element | undefined, name: string): number => Number(element!.getAttribute(name));
/** The points of a line by its class, as [x, y]; the picture's y grows downwards. */
const pointsOf = (chart: string, className: string): readonly (readonly [number, number])[] => {
  const [path] = inGroup(chart, className, "path");
  return path!
    .getAttribute("d")!
    .slice(1)
    .split(/[LC]/)
    .map((point) => point.split(",").slice(-2).map(Number) as [number, number]);
};
const description = (chart: string | undefined): string => /<desc[^>]*>([^<]*)</.exec(chart!)![1]!;

test("every picture carries its name and its numbers, and no style of its own", () => {
  const chart = percentileChart("p", drawn())!;
  expect(chart).toMatch(/^<svg [^>]*aria-labelledby="p-title p-desc"/);
  expect(chart).toMatch(/^<svg [^>]*role="img"/);
  expect(chart).toContain('<title id="p-title">Latency percentiles of steady</title>');
  expect(chart).not.toMatch(/<style|style=|NaN|undefined/);
});

test("the same blocks give the same bytes", () => {
  expect(heatChart("h", drawn())).toBe(heatChart("h", drawn()));
});

test("without a latency there is no picture", () => {
  const charts = [percentileChart, timelineChart, densityChart, heatChart, loadChart].map((draw) => draw("x", nothing));
  expect([...charts, changeChart("x", nothing, [])]).toEqual(Array.from({ length: 6 }, () => undefined));
  expect(gaugeCharts("x", nothing)).toEqual([]);
});

describe("percentiles", () => {
  test("are said as they are drawn", () => {
    expect(description(percentileChart("p", drawn()))).toMatch(/^base: p50 24(\.\d)? ms, p90 [\d.]+ ms, .*p99\.9 [\d.]+ ms; head: p50/);
  });

  test("keep all their nines on the axis", () => {
    const many = Array.from({ length: 60 }, (_, i): BlockRecord => ({ ...head!.blocks[i % 4]!, index: i }));
    expect(percentileChart("p", drawn({ head: many }))).toContain(">p99.99<");
    const most = Array.from({ length: 400 }, (_, i): BlockRecord => ({ ...head!.blocks[i % 4]!, index: i }));
    expect(percentileChart("p", drawn({ head: most }))).toContain(">p99.999<");
  });

  test("of a slower tail are drawn higher, the body at the same height", () => {
    const chart = percentileChart("p", drawn())!;
    const [baseCurve, headCurve] = [pointsOf(chart, "curve base"), pointsOf(chart, "curve head")];
    expect(headCurve.at(-1)![1]).toBeLessThan(baseCurve.at(-1)![1] - 10);
    expect(Math.abs(headCurve[20]![1] - baseCurve[20]![1])).toBeLessThan(1);
  });

  test("end where one of the requests stands for them", () => {
    const chart = percentileChart("p", drawn({ head: head!.blocks.slice(0, 1) }))!;
    expect(pointsOf(chart, "curve head").at(-1)![0]).toBeLessThan(pointsOf(chart, "curve base").at(-1)![0] - 50);
  });
});

describe("the time line", () => {
  test("draws p50 and p99 of every block, in the order in which they ran", () => {
    const chart = timelineChart("t", drawn())!;
    for (const which of ["p50", "p99"]) {
      for (const arm of ["base", "head"]) expect(inGroup(chart, `${which} ${arm}`, "path")).toHaveLength(4);
    }
    expect(description(chart)).toContain("in the order base, head, head, base, base, head, head, base.");
  });

  test("shows a stored baseline as a level, not as blocks of another day", () => {
    const chart = timelineChart("t", drawn({ sameRun: false }))!;
    expect(chart.match(/class="stored"/g)?.length).toBe(2);
    expect(inGroup(chart, "p99 base", "path")).toEqual([]);
  });
});

test("densities of both arms enclose the same area, and a second hill is seen", () => {
  const chart = densityChart("d", drawn({ head: head!.blocks }))!;
  const area = (className: string) => {
    const points = pointsOf(chart, className);
    return points.slice(1).reduce((sum, [x, y], i) => sum + (x - points[i]![0]) * (276 - (y + points[i]![1]) / 2), 0);
  };
  expect(area("curve head") / area("curve base")).toBeGreaterThan(0.9);
  expect(area("curve head") / area("curve base")).toBeLessThan(1.1);
});

describe("the map of all requests", () => {
  test("has a column for each block and loses no request", () => {
    const chart = heatChart("h", drawn())!;
    const cells = [...inGroup(chart, "cells base", "rect"), ...inGroup(chart, "cells head", "rect")];
    expect(new Set(cells.map((cell) => attribute(cell, "x"))).size).toBe(8);
    expect(cells.length).toBeGreaterThan(60);
  });

  test("of an hour in blocks of ten seconds stays light", () => {
    const many = Array.from(
      { length: 360 },
      (_, i): BlockRecord => ({ ...head!.blocks[i % 4]!, index: i, startS: i * 10, pair: undefined }),
    );
    const chart = heatChart("h", drawn({ base: [], head: many, sameRun: false }))!;
    expect(new Set(inGroup(chart, "cells head", "rect").map((cell) => attribute(cell, "x"))).size).toBeLessThanOrEqual(48);
    expect(chart.length).toBeLessThan(300_000);
  });
});

test("the load is as high as what was offered, and failures are on top of it", () => {
  const failing = head!.blocks.map((block) => ({ ...block, ok: 400, failures: { status: 100 } }));
  const chart = loadChart("l", drawn({ head: failing }))!;
  expect(description(chart)).toBe("base: 2,000 requests, 0 % of them failed; head: 2,000 requests, 20 % of them failed.");
  const [whole, part, failed] = [
    inGroup(chart, "answered base", "rect")[0]!,
    inGroup(chart, "answered head", "rect")[0]!,
    inGroup(chart, "failed", "rect")[0]!,
  ];
  expect(attribute(part, "height") / attribute(whole, "height")).toBeCloseTo(0.8, 1);
  expect(attribute(failed, "height") / attribute(whole, "height")).toBeCloseTo(0.2, 1);
});

describe("the change of each percentile", () => {
  const metric = (name: "latency.p50" | "latency.p99", gated: boolean) => {
    const comparison = makeComparison("steady", name, { base: 0.05, head: 0.06, spread: 0.02 }, gated ? gateOf("latency.p99") : undefined);
    return { ...judge(comparison, "fail", ""), gated };
  };

  test("is flat at zero for equal arms, and rises where the tail is heavier", () => {
    const y = (chart: string) => pointsOf(chart, "change").map(([, height]) => height);
    const equal = y(changeChart("c", drawn({ head: base!.blocks }), [])!);
    expect(Math.max(...equal) - Math.min(...equal)).toBeLessThan(1);
    const slower = y(changeChart("c", drawn(), [])!);
    expect(slower.at(-1)!).toBeLessThan(slower[10]! - 40);
  });

  test("shows what was compared with its interval, and the gate", () => {
    const chart = changeChart("c", drawn(), [metric("latency.p50", false), metric("latency.p99", true)])!;
    expect(inGroup(chart, "interval", "path")).toHaveLength(2);
    expect(inGroup(chart, "gate", "line")).toHaveLength(1);
    expect(description(chart)).toMatch(/latency\.p50 \+20 % \(.*latency\.p99 \+20 % \(/);
  });
});

test("telemetry has one picture a metric, eight at most, those that explain most first, and says its range", () => {
  const gauge = { n: 3, mean: 0.5, min: 0.4, max: 0.6 };
  const names = [
    "gpu.utilization",
    "gpu.power",
    "gpu.memory.used",
    "gpu.memory.peak",
    "gpu.temperature",
    "gpu.sm_clock",
    "gpu.pcie.rx",
    "gpu.pcie.tx",
    "queue.depth",
  ];
  const measured = head!.blocks.map((block) => ({ ...block, gauges: Object.fromEntries(names.map((name) => [name, gauge])) }));
  const charts = gaugeCharts("g", drawn({ base: [], head: measured }), new Set(["gpu.pcie.tx"]));
  expect(charts.map(({ metric }) => metric)).toEqual([
    "gpu.pcie.tx",
    "queue.depth",
    "gpu.utilization",
    "gpu.memory.used",
    "gpu.power",
    "gpu.memory.peak",
    "gpu.temperature",
    "gpu.sm_clock",
  ]);
  expect(description(charts[2]!.svg)).toBe("head: 50 % to 50 % over 4 blocks.");
});

test("what lies in time is on one axis: a block begins at the same place in every picture of its scenario", () => {
  const gauge = { n: 3, mean: 0.5, min: 0.4, max: 0.6 };
  const measured = head!.blocks.map((block) => ({ ...block, gauges: { "queue.depth": gauge } }));
  const scenario = drawn({ head: measured });
  const lefts = (chart: string, group: string, tag = "rect") => inGroup(chart, group, tag).map((mark) => attribute(mark, "x"));
  const load = lefts(loadChart("l", scenario)!, "answered head");
  const heat = [...new Set(lefts(heatChart("h", scenario)!, "cells head"))];
  const starts = (chart: string, group: string) =>
    inGroup(chart, group, "path").map((mark) => Number(/^M([\d.]+),/.exec(mark.getAttribute("d")!)![1]));
  const [queue] = gaugeCharts("g", scenario);
  const time = starts(timelineChart("t", scenario)!, "p99 head");
  expect(time).toHaveLength(4);
  expect(starts(queue!.svg, "mean head")).toEqual(time);
  // Bars leave a gap of half a pixel.
  for (const others of [load, heat]) for (const [i, x] of others.entries()) expect(Math.abs(x - time[i]!)).toBeLessThan(1);
});

describe("the forest", () => {
  const forest = (comparison: ReturnType<typeof makeComparison>, word: "fail" | "inconclusive") =>
    forestChart("f", makeVerdict(word, [{ name: "steady", verdict: word, metrics: [judge(comparison, word, "")] }], [])).svg!;
  const gateX = (chart: string) => attribute(inGroup(chart, "gate", "line")[0], "x1");
  const estimateX = (chart: string) => Number(/\(([\d.]+),/.exec(inGroup(chart, "estimate", "path")[0]!.getAttribute("transform")!)![1]);

  test("draws a change of exactly the gate on the gate's line", () => {
    const chart = forest(
      makeComparison("steady", "latency.p99", { base: 0.05, head: 0.055, spread: 0.02 }, gateOf("latency.p99")),
      "inconclusive",
    );
    expect(estimateX(chart)).toBeCloseTo(gateX(chart), 1);
  });

  test("puts less throughput on the worse side", () => {
    const chart = forest(makeComparison("steady", "throughput", { base: 50, head: 40, spread: 0.01 }, gateOf("throughput")), "fail");
    expect(estimateX(chart)).toBeGreaterThan(gateX(chart));
  });

  test("has room for all that did not pass and a dozen of the others, and counts those it leaves out", () => {
    const scenarios = Array.from({ length: 20 }, (_, i) => {
      const metric = makeComparison(`s${i}`, "latency.p99", { base: 0.05, head: 0.05, spread: 0.02 }, gateOf("latency.p99"));
      return { name: `s${i}`, verdict: "pass" as const, metrics: [judge(metric, i < 3 ? "fail" : "pass", "")] };
    });
    const { svg, left } = forestChart("f", makeVerdict("fail", scenarios, []));
    expect(inGroup(svg!, "estimate", "path")).toHaveLength(15);
    expect(left).toBe(5);
    expect(forestChart("f", makeVerdict("pass", [], []))).toEqual({ svg: undefined, left: 0 });
  });

  test("ends an interval that leaves the picture in an arrow at its edge", () => {
    const chart = forest(makeComparison("steady", "latency.p99", { base: 0.05, head: 0.5, spread: 20 }, gateOf("latency.p99")), "fail");
    expect(inGroup(chart, "arrow", "text")).toHaveLength(2);
  });
});

test("of many scenarios the worst eight have all their pictures, up to forty have two, and no others any", () => {
  const names = Array.from({ length: 42 }, (_, i) => `s${i}`);
  const scenarios = names.map((name, i) => ({ name, verdict: i === 41 ? ("fail" as const) : ("pass" as const), metrics: [] }));
  const record = makeRecord(names, { base: { blocks: 1 }, head: { blocks: 1 } });
  const charts = drawCharts({ verdict: makeVerdict("fail", scenarios, []), heads: [record], baseline: LIVE });
  const counts = names.map((name) => charts.scenarios.get(name)?.length);
  expect(counts.slice(7, 39)).toEqual(Array.from({ length: 32 }, () => 2));
  expect([counts[41], counts[0]!]).toEqual([counts[6], counts[6]]);
  expect(counts[6]).toBeGreaterThan(4);
  expect(counts.slice(39, 41)).toEqual([undefined, undefined]);
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

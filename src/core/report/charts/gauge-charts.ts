import { link, rect } from "@observablehq/plot";
import { formatQuantity } from "../../decide/quantity.ts";
import { GAUGE_NAMES, METRICS, type MetricName, type Unit } from "../../metric.ts";
import type { Arm } from "../../plan/plan.ts";
import type { GaugeSummary } from "../../record/run-record.ts";
import { ARMS, type DrawnScenario } from "./arm-blocks.ts";
import { ARM_COLOURS, drawPicture, OVER_TIME, timeAxis } from "./picture.ts";

/** More pictures than these nobody compares; the table has all. */
const MOST = 8;

/** What shows first why an endpoint became slow: it waits, its cache or its GPU is full, its memory grows, its host has no time. */
const TELLING: readonly MetricName[] = [
  "queue.depth",
  "kv_cache.utilization",
  "gpu.utilization",
  "gpu.memory.used",
  "memory.resident",
  "cpu.cores",
  "host.cpu.utilization",
  "queue.time",
  "requests.running",
  "gpu.power",
];

/**
 * Telemetry over the time axis of the other pictures: the mean of each block, and between what it varied. One picture a
 * metric, at most {@link MOST}: those that are gated or got worse, then {@link TELLING}, then the others.
 */
export function gaugeCharts(
  id: string,
  scenario: DrawnScenario,
  named: ReadonlySet<MetricName> = new Set(),
): readonly { readonly metric: MetricName; readonly svg: string }[] {
  const told = TELLING.filter((metric) => !named.has(metric));
  const others = GAUGE_NAMES.filter((metric) => !named.has(metric) && !told.includes(metric));
  return [...GAUGE_NAMES.filter((metric) => named.has(metric)), ...told, ...others]
    .filter((metric) => scenario.blocks.head.filter(({ record }) => record.gauges[metric] !== undefined).length > 1)
    .slice(0, MOST)
    .map((metric) => ({ metric, svg: gaugeChart(`${id}-${metric.replaceAll(".", "-")}`, scenario, metric) }));
}

function gaugeChart(id: string, { name, blocks }: DrawnScenario, metric: MetricName): string {
  const { unit } = METRICS[metric];
  const values = ARMS.flatMap((arm) =>
    blocks[arm].flatMap(({ record: { index, gauges }, startS, endS }) => {
      const gauge = gauges[metric];
      return gauge === undefined ? [] : [{ arm, index, startS, endS, ...gauge }];
    }),
  );
  const said = ARMS.flatMap((arm) => {
    const means = values.filter((value) => value.arm === arm).map(({ mean }) => mean);
    const [least, most] = [Math.min(...means), Math.max(...means)];
    return means.length === 0
      ? []
      : [`${arm}: ${formatQuantity(least, unit)} to ${formatQuantity(most, unit)} over ${means.length} blocks`];
  });
  const says = ({ arm, index, mean, min, max }: Value) =>
    `${arm}, block ${index + 1}: ${formatQuantity(mean, unit)} (${formatQuantity(min, unit)} to ${formatQuantity(max, unit)})`;
  return drawPicture({
    id,
    title: `${metric} of ${name} over time`,
    description: `${said.join("; ")}.`,
    ...OVER_TIME,
    height: 150,
    x: timeAxis([...blocks.base, ...blocks.head]),
    y: { domain: rangeOf(values, unit), ticks: 4, tickFormat: (value: number) => formatQuantity(value, unit), grid: true, label: null },
    marks: ARMS.flatMap((arm) => {
      const own = values.filter((value) => value.arm === arm);
      const time = { x1: "startS", x2: "endS" } as const;
      return [
        rect(own, { ...time, y1: "min", y2: "max", fill: ARM_COLOURS[arm], fillOpacity: 0.16, title: says }),
        link(own, { ...time, y1: "mean", y2: "mean", stroke: ARM_COLOURS[arm], strokeWidth: 2.5, title: says, className: `mean ${arm}` }),
      ];
    }),
  });
}

type Value = GaugeSummary & { readonly arm: Arm; readonly index: number; readonly startS: number; readonly endS: number };

/** Shares are drawn on the whole scale; anything else so that what varied fills half of the picture. */
function rangeOf(values: readonly Value[], unit: Unit): readonly [number, number] {
  const [least, most] = [Math.min(...values.map(({ min }) => min)), Math.max(...values.map(({ max }) => max))];
  if (unit === "ratio") return [0, Math.max(1, most)];
  const space = Math.max((most - least) / 2, Math.abs(most) * 0.1, 1e-9);
  return [least >= 0 ? Math.max(0, least - space) : least - space, most + space];
}

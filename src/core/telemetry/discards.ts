import type { MetricName } from "../metric.ts";
import type { Problem } from "../record/run-record.ts";
import { type SampledSource, shownSource } from "./scrape.ts";
import { usualCounts } from "./settle.ts";
import { scrapesInside, type TelemetryWindow } from "./timeline.ts";

/** A metric that is missing in this share of the samples is named. */
const WORTH_NAMING = 0.05;

/**
 * What was left out of the samples of the measured blocks, with numbers: metrics that some samples have and others have
 * not (blank, out of range, or over another number of GPUs than most), and metrics that most samples have only for some
 * of the GPUs. No more than half of a metric's samples are dropped for their number of GPUs, and what is left is used.
 *
 * @param source as it was sampled.
 */
export function discardProblems(source: SampledSource, windows: readonly TelemetryWindow[]): readonly Problem[] {
  const inside = windows.flatMap(({ startNs, endNs }) => scrapesInside(source.scrapes, startNs, endNs));
  const usual = usualCounts(source.scrapes);
  const told: string[] = [];
  const partial: string[] = [];
  const metrics = [...new Set(inside.flatMap(({ scrape }) => Object.keys(scrape.gauges) as MetricName[]))];
  for (const metric of metrics) {
    const has = inside.filter(({ scrape }) => scrape.gauges[metric] !== undefined);
    const kept = has.filter(({ scrape }) => scrape.gpusCounted[metric] === usual[metric]?.gpus);
    const missing = inside.length - kept.length;
    if (missing > WORTH_NAMING * inside.length) {
      const other = has.length - kept.length;
      const because = other === 0 ? "no usable value" : `${other} of them over another number of GPUs than most`;
      told.push(`${metric} in ${missing} of ${inside.length} (${because})`);
    }
    const count = usual[metric];
    if (count !== undefined && count.gpus < count.most) partial.push(`${metric} is over ${count.gpus} of ${count.most} GPUs`);
  }
  const where = shownSource(source);
  const warning = (code: string, message: string): Problem => ({
    severity: "warning",
    code,
    message: `${where} ${message}`,
    ...(source.arm === "both" ? {} : { arm: source.arm }),
  });
  return [
    ...(told.length === 0 ? [] : [warning("telemetry-discarded", `left out samples of the measured blocks: ${told.join(", ")}`)]),
    ...(partial.length === 0 ? [] : [warning("telemetry-partial", `does not tell of all GPUs: ${partial.join(", ")}`)]),
  ];
}

import type { Arm } from "../plan/plan.ts";
import { histogramLog, type LogInterval } from "../record/distribution.ts";
import type { RunRecord } from "../record/run-record.ts";

/**
 * All latency histograms of a run as a standard HdrHistogram log, in order of time, tagged `scenario.arm`: for the
 * tools of the HdrHistogram family. Blocks without a latency (every request failed) have no line.
 */
export function latencyLog(record: RunRecord): string {
  const intervals = record.scenarios.flatMap(({ name, arms }) =>
    (["base", "head"] satisfies Arm[]).flatMap((arm) =>
      (arms[arm]?.blocks ?? []).flatMap(({ startS, durationS, histograms }): readonly LogInterval[] =>
        histograms.latency === undefined ? [] : [{ tag: `${name}.${arm}`, startS, durationS, histogram: histograms.latency }],
      ),
    ),
  );
  return histogramLog(
    Date.parse(record.startedAt),
    intervals.toSorted((a, b) => a.startS - b.startS),
  );
}

import { QUICK_RUN } from "../record/quick.ts";
import type { Problem } from "../record/run-record.ts";
import { formatDuration } from "./duration.ts";
import type { MetricVerdict } from "./verdict.ts";

/** What a quick run says of itself, in its record and in every report. @param wholeS seconds that the whole load takes. */
export const quickRun = (tookS: number, wholeS: number): Problem => ({
  severity: "warning",
  code: QUICK_RUN,
  message: `this is a quick run: about ${formatDuration(tookS)} of load in place of ${formatDuration(wholeS)}; it can show a failure, but it passes no gate and is no baseline`,
});

/** A gate passes on what it saw, and a quick run saw a part. */
export const withoutPass = (metric: MetricVerdict): MetricVerdict =>
  metric.gated && metric.verdict === "pass"
    ? { ...metric, verdict: "inconclusive", reason: `${metric.reason}; that is what a quick run saw, which passes nothing` }
    : metric;

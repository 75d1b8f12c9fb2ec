import { METRICS, type MetricName } from "../metric.ts";
import type { BlockRecord } from "../record/run-record.ts";
import type { Share } from "../stats/ratio-of-sums.ts";
import type { ReadBins } from "./scenario-data.ts";

/**
 * Every metric that is not a percentile, as a part of a whole in one block, so that blocks add up: requests of seconds,
 * failures or retried requests of requests, tokens or bytes of answers, joules of requests; a gauge's mean as its integral over time. A peak and a
 * start have no sum: their whole is 1.
 *
 * @returns undefined where the block has no such data. Never a number that is not finite.
 */
export function amountOf(metric: MetricName, block: BlockRecord): Share | undefined {
  const share = rawAmount(metric, block);
  return share !== undefined && Number.isFinite(share.part) && Number.isFinite(share.whole) && share.whole > 0 ? share : undefined;
}

/** Whether a block has anything to say about a metric. */
export function hasData(metric: MetricName, block: BlockRecord, read: ReadBins): boolean {
  const { measure } = METRICS[metric];
  return measure.kind === "quantile" ? read(block, measure.of).total > 0 : amountOf(metric, block) !== undefined;
}

function rawAmount(metric: MetricName, block: BlockRecord): Share | undefined {
  const { measure } = METRICS[metric];
  const { durationS, offered, ok, attempts, labelled, compared, good, bodies, sessions, drained, tokens, gauges } = block;
  switch (measure.kind) {
    case "quantile":
      return undefined;
    case "rate":
      if (measure.of === "requests") return { part: ok - (drained?.ok ?? 0), whole: durationS };
      if (measure.of === "good") return good === undefined ? undefined : { part: good.answers, whole: durationS };
      return tokens === undefined ? undefined : { part: tokens.output - (drained?.tokens ?? 0), whole: durationS };
    case "mean":
      if (measure.of === "bytes") return bodies === undefined ? undefined : { part: bodies.bytes, whole: bodies.answers };
      return tokens === undefined ? undefined : { part: tokens.output, whole: ok };
    case "ratio":
      if (measure.of === "good") return good === undefined ? undefined : { part: good.answers, whole: offered };
      if (measure.of === "changed") return compared === undefined ? undefined : { part: compared.changed, whole: compared.answers };
      if (measure.of === "retries") return attempts === undefined ? undefined : { part: attempts.retried, whole: offered };
      if (measure.of === "wrong") return labelled === undefined ? undefined : { part: labelled.wrong, whole: labelled.answers };
      if (measure.of === "sessions")
        return sessions === undefined ? undefined : { part: sessions.ended - sessions.completed, whole: sessions.ended };
      // What was neither answered nor counted as a failure is still not answered.
      return { part: offered - ok, whole: offered };
    case "cost": {
      const cost = gauges[metric];
      const whole = measure.of === "requests" ? ok - (drained?.ok ?? 0) : (tokens?.output ?? 0) - (drained?.tokens ?? 0);
      return cost === undefined ? undefined : { part: cost.mean * whole, whole };
    }
    case "start": {
      const seen = gauges[metric];
      return seen === undefined ? undefined : { part: seen.max, whole: 1 };
    }
    case "gauge": {
      const gauge = gauges[metric];
      if (gauge === undefined) return undefined;
      if (metric === "gpu.energy_per_request") return { part: gauge.mean * ok, whole: ok };
      if (metric === "gpu.energy_per_1k_tokens") {
        const thousands = (tokens?.output ?? 0) / 1000;
        return { part: gauge.mean * thousands, whole: thousands };
      }
      return measure.aggregate === "max" ? { part: gauge.max, whole: 1 } : { part: gauge.mean * durationS, whole: durationS };
    }
  }
}

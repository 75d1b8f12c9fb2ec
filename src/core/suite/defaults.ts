import type { MetricName } from "../metric.ts";
import type { ConnectionPolicy, Gate, TlsPolicy } from "./suite.ts";

/**
 * Load of a scenario that names none. Two minutes hold the twelve pairs of 10 s blocks that a live comparison needs, and
 * 3,600 requests leave 36 beyond the 99th percentile: enough to say that it did not move.
 */
export const DEFAULT_LOAD = { ratePerS: 30, arrivals: "poisson", durationS: 120 } as const;

/** Most requests under way at once. */
export const DEFAULT_MAX_IN_FLIGHT = 1024;

/** One HTTP/1.1 connection per request under way, kept for as long as the endpoint keeps it. */
export const DEFAULT_CONNECTION: ConnectionPolicy = {
  reuse: "keep-alive",
  requestsEach: undefined,
  http: "1.1",
  streams: 100,
  dns: "each",
  proxy: undefined,
};

/** The machine's own authorities, and certificates are verified. */
export const DEFAULT_TLS: TlsPolicy = { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true };

/** How long to wait for an endpoint that a suite says nothing about; with `ready` the schema has its own default. */
export const READY_TIMEOUT_S = 30;

const gate = (metric: MetricName, numbers: Partial<Omit<Gate, "metric">>): Gate => ({
  metric,
  regression: undefined,
  floor: undefined,
  limit: undefined,
  ...numbers,
});

/** More failures than this are not a working endpoint, whatever the baseline does. */
const ERRORS_LIMIT = 0.05;

/**
 * Gates of a scenario without `gates`: the body and the tail of the latency, errors, throughput. A stream of tokens is
 * judged by its first token and its pace, because its whole latency follows the length of the answer.
 *
 * The floors keep changes out that nobody would notice, on endpoints so fast that a percentage of their latency lies
 * below what a network adds.
 */
export function defaultGates(isStream: boolean): readonly Gate[] {
  const waiting = isStream ? "ttft" : "latency";
  const pace: readonly Gate[] = isStream
    ? [gate("tpot.p50", { regression: 0.05, floor: 0.0002 }), gate("tpot.p99", { regression: 0.1, floor: 0.0005 })]
    : [];
  return [
    gate(`${waiting}.p50`, { regression: 0.05, floor: 0.001 }),
    gate(`${waiting}.p95`, { regression: 0.1, floor: 0.001 }),
    gate(`${waiting}.p99`, { regression: 0.1, floor: 0.001 }),
    ...pace,
    gate("throughput", { regression: 0.05 }),
    gate("errors.ratio", { regression: 0.005, limit: ERRORS_LIMIT }),
  ];
}

/** Two points more of wrong answers are worth a look, whatever the speed. */
const WRONG_REGRESSION = 0.02;

/** With labelled payloads, a model that answers faster and worse must not pass for a better one. */
export function withAnswerGuard(gates: readonly Gate[], hasLabels: boolean): readonly Gate[] {
  if (!hasLabels || gates.length === 0 || gates.some(({ metric }) => metric === "wrong.ratio")) return gates;
  return [...gates, gate("wrong.ratio", { regression: WRONG_REGRESSION })];
}

/** Two points more of answers that changed than of those that the base itself gives otherwise the next time. */
const CHANGED_REGRESSION = 0.02;

/** With `same-answers: yes`, a head that answers otherwise must not pass for the same model. */
export function withSameAnswerGuard(gates: readonly Gate[], mustAgree: boolean): readonly Gate[] {
  if (!mustAgree || gates.length === 0 || gates.some(({ metric }) => metric === "changed.ratio")) return gates;
  return [...gates, gate("changed.ratio", { regression: CHANGED_REGRESSION })];
}

/**
 * The gates of a scenario as they are judged: a scenario that gates anything but `errors.ratio` gets a limit on errors
 * as well, because an endpoint that fails fast must not pass for a fast one. A scenario that gates nothing stays so.
 */
export function withErrorGuard(gates: readonly Gate[]): readonly Gate[] {
  if (gates.length === 0 || gates.some(({ metric }) => metric === "errors.ratio")) return gates;
  return [...gates, gate("errors.ratio", { limit: ERRORS_LIMIT })];
}

/** A session that breaks off spares the endpoint its other steps: it must not pass for a fast one. */
export function withSessionGuard(gates: readonly Gate[], hasSessions: boolean): readonly Gate[] {
  if (!hasSessions || gates.length === 0 || gates.some(({ metric }) => metric === "sessions.failed.ratio")) return gates;
  return [...gates, gate("sessions.failed.ratio", { regression: BROKEN_REGRESSION, limit: ERRORS_LIMIT })];
}

/** A session has several chances to break: four requests of which half a point more fail each. */
const BROKEN_REGRESSION = 0.02;

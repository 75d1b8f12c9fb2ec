import type { Acceptance, UnknownAcceptance } from "../accept/acceptance.ts";
import { sizeOf } from "../accept/largest.ts";
import type { Candidate } from "../compare/baseline.ts";
import type { Comparison, Estimate } from "../compare/comparison.ts";
import { isRegression } from "../decide/grounds.ts";
import type { MetricVerdict, Verdict } from "../decide/verdict.ts";
import { METRICS } from "../metric.ts";
import type { Arm } from "../plan/plan.ts";
import type { RequestRecord } from "../record/run-record.ts";
import { requestsOf } from "./attempts.ts";
import { attributionJson } from "./attribution-json.ts";
import type { ReportInput } from "./report-input.ts";
import { requestsKept } from "./slowest.ts";
import { VERDICT_SCHEMA, type VerdictJson } from "./verdict-schema.ts";

/** verdict.json: the decision for programs, as schema/verdict.schema.json describes it. Two spaces, one newline at the end. */
export function verdictJson({
  verdict,
  attempts = [],
  acceptance,
  heads = [],
  baseline = NO_BASELINE,
}: {
  readonly verdict: Verdict;
  readonly attempts?: readonly Candidate[];
  readonly acceptance?: Acceptance | UnknownAcceptance | undefined;
} & Partial<Pick<ReportInput, "heads" | "baseline">>): string {
  const assessed = acceptance === undefined || "unknown" in acceptance ? undefined : acceptance;
  const json: VerdictJson = {
    schema: VERDICT_SCHEMA,
    verdict: verdict.verdict,
    evidence: verdict.evidence,
    reasons: [...verdict.reasons],
    problems: verdict.problems.map(({ severity, code, message, scenario, arm }) => ({
      severity,
      code,
      message,
      scenario: scenario ?? null,
      arm: arm ?? null,
    })),
    attempts: attempts.map(({ origin, record }) => ({ origin, startedAt: record.startedAt, requests: requestsOf(record) })),
    accepted: verdict.verdict === "fail" && assessed !== undefined && assessed.remaining !== "fail",
    scenarios: verdict.scenarios.map((scenario) => ({
      name: scenario.name,
      verdict: scenario.verdict,
      metrics: scenario.metrics.map((metric) => ({ ...metricJson(metric), accepted: acceptedJson(metric, assessed) })),
      attribution: attributionJson(scenario.attribution),
      requests: requestsJson({ heads, baseline }, scenario.name),
    })),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

const NO_BASELINE: ReportInput["baseline"] = { kind: "none", reason: "", refused: [] };

type RequestsJson = VerdictJson["scenarios"][number]["requests"];

function requestsJson(input: Pick<ReportInput, "heads" | "baseline">, scenario: string): RequestsJson {
  const arms = (["head", "base"] as const).map((arm) => ({ arm, ...requestsKept(input, scenario, arm) }));
  const json = (arm: Arm, request: RequestRecord): RequestsJson["slowest"][number] => ({
    arm,
    trace_id: request.traceId ?? null,
    payload_class: request.payloadClass,
    at: request.atS,
    block: request.block,
    latency: request.latencyS ?? null,
    service: request.serviceS ?? null,
    first_byte: request.firstByteS ?? null,
    ttft: request.ttftS ?? null,
    status: request.status ?? null,
    attempts: request.attempts ?? 1,
    result: request.result,
    detail: request.detail ?? null,
  });
  return {
    slowest: arms.flatMap(({ arm, slowest }) => slowest.map((request) => json(arm, request))),
    failed: arms.flatMap(({ arm, failed }) => failed.map((request) => json(arm, request))),
  };
}

type MetricJson = VerdictJson["scenarios"][number]["metrics"][number];

function acceptedJson({ comparison }: MetricVerdict, acceptance: Acceptance | undefined): MetricJson["accepted"] {
  const mine = acceptance?.failed.filter((failure) => failure.comparison === comparison) ?? [];
  return mine.flatMap(({ of, outcome }) => {
    if (outcome.kind !== "accepted") return [];
    const { by, reason, largest, until } = outcome;
    return [{ of, by, reason, up_to: sizeOf(largest), until: until ?? null, pull: acceptance!.pull }];
  });
}

function metricJson({ metric, gated, verdict, reason, comparison }: MetricVerdict): Omit<MetricJson, "accepted"> {
  const { base, head, delta, gate, mannWhitney, margin, resolvableMargin, moreData, planted, obstacles } = comparison;
  const { unit, better } = METRICS[metric];
  return {
    metric,
    unit,
    better,
    gated,
    verdict,
    base: estimateJson(base),
    head: estimateJson(head),
    delta:
      delta === undefined || !Number.isFinite(delta.absolute)
        ? null
        : {
            scale: delta.scale,
            relative: known(delta.relative),
            low: known(delta.low),
            high: known(delta.high),
            absolute: delta.absolute,
            absolute_low: known(delta.absoluteLow),
            absolute_high: known(delta.absoluteHigh),
            confidence: delta.confidence,
          },
    mann_whitney: shiftJson(mannWhitney),
    mann_whitney_tail: shiftJson(comparison.tailMannWhitney),
    gate: gate === undefined ? null : { regression: known(gate.regression), floor: known(gate.floor), limit: known(gate.limit) },
    margin: known(margin),
    resolvable_margin: known(resolvableMargin),
    more_data: known(moreData),
    self_test: planted === undefined ? null : { planted: planted.size, caught: isRegression(planted) },
    obstacles: obstacles.map(({ code }) => code),
    reason,
  };
}

const shiftJson = (shift: Comparison["mannWhitney"]) => (shift === undefined ? null : { p: shift.p, cliffs_delta: shift.cliffsDelta });

const estimateJson = (estimate: Estimate | undefined) =>
  estimate === undefined || !Number.isFinite(estimate.value)
    ? null
    : { value: estimate.value, low: known(estimate.low), high: known(estimate.high), n: estimate.n };

/** JSON has no infinity: an open bound is an unknown one. */
const known = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);

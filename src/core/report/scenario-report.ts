import { formatDuration } from "../decide/duration.ts";
import { isCoarse } from "../decide/grounds.ts";
import { formatPercent, formatQuantity } from "../decide/quantity.ts";
import type { MetricVerdict, ScenarioVerdict, Verdict, VerdictWord } from "../decide/verdict.ts";
import { METRICS } from "../metric.ts";
import { recordedLoad } from "../plan/recorded-load.ts";
import { type ScenarioView, scenarioOf } from "../record/class-view.ts";
import type { ArmRecord, RecordedLoad, RunRecord } from "../record/run-record.ts";
import type { ReportInput } from "./report-input.ts";
import { byUrgency, type MetricRow, metricRow, ORDER, worstOf } from "./row.ts";
import { type ShiftPicture, shiftPictures } from "./shift-picture.ts";

export type ScenarioReport = {
  readonly name: string;
  readonly verdict: VerdictWord;
  /** Load and amount of data in one line. */
  readonly load: string;
  /** All but the resources, worst first. */
  readonly rows: readonly MetricRow[];
  /** Of all gated rows, resources among them, the one to show where there is room for one. */
  readonly nearest: MetricRow | undefined;
  /** The shift of the whole distribution, in words; undefined where it was not computed. */
  readonly shift: string | undefined;
  /** Where the distributions moved whose gates failed or could not be decided. */
  readonly pictures: readonly ShiftPicture[];
};

export type DescribedScenario = ScenarioReport & {
  readonly resources: readonly MetricRow[];
  /** The gated metric that decided. */
  readonly worst: MetricVerdict | undefined;
};

/** One description per scenario of the verdict, worst first. */
export const describeScenarios = (input: ReportInput): readonly DescribedScenario[] =>
  input.verdict.scenarios.map((scenario) => describe(scenario, input)).toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);

function describe(scenario: ScenarioVerdict, input: ReportInput): DescribedScenario {
  const rows = byUrgency(scenario.metrics.map((metric) => metricRow(scenario.name, metric)));
  const first = rows.find(({ gated }) => gated);
  return {
    name: scenario.name,
    verdict: scenario.verdict,
    load: loadText(scenario, input),
    rows: rows.filter(({ metric }) => !isResource(metric)),
    resources: rows.filter(({ metric }) => isResource(metric)),
    nearest: worstOf(rows),
    shift: shiftText(scenario.metrics),
    pictures: shiftPictures(scenario),
    worst: scenario.metrics.find(({ metric }) => metric === first?.metric),
  };
}

/** What a pass should say too: what it could not have seen, or how near the nearest gate was. */
export function closestCall(verdict: Verdict): readonly string[] {
  if (verdict.verdict !== "pass") return [];
  const coarse = coarsePasses(verdict);
  if (coarse.length > 0) return coarse.map(({ reason, comparison }) => `${comparison.scenario}: ${reason}`);
  const [nearest] = verdict.scenarios
    .flatMap(({ metrics }) => metrics)
    .filter((metric) => metric.gated && metric.comparison.delta !== undefined && metric.comparison.resolvableMargin !== undefined)
    .filter((metric) => metric.comparison.margin !== undefined && metric.comparison.worse !== undefined)
    .map((metric) => metricRow(metric.comparison.scenario, metric))
    .toSorted((a, b) => b.urgency - a.urgency);
  if (nearest === undefined) return closestLimit(verdict);
  const { metric, scenario, change, interval, confidence, gate, detects } = nearest;
  const range = interval === "" ? "" : ` (${confidence} interval ${interval})`;
  return [
    `nearest to its gate: ${metric} in ${scenario}, ${change}${range}; the gate is ${gate}, and a run like this catches ${detects} in four cases of five`,
  ];
}

/** The same where nothing was compared: how much of its limit the nearest gate used up. */
function closestLimit(verdict: Verdict): readonly string[] {
  const [nearest] = verdict.scenarios
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ metric, comparison: { scenario, gate, limit } }) => {
      if (gate?.limit === undefined || limit === undefined) return [];
      const { unit, better } = METRICS[metric];
      const [bound, most, share] =
        better === "lower" ? [limit.high, "at most", limit.value / gate.limit] : [limit.low, "at least", gate.limit / limit.value];
      const sure = bound === undefined || bound === limit.value ? "" : ` (${most} ${formatQuantity(bound, unit)})`;
      const text = `nearest to its limit: ${metric} in ${scenario}, ${formatQuantity(limit.value, unit)}${sure}; the limit is ${formatQuantity(gate.limit, unit)}`;
      return [{ share, text }];
    })
    .filter(({ share }) => Number.isFinite(share))
    .toSorted((a, b) => b.share - a.share);
  return nearest === undefined ? [] : [nearest.text];
}

/** Gates that passed although a change as large as their margin could not be ruled out: the suite's policy allows it. */
export const coarsePasses = (run: Verdict): readonly MetricVerdict[] =>
  run.scenarios
    .flatMap(({ metrics }) => metrics)
    .filter((metric) => metric.gated && metric.verdict === "pass" && isCoarse(metric.comparison));

const isResource = (metric: MetricRow["metric"]): boolean => METRICS[metric].measure.kind === "gauge";

function loadText(scenario: ScenarioVerdict, { suite, heads, baseline }: ReportInput): string {
  const load = suite.scenarios.find(({ name }) => name === (scenario.classOf?.scenario ?? scenario.name))?.load;
  // How many requests a trace holds, only the run knows that replayed it.
  const told = load === undefined || load.kind === "trace" ? record(heads[0], scenario)?.load : recordedLoad(load, 0);
  const bases = baseline.kind === "stored" ? baseline.runs.map((run) => run.record) : heads;
  const baseArm = baseline.kind === "stored" ? "head" : "base";
  const of = scenario.classOf === undefined ? "" : `payload class ${scenario.classOf.payloadClass} of `;
  return [
    ...(told === undefined ? [] : [`${of}${describeLoad(told)}`]),
    ...(baseline.kind === "none"
      ? []
      : [
          amountText(
            "base",
            bases.map((run) => record(run, scenario)?.arms[baseArm]),
          ),
        ]),
    amountText(
      "head",
      heads.map((run) => record(run, scenario)?.arms.head),
    ),
  ].join(" · ");
}

const record = (run: RunRecord | undefined, view: ScenarioView) => (run === undefined ? undefined : scenarioOf(run, view));

function describeLoad({ shape, durationS, ...load }: RecordedLoad): string {
  const duration = formatDuration(durationS);
  if (load.kind === "closed") return shape ?? `${load.concurrency} at a time for ${duration}`;
  const rate = formatQuantity(load.ratePerS, "1/s");
  if (shape === undefined) return `${rate} ${load.arrivals} for ${duration}`;
  return `${shape}${load.arrivals === "trace" ? "" : `, ${load.arrivals}`}, ${rate} on average`;
}

/** A stored run is always measured as `head`: it was the head of its own day. */
function amountText(arm: string, records: readonly (ArmRecord | undefined)[]): string {
  const measured = records.filter((armRecord) => armRecord !== undefined);
  const blocks = measured.flatMap((armRecord) => armRecord.blocks);
  const offered = blocks.reduce((sum, block) => sum + block.offered, 0);
  const sessions = blocks.reduce((sum, block) => sum + (block.sessions?.ended ?? 0), 0);
  const grouped = sessions === 0 ? "" : ` of ${sessions.toLocaleString("en-US")} sessions`;
  const runs = measured.length > 1 ? ` of ${measured.length} runs` : "";
  return `${arm} ${offered.toLocaleString("en-US")} requests${grouped} in ${blocks.length} ${blocks.length === 1 ? "block" : "blocks"}${runs}`;
}

/** Mann–Whitney in words, from the metric nearest to the whole latency distribution. */
function shiftText(metrics: readonly MetricVerdict[]): string | undefined {
  const found = metrics.find(({ comparison }) => comparison.mannWhitney !== undefined);
  const test = found?.comparison.mannWhitney;
  if (found === undefined || test === undefined) return undefined;
  const { cliffsDelta, p } = test;
  const of = found.metric.split(".")[0] ?? found.metric;
  return (
    `Whole ${of} distribution: a head request is slower than a base request in ${formatPercent((1 + cliffsDelta) / 2)} of pairs ` +
    `(50 % is no shift; Cliff's δ ${signed(cliffsDelta)}, ${effectSize(cliffsDelta)}; Mann–Whitney p ${pValue(p)}, one-sided, by block or run).` +
    tailText(metrics)
  );
}

/** The same among the slowest requests, for the highest percentile that is gated. */
function tailText(metrics: readonly MetricVerdict[]): string {
  const found = metrics.findLast(({ comparison }) => comparison.tailMannWhitney !== undefined);
  const { measure } = found === undefined ? {} : METRICS[found.metric];
  if (found === undefined || measure?.kind !== "quantile") return "";
  const { cliffsDelta, p } = found.comparison.tailMannWhitney!;
  const slowest = formatPercent(2 * (1 - measure.p));
  return ` Among the slowest ${slowest} of both arms: in ${formatPercent((1 + cliffsDelta) / 2)} of pairs (p ${pValue(p)}).`;
}

/** Romano et al. (2006), Appropriate statistics for ordinal level data: thresholds of |δ|. */
function effectSize(delta: number): string {
  const size = Math.abs(delta);
  return size < 0.147 ? "negligible" : size < 0.33 ? "small" : size < 0.474 ? "medium" : "large";
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
const pValue = (p: number): string => (p < 0.001 ? "< 0.001" : `= ${p.toPrecision(2)}`);

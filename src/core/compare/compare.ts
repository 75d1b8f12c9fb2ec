import { InputError } from "../errors.ts";
import { METRIC_NAMES, METRICS, type MetricName } from "../metric.ts";
import type { RunRecord } from "../record/run-record.ts";
import { judgedScenarios } from "../suite/class-scenario.ts";
import type { Gate, Suite } from "../suite/suite.ts";
import { estimateArm } from "./arm.ts";
import { type Attribution, attributionOf } from "./attribution.ts";
import type { Baseline } from "./baseline.ts";
import type { Comparison, Evidence, Obstacle } from "./comparison.ts";
import { concludeShift } from "./conclude.ts";
import { openLevels, type TestLevels } from "./levels.ts";
import { limitBounds } from "./limit.ts";
import { liveMannWhitney, liveShift } from "./live.ts";
import { censoredObstacle, isCensored, obstaclesOf } from "./obstacles.ts";
import { poolFinding } from "./pool-finding.ts";
import { type Blocks, type ScenarioData, scenarioData } from "./scenario-data.ts";
import { plantMargin } from "./self-test.ts";
import type { HeadOnly, Shift } from "./shift.ts";
import { liveStart } from "./start.ts";
import { ENOUGH_RUNS, onNewestLevel, poolFor, storedMannWhitney, storedShift } from "./stored.ts";
import { tailMannWhitney } from "./tail.ts";

/**
 * Everything the numbers say: for each scenario of the suite and each payload class in it that is judged or reported alone (then those that only the records know), each metric that
 * was measured or is gated. The order depends on nothing but suite and metric table; nothing in it is a verdict.
 *
 * @param input.only leaves out what no gate asks about.
 * @param input.heads one run, or confirmation runs of one build; together they are the head.
 * @throws {InputError} if the heads were measured with different workloads.
 */
export function compareRuns(input: {
  readonly suite: Suite;
  readonly heads: readonly RunRecord[];
  readonly baseline: Baseline;
  readonly only?: "gated";
}): {
  readonly evidence: Evidence;
  readonly comparisons: readonly Comparison[];
  /** Of each scenario that got slower and whose numbers say what may have done it; none for what is gated only. */
  readonly attributions: readonly Attribution[];
} {
  const { suite, heads, baseline } = input;
  const digests = new Set(heads.map(({ suite: { digest } }) => digest));
  if (digests.size > 1) {
    const shown = [...digests].map((digest) => digest.slice(0, 12)).join(" and ");
    throw new InputError(`the head runs were measured with different workloads (suite digests ${shown})`, {
      hint: "pass runs of one suite",
    });
  }
  const judged = judgedScenarios(suite);
  const known = new Set(judged.map(({ name }) => name));
  const others = new Set(heads.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)).filter((name) => !known.has(name)));
  const views = [...judged, ...[...others].map((name) => ({ name, gates: [] }))];
  const context: Context = { suite, levelsOf: openLevels(suite.decision, promisesOf(suite)) };
  const attributions: Attribution[] = [];
  const comparisons = views.flatMap((view) => {
    const { name } = view;
    const data = scenarioData(view, { heads, baseline, policy: suite.decision, price: suite.cost });
    const gates = new Map(view.gates.map((gate) => [gate.metric, gate]));
    const wanted = input.only === "gated" ? METRIC_NAMES.filter((metric) => gates.has(metric)) : METRIC_NAMES;
    const compared = wanted.flatMap((metric) => compareMetric(metric, name, gates.get(metric), data, context) ?? []);
    const attribution = data === undefined || input.only === "gated" ? undefined : attributionOf(name, data, compared);
    if (attribution !== undefined) attributions.push(attribution);
    return compared;
  });
  return { evidence: evidenceOf(baseline), comparisons, attributions };
}

type Context = { readonly suite: Suite; readonly levelsOf: (data: ScenarioData) => TestLevels };

/**
 * Every regression and every limit of the suite is one chance of a false alarm, measured or not: the number is known
 * before the run. A limit on a start compares a fact, and has none.
 */
export function promisesOf(suite: Suite): number {
  const gates = judgedScenarios(suite).flatMap((scenario) => scenario.gates);
  return Math.max(
    1,
    gates.filter(({ regression }) => regression !== undefined).length +
      gates.filter(({ limit, metric }) => limit !== undefined && METRICS[metric].measure.kind !== "start").length,
  );
}

function evidenceOf(baseline: Baseline): Evidence {
  if (baseline.kind !== "stored") return baseline.kind;
  return baseline.runs.length >= ENOUGH_RUNS ? "stored" : "single";
}

function compareMetric(
  metric: MetricName,
  scenario: string,
  gate: Gate | undefined,
  data: ScenarioData | undefined,
  { suite, levelsOf }: Context,
): Comparison | undefined {
  const shift: Shift | HeadOnly = data === undefined ? { head: undefined, obstacles: [] } : shiftOf(metric, data);
  if (gate === undefined && (shift.head === undefined || repeatsAnother(metric, data))) return undefined;

  const censored = data !== undefined && isCensored(metric, data.heads.flat(), data.read);
  const limit = gate?.limit === undefined || data === undefined ? undefined : limitBounds(metric, data, levelsOf(data), censored);
  const common = { scenario, metric, gate, head: shift.head, limit };
  if (data === undefined || shift.estimate === undefined) {
    const margin = undefined;
    const nothing = { base: undefined, delta: undefined, margin, resolvableMargin: undefined, worse: undefined, worseHigh: undefined };
    const code = shift.head === undefined ? "not-measured" : data?.against.kind === "nothing" ? "no-baseline" : "base-not-measured";
    const obstacles: Obstacle[] = [{ code, detail: {} }, ...shift.obstacles];
    if (censored) obstacles.push(censoredObstacle(metric, suite.target.timeoutS, false));
    return { ...common, ...nothing, worseLow: undefined, mannWhitney: undefined, obstacles, moreData: undefined };
  }
  const levels = levelsOf(data);
  const conclusion = concludeShift(metric, shift, gate, levels);
  const pool = data.against.kind === "runs" ? poolFor(metric, { ...data, against: data.against }) : undefined;
  const compared = pool === undefined ? data : onNewestLevel(data, pool);
  const mannWhitney = mannWhitneyOf(metric, compared);
  const worseOf = (head: Blocks): number | undefined => {
    const alone = shiftOf(metric, { ...data, heads: [head] });
    return alone.estimate === undefined ? undefined : concludeShift(metric, alone, gate, levels).worse;
  };
  const planted = shift.spread === undefined ? undefined : plantMargin(metric, data, { conclusion, gate, levels, shiftOf });
  const { cacheTolerance } = suite.decision;
  const findings = { shift, conclusion, mannWhitney, deadlineS: suite.target.timeoutS, worseOf, pool, cacheTolerance };
  const obstacles = obstaclesOf(metric, compared, findings);
  const moreData = moreDataFor(conclusion.moreData, obstacles);
  const tail = gate === undefined ? undefined : tailMannWhitney(metric, compared);
  const numbers = { base: shift.base, ...conclusion, mannWhitney, tailMannWhitney: tail, planted, obstacles, moreData };
  return { ...common, ...numbers, pool: pool && poolFinding(metric, pool, { margin: conclusion.margin, tests: promisesOf(suite) }) };
}

/** Of streams that never reasoned the time to the first output is that to the first token: said once is enough. */
function repeatsAnother(metric: MetricName, data: ScenarioData | undefined): boolean {
  const { measure } = METRICS[metric];
  if (measure.kind !== "quantile" || measure.of !== "ttfo" || data === undefined) return false;
  const { against } = data;
  const bases = against.kind === "pairs" ? against.pairs.map(({ base }) => base) : against.kind === "runs" ? against.bases.flat() : [];
  return [...data.heads.flat(), ...bases].every(({ histograms }) => histograms.ttfo === undefined);
}

/** A wish for a hundred times the load is no advice. */
const MOST_TIME = 100;

function moreDataFor(toDecide: number | undefined, obstacles: readonly Obstacle[]): number | undefined {
  if (obstacles.some(({ code }) => code === "cache-differs")) return undefined;
  const { needed, exceedances } = obstacles.find(({ code }) => code === "not-assessable")?.detail ?? {};
  const toAssess = needed === undefined ? 1 : Number(needed) / Number(exceedances);
  const factor = Math.max(toDecide ?? 0, toAssess);
  return (toDecide === undefined && toAssess === 1) || factor > MOST_TIME ? undefined : factor;
}

function shiftOf(metric: MetricName, data: ScenarioData): Shift | HeadOnly {
  const { against } = data;
  switch (against.kind) {
    case "pairs":
      return METRICS[metric].measure.kind === "start" ? liveStart(metric, { ...data, against }) : liveShift(metric, { ...data, against });
    case "runs":
      return storedShift(metric, { ...data, against });
    case "nothing":
      return { head: estimateArm(metric, data.heads.flat(), data.read), obstacles: [] };
  }
}

function mannWhitneyOf(metric: MetricName, data: ScenarioData): Comparison["mannWhitney"] {
  if (METRICS[metric].measure.kind !== "quantile") return undefined;
  const { against } = data;
  return against.kind === "pairs"
    ? liveMannWhitney(metric, data)
    : against.kind === "runs"
      ? storedMannWhitney(metric, { ...data, against })
      : undefined;
}

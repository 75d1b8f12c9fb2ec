import type { Candidate } from "../compare/baseline.ts";
import { compareRuns, promisesOf } from "../compare/compare.ts";
import { judgeLimit } from "../decide/limit.ts";
import type { VerdictWord } from "../decide/verdict.ts";
import type { MetricName } from "../metric.ts";
import type { Allowance } from "../plan/allowance.ts";
import { withClassScenarios } from "../record/class-view.ts";
import type { Calibration, Problem, RunRecord } from "../record/run-record.ts";
import { studentQuantile } from "../stats/distributions.ts";
import { judgedScenarios } from "../suite/class-scenario.ts";
import type { Suite } from "../suite/suite.ts";
import { type Coverage, coverageOf, workingChange } from "./coverage.ts";
import { fewestPairs } from "./exchange.ts";
import { type GatedMetric, LIVE, regressionGates, withGatedDistributions } from "./gated.ts";
import { type HiddenChanges, hiddenChanges } from "./hidden-change.ts";
import { type Lever, type LeverInput, leversOf, liveReach } from "./levers.ts";
import { type NoiseSplit, pairsData, seenError, shiftBetweenArms, splitNoise } from "./noise.ts";
import type { Reach } from "./reach.ts";
import { type SelfTest, selfTest } from "./self-test.ts";
import { LENGTHS, type Suggestion, suggest } from "./suggestion.ts";
import { type Count, countOf, type GateTrial, runTrials, worstWord } from "./trials.ts";

/** Why nothing can be said of a set-up, or of one gate. */
export type Hindrance =
  | { readonly code: "nothing-gated" }
  | { readonly code: "cancelled" }
  /** The run's record says why: endpoint not ready, generator invalid, nothing answered. */
  | { readonly code: "spoiled"; readonly problem: Problem }
  | { readonly code: "too-few-pairs"; readonly pairs: number; readonly needed: number }
  | { readonly code: "not-measured" }
  /** A start is seen once a run. */
  | { readonly code: "seen-once" }
  /** More failures than the suite allows: the latency of what is left says little. */
  | { readonly code: "errors"; readonly share: number; readonly limit: number };

/** What the doctor found out about a set-up. Plain data, numbers only. */
export type Examination = {
  readonly suite: { readonly name: string; readonly digest: string | undefined };
  readonly tool: string;
  readonly runs: number;
  /** Blocks of each arm of the scenario that has fewest, over all runs. */
  readonly pairs: number;
  /** Planned time of one comparison: both arms, all scenarios, without warm-ups. */
  readonly plannedS: number;
  /** Two deployments instead of one on both arms. */
  readonly apart: boolean;
  readonly budget: { readonly most: number };
  readonly calibration: Calibration | undefined;
  /** Of the runs; warnings included. */
  readonly problems: readonly Problem[];
  readonly hindrance: Hindrance | undefined;
  readonly trials: TrialTally | undefined;
  readonly gates: readonly GateExamination[];
  /** Limits that this build, which nobody changed, breaks already. */
  readonly brokenLimits: readonly {
    readonly scenario: string;
    readonly metric: MetricName;
    readonly limit: number;
    readonly value: number;
  }[];
};

/** Whole comparisons: all regression gates together. */
export type TrialTally = { readonly driven: Tally; readonly exchanged: Tally; readonly all: Tally };
export type Tally = { readonly fail: Count; readonly pass: Count; readonly undecided: Count } | undefined;

export type GateExamination = GatedMetric & {
  readonly hindrance: Hindrance | undefined;
  readonly finding: GateFinding | undefined;
};

export type GateFinding = {
  /** The margin as it counts, on the delta's scale. */
  readonly margin: number;
  readonly scale: "relative" | "difference";
  readonly value: number;
  /** Each run as it was driven. */
  readonly driven: readonly {
    readonly word: VerdictWord;
    readonly change: number;
    readonly low: number | undefined;
    readonly high: number | undefined;
  }[];
  readonly fails: Count | undefined;
  readonly coverage: Coverage | undefined;
  /** Root mean square of change ÷ its standard error over the runs as driven; undefined for a single run. */
  readonly runErrorRatio: number | undefined;
  readonly hidden: HiddenChanges;
  readonly noise: NoiseSplit;
  /** After each of {@link LENGTHS}. */
  readonly reach: readonly (Reach & { readonly times: number })[];
  readonly levers: readonly Lever[];
  readonly selfTest: SelfTest | undefined;
  readonly suggestion: Suggestion;
};

export type ExaminationInput = {
  readonly suite: Suite;
  readonly tool: string;
  /** Live runs of one build; none where nothing was driven. */
  readonly records: readonly RunRecord[];
  readonly stored: readonly Candidate[];
  readonly apart: boolean;
  readonly plannedS: number;
  /** What the suite's budget allows. */
  readonly allowance: Allowance;
  /** Comparisons of the build with itself, in all. */
  readonly comparisons: number;
  readonly cancelled: boolean;
};

/** Everything that live runs of one build say about the set-up that drove them. Same records, same numbers. */
export function examine(measured: ExaminationInput): Examination {
  const input = withClasses(measured);
  const { suite, records, comparisons } = input;
  const problems = records.flatMap((record) => record.problems);
  const pairs = records.reduce((sum, record) => sum + fewestPairs(record), 0);
  const common = {
    suite: { name: suite.name, digest: records[0]?.suite.digest },
    tool: input.tool,
    runs: records.length,
    pairs,
    plannedS: input.plannedS,
    apart: input.apart,
    budget: { most: input.allowance.plans },
    calibration: records.find(({ calibration }) => calibration !== undefined)?.calibration,
    problems,
  };
  const hindrance = hindranceOf(input);
  if (hindrance !== undefined) return { ...common, hindrance, trials: undefined, gates: [], brokenLimits: [] };

  const gated = regressionGates(suite);
  const { driven, exchanged } = runTrials({ suite, records, count: comparisons, seed: suite.seed });
  const gates = gated.map((one, i): GateExamination => {
    const trialsOf = (trials: readonly (readonly (GateTrial | undefined)[])[]) => trials.map((trial) => trial[i]);
    const found = examineGate(one, { driven: trialsOf(driven), exchanged: trialsOf(exchanged) }, input, gated.length);
    return "code" in found ? { ...one, hindrance: found, finding: undefined } : { ...one, hindrance: undefined, finding: found };
  });
  const brokenLimits = limitsBroken(suite, records);
  const errors = brokenLimits.find(({ metric }) => metric === "errors.ratio");
  return {
    ...common,
    hindrance:
      errors === undefined
        ? gates.length > 0 && gates.every(({ finding }) => finding === undefined)
          ? gates[0]!.hindrance
          : undefined
        : { code: "errors", share: errors.value, limit: errors.limit },
    trials: { driven: tallyOf(driven), exchanged: tallyOf(exchanged), all: tallyOf([...driven, ...exchanged]) },
    gates,
    brokenLimits,
  };
}

/** Payload classes that are judged alone are scenarios of their own from here on. */
function withClasses(input: ExaminationInput): ExaminationInput {
  const views = judgedScenarios(input.suite);
  return {
    ...input,
    records: input.records.map((record) => withClassScenarios(record, views)),
    stored: input.stored.map((run) => ({ ...run, record: withClassScenarios(run.record, views) })),
  };
}

function hindranceOf({ suite, records, cancelled }: ExaminationInput): Hindrance | undefined {
  if (regressionGates(suite).length === 0) return { code: "nothing-gated" };
  if (cancelled || records.length === 0 || records.some(({ status }) => status === "cancelled")) return { code: "cancelled" };
  const spoiled = records.flatMap(({ problems }) => problems).find(({ severity }) => severity === "invalid");
  if (spoiled !== undefined) return { code: "spoiled", problem: spoiled };
  const pairs = Math.min(...records.map(fewestPairs));
  return pairs < LEAST_PAIRS ? { code: "too-few-pairs", pairs, needed: LEAST_PAIRS } : undefined;
}

/** With fewer pairs the spread between them is a guess. */
const LEAST_PAIRS = 4;

function examineGate(
  gated: GatedMetric,
  trials: { readonly driven: readonly (GateTrial | undefined)[]; readonly exchanged: readonly (GateTrial | undefined)[] },
  { suite, records, stored, apart, allowance }: ExaminationInput,
  gates: number,
): GateFinding | Hindrance {
  const { scenario, metric } = gated;
  const policy = suite.decision;
  const data = pairsData(scenario, records, policy);
  const shift = data && shiftBetweenArms(metric, data);
  const comparison = trials.driven.find((trial) => trial !== undefined)?.comparison;
  if (data === undefined || shift === undefined || comparison?.delta === undefined) return { code: "not-measured" };
  if (shift.spread === undefined || comparison.margin === undefined) return { code: "seen-once" };
  const noise = splitNoise({ metric, scenario, data, shift, records, stored, policy, apart });
  if (noise === undefined) return { code: "seen-once" };
  const sentIn = judgedScenarios(suite).find(({ name }) => name === scenario)?.classOf?.scenario ?? scenario;
  const most = allowance.parts.find(({ names }) => names.includes(sentIn))?.most ?? allowance.plans;
  const lever: LeverInput = { metric, shift, data, noise, runs: records.length, policy, tests: promisesOf(suite), most };
  const reach = LENGTHS.map((times) => ({ times, ...liveReach(lever, { times }) }));
  const { margin } = comparison;
  const perRun = records
    .flatMap((record) => pairsData(scenario, [record], policy) ?? [])
    .flatMap((one) => shiftBetweenArms(metric, one) ?? []);
  const t = studentQuantile(0.95, (perRun[0] ?? shift).spread?.df ?? shift.spread.df);
  return {
    margin,
    scale: comparison.delta.scale,
    value: shift.base.value,
    driven: trials.driven.flatMap((trial) => (trial === undefined ? [] : drivenOf(trial))),
    fails: countFails(trials.exchanged),
    coverage: coverageOf(trials.exchanged, shift.lastingError ?? 0, t),
    runErrorRatio: perRun.length < 2 ? undefined : rootMeanSquare(perRun.map((one) => one.estimate / seenError(one))),
    hidden: hiddenChanges(metric, { scenario, data, shift, records, policy, gates }),
    noise,
    reach,
    levers: leversOf(lever),
    selfTest: selfTest(suite, gated, records[0]!),
    suggestion: suggest(metric, margin, reach, allowance.plans),
  };
}

function drivenOf({ word, comparison }: GateTrial): GateFinding["driven"] {
  const change = comparison.delta && workingChange(comparison.delta);
  return change === undefined ? [] : [{ word, change: change.estimate, low: change.low, high: change.high }];
}

const countFails = (trials: readonly (GateTrial | undefined)[]): Count | undefined =>
  trials.length === 0 ? undefined : countOf(trials.filter((trial) => trial?.word === "fail").length, trials.length);

function tallyOf(trials: readonly (readonly (GateTrial | undefined)[])[]): Tally {
  if (trials.length === 0) return undefined;
  const words = trials.map(worstWord);
  const count = (word: VerdictWord): number => words.filter((one) => one === word).length;
  const [fail, pass] = [count("fail"), count("pass")];
  const of = (n: number): Count => countOf(n, trials.length);
  return { fail: of(fail), pass: of(pass), undecided: of(trials.length - fail - pass) };
}

/** A limit that every arm of a run breaks beyond chance is the endpoint's own state, no false alarm. */
function limitsBroken(suite: Suite, records: readonly RunRecord[]): Examination["brokenLimits"] {
  const { comparisons } = compareRuns({ suite, heads: [withGatedDistributions(records[0]!, suite)], baseline: LIVE, only: "gated" });
  return comparisons.flatMap((comparison) => {
    const { scenario, metric, gate, limit } = comparison;
    if (gate?.limit === undefined || limit === undefined || judgeLimit(comparison).verdict !== "fail") return [];
    return [{ scenario, metric, limit: gate.limit, value: limit.value }];
  });
}

const rootMeanSquare = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

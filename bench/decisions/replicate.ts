import type { Comparison } from "../../src/core/compare/comparison.ts";
import { stream } from "../../src/core/plan/random.ts";
import type { RunRecord } from "../../src/core/record/run-record.ts";
import { type Cell, isLive, METRICS, type RuleName, storedRuns } from "./cell.ts";
import { type Judgement, judgeLive, judgeStored } from "./judge.ts";
import type { Observation, RuleObservation, Triple } from "./observation.ts";
import { RIVAL_RUNS, RIVALS } from "./rivals/all.ts";
import { liveSummary, type RivalData, singleSummary } from "./rivals/rival.ts";
import { type Change, NO_CHANGE, slowerTail } from "./simulator/change.ts";
import { openLiveRun } from "./simulator/live-run.ts";
import { baseRun, type SingleRun, singleRun } from "./simulator/stored-run.ts";
import { CHANGED, scenarioNames, suiteOf } from "./simulator/world.ts";
import { truthOf } from "./truth.ts";

/** Judges one pull request of a cell with each rule. The same cell, replicate and seed always give the same observation. */
export function observe(cell: Cell, replicate: number, seed: number): Observation {
  const pullRequest = openPullRequest(cell, replicate, seed);
  const rules = Object.fromEntries(cell.rules.map((rule) => [rule, pullRequest.judge(rule)]));
  return { rules, rivals: cell.kind === "rivals" ? scoresOf(pullRequest.rivalData()) : {} };
}

function openPullRequest(cell: Cell, replicate: number, labSeed: number) {
  const { world, change } = cell;
  // What the suite was told and what the head does are no part of the world's luck: cells that differ in nothing else meet the same noise.
  const seed = stream(labSeed, JSON.stringify({ ...world, calibration: undefined }), replicate)();
  const suite = suiteOf(world);
  const bases = remembered((k) => baseRun(world, seed, "base", k));
  const heads = remembered((attempt) => singleRun(world, change, seed, "head", attempt));
  const storedBases = (rule: RuleName): readonly RunRecord[] => Array.from({ length: storedRuns(rule) }, (_, k) => bases(k).record());

  return {
    judge(rule: RuleName): RuleObservation {
      const judgement = judgeBy(rule, change, "head");
      const again = cell.twice && rule === "stored-8" ? judgeBy(rule, change, "again").word : undefined;
      return {
        word: judgement.word,
        coarse: judgement.coarse,
        requests: judgement.requests,
        stopped: judgement.stopped,
        covered: { first: coverageOf(judgement.first), last: coverageOf(judgement.last) },
        margins: METRICS.map((metric) => changedOf(judgement.last, metric)?.resolvableMargin ?? null) as unknown as Triple<number | null>,
        metrics: METRICS.map((metric) => wordOf(judgement, metric)) as unknown as RuleObservation["metrics"],
        again,
        power: cell.kind === "power" ? powerAt(rule, judgement) : undefined,
        carriesProof: judgement.last.every(
          ({ gate, resolvableMargin, planted }) => gate === undefined || (resolvableMargin !== undefined && planted !== undefined),
        ),
        saysDifferentHosts: judgement.last.some(({ obstacles }) => obstacles.some(({ code }) => code === "different-hosts")),
      };
    },
    rivalData(): RivalData {
      const run = openLiveRun(world, change, seed, "head");
      for (const name of scenarioNames(world)) run.extend(name);
      const record = run.record(new Map());
      return {
        bases: Array.from({ length: RIVAL_RUNS.bases }, (_, k) => singleSummary(bases(k))),
        heads: Array.from({ length: RIVAL_RUNS.heads }, (_, k) => singleSummary(heads(k))),
        live: { base: liveSummary(run, record, "base"), head: liveSummary(run, record, "head") },
      };
    },
  };

  function judgeBy(rule: RuleName, of: Change, attempt: string): Judgement {
    if (isLive(rule)) return judgeLive(suite, openLiveRun(world, of, seed, attempt), rule === "live-fixed" ? 1 : undefined);
    const fresh = (i: number) => (attempt === "head" ? heads(i) : singleRun(world, of, seed, attempt, i)).record();
    return judgeStored(suite, storedBases(rule), fresh, cell.kind === "power" ? 1 : undefined);
  }

  /** Fresh pull requests, each with a change of the size that was printed: in the tail alone for p99, in everything otherwise. */
  function powerAt(rule: RuleName, { last }: Judgement): Triple<boolean | null> {
    return METRICS.map((metric) => {
      const margin = changedOf(last, metric)?.resolvableMargin;
      if (margin === undefined) return null;
      const planted = metric === "latency.p99" ? slowerTail(1 + margin) : { ...NO_CHANGE, factor: 1 + margin };
      return wordOf(judgeBy(rule, planted, `planted ${metric}`), metric) === "fail";
    }) as unknown as Triple<boolean | null>;
  }

  function coverageOf(comparisons: readonly Comparison[]): Triple<number> {
    const truths = truthOf(world.process, change);
    return METRICS.map((metric, i) => {
      const of = comparisons.filter((comparison) => comparison.metric === metric);
      const held = of.filter(({ scenario, delta }) => {
        const truth = scenario === CHANGED ? Math.expm1(truths[i]!) : 0;
        return (delta?.low ?? -1) <= truth && truth <= (delta?.high ?? Number.POSITIVE_INFINITY);
      });
      return held.length / of.length;
    }) as unknown as Triple<number>;
  }
}

const changedOf = (comparisons: readonly Comparison[], metric: (typeof METRICS)[number]): Comparison | undefined =>
  comparisons.find((comparison) => comparison.metric === metric && comparison.scenario === CHANGED);

const wordOf = ({ verdict }: Judgement, metric: (typeof METRICS)[number]) =>
  verdict.scenarios.find(({ name }) => name === CHANGED)?.metrics.find((each) => each.metric === metric)?.verdict ?? null;

const scoresOf = (data: RivalData): Readonly<Record<string, number>> =>
  Object.fromEntries(RIVALS.map(({ name, score }) => [name, score(data)]));

function remembered(make: (index: number) => SingleRun): (index: number) => SingleRun {
  const made = new Map<number, SingleRun>();
  return (index) => {
    const found = made.get(index) ?? make(index);
    made.set(index, found);
    return found;
  };
}

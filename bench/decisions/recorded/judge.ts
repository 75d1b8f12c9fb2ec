import type { Candidate } from "../../../src/core/compare/baseline.ts";
import type { Arm } from "../../../src/core/plan/plan.ts";
import type { ArmRecord, RunRecord } from "../../../src/core/record/run-record.ts";
import { verdictJson } from "../../../src/core/report/json.ts";
import { STRICT_POLICY } from "../../../src/core/report/report.ts";
import type { VerdictJson } from "../../../src/core/report/verdict-schema.ts";
import type { Suite } from "../../../src/core/suite/suite.ts";
import { judge } from "../../../src/gate.ts";
import type { Slot } from "./agenda.ts";
import { circumstancesOf } from "./circumstances.ts";
import { offered } from "./live.ts";
import { type Result, resultOf, slotOf } from "./result.ts";

/** Stored runs that a head is compared with. */
const STORED = 8;

/** A live comparison that was made: its arms were processes of their own, and serve as runs of their own here. */
export type Recorded = { readonly slot: Slot; readonly record: RunRecord };

type Run = { readonly slot: Slot; readonly arm: Arm; readonly record: RunRecord };

/**
 * What the gate says of one run against eight stored ones, by leaving one out: every arm of an A/A comparison, and the
 * changed arm of every A/B comparison, against eight arms of the unchanged build out of other comparisons, the next eight
 * in time (after the last comes the first). They share runs, so they are no independent trials. Where a server and a
 * seed have too few runs there is no comparison.
 *
 * @param suite of the server that all `recorded` are of.
 */
export function compareStored(recorded: readonly Recorded[], suite: Suite): readonly Result[] {
  const runs = recorded
    .flatMap((each) => (["base", "head"] as const).flatMap((arm) => runOf(each, arm)))
    .toSorted((a, b) => (a.record.startedAt < b.record.startedAt ? -1 : 1));
  const isUnchanged = ({ slot, arm }: Run) => slot.kind === "A/A" || arm === "base";
  return runs.flatMap((head, i) => {
    if (head.slot.kind === "A/B" && head.arm === "base") return [];
    const others = [...runs.slice(i + 1), ...runs.slice(0, i)].filter(
      (run) => isUnchanged(run) && run.slot.id !== head.slot.id && run.record.suite.digest === head.record.suite.digest,
    );
    return others.length < STORED ? [] : [judgeStored(head, others.slice(0, STORED), suite)];
  });
}

function judgeStored({ slot, arm, record }: Run, stored: readonly Run[], suite: Suite): Result {
  const candidates = stored.map((run) => ({ origin: `${run.slot.id} ${run.arm}`, record: run.record }));
  const requests = offered(record.scenarios.flatMap(({ arms }) => arms.head?.blocks ?? []));
  const named = { ...slot, id: `${slot.id}-stored-${arm}` };
  const verdict = verdictOf(record, candidates, suite);
  return {
    ...resultOf(named, verdict, { requests, passes: 1, durationS: 0, loadAverage: null }),
    ...circumstancesOf(record),
    dependent: true,
  };
}

/** The result of a live comparison as the code decides now; `verdictThen` where that is another word than it was. */
export function judgeAgain(result: Result, record: RunRecord, suite: Suite): Result {
  const { requests, passes, durationS, loadAverage, verdict: verdictThen } = result;
  const now = resultOf(slotOf(result), verdictOf(record, [], suite), {
    requests,
    passes,
    durationS,
    loadAverage,
  });
  return now.verdict === verdictThen ? now : { ...now, verdictThen };
}

function verdictOf(head: RunRecord, candidates: readonly Candidate[], suite: Suite): VerdictJson {
  const found = { candidates, refused: [], absence: "there are no stored runs" };
  const { verdict } = judge({ suite, suitePath: "suite.yaml", heads: [head], found, policy: STRICT_POLICY });
  return JSON.parse(verdictJson({ verdict: verdict })) as VerdictJson;
}

/** One arm of a live comparison as a run of one endpoint; none where that arm has no data. */
function runOf({ slot, record }: Recorded, arm: Arm): readonly Run[] {
  const scenarios = record.scenarios.flatMap(({ arms, ...scenario }) => {
    const own = arms[arm];
    return own === undefined ? [] : [{ ...scenario, arms: { head: unpaired(own) } }];
  });
  if (scenarios.length === 0) return [];
  const problems = record.problems
    .filter((problem) => problem.arm === undefined || problem.arm === arm)
    .map((problem) => (problem.arm === undefined ? problem : { ...problem, arm: "head" as const }));
  return [{ slot, arm, record: { ...record, problems, scenarios } }];
}

const unpaired = (arm: ArmRecord): ArmRecord => ({
  ...arm,
  blocks: arm.blocks.map((block, index) => ({ ...block, index, pair: undefined })),
});

import { join } from "node:path";
import type { Baseline } from "../core/compare/baseline.ts";
import { compareRuns } from "../core/compare/compare.ts";
import { decide } from "../core/decide/decide.ts";
import type { Problem, RunRecord } from "../core/record/run-record.ts";
import { buildReport, type Policy } from "../core/report/report.ts";
import type { Suite } from "../core/suite/suite.ts";
import { type Judgement, judge } from "../gate.ts";
import { RUN_FILE } from "../outputs.ts";
import { withAcceptance, withRecordedAcceptance } from "./acceptance.ts";
import { findBaselines, judgedSuite } from "./grounds.ts";
import type { LegRun } from "./leg-run.ts";
import { type Leg, placeOfLeg } from "./legs.ts";
import type { Place } from "./place.ts";
import { storedAttempts } from "./stored-attempts.ts";
import { NO_BASELINES } from "./stored-baselines.ts";

export type JudgedLeg = {
  readonly leg: Leg;
  readonly judgement: Judgement;
  /** Undefined where nothing was measured. */
  readonly record: RunRecord | undefined;
  /** Whether its run was put together from shards, so that it is whole only here. */
  readonly isFolded: boolean;
  /** The newest workflow run of its baseline; empty for any other baseline. */
  readonly baselineRunId: string;
};

/** Judges a leg as the gate would have, from what its jobs measured: with its own baseline, and the gates of the base branch. */
export async function judgeLeg(place: Place, leg: Leg, run: LegRun, policy: Policy): Promise<JudgedLeg> {
  const { suiteName, variant, file, loaded } = leg;
  const { suite, notes } = await judgedSuite(place, loaded.suite, file);
  if (run.kind === "missing") {
    const judgement = unmeasured({ leg, suite, policy, problems: [missing(run.reason), ...notes] });
    return { leg, judgement, record: undefined, isFolded: false, baselineRunId: "" };
  }
  const { context, inputs, api, job } = place;
  const { record } = run.run;
  const isLive = record.scenarios.some(({ arms }) => arms.base !== undefined);
  const { runIds, artifacts, ...found } = isLive ? NO_BASELINES : await findBaselines(placeOfLeg(place, leg), suiteName);
  const earlier = await storedAttempts(api, {
    context,
    suiteName,
    variant,
    token: inputs.token,
    ownAttempt: run.attempt,
    perAttempt: run.parts,
  });
  for (const { message } of earlier.notes) job.warning(`${suiteName}: ${message}`);
  const judged = judge({
    suite,
    suitePath: file,
    variant,
    heads: [record],
    ...(inputs.baseline === "directory" ? { headPaths: [join(leg.out, RUN_FILE)] } : {}),
    // The parts of a folded run lie in several artifacts, which one command does not fetch.
    found:
      artifacts === undefined || run.artifactName === undefined ? found : { ...found, artifacts: { ...artifacts, head: run.artifactName } },
    attempts: earlier.attempts,
    policy,
    notes: [...notes, ...earlier.notes, ...otherSuite(leg, record)],
  });
  const { record: kept, ...judgement } = await withRecordedAcceptance(place, await withAcceptance(place, { ...judged, record }));
  const { baseline } = judgement;
  const baselineRunId = baseline.kind === "stored" ? (runIds.get(baseline.runs[0]!.origin) ?? "") : "";
  return { leg, judgement, record: kept, isFolded: run.artifactName === undefined, baselineRunId };
}

const missing = (reason: string): Problem => ({ severity: "invalid", code: "leg-missing", message: `nothing was measured: ${reason}` });

/** Gates were never meant for another workload than their own. */
function otherSuite({ file, loaded }: Leg, { suite }: RunRecord): readonly Problem[] {
  if (suite.digest === loaded.digest) return [];
  const digests = `digest ${suite.digest.slice(0, 12)}, that of ${file} here is ${loaded.digest.slice(0, 12)}`;
  return [
    { severity: "invalid", code: "other-suite", message: `it was measured with another suite than the one that judges it (${digests})` },
  ];
}

/** The verdict on a run that does not exist: every gate is there, and none of them was measured. */
function unmeasured({ leg, suite, policy, problems }: { leg: Leg; suite: Suite; policy: Policy; problems: readonly Problem[] }): Judgement {
  const baseline: Baseline = { kind: "none", reason: "nothing was measured that could be compared", refused: [] };
  const { evidence, comparisons } = compareRuns({ suite, heads: [], baseline });
  const verdict = decide({ suite, comparisons, evidence, baseline, problems });
  const reportInput = { verdict, suite, variant: leg.variant, heads: [], baseline, policy, suitePath: leg.file };
  return { verdict, baseline, heads: [], attempts: [], report: buildReport(reportInput), reportInput };
}

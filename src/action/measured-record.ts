import type { Problem, RunRecord } from "../core/record/run-record.ts";
import { unmeasured } from "../core/record/unmeasured.ts";
import { attemptOfArtifact } from "../io/baselines/artifact-name.ts";
import type { EndedRun } from "../io/github/context.ts";
import { findMeasuredArtifact, type MeasuredArtifact } from "../io/github/measured-artifact.ts";
import type { LoadedSuite } from "../load-suite.ts";
import { TOOL } from "../tool.ts";
import { onlyVariant } from "./inputs.ts";
import { type Place, provenanceOf } from "./place.ts";

/** What a run left for one suite, and what a reader has to know about that. */
export type MeasuredRecord = {
  readonly record: RunRecord;
  /** The attempt of the run that left it. */
  readonly attempt: number;
  readonly notes: readonly Problem[];
};

/**
 * The record that a run of a pull request left, as the hostile input it is: bounded, verified, read field by field, and
 * refused if it does not say itself what GitHub says about its run. What it says beyond its numbers about where it comes
 * from is replaced by what GitHub says.
 *
 * Where nothing can be had, a record that measured nothing, with the reason: it is judged like any other.
 *
 * @param place seen from the pull request.
 */
export async function measuredRecord(place: Place, run: EndedRun, loaded: LoadedSuite): Promise<MeasuredRecord> {
  const { api, context, inputs } = place;
  const { suite, digest } = loaded;
  const found = await findMeasuredArtifact(api!, {
    attemptOf: (name) => attemptOfArtifact(suite.name, name, onlyVariant(inputs)),
    run,
    repositoryId: context.repository.id,
  });
  const provenance = provenanceOf(context);
  const nothing = (why: Why): MeasuredRecord => ({
    record: unmeasured({
      tool: TOOL,
      suite: { name: suite.name, digest, seed: suite.seed },
      provenance,
      startedAt: run.startedAt,
      finishedAt: run.updatedAt,
      why,
    }),
    attempt: run.attempt,
    notes: [],
  });
  if (found.kind === "absent") return nothing(absent(run, suite.name));
  if (found.kind === "refused") return nothing(refused(found));

  // Loaded here because the artifact client is as large as all the rest.
  const { readArtifactRuns } = await import("../io/baselines/artifact-store.ts");
  const read = await readArtifactRuns([found], suite.name, { token: inputs.token, repository: context.repository });
  const candidate = read.candidates[0];
  if (candidate === undefined) return nothing(refused(read.refused[0]!));
  const { origin, record } = candidate;
  const reason = flawOfClaims(record, run, found, String(context.repository.id));
  if (reason !== undefined) return nothing(refused({ origin, reason }));
  return {
    record: { ...record, provenance: { ...provenance, runAttempt: String(found.attempt) } },
    attempt: found.attempt,
    notes: [...otherWorkload(record, loaded, context.base!.branch), ...earlierAttempt(run, found)],
  };
}

type Why = Parameters<typeof unmeasured>[0]["why"];

/** Why a record is not what it must be, in the words of its own claims; a record that claims nothing is refused too. */
function flawOfClaims(
  { provenance }: RunRecord,
  run: EndedRun,
  { attempt }: { readonly attempt: number },
  repositoryId: string,
): string | undefined {
  const short = (claim: string | undefined): string => claim?.slice(0, 10) ?? "none at all";
  if (provenance.commit !== run.headSha) {
    return `it claims another commit (${short(provenance.commit)}, its run measured ${short(run.headSha)})`;
  }
  if (provenance.repositoryId !== repositoryId) return `it claims another repository (id ${short(provenance.repositoryId)})`;
  if (provenance.runId !== String(run.id) || provenance.runAttempt !== String(attempt)) {
    return `it claims another run (${short(provenance.runId)}, attempt ${short(provenance.runAttempt)})`;
  }
  return undefined;
}

function otherWorkload({ suite, scenarios }: RunRecord, loaded: LoadedSuite, branch: string): readonly Problem[] {
  if (suite.digest === loaded.digest) return [];
  const same = scenarios.filter(({ name, digest }) => digest !== undefined && digest === loaded.scenarioDigests.get(name));
  const what = `this pull request measures another workload than the suite of ${branch}`;
  const message =
    same.length === 0
      ? `${what}: its scenarios are new, and nothing that is stored says anything about them`
      : `${what}: of its ${scenarios.length} scenarios only ${same.map(({ name }) => name).join(", ")} can be compared`;
  return [{ severity: "warning", code: "workload-changed", message }];
}

function earlierAttempt(run: EndedRun, { attempt }: { readonly attempt: number }): readonly Problem[] {
  if (attempt === run.attempt) return [];
  const message = `attempt ${run.attempt} of run ${run.id} left no record; that of attempt ${attempt} stands`;
  return [{ severity: "warning", code: "earlier-attempt-stands", message }];
}

const refused = ({ origin, reason }: Pick<Extract<MeasuredArtifact, { kind: "refused" }>, "origin" | "reason">): Why => ({
  code: "record-refused",
  headline: "what the pull request's own run measured cannot be used",
  message: `nothing was measured that can be judged: the record of ${origin} is refused: ${reason}`,
});

function absent({ id, conclusion, attempt }: EndedRun, suiteName: string): Why {
  const [how, advice] = HOW_IT_ENDED[conclusion ?? ""] ?? ["left no record", ""];
  const which = attempt === 1 ? `run ${id}` : `run ${id}, attempt ${attempt},`;
  return {
    code: "not-measured",
    headline: `nothing was measured: the pull request's own run ${how}`,
    message: `${which} ${how} and holds no record of the suite ${suiteName}${advice === "" ? "" : `; ${advice}`}`,
  };
}

const NOT_HANDED_OVER = "does a job of it run tailgate in mode: measure with this suite, and was its artifact deleted since?";

/** How a run without a record ended, by GitHub's word for it, and what to do. */
const HOW_IT_ENDED: Readonly<Record<string, readonly [how: string, advice: string]>> = {
  success: ["left no record", NOT_HANDED_OVER],
  neutral: ["left no record", NOT_HANDED_OVER],
  failure: ["failed", "its log says why: the preview may not have come up, or the suite has a mistake"],
  startup_failure: ["could not be started", "its workflow file has a mistake"],
  cancelled: ["was cancelled", "run it again"],
  timed_out: ["ran out of its time", "its log says where; run it again, or raise timeout-minutes"],
  action_required: ["waits for a maintainer's approval", "approve it at the end of the pull request's page"],
  skipped: ["was skipped", "its own conditions say when it runs"],
  stale: ["was given up by GitHub", "run it again"],
};

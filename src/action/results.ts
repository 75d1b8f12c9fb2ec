import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import { writeRunRecord } from "../core/record/read.ts";
import type { RunRecord } from "../core/record/run-record.ts";
import { baselineArtifactName, runArtifactName } from "../io/baselines/artifact-name.ts";
import { BRANCH_README, KEPT_IN_BRANCH } from "../io/baselines/branch-store.ts";
import { recordName, surplusNames } from "../io/baselines/record-name.ts";
import { suiteKey } from "../io/baselines/suite-key.ts";
import { addToBranch } from "../io/github/branch-files.ts";
import { hasArtifacts } from "../io/github/context.ts";
import { CONCLUSION_FILES, RUN_FILE } from "../outputs.ts";
import { onlyVariant } from "./inputs.ts";
import { isDefaultBranch, type Place } from "./place.ts";

/**
 * Keeps the results of this run: as a part of the baseline where `joins` says so, and as an artifact, if the platform
 * has any.
 *
 * A lost report is a pity; a baseline that was not stored leaves every later pull request without one.
 *
 * @throws {InputError} if the baseline could not be stored.
 */
export async function keepResults(
  place: Place,
  { record, joins, concluded }: { readonly record: RunRecord; readonly joins: boolean; readonly concluded: boolean },
): Promise<void> {
  const { job, inputs, context } = place;
  const isArtifact = joins && inputs.baseline === "artifact";
  if (joins && !isArtifact) await keepInBranch(place, record);
  if (!hasArtifacts(context) && isArtifact) throw noArtifacts();
  if (!hasArtifacts(context)) return job.info(`a GitHub Enterprise Server keeps no artifacts of ours: the results are in ${inputs.out}`);
  const [suiteName, variant] = [record.suite.name, onlyVariant(inputs)];
  const name = isArtifact ? baselineArtifactName(suiteName, variant) : runArtifactName(suiteName, context.runAttempt, variant);
  const files = concluded ? [RUN_FILE, ...CONCLUSION_FILES] : [RUN_FILE];
  const { uploadRun } = await import("../io/baselines/artifact-store.ts");
  try {
    await uploadRun(
      files.map((file) => join(inputs.out, file)),
      name,
      inputs.out,
    );
    job.info(isArtifact ? `the baseline now includes this run (artifact ${name})` : `results kept as artifact ${name}`);
  } catch (error) {
    if (!(error instanceof InputError) || isArtifact) throw error;
    job.warning(error.sentence);
  }
}

/** What a run with `baseline: artifact` is told on a GitHub Enterprise Server. */
export const noArtifacts = (): InputError =>
  new InputError("a GitHub Enterprise Server has no workflow artifacts of this kind", {
    hint: "write baseline: branch, which keeps the runs in a branch of the repository",
  });

/** Whether a run becomes a part of the baseline. What is merged already is what later changes are compared with, slow or not. */
export function joinsBaseline({ job, inputs, context }: Place, record: RunRecord, isInvalid: boolean): boolean {
  const isKept = inputs.baseline === "artifact" || inputs.baseline === "branch";
  return isDefaultBranch(context) && isKept && !isInvalid && hasAnswers(record, job);
}

async function keepInBranch({ job, inputs, api }: Place, record: RunRecord): Promise<void> {
  if (api === undefined) throw new InputError("baseline: branch needs a token", { hint: "leave github-token at its default" });
  const { baselineStoreBranch: branch } = inputs;
  const nameBeside = (present: readonly string[]): string => recordName(record, present);
  const path = await addToBranch(
    api,
    {
      branch,
      folder: suiteKey(record.suite.name, onlyVariant(inputs)),
      message: messageOf(record),
      text: writeRunRecord(record),
      nameBeside,
      surplus: (present) => surplusNames(present, nameBeside(present), KEPT_IN_BRANCH),
      beginning: { "README.md": BRANCH_README },
    },
    (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
  );
  job.info(`the baseline now includes this run (${path} on the branch ${branch})`);
}

/** Of a commit that nobody reviews: which run it keeps. */
const messageOf = ({ suite, provenance: { commit, runId } }: RunRecord): string =>
  `Keep a run of ${suite.name}${commit === undefined ? "" : ` at ${commit.slice(0, 7)}`}${runId === undefined ? "" : `\n\nWorkflow run ${runId}.`}\n`;

/** A run in which a scenario had no answer at all would be compared with, and would make every later one undecidable. */
function hasAnswers({ scenarios }: RunRecord, job: Place["job"]): boolean {
  const silent = scenarios.filter(({ arms }) => arms.head?.blocks.every(({ ok }) => ok === 0) ?? true);
  for (const { name } of silent) job.warning(`not stored as a baseline: no request of ${name} was answered`);
  return silent.length === 0 && scenarios.length > 0;
}

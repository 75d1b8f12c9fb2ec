import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import type { Stripe } from "../core/plan/stripe.ts";
import { writeRunRecord } from "../core/record/read.ts";
import type { RunRecord } from "../core/record/run-record.ts";
import { baselineArtifactName, legsArtifactName, runArtifactName, shardArtifactName } from "../io/baselines/artifact-name.ts";
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
 * A lost report is a pity; a baseline that was not stored leaves every later pull request without one, and two jobs that
 * cannot be told apart overwrite one another's comment.
 *
 * @throws {InputError} if the baseline could not be stored, or another job of the run measured the same.
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
  await keep(place, { name, files, failsOn: isArtifact ? "any loss" : "a name that is taken" });
  if (isArtifact) job.info(`the baseline now includes this run (artifact ${name})`);
}

/** Keeps what a shard measured, without which the others are worth nothing. */
export function keepShard(place: Place, suiteName: string, stripe: Stripe): Promise<void> {
  const name = shardArtifactName(suiteName, stripe, place.context.runAttempt, onlyVariant(place.inputs));
  return keep(place, { name, files: [RUN_FILE], failsOn: "any loss" });
}

/** Keeps what was concluded of several legs. @param files below the folder of the results. */
export const keepLegs = (place: Place, self: string, files: readonly string[]): Promise<void> =>
  keep(place, { name: legsArtifactName(self, place.context.runAttempt), files, failsOn: "nothing" });

async function keep(
  { job, inputs: { out } }: Place,
  {
    name,
    files,
    failsOn,
  }: { readonly name: string; readonly files: readonly string[]; readonly failsOn: "any loss" | "a name that is taken" | "nothing" },
): Promise<void> {
  const { NameTaken, uploadRun } = await import("../io/baselines/artifact-store.ts");
  const paths = files.map((file) => join(out, file));
  try {
    await uploadRun(paths, name, out);
    job.info(`results kept as artifact ${name}`);
  } catch (error) {
    const isLosable = failsOn === "nothing" || (failsOn === "a name that is taken" && !(error instanceof NameTaken));
    if (!(error instanceof InputError) || !isLosable) throw error;
    job.warning(error.sentence);
  }
}

/** Keeps what was concluded from a record that is kept elsewhere. */
export async function keepConclusions({ job, inputs: { out } }: Place, name: string): Promise<void> {
  const { uploadRun } = await import("../io/baselines/artifact-store.ts");
  try {
    await uploadRun(
      CONCLUSION_FILES.map((file) => join(out, file)),
      name,
      out,
    );
    job.info(`results kept as artifact ${name}`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    job.warning(error.sentence);
  }
}

/** What a run with `baseline: artifact` is told on a GitHub Enterprise Server. */
export const noArtifacts = (): InputError =>
  new InputError("a GitHub Enterprise Server has no workflow artifacts of this kind", {
    hint: "write baseline: branch, which keeps the runs in a branch of the repository",
  });

/** What a mode is told there that hands records from job to job. */
export const noArtifactsFor = (mode: "shard" | "merge"): InputError =>
  new InputError(`mode ${mode} needs workflow artifacts, and a GitHub Enterprise Server has none of this kind`, {
    hint: "measure in one job there, or carry the records between jobs yourself and judge them with tailgate compare",
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

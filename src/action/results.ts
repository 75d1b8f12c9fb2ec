import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import type { RunRecord } from "../core/record/run-record.ts";
import { baselineArtifactName, runArtifactName } from "../io/baselines/artifact-name.ts";
import { CONCLUSION_FILES, RUN_FILE } from "../outputs.ts";
import { isDefaultBranch, type Place } from "./place.ts";

/**
 * Keeps the results of this run as an artifact: as a part of the baseline where `joins` says so, else as what one
 * attempt showed.
 *
 * A lost report is a pity; a baseline that was not stored leaves every later pull request without one.
 *
 * @throws {InputError} if the baseline could not be stored.
 */
export async function keepResults(
  { job, inputs: { out }, context }: Place,
  { suiteName, joins, concluded }: { readonly suiteName: string; readonly joins: boolean; readonly concluded: boolean },
): Promise<void> {
  const { uploadRun } = await import("../io/baselines/artifact-store.ts");
  const name = joins ? baselineArtifactName(suiteName) : runArtifactName(suiteName, context.runAttempt);
  const files = concluded ? [RUN_FILE, ...CONCLUSION_FILES] : [RUN_FILE];
  try {
    await uploadRun(
      files.map((file) => join(out, file)),
      name,
      out,
    );
    job.info(joins ? `the baseline now includes this run (artifact ${name})` : `results kept as artifact ${name}`);
  } catch (error) {
    if (!(error instanceof InputError) || joins) throw error;
    job.warning(error.sentence);
  }
}

/** Whether a run becomes a part of the baseline. What is merged already is what later changes are compared with, slow or not. */
export function joinsBaseline({ job, inputs, context }: Place, record: RunRecord, isInvalid: boolean): boolean {
  return isDefaultBranch(context) && inputs.baseline === "artifact" && !isInvalid && hasAnswers(record, job);
}

/** A run in which a scenario had no answer at all would be compared with, and would make every later one undecidable. */
function hasAnswers({ scenarios }: RunRecord, job: Place["job"]): boolean {
  const silent = scenarios.filter(({ arms }) => arms.head?.blocks.every(({ ok }) => ok === 0) ?? true);
  for (const { name } of silent) job.warning(`not stored as a baseline: no request of ${name} was answered`);
  return silent.length === 0 && scenarios.length > 0;
}

import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import type { Stripe } from "../core/plan/stripe.ts";
import type { RunRecord } from "../core/record/run-record.ts";
import { baselineArtifactName, legsArtifactName, runArtifactName, shardArtifactName } from "../io/baselines/artifact-name.ts";
import { CONCLUSION_FILES, RUN_FILE } from "../outputs.ts";
import { onlyVariant } from "./inputs.ts";
import { isDefaultBranch, type Place } from "./place.ts";

/**
 * Keeps the results of this run as an artifact: as a part of the baseline where `joins` says so, else as what one
 * attempt showed.
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
  const [suiteName, variant] = [record.suite.name, onlyVariant(inputs)];
  const name = joins ? baselineArtifactName(suiteName, variant) : runArtifactName(suiteName, context.runAttempt, variant);
  await keep(place, {
    name,
    files: concluded ? [RUN_FILE, ...CONCLUSION_FILES] : [RUN_FILE],
    failsOn: joins ? "any loss" : "a name that is taken",
  });
  if (joins) job.info(`the baseline now includes this run (artifact ${name})`);
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

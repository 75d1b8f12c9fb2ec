import { InputError } from "../core/errors.ts";
import type { Suite } from "../core/suite/suite.ts";
import { type Judged, judgedByBase } from "./base-gates.ts";
import { isDefaultBranch, type Place } from "./place.ts";
import { artifactBaselines, directoryBaselines, NO_BASELINES, type StoredBaselines } from "./stored-baselines.ts";

/**
 * The stored runs that a run of the suite may be compared with, found before the load starts: a broken baseline costs
 * nobody the measuring time.
 *
 * @throws {InputError} where they cannot be asked for.
 */
export async function findBaselines({ inputs, context, api }: Place, suiteName: string): Promise<StoredBaselines> {
  if (inputs.baselineEndpoint !== "" || inputs.baseline === "none") return NO_BASELINES;
  if (inputs.baseline === "directory") return directoryBaselines(inputs.baselineDirectory, suiteName);
  if (inputs.baseline === "branch") throw new InputError("baseline: branch is not available");
  if (api === undefined)
    throw new InputError("baseline: artifact needs a token", { hint: "leave github-token at its default, or write baseline: directory" });
  const branch = inputs.baselineBranch || context.base?.branch || context.defaultBranch;
  if (branch === undefined)
    throw new InputError("the branch of the baseline is not known for this event", { hint: "write baseline-branch" });
  return artifactBaselines(api, { context, branch, suiteName, token: inputs.token, extendsBaseline: isDefaultBranch(context) });
}

/** The suite of `file` with the gates that judge it here, and what a reviewer has to know about that. */
export async function judgedSuite({ job, context: { base }, api }: Place, suite: Suite, file: string): Promise<Judged> {
  if (api === undefined || base === undefined) return { suite, notes: [] };
  const workspace = process.env["GITHUB_WORKSPACE"] ?? process.cwd();
  const judged = await judgedByBase(api, { suite, file, base, workspace });
  for (const { scenario, message } of judged.notes) job.warning(scenario === undefined ? message : `${scenario}: ${message}`);
  return judged;
}

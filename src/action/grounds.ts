import { InputError } from "../core/errors.ts";
import type { Suite } from "../core/suite/suite.ts";
import { hasArtifacts } from "../io/github/context.ts";
import { type Judged, judgedByBase } from "./base-gates.ts";
import { onlyVariant } from "./inputs.ts";
import { pinnedBaselines } from "./pinned-baselines.ts";
import { isDefaultBranch, type Place } from "./place.ts";
import { noArtifacts } from "./results.ts";
import { artifactBaselines, type BaselineSearch, branchBaselines, NO_BASELINES, type StoredBaselines } from "./stored-baselines.ts";

/**
 * What a run of the suite may be compared with, found before the load starts: a broken baseline costs nobody the
 * measuring time. Pinned files come along with a store, for where it turns out to have nothing usable.
 *
 * @throws {InputError} where they cannot be asked for.
 */
export async function findBaselines(place: Place, suiteName: string): Promise<StoredBaselines> {
  const { job, inputs } = place;
  if (inputs.baselineEndpoint !== "" || inputs.baseline === "none") return NO_BASELINES;
  const { isThere, notes, ...pinned } = await pinnedFiles(place, suiteName);
  for (const { message } of notes) job.warning(message);
  if (inputs.baseline !== "directory") return { ...(await storedBaselines(place, suiteName)), pinned, notes };
  const absent = [{ origin: inputs.baselineDirectory, reason: "the folder does not exist" }];
  return {
    candidates: pinned.candidates,
    refused: isThere ? pinned.refused : absent,
    absence: `${inputs.baselineDirectory} holds no run of the suite ${suiteName}`,
    notes,
    runIds: new Map(),
  };
}

const pinnedFiles = ({ inputs, context, api }: Place, suiteName: string) =>
  pinnedBaselines(api, {
    folder: inputs.baselineDirectory,
    workspace: workspace(),
    suiteName,
    variant: onlyVariant(inputs),
    base: context.base,
  });

function storedBaselines({ inputs, context, api }: Place, suiteName: string): Promise<StoredBaselines> {
  const { baseline } = inputs;
  if (api === undefined)
    throw new InputError(`baseline: ${baseline} needs a token`, {
      hint: "leave github-token at its default, or write baseline: directory",
    });
  if (baseline === "artifact" && !hasArtifacts(context)) throw noArtifacts();
  const branch = inputs.baselineBranch || context.base?.branch || context.defaultBranch;
  if (branch === undefined)
    throw new InputError("the branch of the baseline is not known for this event", { hint: "write baseline-branch" });
  const search: BaselineSearch = {
    context,
    branch,
    suiteName,
    variant: onlyVariant(inputs),
    workflowPath: inputs.baselineWorkflow || undefined,
    extendsBaseline: isDefaultBranch(context),
    now: new Date().toISOString(),
  };
  return baseline === "branch"
    ? branchBaselines(api, { ...search, storeBranch: inputs.baselineStoreBranch })
    : artifactBaselines(api, { ...search, token: inputs.token });
}

/** The suite of `file` with the gates that judge it here, and what a reviewer has to know about that. */
export async function judgedSuite({ job, context: { base }, api }: Place, suite: Suite, file: string): Promise<Judged> {
  if (api === undefined || base === undefined) return { suite, notes: [] };
  const judged = await judgedByBase(api, { suite, file, base, workspace: workspace() });
  for (const { scenario, message } of judged.notes) job.warning(scenario === undefined ? message : `${scenario}: ${message}`);
  return judged;
}

const workspace = (): string => process.env["GITHUB_WORKSPACE"] ?? process.cwd();

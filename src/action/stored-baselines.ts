import type { FoundBaselines } from "../gate.ts";
import { baselineArtifactName, runArtifactName } from "../io/baselines/artifact-name.ts";
import { readBaselineDirectory } from "../io/baselines/directory.ts";
import type { GitHubApi } from "../io/github/api.ts";
import { findBaselineRuns } from "../io/github/baseline-runs.ts";
import type { Context } from "../io/github/context.ts";

/** What was found, and the workflow run behind each origin. */
export type StoredBaselines = FoundBaselines & { readonly runIds: ReadonlyMap<string, string> };

export const NO_BASELINES: StoredBaselines = { candidates: [], refused: [], absence: "no baseline was asked for", runIds: new Map() };

export async function directoryBaselines(folder: string, suiteName: string): Promise<StoredBaselines> {
  const found = await readBaselineDirectory(folder, suiteName);
  return { ...found, absence: `${folder} holds no run of the suite ${suiteName}`, runIds: new Map() };
}

/**
 * The stored runs of a branch, as artifacts, nearest commit first.
 *
 * Runs of any workflow file count. The usual set-up is two files, one for pushes and one for pull requests, and asking
 * for the same file would leave it without a baseline for ever. Little would be won: what counts is a push, a schedule
 * or a dispatch on the trusted branch, and whoever can make one of those can edit that one file as well.
 *
 * @param extendsBaseline this run will be stored too.
 * @throws {InputError} if GitHub cannot be asked: a gate must not take an outage for a missing baseline.
 */
export async function artifactBaselines(
  api: GitHubApi,
  { context, branch, suiteName, token, extendsBaseline }: ArtifactSearch,
): Promise<StoredBaselines> {
  const mergeBase = context.base === undefined ? undefined : await api.mergeBase(context.base.sha, context.sha);
  const { found, refused } = await findBaselineRuns(api, {
    artifactName: baselineArtifactName(suiteName),
    repositoryId: context.repository.id,
    branch,
    from: mergeBase ?? context.base?.sha ?? context.sha,
    fromName: mergeBase !== undefined ? "the merge base" : context.base !== undefined ? "the base branch" : "this commit",
    ownRunId: context.runId,
  });
  // Loaded here because the artifact client is as large as all the rest.
  const { readArtifactRuns } = await import("../io/baselines/artifact-store.ts");
  const runs = await readArtifactRuns(found, suiteName, { token, repository: context.repository });
  return {
    candidates: runs.candidates,
    refused: [...refused, ...runs.refused],
    absence: absenceOf(branch, suiteName, context, extendsBaseline),
    artifacts: { baseline: baselineArtifactName(suiteName), head: runArtifactName(suiteName, context.runAttempt), extendsBaseline },
    runIds: new Map(found.map(({ origin, runId }) => [origin, String(runId)])),
  };
}

type ArtifactSearch = {
  readonly context: Context;
  readonly branch: string;
  readonly suiteName: string;
  readonly token: string;
  readonly extendsBaseline: boolean;
};

function absenceOf(branch: string, suiteName: string, { defaultBranch }: Context, extendsBaseline: boolean): string {
  if (extendsBaseline) return `this is the first run of the suite ${suiteName} on ${branch}; later ones are compared with it`;
  const none = `${branch} has no stored run of the suite ${suiteName}`;
  return defaultBranch === undefined || branch === defaultBranch
    ? `${none} yet; the first push to ${branch} that runs tailgate makes one`
    : `${none}, because only runs on ${defaultBranch} are stored; write baseline-branch: ${defaultBranch} to compare with those`;
}

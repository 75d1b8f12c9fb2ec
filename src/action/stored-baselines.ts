import type { Candidate, Refusal } from "../core/compare/baseline.ts";
import type { FoundBaselines } from "../gate.ts";
import { baselineArtifactName, runArtifactName } from "../io/baselines/artifact-name.ts";
import { readBranchRuns } from "../io/baselines/branch-store.ts";
import { parseRecordName } from "../io/baselines/record-name.ts";
import { suiteKey } from "../io/baselines/suite-key.ts";
import type { GitHubApi } from "../io/github/api.ts";
import { findBaselineRuns } from "../io/github/baseline-runs.ts";
import { findBranchRecords } from "../io/github/branch-records.ts";
import { type Context, hasArtifacts } from "../io/github/context.ts";
import { inTheirPlace } from "../io/github/trusted-run.ts";

/** What was found, and the workflow run behind each origin. */
export type StoredBaselines = FoundBaselines & { readonly runIds: ReadonlyMap<string, string> };

export const NO_BASELINES: StoredBaselines = { candidates: [], refused: [], absence: "no baseline was asked for", runIds: new Map() };

/** What is looked for, and by whom. */
export type BaselineSearch = {
  readonly context: Context;
  /** Whose runs are trusted. */
  readonly branch: string;
  readonly suiteName: string;
  /** Empty for a suite that runs once. */
  readonly variant: string;
  /** The only workflow file whose runs count; undefined for any. */
  readonly workflowPath: string | undefined;
  /** This run will be stored too. */
  readonly extendsBaseline: boolean;
  /** ISO 8601. */
  readonly now: string;
};

/**
 * The stored runs of a branch, as artifacts, nearest commit first.
 *
 * Runs of any workflow file count unless one is named. The usual set-up is two files, one for pushes and one for pull
 * requests, and asking for the same file would leave it without a baseline for ever. Little would be won: what counts is
 * a push, a schedule or a dispatch on the trusted branch, and whoever can make one of those can edit that one file as well.
 *
 * @throws {InputError} if GitHub cannot be asked: a gate must not take an outage for a missing baseline.
 */
export async function artifactBaselines(api: GitHubApi, search: BaselineSearch & { readonly token: string }): Promise<StoredBaselines> {
  const { context, suiteName, variant, token, extendsBaseline } = search;
  const place = await beginning(api, search);
  const artifactName = baselineArtifactName(suiteName, variant);
  const { found, refused } = await findBaselineRuns(api, { ...place, artifactName, ownRunId: context.runId });
  // Loaded here because the artifact client is as large as all the rest.
  const { readArtifactRuns } = await import("../io/baselines/artifact-store.ts");
  const runs = await readArtifactRuns(found, suiteName, { token, repository: context.repository });
  const placed = inTheirPlace(runs.candidates, found, place);
  return {
    ...foundOf(search, place.fromName, placed.candidates, [...placed.refused, ...refused, ...runs.refused]),
    absence: absenceOf(search),
    artifacts: { baseline: artifactName, head: runArtifactName(suiteName, context.runAttempt, variant), extendsBaseline },
    runIds: new Map(found.map(({ origin, runId }) => [origin, String(runId)])),
  };
}

/**
 * The stored runs of a branch, as files of another branch of the same repository, nearest commit first. Whoever may
 * write to that other branch vouches for them.
 *
 * @throws {InputError} if GitHub cannot be asked.
 */
export async function branchBaselines(api: GitHubApi, search: BaselineSearch & { readonly storeBranch: string }): Promise<StoredBaselines> {
  const { context, suiteName, variant, storeBranch, extendsBaseline } = search;
  const place = await beginning(api, search);
  const { isThere, found, refused } = await findBranchRecords(api, {
    ...place,
    storeBranch,
    folder: suiteKey(suiteName, variant),
    commitOf: (name) => parseRecordName(name)?.commit,
  });
  const runs = await readBranchRuns(found, suiteName, variant, api.readBlob);
  const placed = inTheirPlace(runs.candidates, found, place);
  const candidates = placed.candidates.filter(({ record }) => record.provenance.runId !== String(context.runId));
  const head = hasArtifacts(context) ? runArtifactName(suiteName, context.runAttempt, variant) : undefined;
  return {
    ...foundOf(search, place.fromName, candidates, [...placed.refused, ...refused, ...runs.refused]),
    absence: isThere || extendsBaseline ? absenceOf(search) : `${absenceOf(search)} (there is no branch ${storeBranch})`,
    artifacts: { baseline: undefined, head, extendsBaseline },
    runIds: new Map(candidates.map(({ origin, record }) => [origin, record.provenance.runId ?? ""])),
  };
}

/** Where the search begins: as far back as the change's own history goes, which is where it left the branch. */
async function beginning(api: GitHubApi, { context, branch, workflowPath }: BaselineSearch) {
  const mergeBase = context.base === undefined ? undefined : await api.mergeBase(context.base.sha, context.sha);
  return {
    repositoryId: context.repository.id,
    branch,
    workflowPath,
    from: mergeBase ?? context.base?.sha ?? context.sha,
    fromName: mergeBase !== undefined ? "the merge base" : context.base !== undefined ? "the base branch" : "this commit",
  };
}

const foundOf = (
  { now, branch, extendsBaseline }: BaselineSearch,
  fromName: string,
  candidates: readonly Candidate[],
  refused: readonly Refusal[],
) => ({ candidates, refused, store: { asOf: now, branch, fromName, extended: extendsBaseline } });

function absenceOf({ branch, suiteName, variant, context: { defaultBranch }, extendsBaseline }: BaselineSearch): string {
  const suite = `the suite ${suiteName}${variant === "" ? "" : ` (variant ${variant})`}`;
  if (extendsBaseline) return `this is the first run of ${suite} on ${branch}; later ones are compared with it`;
  const none = `${branch} has no stored run of ${suite}`;
  return defaultBranch === undefined || branch === defaultBranch
    ? `${none} yet; the first push to ${branch} that runs tailgate makes one`
    : `${none}, because only runs on ${defaultBranch} are stored; write baseline-branch: ${defaultBranch} to compare with those`;
}

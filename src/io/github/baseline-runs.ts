import type { Refusal } from "../../core/compare/baseline.ts";
import type { ArtifactListing, WorkflowRun } from "./api.ts";
import { flawOfStorage } from "./artifact-flaw.ts";
import { fromFork, type Trust, untrustedRun } from "./trusted-run.ts";

/** What the search needs of GitHub. */
export type BaselineApi = {
  readonly listArtifacts: (name: string) => Promise<readonly ArtifactListing[]>;
  readonly listRunArtifacts: (runId: number, name: string) => Promise<readonly ArtifactListing[]>;
  readonly listCommits: (sha: string, max: number) => Promise<readonly string[]>;
  readonly listRunsForSha: (sha: string) => Promise<readonly WorkflowRun[]>;
  readonly getRun: (runId: number) => Promise<WorkflowRun | undefined>;
};

export type BaselineSearch = Trust & {
  /** Name of the artifacts, exactly. */
  readonly artifactName: string;
  /** The commit from which the history is walked, and what to call it: `the merge base`. */
  readonly from: string;
  readonly fromName: string;
  /** Our own run, which is never its own baseline. */
  readonly ownRunId?: number | undefined;
  /** Most artifacts to return; 20. */
  readonly limit?: number;
};

/** An accepted artifact: made by a trusted run of this repository, not yet downloaded. */
export type BaselineArtifact = {
  readonly id: number;
  readonly runId: number;
  readonly commit: string;
  readonly sizeBytes: number;
  /** `sha256:…` as the platform recorded it at upload. */
  readonly digest: string;
  /** Commits from its own to the one where the search began, ≥ 0. */
  readonly distance: number;
  /** When the platform throws it away, ISO 8601; undefined if it does not say. */
  readonly expiresAt: string | undefined;
  /** `run 812 · commit 1a2b3c4 · 3 commits before the merge base · artifact 99` */
  readonly origin: string;
};

/** How far back the history is walked, in commits. */
export const HISTORY = 500;
/** The nearest commits are also asked for their runs, because the repository's listing may lag behind by hours. */
const NEAREST = 10;
const RUNS_PER_COMMIT = 5;
export const LIMIT = 20;
/** More than these are of no use to a reader. */
const MAX_REFUSALS = 50;

/**
 * Finds the baselines that may be trusted, nearest commit first.
 *
 * Candidates are found by commits: the history of `from` is walked, and an artifact counts only if its run's head lies
 * on it. Accepted are those whose run belongs to this repository on both sides (a fork's branch may have the same
 * name), was started by a push, a schedule or by hand on the trusted branch, and by the same workflow if one is given.
 * A listing of runs by branch is never asked: GitHub's index of them may be days behind. Everything else found under
 * the name is refused, with the reason.
 */
export async function findBaselineRuns(
  api: BaselineApi,
  search: BaselineSearch,
): Promise<{ readonly found: readonly BaselineArtifact[]; readonly refused: readonly Refusal[] }> {
  const [listed, history] = await Promise.all([api.listArtifacts(search.artifactName), api.listCommits(search.from, HISTORY)]);
  const distances = new Map(history.map((sha, distance) => [sha, distance]));
  const missed = await missedByTheListing(api, search, history.slice(0, NEAREST), listed);
  const distanceOf = ({ run }: ArtifactListing): number => distances.get(run?.headSha ?? "") ?? Number.POSITIVE_INFINITY;
  const artifacts = [...listed, ...missed]
    .filter(({ run }) => run === undefined || run.id !== search.ownRunId)
    .map((artifact) => ({ artifact, distance: distanceOf(artifact) }))
    .sort((a, b) => (a.distance === b.distance ? b.artifact.id - a.artifact.id : a.distance - b.distance));

  const found: BaselineArtifact[] = [];
  const refused: Refusal[] = [];
  for (const { artifact, distance } of artifacts) {
    if (found.length >= (search.limit ?? LIMIT)) break;
    const origin = originOf(artifact, distance, search.fromName);
    const reason = flaw(artifact, distance, search) ?? (await flawOfRun(api, artifact, search));
    if (reason !== undefined) refused.push({ origin, reason });
    else {
      const { id, sizeBytes, digest, expiresAt, run } = artifact;
      found.push({ id, runId: run!.id, commit: run!.headSha!, sizeBytes, digest: digest!, distance, expiresAt, origin });
    }
  }
  return { found, refused: shortened(refused) };
}

async function missedByTheListing(
  api: BaselineApi,
  search: BaselineSearch,
  nearest: readonly string[],
  listed: readonly ArtifactListing[],
): Promise<readonly ArtifactListing[]> {
  const commits = new Set(listed.map(({ run }) => run?.headSha));
  const missed: ArtifactListing[] = [];
  for (const sha of nearest.filter((commit) => !commits.has(commit))) {
    const runs = (await api.listRunsForSha(sha)).filter((run) => run.id !== search.ownRunId && untrustedRun(run, search) === undefined);
    for (const run of runs.slice(0, RUNS_PER_COMMIT)) missed.push(...(await api.listRunArtifacts(run.id, search.artifactName)));
  }
  return missed;
}

/** Why an artifact may not be used, from the listing alone; undefined if nothing speaks against it. */
function flaw(artifact: ArtifactListing, distance: number, search: BaselineSearch): string | undefined {
  const { run } = artifact;
  if (run === undefined) return "GitHub does not say which run made it";
  if (run.repositoryId !== search.repositoryId) return `from another repository (repository id ${run.repositoryId})`;
  if (run.headRepositoryId !== search.repositoryId) return fromFork(run.headRepositoryId);
  if (run.headBranch !== search.branch) return `from branch ${run.headBranch}, not from ${search.branch}`;
  if (distance === Number.POSITIVE_INFINITY) return `its commit is not among the ${HISTORY} commits up to ${search.fromName}`;
  return flawOfStorage(artifact);
}

async function flawOfRun(api: BaselineApi, { run }: ArtifactListing, search: BaselineSearch): Promise<string | undefined> {
  const made = await api.getRun(run!.id);
  if (made === undefined) return "its run was deleted, so that nothing vouches for it";
  return made.headSha === run!.headSha ? untrustedRun(made, search) : "its run is on another commit than it says";
}

function originOf({ id, run }: ArtifactListing, distance: number, fromName: string): string {
  const where = distance === Number.POSITIVE_INFINITY ? [] : [whereabouts(distance, fromName)];
  const who = run === undefined ? [] : [`run ${run.id}`, ...(run.headSha ? [`commit ${run.headSha.slice(0, 7)}`] : [])];
  return [...who, ...where, `artifact ${id}`].join(" · ");
}

/** `at the merge base`, `3 commits before the merge base`. */
export function whereabouts(distance: number, fromName: string): string {
  if (distance === 0) return `at ${fromName}`;
  return `${distance === 1 ? "1 commit" : `${distance} commits`} before ${fromName}`;
}

/** As many refusals as a reader can use. */
export function shortened(refused: readonly Refusal[], what = "artifacts"): readonly Refusal[] {
  const others = refused.length - MAX_REFUSALS;
  if (others <= 0) return refused;
  return [...refused.slice(0, MAX_REFUSALS), { origin: `${others} more ${what}`, reason: "refused for reasons like those above" }];
}

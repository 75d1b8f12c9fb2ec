import type { Refusal } from "../../core/compare/baseline.ts";
import type { ArtifactListing, WorkflowRun } from "./api.ts";
import { flawOfStorage } from "./artifact-flaw.ts";

/** What the search needs of GitHub. */
export type AttemptApi = {
  readonly listRunArtifacts: (runId: number) => Promise<readonly ArtifactListing[]>;
  readonly listRunsForSha: (sha: string) => Promise<readonly WorkflowRun[]>;
};

export type AttemptSearch = {
  /** Which attempt of its run an artifact is the result of; undefined for any other artifact. */
  readonly attemptOf: (artifactName: string) => number | undefined;
  /** How many artifacts one attempt has at most; 1. */
  readonly perAttempt?: number;
  readonly repositoryId: number;
  /** Where the measured code comes from; undefined if that repository is gone. */
  readonly headRepositoryId: number | undefined;
  readonly sha: string;
  /** `pull_request`: runs that other events started measured something else. */
  readonly event: string;
  /** Undefined: only earlier attempts of our own run count. */
  readonly workflowPath: string | undefined;
  readonly ownRunId: number;
  readonly ownAttempt: number;
};

/** An attempt's artifact that may be trusted as far as its run may, not yet downloaded. */
export type AttemptArtifact = {
  readonly id: number;
  readonly runId: number;
  readonly sizeBytes: number;
  readonly digest: string;
  /** `run 812 · attempt 1 · artifact 99` */
  readonly origin: string;
};

/** Beyond these an attempt adds little, and each one costs a download. */
const MOST_ATTEMPTS = 5;
/** Other runs of the commit that are asked for their artifacts. */
const MOST_RUNS = 10;

/**
 * Finds what earlier attempts of the same head commit measured, newest first: earlier attempts of our own workflow run,
 * and all attempts of other runs of the same workflow that the same event started for the same commit of the same
 * repository. Runs of other workflows or events are no attempts and are passed over. Whoever can make such an artifact
 * can change this very run, so that nothing is trusted here that was not trusted before.
 */
export async function findEarlierAttempts(
  api: AttemptApi,
  search: AttemptSearch,
): Promise<{ readonly found: readonly AttemptArtifact[]; readonly refused: readonly Refusal[] }> {
  const others = (await api.listRunsForSha(search.sha)).filter((run) => isSameGate(run, search)).toSorted((a, b) => b.id - a.id);
  const asked = others.slice(0, MOST_RUNS);
  const listed: Attempt[] = [];
  // The first attempt of a run has none before it.
  for (const runId of [...(search.ownAttempt > 1 ? [search.ownRunId] : []), ...asked.map(({ id }) => id)]) {
    for (const artifact of await api.listRunArtifacts(runId)) {
      const attempt = search.attemptOf(artifact.name);
      if (attempt === undefined || (runId === search.ownRunId && attempt >= search.ownAttempt)) continue;
      listed.push({ artifact, runId, origin: `run ${runId} · attempt ${attempt} · artifact ${artifact.id}` });
    }
  }
  const found: AttemptArtifact[] = [];
  const refused: Refusal[] = [];
  for (const { artifact, runId, origin } of listed.toSorted((a, b) => b.artifact.id - a.artifact.id)) {
    const reason =
      flawOfStorage(artifact) ??
      (found.length < MOST_ATTEMPTS * (search.perAttempt ?? 1) ? undefined : `only the newest ${MOST_ATTEMPTS} attempts count`);
    if (reason !== undefined) refused.push({ origin, reason });
    else found.push({ id: artifact.id, runId, sizeBytes: artifact.sizeBytes, digest: artifact.digest!, origin });
  }
  const left = others.length - asked.length;
  if (left > 0) refused.push({ origin: `${left} older runs`, reason: `only the newest ${MOST_RUNS} runs of a commit are looked at` });
  return { found, refused };
}

type Attempt = { readonly artifact: ArtifactListing; readonly runId: number; readonly origin: string };

const isSameGate = (run: WorkflowRun, search: AttemptSearch): boolean =>
  run.id !== search.ownRunId &&
  run.repositoryId === search.repositoryId &&
  run.headRepositoryId !== undefined &&
  run.headRepositoryId === search.headRepositoryId &&
  run.headSha === search.sha &&
  run.event === search.event &&
  search.workflowPath !== undefined &&
  run.path === search.workflowPath;

import type { ArtifactListing } from "./api.ts";
import { flawOfStorage } from "./artifact-flaw.ts";
import type { EndedRun } from "./context.ts";

export type MeasuredSearch = {
  /** Which attempt of its run an artifact is the result of; undefined for any other artifact. */
  readonly attemptOf: (artifactName: string) => number | undefined;
  readonly run: EndedRun;
  /** Of the repository that reports. */
  readonly repositoryId: number;
};

/** The artifact in which a run left its record, not yet downloaded, or why there is none to be read. */
export type MeasuredArtifact =
  | {
      readonly kind: "found";
      readonly id: number;
      readonly runId: number;
      /** The attempt that measured: an earlier one than the run's, where the run's own left nothing. */
      readonly attempt: number;
      readonly sizeBytes: number;
      readonly digest: string;
      /** `run 812 · attempt 1 · artifact 99` */
      readonly origin: string;
    }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly origin: string; readonly reason: string };

/**
 * Finds what a workflow run measured, among the artifacts of that run alone and by their very name. What GitHub says
 * about an artifact must agree with what it says about the run: the repositories of both sides and the commit.
 *
 * Of several attempts the newest counts that measured: "Re-run failed jobs" leaves out a job that succeeded.
 */
export async function findMeasuredArtifact(
  api: { readonly listRunArtifacts: (runId: number) => Promise<readonly ArtifactListing[]> },
  { attemptOf, run, repositoryId }: MeasuredSearch,
): Promise<MeasuredArtifact> {
  const [newest] = (await api.listRunArtifacts(run.id))
    .map((artifact) => ({ artifact, attempt: attemptOf(artifact.name) ?? Number.POSITIVE_INFINITY }))
    .filter(({ attempt }) => attempt <= run.attempt)
    .toSorted((a, b) => b.attempt - a.attempt || b.artifact.id - a.artifact.id);
  if (newest === undefined) return { kind: "absent" };
  const { artifact, attempt } = newest;
  const origin = `run ${run.id} · attempt ${attempt} · artifact ${artifact.id}`;
  const reason = flawOfOrigin(artifact, run, repositoryId) ?? flawOfStorage(artifact);
  if (reason !== undefined) return { kind: "refused", origin, reason };
  return { kind: "found", id: artifact.id, runId: run.id, attempt, sizeBytes: artifact.sizeBytes, digest: artifact.digest!, origin };
}

function flawOfOrigin({ run }: ArtifactListing, ended: EndedRun, repositoryId: number): string | undefined {
  if (run === undefined) return "GitHub does not say which run made it";
  if (run.id !== ended.id) return `it is of another run (${run.id})`;
  if (run.repositoryId !== repositoryId) return `from another repository (repository id ${run.repositoryId})`;
  if (run.headRepositoryId !== ended.headRepository?.id) return `of code from another repository (repository id ${run.headRepositoryId})`;
  if (run.headSha !== ended.headSha) return `of another commit (${run.headSha?.slice(0, 10)})`;
  return undefined;
}

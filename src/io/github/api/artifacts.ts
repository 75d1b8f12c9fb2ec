import { type Asking, PER_PAGE } from "./ask.ts";

/** An artifact as the REST API lists it. `run` is undefined where the platform does not say who made it. */
export type ArtifactListing = {
  readonly id: number;
  readonly name: string;
  readonly sizeBytes: number;
  readonly digest: string | undefined;
  readonly expired: boolean;
  readonly createdAt: string | undefined;
  readonly expiresAt: string | undefined;
  readonly run:
    | {
        readonly id: number;
        readonly repositoryId: number | undefined;
        readonly headRepositoryId: number | undefined;
        readonly headBranch: string | undefined;
        readonly headSha: string | undefined;
      }
    | undefined;
};

/** Pages of one listing that are read: 1000 artifacts of one name. */
const ARTIFACT_PAGES = 10;
const READ = "actions: read";

/** The listings of artifacts; @actions/artifact moves their contents. */
export function artifactsApi({ client: { rest }, repo, ask }: Asking) {
  async function artifactPages(
    page: (page: number) => Promise<{ data: { artifacts: readonly RestArtifact[] } }>,
  ): Promise<ArtifactListing[]> {
    const found: ArtifactListing[] = [];
    for (let number = 1; number <= ARTIFACT_PAGES; number++) {
      const { data } = await page(number);
      found.push(...data.artifacts.map(artifactOf));
      if (data.artifacts.length < PER_PAGE) break;
    }
    return found;
  }

  return {
    /** All artifacts of this very name in the repository, newest first, from whatever run made them. */
    listArtifacts: (name: string): Promise<readonly ArtifactListing[]> =>
      ask("list artifacts", READ, () =>
        artifactPages((page) => rest.actions.listArtifactsForRepo({ ...repo, name, per_page: PER_PAGE, page })),
      ),

    /** The artifacts of one run, of all its attempts; those of this very name if one is given. */
    listRunArtifacts: (runId: number, name?: string): Promise<readonly ArtifactListing[]> =>
      ask("list artifacts", READ, () =>
        artifactPages((page) =>
          rest.actions.listWorkflowRunArtifacts({
            ...repo,
            run_id: runId,
            ...(name === undefined ? {} : { name }),
            per_page: PER_PAGE,
            page,
          }),
        ),
      ),
  };
}

type RestArtifact = {
  id: number;
  name: string;
  size_in_bytes: number;
  expired: boolean;
  digest?: string | null;
  created_at: string | null;
  expires_at: string | null;
  workflow_run?: { id?: number; repository_id?: number; head_repository_id?: number; head_branch?: string; head_sha?: string } | null;
};

const artifactOf = (artifact: RestArtifact): ArtifactListing => {
  const { workflow_run: run } = artifact;
  return {
    id: artifact.id,
    name: artifact.name,
    sizeBytes: artifact.size_in_bytes,
    digest: artifact.digest ?? undefined,
    expired: artifact.expired,
    createdAt: artifact.created_at ?? undefined,
    expiresAt: artifact.expires_at ?? undefined,
    run:
      run?.id === undefined
        ? undefined
        : {
            id: run.id,
            repositoryId: run.repository_id,
            headRepositoryId: run.head_repository_id,
            headBranch: run.head_branch,
            headSha: run.head_sha,
          },
  };
};

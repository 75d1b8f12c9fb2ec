import { InputError } from "../../core/errors.ts";
import { type Connection, openClient, requestError, statusOf } from "./connection.ts";

export type IssueComment = {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly url: string;
  readonly isMinimized: boolean;
};

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

export type WorkflowRun = {
  readonly id: number;
  readonly number: number;
  readonly event: string;
  readonly headBranch: string | undefined;
  readonly headSha: string;
  /** `.github/workflows/perf.yml` */
  readonly path: string;
  readonly repositoryId: number;
  /** Undefined if the repository that the code came from is gone. */
  readonly headRepositoryId: number | undefined;
};

export type GitHubApi = Awaited<ReturnType<typeof connectGitHub>>;

const PER_PAGE = 100;
/** Pages of one listing that are read: 1000 artifacts of one name, 10,000 comments. */
const ARTIFACT_PAGES = 10;
const COMMENT_PAGES = 100;

/** Who writes for the workflow's own token, which may not ask who it is. */
const WORKFLOW_BOT = "github-actions[bot]";

/**
 * What tailgate asks of GitHub, and nothing else. Every function repeats what may be repeated, a few times, and throws
 * an InputError that names the missing permission, the used-up limit or the outage.
 */
export async function connectGitHub(connection: Connection) {
  const client = await openClient(connection);
  const { rest } = client;
  const repo = { owner: connection.repository.owner, repo: connection.repository.name };

  async function ask<T>(doing: string, permission: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw requestError(error, doing, permission);
    }
  }
  const readComments = "pull-requests: read";
  const writeComments = "pull-requests: write";
  const readActions = "actions: read";
  const readContents = "contents: read";

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
    /** The login under which this token writes comments. */
    ownLogin: async (): Promise<string> => {
      // GraphQL, because it answers for tokens of apps too, where GET /user is refused.
      const answer = await client.graphql<{ viewer?: { login?: string } }>("query { viewer { login } }").catch(() => undefined);
      return answer?.viewer?.login ?? WORKFLOW_BOT;
    },

    findComment: (number: number, wanted: (comment: IssueComment) => boolean): Promise<IssueComment | undefined> =>
      ask("read comments", readComments, async () => {
        for (let page = 1; page <= COMMENT_PAGES; page++) {
          const { data } = await rest.issues.listComments({ ...repo, issue_number: number, per_page: PER_PAGE, page });
          const found = data.map(commentOf).find(wanted);
          if (found !== undefined || data.length < PER_PAGE) return found;
        }
        return undefined;
      }),

    createComment: (number: number, body: string): Promise<IssueComment> =>
      ask("write comments", writeComments, async () =>
        commentOf((await rest.issues.createComment({ ...repo, issue_number: number, body })).data),
      ),

    updateComment: (id: number, body: string): Promise<IssueComment> =>
      ask("write comments", writeComments, async () =>
        commentOf((await rest.issues.updateComment({ ...repo, comment_id: id, body })).data),
      ),

    /** The labels that a pull request has now: its event says which it had when the event was made, also in a re-run. */
    pullLabels: (number: number): Promise<readonly string[]> =>
      ask("read the pull request", readComments, async () => {
        const { data } = await rest.pulls.get({ ...repo, pull_number: number });
        return data.labels.map(({ name }) => name);
      }),

    /** All artifacts of this very name in the repository, newest first, from whatever run made them. */
    listArtifacts: (name: string): Promise<readonly ArtifactListing[]> =>
      ask("list artifacts", readActions, () =>
        artifactPages((page) => rest.actions.listArtifactsForRepo({ ...repo, name, per_page: PER_PAGE, page })),
      ),

    /** The artifacts of one run, of all its attempts; those of this very name if one is given. */
    listRunArtifacts: (runId: number, name?: string): Promise<readonly ArtifactListing[]> =>
      ask("list artifacts", readActions, () =>
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

    /** Undefined for a run that was deleted. */
    getRun: (runId: number): Promise<WorkflowRun | undefined> =>
      ask("read workflow runs", readActions, async () => {
        const answer = await rest.actions.getWorkflowRun({ ...repo, run_id: runId }).catch(undefinedFor404);
        return answer && runOf(answer.data);
      }),

    listRunsForSha: (sha: string): Promise<readonly WorkflowRun[]> =>
      ask("read workflow runs", readActions, async () => {
        const { data } = await rest.actions.listWorkflowRunsForRepo({ ...repo, head_sha: sha, per_page: PER_PAGE });
        return data.workflow_runs.map(runOf);
      }),

    /** The commit and those before it, in the order of the history, at most `max`. */
    listCommits: (sha: string, max: number): Promise<readonly string[]> =>
      ask("read commits", readContents, async () => {
        const found: string[] = [];
        for (let page = 1; found.length < max; page++) {
          const { data } = await rest.repos.listCommits({ ...repo, sha, per_page: PER_PAGE, page });
          found.push(...data.map((commit) => commit.sha));
          if (data.length < PER_PAGE) break;
        }
        return found.slice(0, max);
      }),

    /** A small text file at a commit; undefined if there is none. */
    readFile: (path: string, ref: string): Promise<string | undefined> =>
      ask(`read ${path}`, readContents, async () => {
        const answer = await rest.repos.getContent({ ...repo, path, ref }).catch(undefinedFor404);
        if (answer === undefined) return undefined;
        const { data } = answer;
        // Above 1 MiB the API leaves the content out.
        if (Array.isArray(data) || data.type !== "file" || !("content" in data) || data.encoding !== "base64") {
          throw new InputError(`${path} at ${ref.slice(0, 7)} is not a file of at most 1 MiB`);
        }
        return Buffer.from(data.content, "base64").toString("utf8");
      }),

    /** Where the history of `head` left that of `base`; undefined if they share none, or one is unknown. */
    mergeBase: (base: string, head: string): Promise<string | undefined> =>
      ask("compare commits", readContents, async () => {
        const answer = await rest.repos
          .compareCommitsWithBasehead({ ...repo, basehead: `${base}...${head}`, per_page: 1 })
          .catch(undefinedFor404);
        return answer?.data.merge_base_commit.sha;
      }),
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

type RestRun = {
  id: number;
  run_number: number;
  event: string;
  head_branch: string | null;
  head_sha: string;
  path: string;
  repository: { id: number };
  head_repository: { id: number } | null;
};

const runOf = (run: RestRun): WorkflowRun => ({
  id: run.id,
  number: run.run_number,
  event: run.event,
  headBranch: run.head_branch ?? undefined,
  headSha: run.head_sha,
  // A reusable or required workflow carries its ref: `path@main`.
  path: run.path.replace(/@.*$/, ""),
  repositoryId: run.repository.id,
  headRepositoryId: run.head_repository?.id,
});

type RestComment = { id: number; user: { login: string } | null; body?: string; html_url: string };

const commentOf = (comment: RestComment): IssueComment => ({
  id: comment.id,
  author: comment.user?.login ?? "",
  body: comment.body ?? "",
  url: comment.html_url,
  // Newer than the types of the client.
  isMinimized: Boolean((comment as { minimized?: unknown }).minimized),
});

function undefinedFor404(error: unknown): undefined {
  if (statusOf(error) !== 404) throw error;
}

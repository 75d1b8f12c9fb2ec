import { type Asking, PER_PAGE, undefinedFor404 } from "./ask.ts";

/** Who opened a pull request, and what it is labelled with. */
export type PullStanding = {
  /** Empty where the account is gone. */
  readonly author: string;
  /** Those that it has now: its event says which it had when the event was made, also in a re-run. */
  readonly labels: readonly string[];
};

/** A pull request that was merged, and into what. */
export type MergedPull = {
  readonly number: number;
  readonly mergeCommit: string | undefined;
  readonly base: { readonly branch: string; readonly repositoryId: number | undefined };
};

export type PullRequest = {
  readonly number: number;
  readonly isOpen: boolean;
  readonly head: {
    readonly sha: string;
    readonly branch: string;
    /** Undefined if the repository that it comes from is gone. */
    readonly repositoryId: number | undefined;
  };
  readonly base: { readonly sha: string; readonly branch: string; readonly repositoryId: number };
  readonly labels: readonly string[];
};

/** Pages of pull requests that are read: a thousand. */
const PULL_PAGES = 10;
const READ = "pull-requests: read";

/** Pull requests. */
export function pullsApi({ client: { rest }, repo, ask }: Asking) {
  return {
    pullStanding: (number: number): Promise<PullStanding> =>
      ask("read the pull request", READ, async () => {
        const { data } = await rest.pulls.get({ ...repo, pull_number: number });
        return { author: data.user.login, labels: data.labels.map(({ name }) => name) };
      }),

    /** The merged pull requests that a commit came with; none for an unknown commit. */
    mergedPulls: (sha: string): Promise<readonly MergedPull[]> =>
      ask("read pull requests", READ, async () => {
        const answer = await rest.repos
          .listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha, per_page: PER_PAGE })
          .catch(undefinedFor404);
        return (answer?.data ?? [])
          .filter(({ merged_at: mergedAt }) => mergedAt !== null)
          .map(({ number, merge_commit_sha: mergeCommit, base }) => ({
            number,
            mergeCommit: mergeCommit ?? undefined,
            // A base that is gone is nobody's, whatever the types say.
            base: { branch: base.ref, repositoryId: (base.repo as { id: number } | null)?.id },
          }));
      }),

    /** The open pull requests from one branch of one owner's repositories; without one, all of them, the last changed first. */
    openPulls: (from?: { readonly owner: string; readonly branch: string }): Promise<readonly PullRequest[]> =>
      ask("list pull requests", READ, async () => {
        const only = from === undefined ? ({ sort: "updated", direction: "desc" } as const) : { head: `${from.owner}:${from.branch}` };
        const found: PullRequest[] = [];
        for (let page = 1; page <= PULL_PAGES; page++) {
          const { data } = await rest.pulls.list({ ...repo, state: "open", ...only, per_page: PER_PAGE, page });
          found.push(...data.map(pullOf));
          if (data.length < PER_PAGE) break;
        }
        return found;
      }),

    /** The pull requests that GitHub connects with a commit of this repository, open or not. It knows none for a fork's. */
    pullsOfCommit: (sha: string): Promise<readonly PullRequest[]> =>
      ask("list pull requests", READ, async () => {
        const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha, per_page: PER_PAGE });
        return data.map(pullOf);
      }),
  };
}

type RestSide = { sha: string; ref: string; repo: { id: number } | null };
type RestPull = {
  number: number;
  state: string;
  head: RestSide;
  base: RestSide & { repo: { id: number } };
  labels: readonly { name: string }[];
};

const pullOf = (pull: RestPull): PullRequest => ({
  number: pull.number,
  isOpen: pull.state === "open",
  // The description says that the head has a repository; a fork that was deleted since has none.
  head: { sha: pull.head.sha, branch: pull.head.ref, repositoryId: pull.head.repo?.id },
  base: { sha: pull.base.sha, branch: pull.base.ref, repositoryId: pull.base.repo.id },
  labels: pull.labels.map(({ name }) => name),
});

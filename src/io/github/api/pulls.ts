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
  };
}
